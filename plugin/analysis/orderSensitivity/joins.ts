/** What each write does to the state: whether its result is the same in whatever order the writes come, and how often. */
import type { WriteEffect } from "../../model/effect.ts";
import type { Handler, Role } from "../../model/protocol.ts";
import { cellsRead, subterms, type Cell, type Term } from "../../model/term.ts";
import { formulaOf, termsIn, type CellMeaning, type Formula } from "./formula.ts";
import { leavesOf, type Leaf } from "./leaves.ts";
import { isInside, locationOf, sameLocation } from "./locations.ts";
import { isKept, keepsMaximum } from "./maximum.ts";
import { isNeverNaN } from "./notANumber.ts";
import { nameTerm, readsState, sameKeys, simplify, isUndefined } from "./normaliseTerms.ts";
import { isOfKey } from "./ofKey.ts";
import type { OrderObstacle } from "./orderObstacle.ts";
import { impliedBy, isWrite, type Guard, type WriteView } from "./views.ts";

export type Growth =
  /** An element of a set. */
  | { readonly kind: "element" }
  /** An entry, where there is none: its value is a function of its key. */
  | { readonly kind: "create"; readonly value: Term }
  /** The value that every write puts there, a function of the key. */
  | { readonly kind: "value"; readonly value: Term }
  | { readonly kind: "max" }
  | { readonly kind: "count"; readonly by: number }
  /** It puts back what is there. */
  | { readonly kind: "nothing" }
  | { readonly kind: "delete" }
  | { readonly kind: "obstacle"; readonly obstacle: OrderObstacle };

export interface ClassifiedWrite extends WriteView {
  readonly growth: Growth;
  /** What is left of the guards when the test that is part of the join is taken away. */
  readonly guards: readonly Guard[];
}

export function classifyWrite(role: Role, view: WriteView): ClassifiedWrite {
  const { effect, handler } = view;
  const { cell, operation, span } = effect;
  const own = view.guards.filter((guard) => !isAbsenceOf(guard.formula, cell));
  const isIfAbsent = operation === "putIfAbsent" || own.length < view.guards.length;
  const is = (growth: Growth, guards: readonly Guard[] = own): ClassifiedWrite => ({ ...view, growth, guards });
  const refuse = (obstacle: OrderObstacle): ClassifiedWrite => is({ kind: "obstacle", obstacle });
  const place = { handler: handler.handler.name, span, cell } as const;
  const noJoin = (why: "overwrites" | "first-wins" | "appends"): ClassifiedWrite =>
    refuse({ kind: "not-a-join", ...place, why, other: otherWrite(role, effect) });
  switch (operation) {
    case "add":
      return is({ kind: "element" });
    case "max":
      return is({ kind: "max" });
    case "append":
      return noJoin("appends");
    case "delete":
    case "clear":
      return is({ kind: "delete" }, view.guards);
    case "increment":
      return count(effect.value);
    case "set":
    case "putIfAbsent":
      return set();
  }

  function count(amount: Term | undefined): ClassifiedWrite {
    const by = amount?.kind === "literal" && typeof amount.value === "number" ? amount.value : 0;
    if (by > 0 && !handler.forwarded) return is({ kind: "count", by });
    return refuse({ kind: "counts", ...place, other: undefined });
  }

  function set(): ClassifiedWrite {
    const { value, tests, isPutBack } = splitOwn(effect);
    if (value === undefined) return is({ kind: "nothing" });
    const amount = addedTo(value, cell);
    if (amount !== undefined) return count(amount);
    if (isMaximumOf(value, cell)) return is({ kind: "max" });
    const kept = maximumTests(role, view, value, tests);
    if (kept !== undefined)
      return is(
        { kind: "max" },
        own.filter((guard) => !kept.includes(guard)),
      );
    const foreign = cellsRead(value)[0];
    if (foreign !== undefined) {
      const other = effect.reads.find((access) => access.cell === foreign)?.span ?? span;
      return refuse({ kind: "state-in-output", ...place, cell: foreign, in: "value", other });
    }
    const ifAbsent = isIfAbsent || isPutBack || tests.some((test) => isAbsenceOf(test, cell));
    const elements = elementsOf(value);
    if (elements !== undefined) {
      if (!ifAbsent) return noJoin("overwrites");
      const missing = elements.some((element) => !isAddedAnyway(view, element, own));
      return missing ? noJoin("first-wins") : is({ kind: "create", value: EMPTY });
    }
    if (!isOfKey(handler.handler, value, cell.keys) || isUndefined(value))
      return noJoin(ifAbsent ? "first-wins" : "overwrites");
    const isContainer = isContainerTerm(value);
    if (!isContainer) return is({ kind: "value", value });
    if (!ifAbsent && hasPartsWritten(role, cell)) return noJoin("overwrites");
    return is({ kind: ifAbsent ? "create" : "value", value });
  }
}

function isAbsenceOf(formula: Formula, cell: Cell): boolean {
  return (
    formula.kind === "test" &&
    formula.test.kind === "present" &&
    formula.test.negated &&
    isSamePlace(formula.test.cell, cell)
  );
}

export function isSamePlace(a: Pick<Cell, "field" | "keys">, b: Pick<Cell, "field" | "keys">): boolean {
  return a.field === b.field && sameKeys(a.keys, b.keys);
}

/**
 * The value of a write without the alternative that what is there stays: `get(k) ?? new Set()`, or a variable that got a
 * new value on one branch. Undefined: it stays whatever happens.
 */
function splitOwn({ cell, value: given }: WriteEffect): {
  readonly value: Term | undefined;
  readonly tests: readonly Formula[];
  readonly isPutBack: boolean;
} {
  const value = given === undefined ? undefined : simplify(given);
  const isOwn = (term: Term | undefined): boolean =>
    term?.kind === "read" && term.cell.aspect === "value" && isSamePlace(term.cell, cell);
  if (value === undefined || isOwn(value)) return { value: undefined, tests: [], isPutBack: true };
  if (value.kind !== "pure") return { value, tests: [], isPutBack: false };
  const [first, second, third] = value.args;
  if ((value.name === "??" || value.name === "||") && isOwn(first) && isContainerTerm(second))
    return { value: second, tests: [], isPutBack: true };
  if (value.name === "?:" && first !== undefined && (isOwn(second) || isOwn(third))) {
    const test = formulaOf(first, isOwn(second), PRESENCE);
    return { value: isOwn(second) ? third : second, tests: [test], isPutBack: false };
  }
  return { value, tests: [], isPutBack: false };
}

/** What an empty set or map is, compared with others. */
const EMPTY: Term = { kind: "literal", value: "a container" };

/** Here, a value that is tested is a container: whether it is there is the question. */
const PRESENCE: CellMeaning = { truth: () => "present", equality: () => undefined };

function isContainerTerm(term: Term | undefined): boolean {
  return term?.kind === "record" || (term?.kind === "pure" && ["set", "map", "array", "record"].includes(term.name));
}

/** What a new set or map has in it; undefined for what is none. */
export function elementsOf(value: Term): readonly Term[] | undefined {
  if (value.kind !== "pure") return undefined;
  if (value.name === "set")
    return value.args.flatMap((arg) => (arg.kind === "pure" && arg.name === "array" ? arg.args : [arg]));
  return value.name === "map" && value.args.length === 0 ? [] : undefined;
}

/** Whether an element that a new set has is added to the one that is there too. */
function isAddedAnyway(view: WriteView, element: Term, guards: readonly Guard[]): boolean {
  const { cell } = view.effect;
  return view.handler.effects.some(
    (other) =>
      isWrite(other) &&
      other.effect.operation === "add" &&
      isSamePlace(other.effect.cell, { field: cell.field, keys: [...cell.keys, element] }) &&
      impliedBy(
        other.guards.filter(({ formula }) => !isPresenceOf(formula, cell)),
        guards,
      ),
  );
}

export function isPresenceOf(formula: Formula, cell: Pick<Cell, "field" | "keys">): boolean {
  if (formula.kind !== "test" || formula.test.kind !== "present" || formula.test.negated) return false;
  return isSamePlace(formula.test.cell, cell);
}

/** `x + 1` of what is there: how much is added. */
function addedTo(value: Term, cell: Cell): Term | undefined {
  if (value.kind !== "pure" || (value.name !== "+" && value.name !== "-")) return undefined;
  const [first, second] = value.args;
  if (first === undefined || second === undefined) return undefined;
  const isOwn = (term: Term): boolean => isKept(term, { kept: cell });
  if (value.name === "-") return isOwn(first) ? { kind: "literal", value: -1 } : undefined;
  return isOwn(first) ? second : isOwn(second) ? first : undefined;
}

/** `Math.max(x, …)` of what is there and of values that came. */
function isMaximumOf(value: Term, cell: Cell): boolean {
  if (value.kind !== "pure" || value.name !== "Math.max") return false;
  const others = value.args.filter((arg) => !isKept(arg, { kept: cell }));
  return others.length < value.args.length && !others.some(readsState) && others.every(isNeverNaN);
}

/** The guards that make this write, with the writes beside it, keep a maximum; undefined: it does not. */
function maximumTests(
  role: Role,
  view: WriteView,
  value: Term,
  tests: readonly Formula[],
): readonly Guard[] | undefined {
  const beside = view.handler.effects.filter(
    (other): other is WriteView =>
      isWrite(other) &&
      other.effect.operation === "set" &&
      other.effect.cell.field === view.effect.cell.field &&
      impliedBy(other.guards, view.guards) &&
      impliedBy(view.guards, other.guards),
  );
  const leaves = (one: WriteView): readonly Leaf[] | undefined =>
    leavesOf(role, one.effect.cell, one.effect === view.effect ? value : one.effect.value);
  const asks = (term: Term): boolean =>
    beside.some((one) =>
      (leaves(one) ?? []).some((leaf) => cellsRead(term).some((cell) => isSamePlace(cell, leaf.kept))),
    );
  const asking = view.guards.filter(({ formula }) => termsIn(formula).some(asks));
  const formulas = [...asking.map(({ formula }) => formula), ...tests];
  const asked = formulas.flatMap(termsIn).flatMap(cellsRead);
  const isAsked = ({ kept }: Leaf): boolean => asked.some((cell) => isSamePlace(cell, kept));
  const group = beside.filter((one) => {
    const parts = leaves(one);
    return parts !== undefined && parts.length > 0 && parts.every(isAsked);
  });
  if (!group.includes(view) && !group.some((one) => one.effect === view.effect)) return undefined;
  const components = group.flatMap((one) => leaves(one) ?? []);
  if (components.some(({ next }) => isOfSeveralTypes(view.handler.handler, next) || !isNeverNaN(next)))
    return undefined;
  return keepsMaximum(components, formulas) ? asking : undefined;
}

/** Numbers and texts have no common order: 9 < 10, "10" < "9", and "a" is neither below nor above them. */
function isOfSeveralTypes(handler: Handler, term: Term): boolean {
  if (term.kind !== "payload") return subterms(term).some((part) => isOfSeveralTypes(handler, part));
  const type = handler.payload?.columns.find(({ path }) => path.join(".") === term.path.join("."))?.type ?? "";
  return /\bstring\b|["'`]/.test(type) && /\b(?:number|bigint|boolean)\b|(?:^|[|\s])-?\d/.test(type);
}

function hasPartsWritten(role: Role, cell: Cell): boolean {
  const whole = locationOf(role, cell);
  return writesOf(role).some(({ effect }) => {
    const at = locationOf(role, effect.cell);
    return at.length > whole.length && isInside(at, whole);
  });
}

function otherWrite(role: Role, effect: WriteEffect): OrderObstacle["other"] {
  const here = locationOf(role, effect.cell);
  const others = writesOf(role).filter((one) => one.effect !== effect);
  return others.find((one) => sameLocation(locationOf(role, one.effect.cell), here))?.effect.span;
}

function writesOf(role: Role): readonly { readonly handler: Handler; readonly effect: WriteEffect }[] {
  return role.handlers.flatMap((handler) =>
    (handler.body?.effects ?? []).flatMap((effect) => (effect.kind === "write" ? [{ handler, effect }] : [])),
  );
}

/** Writes of one place that are joins each for itself, but not with each other: two constants, a maximum and a constant. */
export function findConflicts(role: Role, writes: readonly ClassifiedWrite[]): readonly OrderObstacle[] {
  return writes.flatMap((write, i): readonly OrderObstacle[] => {
    const here = locationOf(role, write.effect.cell);
    const name = nameGrowth(write);
    if (name === undefined) return [];
    const other = writes
      .slice(0, i)
      .find((one) => sameLocation(locationOf(role, one.effect.cell), here) && (nameGrowth(one) ?? name) !== name);
    if (other === undefined) return [];
    const why = write.growth.kind === "create" ? "first-wins" : "overwrites";
    const { span, cell } = write.effect;
    return [{ kind: "not-a-join", handler: write.handler.handler.name, span, cell, why, other: other.effect.span }];
  });
}

function nameGrowth({ growth, effect }: ClassifiedWrite): string | undefined {
  const bindings = effect.cell.keys
    .map((term, i) => ({ term, name: `key ${String(i)}` }))
    .filter(({ term }) => term.kind !== "literal");
  switch (growth.kind) {
    case "create":
    case "value":
      return `value ${nameTerm(growth.value, bindings)}`;
    case "max":
    case "count":
    case "element":
      return growth.kind;
    case "nothing":
    case "delete":
    case "obstacle":
      return undefined;
  }
}
