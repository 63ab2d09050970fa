/**
 * The keys by which a component could be spread, and for each key that will not do, the expression that forbids it.
 *
 * A *policy* picks one key for each message (a column of it, its sender, or a function of these) and one position for each
 * field with a function of the keys there, such that every access of every handler to the field has at that position a key
 * of which the function is the handler's key. Every legal tuple is made of keys that are legal alone, because the condition
 * is one condition for each part; so only single parts are searched.
 */
import { findStateField, type Handler, type Protocol, type Role } from "../../model/protocol.ts";
import type { NotUnderstood } from "../../model/effect.ts";
import { stateFields, type StateAccess } from "../inferFootprints.ts";
import { columnFlaw, findColumn, keepsKeysApart, printKey, routableKeys, simplify, type KeyTerm } from "./keyTerms.ts";
import { keyProblem, type KeyProblem } from "./keyProblem.ts";
import { explainMismatch, keylessObstacle, type KeyObstacle } from "./keyObstacles.ts";
import { functionKeys, isSamePlace, matches, placesFor, routesFor, type KeyPlace } from "./keyPlaces.ts";
import type { KeyScope } from "../dependencies/keyScope.ts";
import { isItself, printOwnership, type Ownership } from "../dependencies/ownership.ts";
import { primitiveOfTerm } from "../dependencies/primitives.ts";

/** One way to spread a group of handlers that share state. */
export interface KeyPolicy {
  readonly keys: { readonly [handler: string]: KeyTerm };
  /** Which key of each field's cells decides the partition: 0 for `field[key]`, 1 for `field[x][key]`. */
  readonly positions: { readonly [field: string]: number };
  /** The function of that key which is the routing key. Left out: the key itself is. */
  readonly through: { readonly [field: string]: Ownership };
}

/** A key that messages of one handler have, and why they cannot be routed by it. */
export interface RefusedKey {
  readonly handler: string;
  readonly key: KeyTerm;
  readonly obstacle: KeyObstacle;
}

/** Handlers that share mutable state, directly or through others. */
export interface KeyGroup {
  readonly handlers: readonly string[];
  readonly fields: readonly string[];
  readonly policies: readonly KeyPolicy[];
  readonly refused: readonly RefusedKey[];
}

export interface KeyAnalysis {
  /** Handlers with state, by the state that they share. */
  readonly groups: readonly KeyGroup[];
  /** Message handlers that touch no mutable state: any key will do, and none. */
  readonly stateless: readonly string[];
  /** Timers and start handlers whose state, if any, is theirs alone: they run on the first partition. */
  readonly pinned: readonly string[];
  /** They run on every partition, for what is there; see `findRecoveryObstacle`. */
  readonly recovering: readonly string[];
  /** Not empty: nothing can be said about these handlers, so they cannot be spread. */
  readonly notUnderstood: readonly (NotUnderstood & { readonly handler: string })[];
}

/** Either all legal policies, or the first thing that stands in the way of any. */
export type KeySolution =
  | { readonly policies: readonly [KeyPolicy, ...KeyPolicy[]] }
  | { readonly policies: readonly []; readonly obstacle: KeyObstacle };

/**
 * The keys of the component of a role that consists of these handlers.
 *
 * @param apart Fields that are not spread: what the handlers do to them is left out.
 * @param scope What keys may be besides columns and senders.
 */
export function inferKeys(
  role: Role,
  handlers: readonly string[],
  apart?: ReadonlySet<string>,
  scope?: KeyScope,
): KeyAnalysis {
  const problem = keyProblem(role, handlers, apart, scope);
  const isRecovering = (handler: Handler): boolean => handler.trigger.kind === "recover";
  const all = [...problem.handlers.values()].filter((handler) => !isRecovering(handler));
  const groups = sharingGroups(problem, all);
  const isKeyed = (group: readonly string[]): boolean => group.some((name) => isMessage(problem.handlers.get(name)));
  return {
    groups: groups.filter(isKeyed).map((group) => analyseGroup(problem, group)),
    stateless: all.filter((h) => isMessage(h) && fieldsOf(problem, h.name).length === 0).map(({ name }) => name),
    pinned: [
      ...all.filter((h) => !isMessage(h) && fieldsOf(problem, h.name).length === 0).map(({ name }) => name),
      ...groups.filter((group) => !isKeyed(group)).flat(),
    ],
    recovering: [...problem.handlers.values()].filter(isRecovering).map(({ name }) => name),
    notUnderstood: [...problem.footprints.values()].flatMap(({ handler, everything }) =>
      everything.map((why) => ({ ...why, handler })),
    ),
  };
}

/** The keys of every role of a protocol as it stands, before any plan. */
export function inferKeysOfRoles(protocol: Protocol): ReadonlyMap<string, KeyAnalysis> {
  const inside = protocol.roles.filter((role) => !role.external);
  return new Map(
    inside.map((role) => [
      role.name,
      inferKeys(
        role,
        role.handlers.map(({ name }) => name),
      ),
    ]),
  );
}

/**
 * The policies of a group of handlers that give these handlers these keys. Handlers that are not named get the key
 * that follows from the state they share with the others.
 */
export function solveKeys(
  problem: KeyProblem,
  group: readonly string[],
  wanted: ReadonlyMap<string, KeyTerm>,
): KeySolution {
  for (const [name, key] of wanted) {
    const handler = problem.handlers.get(name);
    const flaw = handler === undefined ? undefined : columnFlaw(handler, key, problem.role);
    if (flaw !== undefined) {
      const accesses = problem.footprints.get(name)?.accesses ?? [];
      const elsewhere = [...problem.footprints.values()].flatMap((footprint) => footprint.accesses);
      // Adding the column would not help a handler that needs all entries at once.
      const worse = flaw.kind === "missing" ? keylessObstacle(accesses, elsewhere) : undefined;
      if (worse !== undefined) return { policies: [], obstacle: worse };
      const access = accesses[0];
      return { policies: [], obstacle: { kind: "column", handler: name, key, flaw, access } };
    }
  }
  return extend(problem, group, new Map(wanted), new Map());
}

/** One step of the search: whatever follows from the keys and places chosen so far is chosen too, or contradicts. */
function extend(
  problem: KeyProblem,
  group: readonly string[],
  keys: ReadonlyMap<string, KeyTerm>,
  places: ReadonlyMap<string, KeyPlace>,
): KeySolution {
  for (const [handler, key] of keys) {
    for (const field of fieldsOf(problem, handler)) {
      const accesses = accessesTo(problem, handler, field);
      const chosen = places.get(field);
      const candidates = chosen === undefined ? candidatesFor(problem, keys, handler, field) : [chosen];
      const legal = candidates.filter((place) => accesses.every((access) => matches(problem, access, place, key)));
      if (legal.length === 0) {
        const elsewhere = group.flatMap((name) => accessesTo(problem, name, field));
        return {
          policies: [],
          obstacle: explainMismatch(problem, { handler, key, accesses, elsewhere, place: chosen }),
        };
      }
      if (chosen === undefined) {
        return firstLegal(legal.map((place) => extend(problem, group, keys, new Map([...places, [field, place]]))));
      }
    }
  }
  for (const handler of group) {
    if (keys.has(handler)) continue;
    for (const [field, place] of places) {
      const [access] = accessesTo(problem, handler, field);
      if (access === undefined) continue;
      return give(problem, group, keys, places, access, place);
    }
  }
  for (const [field, { position }] of places) {
    const accesses = group.flatMap((name) => accessesTo(problem, name, field));
    const types = [...new Set(accesses.map((access) => keyType(problem, access, position)))];
    const [access] = accesses;
    const declared = findStateField(problem.role, field);
    if (access !== undefined && !keepsKeysApart(declared, position, types)) {
      return { policies: [], obstacle: { kind: "coerced", access, types } };
    }
  }
  return { policies: [policyOf(keys, places)] };
}

/** The places that a field may have by the accesses of a handler; and by those of others, of which it may see only the whole. */
function candidatesFor(
  problem: KeyProblem,
  keys: ReadonlyMap<string, KeyTerm>,
  handler: string,
  field: string,
): readonly KeyPlace[] {
  const others = problem.scope === undefined ? [] : [...keys.keys()].filter((name) => name !== handler);
  const places = [handler, ...others].flatMap((name) => {
    const accesses = accessesTo(problem, name, field);
    const key = keys.get(name);
    return accesses.length === 0 || key === undefined ? [] : placesFor(problem, accesses, key);
  });
  return places.filter((place, i) => places.findIndex((other) => isSamePlace(place, other)) === i);
}

function policyOf(keys: ReadonlyMap<string, KeyTerm>, places: ReadonlyMap<string, KeyPlace>): KeyPolicy {
  const all = [...places];
  return {
    keys: Object.fromEntries(keys),
    positions: Object.fromEntries(all.map(([field, { position }]) => [field, position])),
    through: Object.fromEntries(
      all.flatMap(([field, { ownership }]) => (isItself(ownership) ? [] : [[field, ownership] as const])),
    ),
  };
}

/** Gives the handler of `access` the key that decides the partition of the entry which it accesses. */
function give(
  problem: KeyProblem,
  group: readonly string[],
  keys: ReadonlyMap<string, KeyTerm>,
  places: ReadonlyMap<string, KeyPlace>,
  access: StateAccess,
  place: KeyPlace,
): KeySolution {
  const field = access.cell.field;
  const elsewhere = [...keys.keys()].flatMap((name) => accessesTo(problem, name, field));
  const handler = problem.handlers.get(access.handler);
  if (!hasKey(handler)) return { policies: [], obstacle: { kind: "timer", access, other: elsewhere[0] } };
  const routes = handler === undefined ? [] : routesFor(problem, access, place);
  const found = routes.find((route) => handler !== undefined && columnFlaw(handler, route, problem.role) === undefined);
  if (found !== undefined) return extend(problem, group, new Map([...keys, [access.handler, found]]), places);
  const [key] = routes;
  const flaw = key === undefined || handler === undefined ? undefined : columnFlaw(handler, key, problem.role);
  if (key !== undefined && flaw !== undefined) {
    return { policies: [], obstacle: { kind: "column", handler: access.handler, key, flaw, access } };
  }
  const accesses = [access];
  return {
    policies: [],
    obstacle: explainMismatch(problem, { handler: access.handler, key: undefined, accesses, elsewhere, place }),
  };
}

function firstLegal(solutions: readonly KeySolution[]): KeySolution {
  const [first, ...others] = solutions.flatMap(({ policies }) => policies);
  if (first !== undefined) return { policies: [first, ...others] };
  const [refused] = solutions;
  if (refused === undefined) throw new Error("The search branches over at least one position.");
  return refused;
}

function analyseGroup(problem: KeyProblem, handlers: readonly string[]): KeyGroup {
  const fields = [...new Set(handlers.flatMap((name) => fieldsOf(problem, name)))];
  const seeds = handlers.flatMap((name) => {
    const handler = problem.handlers.get(name);
    if (handler === undefined) return [];
    return [...routableKeys(handler), ...functionKeys(problem, handler)].map((key) => ({ handler: name, key }));
  });
  const solved = seeds.map((seed) => ({
    seed,
    solution: solveKeys(problem, handlers, new Map([[seed.handler, seed.key]])),
  }));
  const policies = new Map(
    solved.flatMap(({ solution }) => solution.policies).map((policy) => [printPolicy(policy), policy] as const),
  );
  const refused = solved.flatMap(({ seed, solution }) =>
    "obstacle" in solution ? [{ ...seed, obstacle: solution.obstacle }] : [],
  );
  return { handlers, fields, policies: [...policies.values()], refused };
}

/** Handlers with state, grouped so that handlers that touch the same field are in the same group. */
function sharingGroups(problem: KeyProblem, handlers: readonly Handler[]): readonly (readonly string[])[] {
  let groups: readonly (readonly string[])[] = [];
  for (const { name: handler } of handlers) {
    const fields = fieldsOf(problem, handler);
    if (fields.length === 0) continue;
    const shares = (group: readonly string[]): boolean =>
      group.some((other) => fieldsOf(problem, other).some((field) => fields.includes(field)));
    groups = [...groups.filter((group) => !shares(group)), [...groups.filter(shares).flat(), handler]];
  }
  return groups;
}

/** A policy as one line, the same for equal ones. */
export function printPolicy({ keys, positions, through }: KeyPolicy): string {
  const routes = Object.entries(keys).map(([handler, key]) => `${handler} by ${printKey(key)}`);
  const places = Object.entries(positions).map(([field, position]) => {
    const ownership = through[field];
    return `${field} at ${String(position)}${ownership === undefined ? "" : ` (${printOwnership(ownership)})`}`;
  });
  return [...routes.toSorted(), ...places.toSorted()].join(", ");
}

function fieldsOf(problem: KeyProblem, handler: string): readonly string[] {
  const footprint = problem.footprints.get(handler);
  return footprint === undefined ? [] : stateFields(footprint);
}

function accessesTo(problem: KeyProblem, handler: string, field: string): readonly StateAccess[] {
  return problem.footprints.get(handler)?.accesses.filter(({ cell }) => cell.field === field) ?? [];
}

/** The type of the key at a position, as text: that of its column, or what is known of a function's results. */
function keyType(problem: KeyProblem, { handler, cell }: StateAccess, position: number): string {
  const owner = problem.handlers.get(handler);
  const key = cell.keys[position];
  const term = key === undefined ? undefined : simplify(key);
  if (term === undefined || owner === undefined) return "unknown";
  if (term.kind !== "payload") return primitiveOfTerm(owner, term);
  const column = findColumn(owner, term.path);
  return column?.gives ?? column?.type ?? "unknown";
}

function isMessage(handler: Handler | undefined): boolean {
  return handler?.trigger.kind === "message";
}

/** Whether an activation has a key: messages do, and one-shot timers that were armed with one. */
function hasKey(handler: Handler | undefined): boolean {
  return isMessage(handler) || handler?.trigger.kind === "after";
}
