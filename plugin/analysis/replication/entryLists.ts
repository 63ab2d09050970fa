/**
 * Lists of entries of what is spread, as terms: `[...this.log]`, `this.log.values()`, what `map` and `filter` make of them.
 * Such a list is the union of the lists that the partitions have, if each of its elements comes from one entry.
 */
import { subterms, writtenKey, type Cell, type Term } from "../../model/term.ts";
import {
  columnOf,
  dependsOnSpread,
  entryShape,
  identifyingColumns,
  isWhole,
  shapeOf,
  type SpreadState,
} from "./spreadState.ts";

/** What is iterated over, once for each entry of a field. */
export interface EntryList {
  /** What elements are said to be of. */
  readonly over: Term;
  readonly element: Element;
}

/** What an element of the list is. */
type Element =
  | { readonly kind: "key" | "entry" | "value"; readonly field: string }
  /** A function of an element of another list. */
  | { readonly kind: "computed"; readonly body: Term; readonly from: EntryList }
  /** Of one entry, but nothing more is known. */
  | { readonly kind: "unknown" };

/** A term as a list with some elements for each entry, and all elements from one entry; undefined: it is none. */
export function entryList(term: Term, state: SpreadState): EntryList | undefined {
  if (term.kind === "read") return listOfField(term, term.cell, state);
  if (term.kind !== "pure") return undefined;
  const [first, second] = term.args;
  if (first === undefined) return undefined;
  switch (term.name) {
    case ".keys":
    case "Object.keys":
      return viewOf(term, first, "key", state);
    case ".values":
    case "Object.values":
      return viewOf(term, first, "value", state);
    case "Object.entries":
      return viewOf(term, first, "entry", state);
    case "Array.from": {
      const list = entryList(first, state);
      if (list === undefined || term.args.length > 1) return undefined;
      // Of a map, its keys and values look the same here.
      const isClear = list.element.kind === "key" || first.kind !== "read";
      return { over: term, element: isClear ? list.element : { kind: "unknown" } };
    }
    case "array":
      return union(term, state);
    case ".filter": {
      const list = entryList(first, state);
      if (list === undefined || second === undefined || !isOfOneEntry(second, list, state)) return undefined;
      return { over: term, element: list.element };
    }
    case ".map": {
      const list = entryList(first, state);
      if (list === undefined || second === undefined || !isOfOneEntry(second, list, state)) return undefined;
      return { over: term, element: { kind: "computed", body: second, from: list } };
    }
    case ".flatMap": {
      const list = entryList(first, state);
      if (list === undefined || second === undefined || !isOfOneEntry(second, list, state)) return undefined;
      return { over: term, element: { kind: "unknown" } };
    }
    case ".toSorted": {
      const list = entryList(first, state);
      const isCompared = second === undefined || isComparison(second, first, state);
      return list === undefined || !isCompared ? undefined : { over: term, element: list.element };
    }
    default:
      return undefined;
  }
}

function listOfField(term: Term, cell: Cell, state: SpreadState): EntryList | undefined {
  if (!state.fields.has(cell.field) || !isWhole(cell) || cell.aspect === "size" || cell.aspect === "has")
    return undefined;
  const shape = shapeOf(state.role, cell.field);
  if (shape?.kind !== "map" && shape?.kind !== "set") return undefined;
  return { over: term, element: { kind: shape.kind === "set" ? "key" : "entry", field: cell.field } };
}

function viewOf(term: Term, of: Term, kind: "key" | "value" | "entry", state: SpreadState): EntryList | undefined {
  const list = of.kind === "read" ? entryList(of, state) : undefined;
  if (list?.element.kind === "key") return { over: term, element: list.element };
  return list?.element.kind === "entry" ? { over: term, element: { kind, field: list.element.field } } : undefined;
}

/** A list that others were spread into, or that was filled in loops. */
function union(term: Extract<Term, { readonly kind: "pure" }>, state: SpreadState): EntryList | undefined {
  const lists = term.args.map((arg) => entryList(arg, state) ?? pushedInLoop(arg, state));
  const [first, ...others] = lists;
  if (first === undefined || lists.includes(undefined)) return undefined;
  const isOne = others.every((other) => other !== undefined && isSameElement(first.element, other.element));
  return { over: term, element: isOne ? first.element : { kind: "unknown" } };
}

/** Lowering goes through a loop twice, so what is pushed in it is there twice; only the loop's number differs. */
function isSameElement(one: Element, other: Element): boolean {
  if (one.kind === "computed") {
    return other.kind === "computed" && isAlike(one.body, other.body);
  }
  if (one.kind === "unknown" || other.kind === "unknown" || other.kind === "computed") return false;
  return one.kind === other.kind && one.field === other.field;
}

/** `when(value, all of log, …)`: what was pushed in a loop, once for each entry for which the conditions hold. */
function pushedInLoop(term: Term, state: SpreadState): EntryList | undefined {
  if (term.kind !== "pure" || term.name !== "when") return undefined;
  const [value, ...conditions] = term.args;
  if (value === undefined) return undefined;
  const loops = conditions.flatMap((condition) => loopOver(condition, state) ?? []);
  const [own, ...others] = loops;
  if (own === undefined || others.length > 0) return undefined;
  const rest = [value, ...conditions.filter((condition) => condition !== own.over)];
  return rest.every((one) => isOfOneEntry(one, own, state))
    ? { over: term, element: { kind: "computed", body: value, from: own } }
    : undefined;
}

function unnumbered(term: Term): unknown {
  if (term.kind === "element") return { ...term, loop: 0, of: unnumbered(term.of) };
  if (term.kind === "read") return { ...term, cell: { ...term.cell, keys: term.cell.keys.map(unnumbered) } };
  if (term.kind === "pure") return { ...term, args: term.args.map(unnumbered) };
  if (term.kind !== "record") return term;
  const fields = Object.entries(term.fields).map(([name, value]) => [name, unnumbered(value)] as const);
  return { ...term, spreads: term.spreads.map(unnumbered), fields };
}

/** An element of this list, in a turn or a callback. */
export function isElementOf(term: Term, { over }: EntryList): boolean {
  return term.kind === "element" && isSame(term.of, over);
}

/** The same observation; for what was made of observations, the same made of the same fields. */
function isSame(one: Term, other: Term): boolean {
  if (one === other) return true;
  if (one.kind === "read" && other.kind === "read") return one.cell === other.cell;
  return one.kind === "pure" && other.kind === "pure" && isAlike(one, other);
}

function isAlike(one: Term, other: Term): boolean {
  return JSON.stringify(unnumbered(one)) === JSON.stringify(unnumbered(other));
}

/** Whether a value in a turn depends, of all that is spread, on the turn's own entry alone. */
export function isOfOneEntry(term: Term, list: EntryList, state: SpreadState): boolean {
  return foreignPart(term, list, state) === undefined;
}

/** What in a term is about other entries than the turn's own, or how all of them are arranged. */
export function foreignPart(term: Term, list: EntryList, state: SpreadState): Term | undefined {
  if (isElementOf(term, list)) return undefined;
  if (term.kind === "mixed" || term.kind === "unknown") return term;
  if (term.kind === "read" && state.fields.has(term.cell.field)) {
    const [key, ...others] = term.cell.keys;
    if (key === undefined || keyOf(key, list, state) === undefined) return term;
    return firstForeign(others, list, state);
  }
  return firstForeign(subterms(term), list, state);
}

function firstForeign(terms: readonly Term[], list: EntryList, state: SpreadState): Term | undefined {
  for (const term of terms) {
    const found = foreignPart(term, list, state);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The field of which a value is the key of the turn's own entry; undefined: it is something else. */
export function keyOf(term: Term, list: EntryList, state: SpreadState): string | undefined {
  const path = pathFrom(term, list);
  if (path !== undefined) return keyAt(path, list, state);
  if (term.kind === "read") {
    // Elements of a map that is iterated directly are its keys; values are read by them.
    const { field, keys } = term.cell;
    const [key, column, ...deeper] = keys;
    if (key === undefined || column === undefined || deeper.length > 0 || column.kind !== "literal") return undefined;
    const isKey = identifyingColumns(state.role, field).includes(writtenKey(column) ?? "");
    return isKey && state.fields.has(field) ? keyOf(key, list, state) : undefined;
  }
  if (term.kind === "pure" && term.name.startsWith(".") && term.args.length === 1) {
    const [of] = term.args;
    const column = term.name.slice(1);
    if (of?.kind !== "read" || of.cell.keys.length !== 1 || !state.fields.has(of.cell.field)) return undefined;
    const [key] = of.cell.keys;
    const isKey = identifyingColumns(state.role, of.cell.field).includes(column);
    return isKey && key !== undefined ? keyOf(key, list, state) : undefined;
  }
  return undefined;
}

/** The columns that lead from an element of a list to a value. */
export function pathFrom(term: Term, list: EntryList): readonly string[] | undefined {
  if (isElementOf(term, list)) return [];
  if (term.kind !== "pure" || !/^\.\w+$/.test(term.name) || term.args.length !== 1) return undefined;
  const [of] = term.args;
  const before = of === undefined ? undefined : pathFrom(of, list);
  return before === undefined ? undefined : [...before, term.name.slice(1)];
}

/** The field of which elements of a list have the key at this path. */
export function keyAt(path: readonly string[], list: EntryList, state: SpreadState): string | undefined {
  const { element } = list;
  const [first, second, ...deeper] = path;
  switch (element.kind) {
    case "key":
      return first === undefined ? element.field : undefined;
    case "entry": {
      // Iterating a map directly, lowering gives its keys for the elements.
      if (first === undefined) return list.over.kind === "read" ? element.field : undefined;
      if (first === "0" && second === undefined) return element.field;
      const isIn = first === "1" && second !== undefined && deeper.length === 0;
      return isIn && identifyingColumns(state.role, element.field).includes(second) ? element.field : undefined;
    }
    case "value": {
      const isColumn = first !== undefined && second === undefined;
      return isColumn && identifyingColumns(state.role, element.field).includes(first) ? element.field : undefined;
    }
    case "computed": {
      const term = path.reduce<Term | undefined>(
        (value, name) => (value === undefined ? undefined : partOf(value, name, state)),
        element.body,
      );
      return term === undefined ? undefined : keyOf(term, element.from, state);
    }
    case "unknown":
      return undefined;
  }
}

/** The part of a value that a callback makes. */
function partOf(value: Term, name: string, state: SpreadState): Term | undefined {
  if (value.kind === "record") {
    const named = value.fields[name];
    if (named === undefined) return columnOf(value, name);
    if (named.kind !== "pure" || named.name !== "overridden") return named;
    // `{ slot, ...entry }`: the entry's own `slot` would win.
    const [first, ...by] = named.args;
    const lacks = by.every((one) => fieldOfValue(one, state).some((field) => !hasColumn(state, field, name)));
    return lacks ? first : undefined;
  }
  if (value.kind === "pure" && value.name === "array" && /^\d+$/.test(name)) return value.args[Number(name)];
  return columnOf(value, name);
}

/** The field that a value is an entry of. */
function fieldOfValue(term: Term, state: SpreadState): readonly string[] {
  if (term.kind === "read" && term.cell.keys.length === 1 && state.fields.has(term.cell.field))
    return [term.cell.field];
  const isSecond = term.kind === "pure" && term.name === ".1";
  const [of] = isSecond ? term.args : [];
  const list = of?.kind === "element" ? entryList(of.of, state) : undefined;
  return list?.element.kind === "entry" ? [list.element.field] : [];
}

function hasColumn({ role }: SpreadState, field: string, column: string): boolean {
  const shape = entryShape(role, field);
  return shape?.kind !== "record" || column in shape.fields;
}

/** Whether a comparison of two elements depends on nothing that is spread but these. */
function isComparison(term: Term, of: Term, state: SpreadState): boolean {
  if (term.kind === "element" && isSame(term.of, of)) return true;
  if (term.kind === "mixed" || term.kind === "unknown") return false;
  if (term.kind === "read" && state.fields.has(term.cell.field)) return false;
  return subterms(term).every((part) => isComparison(part, of, state));
}

/** A loop of a handler over entries that are spread, from the condition under which its turns happen. */
export function loopOver(condition: Term, state: SpreadState): EntryList | undefined {
  if (condition.kind === "read" && condition.cell.aspect !== "order" && condition.cell.aspect !== "entries")
    return undefined;
  return dependsOnSpread(condition, state) ? entryList(condition, state) : undefined;
}
