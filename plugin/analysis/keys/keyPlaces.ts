/** Where in the keys of a field's cells the routing key is: at which position, and as which function of the key there. */
import { findStateField, type Handler } from "../../model/protocol.ts";
import { sameTerm } from "../../model/term.ts";
import { formsOf, type Equation } from "../dependencies/equations.ts";
import {
  applyOwnership,
  ITSELF,
  isSameOwnership,
  ownershipsFor,
  partsOf,
  type Ownership,
} from "../dependencies/ownership.ts";
import type { StateAccess } from "../inferFootprints.ts";
import type { KeyProblem } from "./keyProblem.ts";
import { columnFlaw, hasKeysAt, isColumn, isKeyTerm, simplify, type KeyTerm } from "./keyTerms.ts";

export interface KeyPlace {
  readonly position: number;
  readonly ownership: Ownership;
}

export function isSamePlace(a: KeyPlace, b: KeyPlace): boolean {
  return a.position === b.position && isSameOwnership(a.ownership, b.ownership);
}

/** Every place at which the first of these accesses, all of one handler to one field, has the key. At least one. */
export function placesFor(problem: KeyProblem, accesses: readonly StateAccess[], key: KeyTerm): readonly KeyPlace[] {
  const depth = Math.max(1, ...accesses.map(({ cell }) => cell.keys.length));
  return Array.from({ length: depth }, (_, position) => position).flatMap((position): readonly KeyPlace[] => {
    const [access] = accesses;
    const found = access?.cell.keys[position];
    if (problem.scope === undefined || access === undefined || found === undefined)
      return [{ position, ownership: ITSELF }];
    const handler = problem.handlers.get(access.handler);
    const ownerships = ownershipsFor(handler, simplify(found), key, equationsOf(problem, access.handler));
    return ownerships.map((ownership) => ({ position, ownership }));
  });
}

/** Whether an access belongs to the partition of `key` when its field is spread like this. */
export function matches(problem: KeyProblem, access: StateAccess, place: KeyPlace, key: KeyTerm): boolean {
  const { cell } = access;
  const found = cell.keys[place.position];
  if (found === undefined || !hasKeysAt(findStateField(problem.role, cell.field), cell.keys, place.position))
    return false;
  if (problem.scope === undefined) return sameTerm(simplify(found), key);
  const equations = equationsOf(problem, access.handler);
  const owners = applyOwnership(place.ownership, problem.handlers.get(access.handler), simplify(found), equations);
  return formsOf(key, equations).some((form) => owners.some((owner) => sameTerm(owner, form)));
}

/** What the handler of an access would be routed by if its field were spread like this, columns first. */
export function routesFor(problem: KeyProblem, access: StateAccess, place: KeyPlace): readonly KeyTerm[] {
  const found = access.cell.keys[place.position];
  if (found === undefined) return [];
  const key = simplify(found);
  if (problem.scope === undefined) return isColumn(key) ? [key] : [];
  const equations = equationsOf(problem, access.handler);
  const owners = applyOwnership(place.ownership, problem.handlers.get(access.handler), key, equations);
  const routes = owners.filter(isKeyTerm);
  return [...routes.filter(isColumn), ...routes.filter((route) => !isColumn(route))];
}

/** Functions of columns that occur in the keys of a handler's accesses, and that its senders can evaluate. */
export function functionKeys(problem: KeyProblem, handler: Handler): readonly KeyTerm[] {
  if (problem.scope === undefined || handler.trigger.kind !== "message") return [];
  const accesses = problem.footprints.get(handler.name)?.accesses ?? [];
  const terms = accesses
    .flatMap(({ cell }) => cell.keys)
    .flatMap((key) => partsOf(handler, simplify(key), equationsOf(problem, handler.name)))
    .map(({ term }) => term);
  const keys = terms
    .filter((term) => term.kind === "pure")
    .filter(isKeyTerm)
    .filter((term) => columnFlaw(handler, term, problem.role) === undefined);
  return keys.filter((key, i) => keys.findIndex((other) => sameTerm(key, other)) === i);
}

export function equationsOf({ scope }: KeyProblem, handler: string): readonly Equation[] {
  return scope?.equations.get(handler) ?? [];
}

/** The key itself, at a position. */
export function placeAt(position: number): KeyPlace {
  return { position, ownership: ITSELF };
}
