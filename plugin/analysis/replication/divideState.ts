/** Which part of a component's state could have a copy on every partition, and what runs everywhere then. */
import type { Handler, Role } from "../../model/protocol.ts";
import { findHandler, findTimer } from "../../model/protocol.ts";
import { inferFootprint, stateFields, type Footprint } from "../inferFootprints.ts";
import { isKeyed } from "./replicatedHandler.ts";
import { shapeOf, type SpreadState } from "./spreadState.ts";

export interface Division {
  /** Fields of which every partition has a copy. */
  readonly copies: ReadonlySet<string>;
  /** The fields whose entries are spread. */
  readonly state: SpreadState;
  /** What every partition runs: what changes a copy, or concerns all entries. */
  readonly replicated: readonly Handler[];
  /** Everything else. */
  readonly others: readonly Handler[];
}

/** More containers than this are hardly rarely written, and few protocols have so many. */
const MOST_CONTAINERS = 3;

/**
 * Ways to divide the state of a component, the one with the fewest copies first. State without keys cannot be spread, so all
 * of it that messages touch has copies in any case.
 */
export function divisionsOf(role: Role, handlers: readonly string[]): readonly Division[] {
  const mine = handlers.flatMap((name) => findHandler(role, name) ?? []);
  const footprints = new Map(mine.map((handler) => [handler.name, inferFootprint(role, handler)]));
  const fieldsOf = (some: readonly Handler[]): ReadonlySet<string> =>
    new Set(some.flatMap(({ name }) => fieldsIn(footprints.get(name))));
  const all = fieldsOf(mine);
  const byMessages = fieldsOf(mine.filter(({ trigger }) => trigger.kind === "message"));
  const keyless = [...all].filter((field) => findTimer(role, field) === undefined && isKeyless(role, field));
  const base = keyless.filter((field) => byMessages.has(field));
  const more = [...all].filter((field) => findTimer(role, field) === undefined && !base.includes(field));
  const sets = subsets(more, MOST_CONTAINERS).map((extra) => new Set([...base, ...extra]));
  return sets.flatMap((copies) => divide(role, mine, footprints, all, copies) ?? []);
}

function isKeyless(role: Role, field: string): boolean {
  const shape = shapeOf(role, field);
  return shape?.kind === "scalar" || shape?.kind === "record";
}

function fieldsIn(footprint: Footprint | undefined): readonly string[] {
  return footprint === undefined ? [] : stateFields(footprint);
}

function divide(
  role: Role,
  handlers: readonly Handler[],
  footprints: ReadonlyMap<string, Footprint>,
  all: ReadonlySet<string>,
  copies: ReadonlySet<string>,
): Division | undefined {
  const state: SpreadState = { role, fields: new Set([...all].filter((field) => !copies.has(field))) };
  const byMessages = new Set(
    handlers.filter(({ trigger }) => trigger.kind === "message").flatMap(({ name }) => fieldsIn(footprints.get(name))),
  );
  const runsEverywhere = ({ name, trigger }: Handler): boolean => {
    if (trigger.kind === "recover") return false;
    const accesses = footprints.get(name)?.accesses ?? [];
    if (accesses.some(({ cell, write }) => write !== undefined && copies.has(cell.field))) return true;
    if (trigger.kind === "after") return false;
    return accesses.some(({ cell }) => {
      // What only timers touch stays with them, on the first partition.
      const isOwn = trigger.kind !== "message" && !byMessages.has(cell.field);
      return state.fields.has(cell.field) && !isKeyed(cell, state) && !isOwn;
    });
  };
  const replicated = handlers.filter(runsEverywhere);
  if (replicated.length === 0) return undefined;
  return { copies, state, replicated, others: handlers.filter((handler) => !replicated.includes(handler)) };
}

/** All subsets of at most so many, small ones first. */
function subsets(items: readonly string[], most: number): readonly (readonly string[])[] {
  let sets: readonly (readonly string[])[] = [[]];
  const found: (readonly string[])[] = [[]];
  for (let size = 1; size <= Math.min(most, items.length); size += 1) {
    sets = sets.flatMap((set) =>
      items.slice(set.length === 0 ? 0 : items.indexOf(set.at(-1) ?? "") + 1).map((one) => [...set, one]),
    );
    found.push(...sets);
  }
  return found;
}
