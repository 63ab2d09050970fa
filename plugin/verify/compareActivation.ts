/** Whether an activation of the rewritten system and the original's run of it are the same. */
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { DeployedInstance, LogicalAddress } from "../../runtime/routing/address.ts";
import type { Access, Activation, Cell, Step } from "../../runtime/simulator/index.ts";
import { printPayload } from "./printPayload.ts";
import { isSilenced } from "./visibleRun.ts";

/** How they differ. */
export type Difference =
  /** Only one of them threw; `at` where, in the rewritten system. */
  | { readonly kind: "crash"; readonly at: DeployedInstance | undefined; readonly error: unknown }
  /** The original sent messages that the rewritten system never sent, and nothing else differs. */
  | { readonly kind: "missing"; readonly messages: readonly string[] }
  | { readonly kind: "messages"; readonly missing: readonly string[]; readonly extra: readonly string[] }
  | { readonly kind: "read"; readonly cell: string; readonly rewritten: string; readonly original: string };

export function compareActivation(activation: Activation, original: Step): Difference | undefined {
  const failed = activation.fragments.find(({ failure }) => failure !== undefined);
  if ((failed === undefined) !== (original.failure === undefined)) {
    return { kind: "crash", at: failed?.instance, error: (failed?.failure ?? original.failure)?.error };
  }
  const difference = compareMessages(activation, original);
  const isExplained = difference?.kind === "missing" && isSilenced(activation);
  return (isExplained ? undefined : difference) ?? compareReads(activation, original);
}

interface Sent {
  readonly to: LogicalAddress;
  readonly handler: string;
  readonly payload: Uint8Array;
}

function compareMessages(activation: Activation, original: Step): Difference | undefined {
  const rewritten: Sent[] = activation.fragments.flatMap(({ sent }) => sent);
  const expected: Sent[] = original.sent.map(({ destination, handler, payload }) => ({
    to: destination,
    handler,
    payload,
  }));
  if (areIdentical(rewritten, expected)) return undefined;
  const extra = rewritten.map(printSent);
  const missing = expected.map(printSent).filter((message) => {
    const index = extra.indexOf(message);
    if (index >= 0) extra.splice(index, 1);
    return index < 0;
  });
  if (extra.length === 0) return missing.length === 0 ? undefined : { kind: "missing", messages: missing };
  return { kind: "messages", missing, extra };
}

/** The common case, without decoding anything. */
function areIdentical(a: readonly Sent[], b: readonly Sent[]): boolean {
  return (
    a.length === b.length &&
    a.every((sent, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        sent.handler === other.handler &&
        sent.to.id === other.to.id &&
        sent.to.role === other.to.role &&
        Buffer.compare(sent.payload, other.payload) === 0
      );
    })
  );
}

function printSent({ to, handler, payload }: Sent): string {
  return `${to.role}/${to.id}.${handler}(${printPayload(decodePayload(payload))})`;
}

/**
 * The cells that both read: what was observed before the activation changed the cell itself and, where its fragments
 * cannot have interleaved with others, what was observed last. What one of them alone read does not matter, since it
 * sent the same. Of a handler that ran on every partition, each saw its own part of a collection.
 */
function compareReads({ cause, fragments }: Activation, original: Step): Difference | undefined {
  const isInParts = cause.kind === "recover" && fragments.length > 1;
  const accesses = fragments
    .flatMap((fragment) => fragment.accesses)
    .filter(({ cell }) => !isInParts || cell.aspect === "value");
  const difference = firstDifference(readsBeforeChanges(accesses), readsBeforeChanges(original.accesses));
  if (difference !== undefined || fragments.length > 1) return difference;
  return firstDifference(lastReads(accesses), lastReads(original.accesses));
}

type Observed = ReadonlyMap<string, string>;

function firstDifference(rewritten: Observed, original: Observed): Difference | undefined {
  for (const [cell, value] of original) {
    const observed = rewritten.get(cell);
    if (observed !== undefined && observed !== value)
      return { kind: "read", cell, rewritten: observed, original: value };
  }
  return undefined;
}

function readsBeforeChanges(accesses: readonly Access[]): Observed {
  const observed = new Map<string, string>();
  const changed = new Set<string>();
  for (const { cell, kind, value } of accesses) {
    if (kind !== "read") changed.add(cell.name);
    else if (!observed.has(cell.name) && !isWithin(cell, changed)) observed.set(cell.name, value);
  }
  return observed;
}

function lastReads(accesses: readonly Access[]): Observed {
  return new Map(accesses.filter(({ kind }) => kind === "read").map(({ cell, value }) => [cell.name, value]));
}

/** Whether the activation has changed this cell, or replaced what contains it. */
function isWithin(cell: Cell, changed: ReadonlySet<string>): boolean {
  for (let container: Cell | undefined = cell; container !== undefined; container = container.parent) {
    if (changed.has(container.name)) return true;
  }
  return false;
}
