/** The state of a component, on however many partitions it lies. */
import { isDeepStrictEqual } from "node:util";
import type { ComponentRoute } from "../routing/routingTable.ts";
import type { JournalEntry } from "../node/journals.ts";
import { Ownership } from "./ownership.ts";
import type { PartitionState } from "./partitionState.ts";
import { RepartitionRefusal } from "./refusal.ts";
import { partOf, unite, visitEntries, type SpreadField } from "./spreadField.ts";

/** All of it, in one piece. */
export interface ComponentState {
  readonly replicated: ReadonlyMap<string, unknown>;
  readonly spread: ReadonlyMap<SpreadField, unknown>;
  /** Those of the first partition, then those of the second, and so on: between partitions there is no order. */
  readonly journals: readonly JournalEntry[];
}

/** How many entries there are on each partition. */
export type EntryCounts = readonly number[];

/**
 * Puts together what lies on the partitions.
 *
 * @param isPlaced whether it was written by the keys that the table names, so that every entry has to be where it belongs
 * @throws RepartitionRefusal when copies differ, or entries are where they should not be.
 */
export function uniteComponent(
  route: ComponentRoute,
  parts: readonly PartitionState[],
  isPlaced: boolean,
): ComponentState {
  const names = new Set(parts.flatMap(({ fields }) => [...fields.keys()]));
  const replicated = new Map<string, unknown>();
  const spread = new Map<SpreadField, unknown>();
  for (const name of names) {
    const values = parts.map(({ fields }) => fields.get(name));
    if (route.replicates?.includes(name) === true) {
      replicated.set(name, theSame(name, values));
      continue;
    }
    const field = { name, ownership: new Ownership(requireOwner(route, name)) };
    if (isPlaced) checkPlaces(field, values);
    spread.set(field, unite(field, values));
  }
  return { replicated, spread, journals: parts.flatMap(({ journals }) => journals) };
}

/** What lies on each of so many partitions. */
export function spreadComponent(state: ComponentState, partitions: number): readonly PartitionState[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    fields: new Map([
      ...state.replicated,
      ...[...state.spread].map(([field, whole]) => [field.name, partOf(field, whole, partition, partitions)] as const),
    ]),
    journals: partition === 0 ? state.journals : [],
  }));
}

/** @throws Error when what was spread is not what there was: nothing must be put in place then. */
export function assertSame(before: ComponentState, after: ComponentState): void {
  const plain = ({ replicated, spread, journals }: ComponentState): unknown => [
    replicated,
    new Map([...spread].map(([{ name }, whole]) => [name, whole])),
    journals.map(({ journal, record }) => [journal, Buffer.from(record).toString("base64")]),
  ];
  if (!isDeepStrictEqual(plain(before), plain(after))) {
    throw new Error("What was written is not what was read. Nothing was changed; please report this.");
  }
}

export function countEntries(state: ComponentState, partitions: number): EntryCounts {
  const counts = Array.from({ length: partitions }, () => 0);
  for (const [field, whole] of state.spread) {
    visitEntries(field, whole, partitions, (_, partition) => {
      counts[partition] = (counts[partition] ?? 0) + 1;
    });
  }
  return counts;
}

function requireOwner({ owners }: ComponentRoute, field: string): NonNullable<ComponentRoute["owners"]>[string] {
  const owner = owners?.[field];
  if (owner !== undefined) return owner;
  throw new RepartitionRefusal(
    `The routing table does not say to which partition the entries of ${field} belong. Build the protocol again: riven build.`,
  );
}

function theSame(name: string, values: readonly unknown[]): unknown {
  const different = values.findIndex((value) => !isDeepStrictEqual(value, values[0]));
  if (different < 0) return values[0];
  throw new RepartitionRefusal(
    `Every partition has a copy of ${name}, and the one of partition ${String(different)} differs from that of the first. ` +
      "Start the system once with the number of partitions that it had, so that they become the same.",
  );
}

function checkPlaces(field: SpreadField, values: readonly unknown[]): void {
  for (const [partition, value] of values.entries()) {
    visitEntries(field, value, values.length, (keys, owner) => {
      if (owner === partition) return;
      throw new RepartitionRefusal(
        `${field.name} has the entry ${keys.map(String).join(", ")} on partition ${String(partition)}, ` +
          `and by the routing table it belongs to partition ${String(owner)}: it was written by another one.`,
      );
    });
  }
}
