/** What stands in the way of a key: the access that it does not fit, and what that access is keyed by instead. */
import { sameTerm, type Term } from "../../model/term.ts";
import { compoundOf, type PartFlaw } from "../dependencies/compoundKeys.ts";
import { areEqual } from "../dependencies/equations.ts";
import type { UnreliableEquation } from "../dependencies/keyScope.ts";
import type { StateAccess } from "../inferFootprints.ts";
import type { KeyProblem } from "./keyProblem.ts";
import { equationsOf, matches, placeAt, placesFor, type KeyPlace } from "./keyPlaces.ts";
import { isColumn, isKeyTerm, simplify, type ColumnFlaw, type KeyTerm } from "./keyTerms.ts";

export type KeyObstacle =
  /** The message cannot be routed by this column at all; `access` is a piece of state that its handler touches. */
  | {
      readonly kind: "column";
      readonly handler: string;
      readonly key: KeyTerm;
      readonly flaw: ColumnFlaw;
      readonly access: StateAccess | undefined;
    }
  /** A timer has no message, hence no key, and shares state with handlers that have one. */
  | { readonly kind: "timer"; readonly access: StateAccess; readonly other: StateAccess | undefined }
  /** The state has no keys at all. */
  | { readonly kind: "keyless"; readonly access: StateAccess }
  /** The access concerns all entries at once of something that is otherwise accessed by key. */
  | { readonly kind: "whole"; readonly access: StateAccess; readonly keyed: StateAccess }
  /** One handler touches entries of two keys; `other` has the key that was tried. */
  | { readonly kind: "two-keys"; readonly access: StateAccess; readonly key: Term; readonly other: StateAccess }
  /** The state is kept by something else than the key that was tried. */
  | {
      readonly kind: "other-key";
      readonly access: StateAccess;
      readonly key: Term;
      readonly wanted: KeyTerm;
      /** An access of another handler that does have the wanted key there. */
      readonly other: StateAccess | undefined;
    }
  /** The key is not taken from the message as it stands, but computed, observed, enumerated, or constant. */
  | {
      readonly kind: "derived" | "from-state" | "per-element" | "constant" | "unknown";
      readonly access: StateAccess;
      readonly key: Term;
      readonly wanted: KeyTerm | undefined;
    }
  /** The key that was tried is a part of the key, and cannot be told from it. */
  | {
      readonly kind: "composite";
      readonly access: StateAccess;
      readonly key: Term;
      readonly wanted: KeyTerm;
      readonly flaw: PartFlaw;
    }
  /** Both are functions, and not the same, or not of the same. */
  | {
      readonly kind: "other-function";
      readonly access: StateAccess;
      readonly key: Term;
      readonly wanted: KeyTerm;
      readonly other: StateAccess | undefined;
    }
  /** It would do if something could be relied on that cannot. */
  | {
      readonly kind: "unreliable";
      readonly access: StateAccess;
      readonly key: Term;
      readonly wanted: KeyTerm;
      readonly equation: UnreliableEquation;
    }
  /** Tools that move entries could not find out which partition keeps one of them. */
  | { readonly kind: "owner-unknown"; readonly access: StateAccess; readonly wanted: KeyTerm }
  /** Different routing keys may be one entry, because the container makes strings of its keys. */
  | { readonly kind: "coerced"; readonly access: StateAccess; readonly types: readonly string[] };

/** The accesses of one handler to one field that do not all have one key at one position. */
export interface Mismatch {
  readonly handler: string;
  /** What the handler would be routed by; undefined when nothing that it has will do. */
  readonly key: KeyTerm | undefined;
  readonly accesses: readonly StateAccess[];
  /** Accesses of the whole group to the field. */
  readonly elsewhere: readonly StateAccess[];
  /** The place that other handlers have settled, if any. */
  readonly place: KeyPlace | undefined;
}

/** Finds the access to blame, and says what is the matter with it. */
export function explainMismatch(problem: KeyProblem, mismatch: Mismatch): KeyObstacle {
  const { key, accesses, elsewhere } = mismatch;
  const place = mismatch.place ?? likelyPlace(problem, accesses, key);
  const { position } = place;
  const fits = (access: StateAccess): boolean => key !== undefined && matches(problem, access, place, key);
  const misfits = accesses.filter((access) => !fits(access));
  const [first] = misfits;
  if (first === undefined) throw new Error("A mismatch has an access that does not match.");
  if (first.cell.keys.length === 0)
    return keylessObstacle(misfits, [...accesses, ...elsewhere]) ?? { kind: "keyless", access: first };
  const bad = first;
  const found = bad.cell.keys[position] ?? bad.cell.keys[0];
  if (found === undefined) throw new Error("An access without keys has been dealt with.");
  const term = simplify(found);
  const byFunction = problem.scope === undefined ? undefined : explainFunction(problem, mismatch, bad, term);
  if (byFunction !== undefined) return byFunction;
  const kind = kindOfKey(term);
  if (kind !== "exact") return { kind, access: bad, key: term, wanted: key };
  if (key === undefined || sameTerm(term, key)) return { kind: "keyless", access: bad };
  if (bad.cell.keys.length <= position && bad.cell.keys.some((one) => sameTerm(simplify(one), key))) {
    const keyed = [...accesses, ...elsewhere].find(({ cell }) => cell.keys.length > position);
    return { kind: "whole", access: bad, keyed: keyed ?? bad };
  }
  const sameHandler = accessesWith(problem, mismatch.handler, key, term);
  if (sameHandler !== undefined) return { kind: "two-keys", access: bad, key: term, other: sameHandler };
  const other = elsewhere.find((access) => access.handler !== mismatch.handler && access.cell.keys.length > position);
  return { kind: "other-key", access: bad, key: term, wanted: key, other };
}

/** The place at which most of the accesses have the key; the first position when none has. */
function likelyPlace(problem: KeyProblem, accesses: readonly StateAccess[], key: KeyTerm | undefined): KeyPlace {
  if (key === undefined) return placeAt(0);
  const depth = Math.max(1, ...accesses.map(({ cell }) => cell.keys.length));
  const places = [
    ...Array.from({ length: depth }, (_, position) => placeAt(position)),
    ...placesFor(problem, accesses, key),
  ];
  const counts = places.map((place) => accesses.filter((access) => matches(problem, access, place, key)).length);
  return places[counts.indexOf(Math.max(...counts))] ?? placeAt(0);
}

/** What is the matter with a key that is a function of columns, or is compared with one; undefined: nothing of that kind. */
function explainFunction(
  problem: KeyProblem,
  { key: wanted, accesses, elsewhere }: Mismatch,
  access: StateAccess,
  term: Term,
): KeyObstacle | undefined {
  if (wanted === undefined) return undefined;
  const equations = equationsOf(problem, access.handler);
  const equation = (problem.scope?.unreliable.get(access.handler) ?? []).find((one) => {
    const more = withEquation(problem, access.handler, one);
    const places = placesFor(more, accesses, wanted);
    return places.some((place) => accesses.every((each) => matches(more, each, place, wanted)));
  });
  if (equation !== undefined) return { kind: "unreliable", access, key: term, wanted, equation };
  const handler = problem.handlers.get(access.handler);
  const part = compoundOf(handler, term)?.parts.find((one) => areEqual(one.term, wanted, equations));
  if (part?.flaw !== undefined) return { kind: "composite", access, key: term, wanted, flaw: part.flaw };
  if (isColumn(term) || isColumn(wanted) || !isKeyTerm(term)) return undefined;
  const other = elsewhere.find((one) => one.handler !== access.handler);
  return { kind: "other-function", access, key: term, wanted, other };
}

function withEquation(problem: KeyProblem, handler: string, equation: UnreliableEquation): KeyProblem {
  const { scope } = problem;
  if (scope === undefined) return problem;
  const equations = new Map(scope.equations);
  equations.set(handler, [...equationsOf(problem, handler), equation]);
  return { ...problem, scope: { ...scope, equations } };
}

/** An access of this handler, to any field, that has the one key somewhere, and the other nowhere. */
function accessesWith(problem: KeyProblem, handler: string, key: KeyTerm, not: Term): StateAccess | undefined {
  const accesses = problem.footprints.get(handler)?.accesses ?? [];
  const has = ({ cell }: StateAccess, wanted: Term): boolean =>
    cell.keys.some((term) => sameTerm(simplify(term), wanted));
  return accesses.find((access) => has(access, key) && !has(access, not));
}

/** The obstacle that an access without any key is, whatever the key; undefined when all accesses have keys. */
export function keylessObstacle(
  accesses: readonly StateAccess[],
  elsewhere: readonly StateAccess[],
): Extract<KeyObstacle, { readonly kind: "keyless" | "whole" }> | undefined {
  const bare = accesses.filter(({ cell }) => cell.keys.length === 0);
  const access = bare.find(({ write }) => write !== undefined) ?? bare[0];
  if (access === undefined) return undefined;
  const keyed = elsewhere.find(
    ({ cell }) => cell.field === access.cell.field && cell.keys.some((key) => isColumn(simplify(key))),
  );
  return keyed === undefined ? { kind: "keyless", access } : { kind: "whole", access, keyed };
}

type KeyKind = "exact" | "derived" | "from-state" | "per-element" | "constant" | "unknown";

/** How a key comes about. What is computed from something worse than a column is as bad as that. */
function kindOfKey(term: Term): KeyKind {
  if (isColumn(term)) return "exact";
  switch (term.kind) {
    case "literal":
    case "self":
    case "configuration":
      return "constant";
    case "read":
      return "from-state";
    case "element":
      return "per-element";
    case "unknown":
      return "unknown";
    case "pure":
      return kindOfComputed(term.args);
    case "record":
      return kindOfComputed([...term.spreads, ...Object.values(term.fields)]);
    case "choice":
      return kindOfComputed(term.of);
    case "mixed":
      return kindOfComputed(term.inputs);
  }
}

function kindOfComputed(inputs: readonly Term[]): KeyKind {
  const kinds = inputs.map(kindOfKey);
  const worst = (["unknown", "from-state", "per-element"] as const).find((kind) => kinds.includes(kind));
  if (worst !== undefined) return worst;
  return kinds.every((kind) => kind === "constant") ? "constant" : "derived";
}
