/** What must hold of everything that clients see. */
import {
  keyValueMap,
  linearizable,
  type KeyValueInput,
  type KeyValueOutput,
  type Meaning,
} from "riven/linearizability";
import type { ExternalEvent, Invariant } from "riven/runtime";
import type { Command, Operation } from "./protocol.ts";

function inputOf(operation: Operation): KeyValueInput {
  const { kind, key } = operation;
  return kind === "get" ? { f: kind, key } : { f: kind, key, value: operation.value };
}

/** A command may be sent more than once, and answered by every replica: it is asked for once, and the first answer counts. */
function meaningOf({ kind, message, payload }: ExternalEvent): Meaning<KeyValueInput, KeyValueOutput> | undefined {
  if (kind === "sent" && message === "request") {
    const { sequence, operation } = payload as Command;
    return { calls: String(sequence), input: inputOf(operation) };
  }
  if (kind === "received" && message === "replied") {
    const { sequence, value } = payload as { readonly sequence: number; readonly value: string };
    return { answers: String(sequence), output: value };
  }
  return undefined;
}

function answersAgree(history: readonly ExternalEvent[]): boolean {
  const answers = new Map<string, string>();
  for (const { kind, node, message, payload } of history) {
    if (kind !== "received" || message !== "replied") continue;
    const { sequence, value } = payload as { readonly sequence: number; readonly value: string };
    const name = `${node.id} ${String(sequence)}`;
    if ((answers.get(name) ?? value) !== value) return false;
    answers.set(name, value);
  }
  return true;
}

export const clientInvariants: readonly Invariant[] = [
  { name: "all answers to a command are the same", holds: answersAgree },
  linearizable(keyValueMap(""), meaningOf, {
    name: "to its clients it is one store that executes one command at a time, and each of them once",
  }),
];
