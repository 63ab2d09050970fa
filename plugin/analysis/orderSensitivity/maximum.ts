/**
 * Whether a test keeps a maximum: the value is replaced exactly when the new one is larger. People write this in many
 * ways (`<`, `!(… <= …)`, ballots as tuples and as objects, early returns), and for comparisons all ways are alike if they
 * agree on all small values, because a comparison sees nothing of its operands but their order.
 */
import { sameTerm, type Cell, type Term } from "../../model/term.ts";
import { sameKeys } from "./normaliseTerms.ts";
import type { Comparison, Formula } from "./formula.ts";

/** One component of the value: where it is kept, and what may come in its place. */
export interface Component {
  readonly kept: Pick<Cell, "field" | "keys">;
  readonly next: Term;
}

type Value = number | undefined;
interface Assignment {
  readonly kept: readonly Value[];
  readonly next: readonly number[];
}

const MAX_COMPONENTS = 3;
const DOMAIN = [0, 1, 2];

/** Whether `next` replaces `kept` exactly when it is larger, first components first in some order of them. */
export function keepsMaximum(components: readonly Component[], tests: readonly Formula[]): boolean {
  if (components.length === 0 || components.length > MAX_COMPONENTS || tests.length === 0) return false;
  const evaluate = (assignment: Assignment): boolean | undefined =>
    both(tests.map((test) => holds(test, components, assignment)));
  const vectors = tuples(components.length);
  const orders = permutations(components.map((_, i) => i));
  const isMaximum = orders.some((order) =>
    vectors.every((kept) =>
      vectors.every((next) => {
        const sign = compareIn(order, next, kept);
        return sign === 0 ? evaluate({ kept, next }) !== undefined : evaluate({ kept, next }) === sign > 0;
      }),
    ),
  );
  if (!isMaximum) return false;
  // An entry that is not there yet is replaced by anything, or by nothing.
  const absent = components.map(() => undefined);
  const first = vectors.map((next) => evaluate({ kept: absent, next }));
  return first.every((one) => one !== undefined && one === first[0]);
}

function compareIn(order: readonly number[], a: readonly number[], b: readonly number[]): number {
  for (const i of order) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function tuples(length: number): readonly (readonly number[])[] {
  return length === 0 ? [[]] : tuples(length - 1).flatMap((rest) => DOMAIN.map((value) => [...rest, value]));
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

function both(values: readonly (boolean | undefined)[]): boolean | undefined {
  return values.includes(undefined) ? undefined : values.every((value) => value === true);
}

function holds(formula: Formula, components: readonly Component[], assignment: Assignment): boolean | undefined {
  if (formula.kind !== "test") {
    const parts = formula.of.map((part) => holds(part, components, assignment));
    if (parts.includes(undefined)) return undefined;
    return formula.kind === "and" ? parts.every((part) => part) : parts.some((part) => part);
  }
  const { test } = formula;
  switch (test.kind) {
    case "present": {
      const [kept] = assignment.kept;
      // Of a part, or of the whole that the parts belong to.
      const isOurs = components.some(({ kept: { field, keys } }) => {
        return field === test.cell.field && sameKeys(keys.slice(0, test.cell.keys.length), test.cell.keys);
      });
      return isOurs ? (kept !== undefined) !== test.negated : undefined;
    }
    case "compare": {
      const left = valueOf(test.left, components, assignment);
      const right = valueOf(test.right, components, assignment);
      return left === undefined || right === undefined ? undefined : compare(left.value, test.is, right.value);
    }
    case "each":
    case "truth":
      return undefined;
  }
}

/** What a term stands for; undefined for one that is no component. A default counts as: no value yet. */
function valueOf(
  term: Term,
  components: readonly Component[],
  assignment: Assignment,
): { readonly value: Value } | undefined {
  if (term.kind === "literal" && term.value === undefined) return { value: undefined };
  const i = components.findIndex((component) => isKept(term, component));
  if (i >= 0) return { value: assignment.kept[i] };
  const j = components.findIndex(({ next }) => sameTerm(next, term));
  return j < 0 ? undefined : { value: assignment.next[j] };
}

/** Whether a term is the component as it is kept, perhaps with a constant for when there is none. */
export function isKept(term: Term, { kept }: Pick<Component, "kept">): boolean {
  if (term.kind === "read") return term.cell.field === kept.field && sameKeys(term.cell.keys, kept.keys);
  if (term.kind !== "pure") return false;
  const [first, second, third] = term.args;
  if (term.name === "??" && first !== undefined && second !== undefined)
    return isKept(first, { kept }) && isConstant(second);
  if (term.name === "?:" && first !== undefined && second !== undefined && third !== undefined)
    return third.kind === "literal" && third.value === undefined && isKept(second, { kept });
  return false;
}

/** A scalar that is the same in every activation: `0`, `-Infinity`, `Number.MIN_SAFE_INTEGER`, the name of a constant. */
function isConstant(term: Term): boolean {
  if (term.kind === "literal") return true;
  if (term.kind !== "pure" || !term.args.every(isConstant)) return false;
  if (term.name === "-" || term.name.startsWith(".")) return term.args.length === 1;
  return term.args.length === 0 && /^[A-Z]\w*$/.test(term.name);
}

function compare(left: Value, is: Comparison, right: Value): boolean {
  const [a, b] = [left ?? Number.NaN, right ?? Number.NaN];
  switch (is) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "===":
      return left === right;
    case "!==":
      return left !== right;
  }
}
