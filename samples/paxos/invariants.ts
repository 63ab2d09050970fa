/** What must hold of everything that clients see. */
import type { ExternalEvent, Invariant } from "riven/runtime";
import type { Command, Operation } from "./protocol.ts";

/** A command, from when its client first sent it until it was first answered. */
interface Call {
  readonly operation: Operation;
  readonly sent: number;
  /** All answers, the first one first: it may be answered by every replica. */
  readonly answers: string[];
  answered: number;
}

function callsOf(history: readonly ExternalEvent[]): readonly Call[] {
  const calls = new Map<string, Call>();
  for (const [at, { kind, node, message, payload }] of history.entries()) {
    const { sequence } = payload as { readonly sequence: number };
    const name = `${node.id} ${String(sequence)}`;
    if (kind === "sent" && message === "request" && !calls.has(name)) {
      const { operation } = payload as Command;
      calls.set(name, { operation, sent: at, answers: [], answered: Number.POSITIVE_INFINITY });
    }
    const call = calls.get(name);
    if (kind === "received" && message === "replied" && call !== undefined) {
      call.answers.push((payload as { readonly value: string }).value);
      call.answered = Math.min(call.answered, at);
    }
  }
  return [...calls.values()];
}

/** Commands on one key that were answered, in the order of the values that they were answered with. */
function byLength(calls: readonly Call[]): readonly (Call & { readonly value: string })[] {
  return calls
    .flatMap((call) => call.answers.slice(0, 1).map((value) => ({ ...call, value })))
    .sort((a, b) => a.value.length - b.value.length);
}

/** Whether each command saw everything that was answered before it was sent. */
function followsRealTime(calls: readonly Call[]): boolean {
  let latestSent = Number.NEGATIVE_INFINITY;
  let sentOfShorter = Number.NEGATIVE_INFINITY;
  let length = -1;
  for (const { value, sent, answered } of byLength(calls)) {
    if (value.length > length) {
      sentOfShorter = latestSent;
      length = value.length;
    }
    if (answered < sentOfShorter) return false;
    latestSent = Math.max(latestSent, sent);
  }
  return true;
}

const shared = (calls: readonly Call[]): readonly Call[] => calls.filter(({ operation }) => operation.key === "shared");

const tokensOf = (value: string): readonly string[] => value.split(";").filter((token) => token !== "");

export const clientInvariants: readonly Invariant[] = [
  {
    name: "all answers to a command are the same",
    holds: (history) => callsOf(history).every(({ answers }) => new Set(answers).size < 2),
  },
  {
    name: "what clients see of a key that is appended to are prefixes of one another",
    holds: (history) =>
      byLength(shared(callsOf(history))).every(({ value }, i, all) => value.startsWith(all[i - 1]?.value ?? "")),
  },
  {
    name: "a command is executed at most once",
    holds: (history) =>
      shared(callsOf(history)).every(({ answers }) =>
        answers.every((value) => new Set(tokensOf(value)).size === tokensOf(value).length),
      ),
  },
  {
    name: "what was appended is there, last, when that is answered",
    holds: (history) =>
      callsOf(history).every(
        ({ operation, answers }) =>
          operation.kind !== "append" || answers.every((value) => value.endsWith(operation.value)),
      ),
  },
  {
    name: "a command sees everything that was answered before it was sent",
    holds: (history) => followsRealTime(shared(callsOf(history))),
  },
  {
    name: "what was put is read from then on",
    holds: (history) => {
      const calls = callsOf(history);
      const put = new Map(
        calls.flatMap(({ operation, answered }) => (operation.kind === "put" ? [[operation.key, answered]] : [])),
      );
      return calls.every(
        ({ operation: { kind, key }, answers, sent }) =>
          kind !== "get" ||
          !((put.get(key) ?? Number.POSITIVE_INFINITY) < sent) ||
          answers.every((value) => value === key),
      );
    },
  },
];
