/** Which key each message of a component is routed by: as the plan asks, or the coarsest legal one that spreads. */
import { solveKeys, type KeyAnalysis, type KeyGroup, type KeyPolicy } from "../analysis/keys/inferKeys.ts";
import type { KeyProblem } from "../analysis/keys/keyProblem.ts";
import type { KeyObstacle } from "../analysis/keys/keyObstacles.ts";
import {
  columnFlaw,
  isRouteTerm,
  narrowness,
  routableKeys,
  toKeyTerm,
  type KeyTerm,
  type RouteTerm,
} from "../analysis/keys/keyTerms.ts";
import { printOwnership } from "../analysis/dependencies/ownership.ts";
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { keyReachesForward } from "../analysis/keys/forwardKeys.ts";
import type { Forward } from "../model/component.ts";
import { findHandler, findStateField, findTimer, type Handler, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedKey } from "../model/requestedPlan.ts";
import { isFifo } from "../analysis/inferMessageFlow.ts";
import { findRecoveryObstacle, type KeyPositions, type RecoveryObstacle } from "../analysis/recoveryObstacles.ts";
import { startsEmpty } from "../analysis/startingEntries.ts";
import type { Spreading } from "./rule.ts";

export interface ChosenKeys {
  /** For each handler and forward that takes messages; empty: the first partition takes them all. */
  readonly keys: { readonly [handlerOrForward: string]: readonly KeyTerm[] };
  /** For each column of the key, the policy of each group of handlers. */
  readonly policies: readonly (readonly KeyPolicy[])[];
  readonly obstacles: readonly Obstacle[];
}

/** Why a key cannot be had: for reasons of state, or because the piece of a handler that is routed does not see it. */
export type Obstacle =
  | KeyObstacle
  | RecoveryObstacle
  | { readonly kind: "out-of-reach"; readonly forward: Forward; readonly key: RouteTerm };

export function chooseKeys(step: Spreading, problem: KeyProblem, analysis: KeyAnalysis): ChosenKeys {
  const solved = analysis.groups.map((group) => solveGroup(step, problem, group));
  const width = Math.max(0, ...solved.map(({ policies }) => policies.length));
  const groups = Object.fromEntries(
    analysis.groups.flatMap((group, i) =>
      group.handlers.map(
        (name) => [name, (solved[i]?.policies ?? []).flatMap(({ keys }) => keys[name] ?? [])] as const,
      ),
    ),
  );
  const stateless = analysis.stateless.map((name) => ({ name, ...keyOfStateless(step, findHandler(step.role, name)) }));
  const forwards = step.forwards.map((forward) => ({ name: forward.name, ...keyOfForward(step, forward) }));
  const free = [...stateless, ...forwards];
  const hidden = step.fragments.flatMap((forward) => unreachable(step, forward, groups[forward.name] ?? []));
  const policies = Array.from({ length: width }, (_, i) => solved.flatMap(({ policies: columns }) => columns[i] ?? []));
  const obstacles = [...solved.flatMap((one) => one.obstacles), ...hidden, ...free.flatMap((one) => one.obstacles)];
  return {
    keys: { ...groups, ...Object.fromEntries(free.map(({ name, key }) => [name, key])) },
    policies,
    // Without a key there is more to say than that what has no key anyway cannot be done by it.
    obstacles: obstacles.length > 0 ? obstacles : recoveryObstacles(step, analysis, policies),
  };
}

/** Policies of single columns, put together to one of tuples. */
export function positionsOf(coordinates: readonly (readonly KeyPolicy[])[]): KeyPositions {
  const fields = new Set(coordinates.flat().flatMap(({ positions }) => Object.keys(positions)));
  return Object.fromEntries(
    [...fields].map((field) => [
      field,
      coordinates.flatMap((groups) => groups.flatMap(({ positions }) => positions[field] ?? [])),
    ]),
  );
}

function recoveryObstacles(
  { protocol, role }: Spreading,
  { recovering }: KeyAnalysis,
  policies: readonly (readonly KeyPolicy[])[],
): readonly RecoveryObstacle[] {
  const positions = positionsOf(policies);
  return recovering.flatMap((name) => {
    const handler = findHandler(role, name);
    if (handler === undefined) return [];
    return (
      findRecoveryObstacle(role, handler, positions) ??
      startingEntries(protocol, role, handler) ??
      otherPartition(role, handler, policies) ??
      []
    );
  });
}

/** Partitions go through the entries that they have, and all have those that the class starts with. */
function startingEntries(protocol: Protocol, role: Role, handler: Handler): RecoveryObstacle | undefined {
  const accesses = inferFootprint(role, handler).accesses.filter(
    ({ cell }) => findTimer(role, cell.field) === undefined,
  );
  const access = accesses.find(({ cell }) => {
    const field = findStateField(role, cell.field);
    return field !== undefined && !startsEmpty(protocol, field);
  });
  return access === undefined
    ? undefined
    : {
        kind: "recovery",
        handler: handler.name,
        span: access.span,
        flaw: { kind: "starts-with", field: access.cell.field },
      };
}

/** What is kept under one key in two fields is on one partition only if one function of the key decides about both. */
function otherPartition(
  role: Role,
  handler: Handler,
  policies: readonly (readonly KeyPolicy[])[],
): RecoveryObstacle | undefined {
  const ownerOf = (field: string): string =>
    policies
      .flat()
      .map(({ through }) => through[field])
      .map((ownership) => (ownership === undefined ? "" : printOwnership(ownership)))
      .join("; ");
  const { accesses } = inferFootprint(role, handler);
  const [first] = accesses;
  const access = accesses.find(({ cell }) => first !== undefined && ownerOf(cell.field) !== ownerOf(first.cell.field));
  return access === undefined
    ? undefined
    : { kind: "recovery", handler: handler.name, span: access.span, flaw: { kind: "other-entry", access } };
}

interface Solved {
  /** One for each column of the key. */
  readonly policies: readonly KeyPolicy[];
  readonly obstacles: readonly KeyObstacle[];
}

function solveGroup(step: Spreading, problem: KeyProblem, group: KeyGroup): Solved {
  if (step.by === undefined) return chooseForGroup(step, group);
  const messages = group.handlers.filter((name) => findHandler(step.role, name)?.trigger.kind === "message");
  const wanted = messages.map((name) => ({ name, key: requestedFor(step, name) }));
  const width = Math.max(0, ...wanted.map(({ key }) => key?.length ?? 0));
  if (width === 0) return chooseForGroup(step, group);
  const solutions = Array.from({ length: width }, (_, i) => {
    const column = wanted.flatMap(({ name, key }) => (key?.[i] === undefined ? [] : [[name, key[i]] as const]));
    return solveKeys(problem, group.handlers, new Map(column));
  });
  return {
    policies: solutions.flatMap(({ policies: [first] }) => (first === undefined ? [] : [first])),
    obstacles: distinct(solutions.flatMap((solution) => ("obstacle" in solution ? [solution.obstacle] : []))),
  };
}

/** The coarsest policy that spreads well; all of them together where each alone has few values. */
function chooseForGroup(step: Spreading, group: KeyGroup): Solved {
  const ordered = group.handlers.some((name) => isOrdered(findHandler(step.role, name)));
  const legal = ordered ? group.policies.filter(({ keys }) => bySender(step, keys)) : group.policies;
  const best = legal.toSorted((a, b) => narrownessOf(step, a) - narrownessOf(step, b));
  const [first] = best;
  if (first === undefined) return { policies: [], obstacles: obstaclesOf(group) };
  return { policies: narrownessOf(step, first) < NARROW ? [first] : best, obstacles: [] };
}

/** From here on a key has so few values that a second column is worth having. */
const NARROW = 3;

function narrownessOf(step: Spreading, { keys }: KeyPolicy): number {
  const each = Object.entries(keys).map(([name, key]) => {
    const handler = findHandler(step.role, name);
    return handler === undefined ? 0 : narrowness(handler, key);
  });
  return Math.max(0, ...each);
}

function bySender(step: Spreading, keys: KeyPolicy["keys"]): boolean {
  return Object.entries(keys).every(([name, key]) => !isOrdered(findHandler(step.role, name)) || key.kind === "sender");
}

function isOrdered(handler: Handler | undefined): boolean {
  return handler !== undefined && isFifo(handler);
}

/** No key is legal: say so with the obstacles to the first key of each handler, as many as differ. */
function obstaclesOf(group: KeyGroup): readonly KeyObstacle[] {
  return distinct(group.refused.map(({ obstacle }) => obstacle));
}

function distinct(obstacles: readonly KeyObstacle[]): readonly KeyObstacle[] {
  const seen = new Set<string>();
  return obstacles.filter((obstacle) => {
    const span = obstacle.access?.span;
    const name = span === undefined ? obstacle.kind : `${span.file}:${String(span.start)}:${String(span.end)}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

interface FreeKey {
  readonly key: readonly RouteTerm[];
  readonly obstacles: readonly Obstacle[];
}

function keyOfStateless(step: Spreading, handler: Handler | undefined): FreeKey {
  if (handler === undefined) return { key: [], obstacles: [] };
  const wanted = requestedFor(step, handler.name);
  return wanted === undefined ? { key: anyKey(handler), obstacles: [] } : freeKey(step.original, handler, wanted);
}

function keyOfForward(step: Spreading, forward: Forward): FreeKey {
  const handler = findHandler(step.original, forward.handler);
  if (handler === undefined) return { key: [], obstacles: [] };
  const wanted = requestedFor(step, forward.name) ?? requestedFor(step, forward.handler);
  if (wanted === undefined) {
    return { key: anyKey(handler, (key) => keyReachesForward(handler, forward, key)), obstacles: [] };
  }
  const free = freeKey(step.original, handler, wanted);
  return { ...free, obstacles: [...free.obstacles, ...unreachable(step, forward, free.key)] };
}

/** The parts of a key that the statement which was forwarded does not see. */
function unreachable({ original }: Spreading, forward: Forward, key: readonly KeyTerm[]): readonly Obstacle[] {
  const handler = findHandler(original, forward.handler);
  return key.flatMap((part) =>
    handler === undefined || !isRouteTerm(part) || keyReachesForward(handler, forward, part)
      ? []
      : [{ kind: "out-of-reach", forward, key: part } as const],
  );
}

/** The key that is asked for; none when the message lacks a column of it, since there is no state that would need it. */
function freeKey(role: Role, handler: Handler, wanted: readonly RouteTerm[]): FreeKey {
  const flaws = wanted.map((key) => ({ key, flaw: columnFlaw(handler, key, role) }));
  if (flaws.some(({ flaw }) => flaw?.kind === "missing")) return { key: [], obstacles: [] };
  const obstacles = flaws.flatMap(({ key, flaw }) =>
    flaw === undefined ? [] : [{ kind: "column", handler: handler.name, key, flaw, access: undefined } as const],
  );
  return { key: wanted, obstacles };
}

function anyKey(handler: Handler, isUsable: (key: RouteTerm) => boolean = () => true): readonly RouteTerm[] {
  if (isFifo(handler)) return [{ kind: "sender" }];
  const [best] = routableKeys(handler)
    .filter(isUsable)
    .toSorted((a, b) => narrowness(handler, a) - narrowness(handler, b));
  return best === undefined ? [] : [best];
}

/** What the plan asks the messages of a handler to be routed by; undefined when it leaves that open. */
function requestedFor({ by }: Spreading, name: string): readonly RouteTerm[] | undefined {
  if (by === undefined) return undefined;
  const key: RequestedKey | undefined = by.kind === "everywhere" ? by.key : by.keys[name];
  return key?.map(toKeyTerm);
}
