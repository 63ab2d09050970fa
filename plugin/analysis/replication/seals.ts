/**
 * Seals: columns of a payload that consist of all entries of what is spread. Each partition sends the column with its own
 * entries, and the receiver's runtime puts them together: lists one after another, maps, sets and records united.
 */
import type { SealedColumn } from "../../model/component.ts";
import { findStateField } from "../../model/protocol.ts";
import type { Term } from "../../model/term.ts";
import {
  entryList,
  isElementOf,
  isOfOneEntry,
  keyAt,
  keyOf,
  loopOver,
  pathFrom,
  type EntryList,
} from "./entryLists.ts";
import { dependsOnSpread, isWhole, shapeOf, type SpreadState } from "./spreadState.ts";

export interface Seal {
  readonly column: SealedColumn;
  readonly is: "list" | "map" | "set" | "record";
  /** The columns of an element of the list in which the entry's key is; for a map, of a pair of key and value. */
  readonly keys: readonly (readonly string[])[];
}

/** A column that depends on what is spread, and is no union of what the partitions have. */
export interface NoSeal {
  readonly path: readonly string[];
  readonly term: Term;
}

/** The columns of a payload that depend on what is spread. */
export function findSeals(
  payload: Term,
  state: SpreadState,
): { readonly seals: readonly Seal[]; readonly others: readonly NoSeal[] } {
  const found = sealsIn(payload, [], state);
  return {
    seals: found.flatMap((one) => ("column" in one ? [one] : [])),
    others: found.flatMap((one) => ("term" in one ? [one] : [])),
  };
}

function sealsIn(term: Term, path: readonly string[], state: SpreadState): readonly (Seal | NoSeal)[] {
  if (!dependsOnSpread(term, state)) return [];
  if (path.length > 0) {
    const seal = sealOf(term, path, state);
    if (seal !== undefined) return [seal];
  }
  if (term.kind !== "record" || term.spreads.some((spread) => dependsOnSpread(spread, state))) return [{ path, term }];
  return Object.entries(term.fields).flatMap(([name, value]) => sealsIn(value, [...path, name], state));
}

function sealOf(term: Term, path: readonly string[], state: SpreadState): Seal | undefined {
  if (term.kind === "read") return wholeField(term, path, state);
  if (term.kind !== "pure") return undefined;
  const [first, ...others] = term.args;
  switch (term.name) {
    case "Object.fromEntries": {
      const list = first === undefined ? undefined : entryList(first, state);
      const isKeyed = list !== undefined && (isEntries(list) || keyAt(["0"], list, state) !== undefined);
      return isKeyed ? { column: { path }, is: "record", keys: [["0"]] } : undefined;
    }
    case "map": {
      if (term.args.length > 0 && term.args.every((arg) => isPutInLoop(arg, state)))
        return { column: { path }, is: "map", keys: [["0"]] };
      const list = first === undefined || others.length > 0 ? undefined : entryList(first, state);
      const isKeyed = list !== undefined && (isEntries(list) || keyAt(["0"], list, state) !== undefined);
      return isKeyed ? { column: { path }, is: "map", keys: [["0"]] } : undefined;
    }
    case "set": {
      // A union of sets, whatever their elements are.
      const lists = term.args.map((arg) => entryList({ ...term, name: "array", args: [arg] }, state));
      return lists.length > 0 && !lists.includes(undefined) ? { column: { path }, is: "set", keys: [] } : undefined;
    }
    default: {
      const list = isList(term) ? entryList(term, state) : undefined;
      return list === undefined ? undefined : listSeal(term, list, path, state);
    }
  }
}

const LISTS: ReadonlySet<string> = new Set([
  "array",
  "Array.from",
  ".map",
  ".filter",
  ".flatMap",
  ".toSorted",
  "Object.keys",
  "Object.values",
  "Object.entries",
]);

/** Not an iterator, which cannot be sent. */
function isList(term: Extract<Term, { readonly kind: "pure" }>): boolean {
  return LISTS.has(term.name);
}

function isEntries({ over, element }: EntryList): boolean {
  return element.kind === "entry" && (over.kind === "read" || keysOfPairs(over));
}

/** Lists of pairs of key and value, as maps give them. */
function keysOfPairs(over: Term): boolean {
  return over.kind === "pure" && over.name !== ".keys" && over.name !== ".values";
}

function wholeField(
  term: Extract<Term, { readonly kind: "read" }>,
  path: readonly string[],
  state: SpreadState,
): Seal | undefined {
  const { cell } = term;
  if (!state.fields.has(cell.field) || !isWhole(cell) || cell.aspect === "size" || cell.aspect === "has")
    return undefined;
  const shape = shapeOf(state.role, cell.field);
  if (shape === undefined || "lattice" in shape) return undefined;
  if (shape.kind === "set") return { column: { path }, is: "set", keys: [] };
  if (shape.kind !== "map") return undefined;
  const isMap = /^(Readonly)?Map</.test(findStateField(state.role, cell.field)?.type ?? "");
  return { column: { path }, is: isMap ? "map" : "record", keys: [["0"]] };
}

/** `when(entry(key, value), all of log, …)`: put into a local map under the key of the loop's entry. */
function isPutInLoop(term: Term, state: SpreadState): boolean {
  if (term.kind !== "pure" || term.name !== "when") return false;
  const [entry, ...conditions] = term.args;
  if (entry?.kind !== "pure" || entry.name !== "entry") return false;
  const loops = conditions.flatMap((condition) => loopOver(condition, state) ?? []);
  const [own, ...others] = loops;
  const [key, value] = entry.args;
  if (own === undefined || others.length > 0 || key === undefined || value === undefined) return false;
  const rest = [value, ...conditions.filter((condition) => condition !== own.over)];
  return keyOf(key, own, state) !== undefined && rest.every((one) => isOfOneEntry(one, own, state));
}

function listSeal(term: Term, list: EntryList, path: readonly string[], state: SpreadState): Seal {
  const sorted = sortedList(term);
  const order = sorted === undefined ? undefined : orderText(sorted, state);
  return {
    column: { path, ...(order === undefined ? {} : { order }) },
    is: "list",
    keys: keyPaths(list, state),
  };
}

/** The paths of up to two columns that hold the key of the entry. */
function keyPaths(list: EntryList, state: SpreadState): readonly (readonly string[])[] {
  const { element } = list;
  const names = namesIn(element, state);
  return [[], ...names.map((name) => [name])].filter((path) => keyAt(path, list, state) !== undefined);
}

function namesIn(element: EntryList["element"], { role }: SpreadState): readonly string[] {
  switch (element.kind) {
    case "key":
    case "unknown":
      return [];
    case "entry":
      return ["0"];
    case "value": {
      const shape = shapeOf(role, element.field);
      return shape?.kind === "map" && shape.value.kind === "record" ? Object.keys(shape.value.fields) : [];
    }
    case "computed": {
      const { body } = element;
      if (body.kind === "pure" && body.name === "array") return body.args.map((_, i) => String(i));
      if (body.kind !== "record") return [];
      const spread = body.spreads.flatMap((one) => columnsOfEntry(one, element.from, role));
      return [...new Set([...Object.keys(body.fields), ...spread])];
    }
  }
}

function columnsOfEntry(spread: Term, from: EntryList, role: SpreadState["role"]): readonly string[] {
  const field = spread.kind === "read" ? spread.cell.field : "field" in from.element ? from.element.field : undefined;
  const shape = field === undefined ? undefined : shapeOf(role, field);
  return shape?.kind === "map" && shape.value.kind === "record" ? Object.keys(shape.value.fields) : [];
}

type Sorted = Extract<Term, { readonly kind: "pure" }>;

/** The sorting that is the last thing that happens to a list. */
function sortedList(term: Term): Sorted | undefined {
  if (term.kind !== "pure") return undefined;
  if (term.name === ".toSorted") return term;
  const [only, ...others] = term.args;
  return term.name === "array" && only !== undefined && others.length === 0 ? sortedList(only) : undefined;
}

/**
 * The comparison, written out, when it is a total order of the entries: it compares their keys, so no two are equal.
 * `(a, b) => a.slot - b.slot` of numbers, and the same downwards.
 */
function orderText({ args: [of, comparison] }: Sorted, state: SpreadState): string | undefined {
  const list = of === undefined ? undefined : entryList(of, state);
  if (list === undefined || comparison === undefined) return undefined;
  const own: EntryList = of === undefined ? list : { ...list, over: of };
  if (comparison.kind !== "pure" || comparison.name !== "-") return undefined;
  const [left, right] = comparison.args;
  const [one, other] = [left, right].map((side) => (side === undefined ? undefined : side));
  if (one === undefined || other === undefined) return undefined;
  const [path, same] = [pathFrom(one, own), pathFrom(other, own)];
  const [a, b] = [loopOf(one, own), loopOf(other, own)];
  if (path === undefined || same === undefined || path.join() !== same.join()) return undefined;
  if (a === undefined || b === undefined || a === b || keyAt(path, list, state) === undefined) return undefined;
  const access = path.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join("");
  const type = typeText(path);
  return a < b
    ? `(a: ${type}, b: ${type}) => a${access} - b${access}`
    : `(a: ${type}, b: ${type}) => b${access} - a${access}`;
}

function loopOf(term: Term, list: EntryList): number | undefined {
  if (isElementOf(term, list)) return term.kind === "element" ? term.loop : undefined;
  const [of] = term.kind === "pure" ? term.args : [];
  return of === undefined ? undefined : loopOf(of, list);
}

function typeText(path: readonly string[]): string {
  const [name, ...rest] = path;
  return name === undefined ? "number" : `{ readonly ${name}: ${typeText(rest)} }`;
}
