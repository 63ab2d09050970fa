/**
 * What the symbolic execution of a handler knows about a value. Data is a term; the rest is what data is not: places
 * in the node's state, objects made in this activation (which may become part of the state), names of other nodes.
 */
import type { Node } from "ts-morph";
import type { Destination } from "../../model/effect.ts";
import type { Condition } from "../../model/effect.ts";
import type { Shape } from "../../model/protocol.ts";
import { writtenKey, type Cell, type Term } from "../../model/term.ts";
import type { Frame } from "./frames.ts";
import { ARRAY_MAKING } from "./libraries.ts";

export type Value =
  | { readonly kind: "data"; readonly term: Term }
  /** A piece of the node's state that is a container: an alias, so what happens to it happens to the state. */
  | { readonly kind: "state"; readonly place: Place }
  | { readonly kind: "fresh"; readonly object: Fresh }
  /** One of several, depending on `on` (undefined: on whether the first is absent). */
  | { readonly kind: "either"; readonly on: Term | undefined; readonly of: readonly Value[] }
  | { readonly kind: "peers"; readonly field: string; readonly role: string; readonly others: boolean }
  | { readonly kind: "ref"; readonly destination: Destination; readonly roles: readonly string[]; readonly id: Term }
  /** What iterating a container of the state gives, before it is iterated. */
  | { readonly kind: "entries"; readonly place: Place; readonly what: "keys" | "values" | "entries" }
  | { readonly kind: "self" }
  /** Something of the node that handlers use by its methods alone: a journal, the timers, one of them. */
  | { readonly kind: "facility"; readonly is: Facility }
  | { readonly kind: "this" }
  | { readonly kind: "closure"; readonly node: Node; readonly frame: Frame };

export type Facility =
  | { readonly kind: "journal"; readonly field: string }
  | { readonly kind: "timers"; readonly field: string; readonly names: readonly string[] }
  | { readonly kind: "timer"; readonly field: string; readonly timer: string };

/** A location in the state: a field, and the keys that lead from it to the place. */
export interface Place {
  readonly field: string;
  readonly keys: readonly Term[];
  readonly shape: Shape;
}

/**
 * An object or container that this activation made. While it is stored nowhere, what happens to it is nobody's
 * business. Once it is stored, it *is* the state at those places, also under the names that it had before.
 */
export interface Fresh {
  readonly is: "record" | "map" | "set" | "array";
  /** Named parts of a record, or of a tuple. */
  readonly fields: Map<string, Value>;
  /**
   * Everything else that went into it; the key is undefined where it is not known. `when`: it did only under these
   * conditions, in every turn of a loop for which they hold.
   */
  readonly parts: { readonly key: Term | undefined; readonly value: Value; readonly when?: readonly Term[] }[];
  readonly spreads: Term[];
  /** Records of the state that were spread into it: their containers are now reachable from here too. */
  readonly sharedWith: Place[];
  readonly storedAt: Place[];
  /** What held when it was made. What happens to it under other conditions depends on these. */
  readonly since: readonly Condition[];
  /** What a list is sorted by since it was last changed: two of its elements, compared. */
  sortedBy: Term | undefined;
}

export function fresh(is: Fresh["is"], since: readonly Condition[] = []): Fresh {
  return {
    is,
    fields: new Map(),
    parts: [],
    spreads: [],
    sharedWith: [],
    storedAt: [],
    since,
    sortedBy: undefined,
  };
}

/** A value that is there only under these conditions. */
export function when(term: Term, conditions: readonly Term[]): Term {
  return conditions.length === 0 ? term : pure("when", [term, ...conditions]);
}

/** A new array that holds what a function of these terms gives; changing it changes nothing else. */
export function freshArray(term: Term, since: readonly Condition[]): Value {
  const object = fresh("array", since);
  object.spreads.push(term);
  return { kind: "fresh", object };
}

export const UNDEFINED: Value = { kind: "data", term: { kind: "literal", value: undefined } };

export function data(term: Term): Value {
  return { kind: "data", term };
}

export function pure(name: string, args: readonly Term[], injective = false): Extract<Term, { readonly kind: "pure" }> {
  return { kind: "pure", name, args, injective };
}

/** The cell at a place, under an aspect. */
export function cellAt(place: Place, aspect: Cell["aspect"]): Cell {
  return { field: place.field, keys: place.keys, aspect };
}

/** What is observed there. */
export function readTerm({ shape }: Place, cell: Cell): Term {
  const isValue = cell.aspect === "value" && shape.kind === "scalar" && shape.gives !== undefined;
  return { kind: "read", cell, ...(isValue ? { gives: shape.gives } : {}) };
}

/** The piece of a place under one more key. */
export function pieceOf(place: Place, key: Term): Place {
  return { field: place.field, keys: [...place.keys, key], shape: pieceShape(place.shape, key) };
}

function pieceShape(shape: Shape, key: Term): Shape {
  switch (shape.kind) {
    case "map":
    case "array":
      return shape.value;
    case "record": {
      const name = writtenKey(key); // the parts of a tuple are numbered, and named by the digits
      return (name === undefined ? undefined : shape.fields[name]) ?? { kind: "opaque" };
    }
    case "set":
    case "scalar":
      return { kind: "scalar" };
    case "opaque":
      return { kind: "opaque" };
  }
}

/** Whether values of this shape are data, so that reading one copies it; all others are aliases. */
export function isDataShape(shape: Shape): boolean {
  return shape.kind === "scalar";
}

/** Two values that may be one or the other, depending on a condition. */
export function either(on: Term | undefined, values: readonly Value[]): Value {
  const [first, ...rest] = values;
  if (first === undefined) return UNDEFINED;
  if (rest.every((value) => value === first)) return first;
  if (values.every((value) => value.kind === "data")) {
    const terms = values.map((value) => value.term);
    return data(on === undefined ? pure("??", terms) : pure("?:", [on, ...terms]));
  }
  return { kind: "either", on, of: values };
}

/** A choice between values, of which it is certain that it is made as the language makes it. */
export function certain(term: Term): Value {
  const isChoice = term.kind === "pure" && ["?:", "??"].includes(term.name);
  return data(isChoice ? { ...term, certain: true } : term);
}

/** The alternatives of a value, flattened. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === "either" ? value.of.flatMap(alternatives) : [value];
}

/**
 * The term of a value that is used as data. Observing a container as data observes all of it; whoever does so records
 * that access (see `observe` in expressions.ts); this function only names the value.
 */
export function termOf(value: Value): Term {
  switch (value.kind) {
    case "data":
      return value.term;
    case "state":
      return { kind: "read", cell: cellAt(value.place, "value") };
    case "fresh":
      return freshTerm(value.object);
    case "either": {
      const terms = value.of.map(termOf);
      return value.on === undefined ? pure("??", terms) : pure("?:", [value.on, ...terms]);
    }
    case "entries":
      return iteratedTerm(value.place, value.what, { kind: "read", cell: cellAt(value.place, "order") });
    case "peers":
      return { kind: "configuration", field: value.field, path: `this.${value.field}` };
    case "ref":
      return value.id;
    case "self":
      return { kind: "self" };
    case "this":
    case "closure":
    case "facility":
      return { kind: "literal", value: undefined };
  }
}

/** What an iterator over a place gives. That of a map as it is are its entries, that of a set its elements. */
export function iteratedTerm(place: Place, what: "keys" | "values" | "entries", over: Term): Term {
  return place.shape.kind === "map" && what !== "entries" ? pure(`.${what}`, [over]) : over;
}

function freshTerm(object: Fresh): Term {
  const fields: { [name: string]: Term } = {};
  for (const [name, value] of object.fields) fields[name] = memberTerm(object, value);
  const parts = object.parts.flatMap((part) => {
    const terms = [...(part.key === undefined ? [] : [part.key]), memberTerm(object, part.value)];
    if (part.when === undefined || part.when.length === 0) return terms;
    const [only, ...others] = terms;
    return [when(only === undefined || others.length > 0 ? pure("entry", terms) : only, part.when)];
  });
  if (object.is === "record" && parts.length === 0) return { kind: "record", spreads: object.spreads, fields };
  const whole = madeElsewhere(object) ?? pure(object.is, [...Object.values(fields), ...parts, ...object.spreads]);
  return object.sortedBy === undefined ? whole : pure(object.is, [pure(".toSorted", [whole, object.sortedBy])]);
}

/** What a list is, when it is as a function of the language has made it. */
function madeElsewhere({ is, fields, parts, spreads }: Fresh): Term | undefined {
  const [only, ...others] = spreads;
  if (is !== "array" || fields.size > 0 || parts.length > 0 || others.length > 0 || only?.kind !== "pure")
    return undefined;
  return ARRAY_MAKING.has(only.name) || ARRAY_MAKING.has(only.name.replace(/^\./, "")) ? only : undefined;
}

/** A list in a list is one element of it; what is spread into a list is many. */
function memberTerm(object: Fresh, value: Value): Term {
  const isList =
    value.kind === "state" || value.kind === "entries" || (value.kind === "fresh" && value.object.is !== "record");
  return object.is === "array" && isList ? pure("element", [termOf(value)]) : termOf(value);
}
