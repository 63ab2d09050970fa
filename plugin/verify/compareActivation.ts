/** Whether an activation of the rewritten system and the original's run of it are the same. */
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedInstance } from "../../runtime/routing/address.ts";
import type { Access, Activation, Cell, Step } from "../../runtime/simulator/index.ts";
import { withoutOrder, type LooseOrders } from "./looseOrders.ts";
import { isCopied, isPartition, replicationOf } from "./replication.ts";
import type { SealedMessages, Sent } from "./sealedMessages.ts";
import { isSilenced } from "./visibleRun.ts";

/** How they differ. */
export type Difference =
  /** Only one of them threw; `at` where, in the rewritten system. */
  | { readonly kind: "crash"; readonly at: DeployedInstance | undefined; readonly error: unknown }
  /** The original sent messages that the rewritten system never sent, and nothing else differs. */
  | { readonly kind: "missing"; readonly messages: readonly string[] }
  | { readonly kind: "messages"; readonly missing: readonly string[]; readonly extra: readonly string[] }
  | { readonly kind: "read"; readonly cell: string; readonly rewritten: string; readonly original: string };

/**
 * @param deployment the rewritten system
 * @param sealed remembers which message of the original is which sealed one
 * @param loose the iteration orders that may differ
 */
export function compareActivation(
  deployment: Deployment,
  activation: Activation,
  original: Step,
  sealed: SealedMessages,
  loose: LooseOrders,
): Difference | undefined {
  const failed = activation.fragments.find(({ failure }) => failure !== undefined);
  if ((failed === undefined) !== (original.failure === undefined)) {
    return { kind: "crash", at: failed?.instance, error: (failed?.failure ?? original.failure)?.error };
  }
  const difference = compareMessages(activation, original, sealed);
  const isExplained = difference?.kind === "missing" && isSilenced(activation);
  return (
    (isExplained ? undefined : difference) ??
    compareReads(deployment, activation, original, (cell) => loose.has(activation, cell))
  );
}

function compareMessages(activation: Activation, original: Step, sealed: SealedMessages): Difference | undefined {
  const rewritten = activation.fragments.flatMap(({ sent }) => sent);
  const expected: Sent[] = original.sent.map(({ destination, handler, payload }) => ({
    to: destination,
    handler,
    payload,
  }));
  if (areIdentical(rewritten, expected)) return undefined;
  const print = (message: Sent): string =>
    `${message.to.role}/${message.to.id}.${message.handler}(${sealed.print(activation, message)})`;
  const extra = rewritten.map((message) => ({ message, text: print(message) }));
  const missing: string[] = [];
  for (const message of expected) {
    const text = print(message);
    const index = extra.findIndex((sent) => sent.text === text);
    const [same] = index < 0 ? [] : extra.splice(index, 1);
    if (same === undefined) missing.push(text);
    else sealed.match(same.message, message.payload);
  }
  if (extra.length === 0) return missing.length === 0 ? undefined : { kind: "missing", messages: missing };
  return { kind: "messages", missing, extra: extra.map(({ text }) => text) };
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

/**
 * The cells that both read: what was observed before the activation changed the cell itself and, where its fragments
 * cannot have interleaved with others, what was observed last. What one of them alone read does not matter, since it
 * sent the same.
 */
function compareReads(
  deployment: Deployment,
  activation: Activation,
  original: Step,
  isLoose: IsLoose,
): Difference | undefined {
  const { cause, fragments } = activation;
  if (replicationOf(deployment, activation) !== undefined)
    return compareParts(deployment, activation, original, isLoose);
  const isInParts = cause.kind === "recover" && fragments.some(({ instance }) => isPartition(deployment, instance));
  if (isInParts) return compareParts(deployment, activation, original, isLoose);
  const accesses = fragments.flatMap((fragment) => fragment.accesses);
  const difference = firstDifference(readsBeforeChanges(accesses), readsBeforeChanges(original.accesses), isLoose);
  if (difference !== undefined || fragments.length > 1) return difference;
  return firstDifference(lastReads(accesses), lastReads(original.accesses), isLoose);
}

/**
 * Of a handler that ran on every partition, each has read the same in what all of them have a copy of, and saw its own
 * part of every other collection. How often it has read a copy depends on how many entries it has.
 */
function compareParts(
  deployment: Deployment,
  { fragments }: Activation,
  original: Step,
  isLoose: IsLoose,
): Difference | undefined {
  for (const { instance, accesses } of fragments) {
    const isCopy = ({ cell }: Access): boolean => isCopied(deployment, instance, cell.field);
    const own = accesses.filter((access) => access.cell.aspect === "value" && !isCopy(access));
    const difference =
      firstVersionDifference(accesses.filter(isCopy), original.accesses.filter(isCopy), isLoose) ??
      firstDifference(readsBeforeChanges(own), readsBeforeChanges(original.accesses), isLoose) ??
      firstDifference(lastReads(own), lastReads(original.accesses), isLoose);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Compares what was read between the same changes. */
function firstVersionDifference(
  rewritten: readonly Access[],
  original: readonly Access[],
  isLoose: IsLoose,
): Difference | undefined {
  const expected = readsByVersion(original);
  for (const [i, reads] of readsByVersion(rewritten).entries()) {
    const difference = firstDifference(reads, expected[i] ?? new Map(), isLoose);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** What was read of each cell before the activation changed it, after it had done so once, and so on. */
function readsByVersion(accesses: readonly Access[]): readonly Observed[] {
  const versions: Map<string, string>[] = [];
  const changes = new Map<string, number>();
  for (const { cell, kind, value } of accesses) {
    const changesSoFar = changesAround(cell, changes);
    if (kind !== "read") changes.set(cell.name, (changes.get(cell.name) ?? 0) + 1);
    else (versions[changesSoFar] ??= new Map()).set(cell.name, value);
  }
  return Array.from(versions, (version: Observed | undefined) => version ?? new Map());
}

/** How often the activation has changed a cell, or replaced what contains it. */
function changesAround(cell: Cell, changes: ReadonlyMap<string, number>): number {
  let total = 0;
  for (let container: Cell | undefined = cell; container !== undefined; container = container.parent) {
    total += changes.get(container.name) ?? 0;
  }
  return total;
}

type Observed = ReadonlyMap<string, string>;
type IsLoose = (cell: string) => boolean;

function firstDifference(rewritten: Observed, original: Observed, isLoose: IsLoose): Difference | undefined {
  for (const [cell, value] of original) {
    const observed = rewritten.get(cell);
    if (observed === undefined || observed === value) continue;
    if (isLoose(cell) && withoutOrder(observed) === withoutOrder(value)) continue;
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
