/** Conditions in one form, whatever the spelling: `and` and `or` over tests, negation at the tests only. */
import type { Condition } from "../../model/effect.ts";
import { writtenKey, type Cell, type Term } from "../../model/term.ts";
import { isUndefined, nameTerm, readsState, simplify, type Binding } from "./normaliseTerms.ts";

export type Comparison = "<" | "<=" | ">" | ">=" | "===" | "!==";

export type Test =
  /** There is an entry, an element, or the mark that the cell gets at some time. */
  | { readonly kind: "present"; readonly cell: Cell; readonly negated: boolean }
  | { readonly kind: "compare"; readonly left: Term; readonly is: Comparison; readonly right: Term }
  /** For every, or for some, member of something fixed. */
  | { readonly kind: "each"; readonly quantifier: "every" | "some"; readonly over: Term; readonly of: Formula }
  /** Any other value, as a truth value. */
  | { readonly kind: "truth"; readonly term: Term; readonly negated: boolean };

export type Formula =
  { readonly kind: "and" | "or"; readonly of: readonly Formula[] } | { readonly kind: "test"; readonly test: Test };

/** What the truth and the equality of a value say about the cell that it was read from. */
export interface CellMeaning {
  /** Whether the value there being true (or false) means that it has got the mark. */
  truth(cell: Cell): "present" | "absent" | undefined;
  /** Whether the value being equal to this constant means that it has got the mark. */
  equality(cell: Cell, value: Term): "present" | "absent" | undefined;
}

const COMPARISONS: { readonly [operator: string]: Comparison } = {
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "===": "===",
  "==": "===",
  "!==": "!==",
  "!=": "!==",
};

const OPPOSITE: { readonly [operator in Comparison]: Comparison } = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "===": "!==",
  "!==": "===",
};

const MIRRORED: { readonly [operator in Comparison]: Comparison } = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "===": "===",
  "!==": "!==",
};

/** The tests that all have to hold for an effect, each with the condition that it is written in. */
export function conjuncts(condition: Condition, meaning: CellMeaning): readonly Formula[] {
  return flatten(formulaOf(condition.term, condition.negated, meaning));
}

function flatten(formula: Formula): readonly Formula[] {
  return formula.kind === "and" ? formula.of.flatMap(flatten) : [formula];
}

export function formulaOf(given: Term, negated: boolean, meaning: CellMeaning): Formula {
  const term = simplify(given);
  const of = (part: Term, not = negated): Formula => formulaOf(part, not, meaning);
  if (term.kind === "literal") return { kind: Boolean(term.value) === negated ? "or" : "and", of: [] };
  if (term.kind === "read") return readTest(term, negated, meaning);
  if (term.kind !== "pure") return test({ kind: "truth", term, negated });
  const [first, second, third] = term.args;
  switch (term.name) {
    case "!":
      if (first !== undefined) return of(first, !negated);
      break;
    case "Boolean":
      if (first !== undefined && term.args.length === 1) return of(first);
      break;
    case "&&":
    case "||":
      return { kind: (term.name === "&&") === negated ? "or" : "and", of: term.args.map((part) => of(part)) };
    case "??":
      if (first !== undefined && second?.kind === "literal" && !second.value) return of(first);
      break;
    case "?:":
      if (first !== undefined && second !== undefined && third !== undefined) {
        const both = (condition: boolean, value: Term): Formula => ({
          kind: negated ? "or" : "and",
          of: [of(first, condition === negated), of(value)],
        });
        const kind = negated ? "and" : "or";
        // `a && b` and `a || b` of values that are more than data.
        const name = nameTerm(first, []);
        if (name === nameTerm(third, [])) return both(true, second);
        if (name === nameTerm(second, [])) return { kind, of: [of(first), of(third)] };
        return isFalse(third) ? both(true, second) : { kind, of: [both(true, second), both(false, third)] };
      }
      break;
    case "in":
      if (term.args.length > 0 && term.args.every((one) => one.kind === "read" && one.cell.aspect === "has"))
        return { kind: negated ? "and" : "or", of: term.args.map((part) => of(part)) };
      break;
    case ".every":
    case ".some":
      if (first !== undefined && second !== undefined && !readsState(first)) {
        const every = (term.name === ".every") !== negated;
        return test({ kind: "each", quantifier: every ? "every" : "some", over: first, of: of(second) });
      }
      break;
    default: {
      const is = COMPARISONS[term.name];
      if (is !== undefined && first !== undefined && second !== undefined)
        return compare(first, negated ? OPPOSITE[is] : is, second, meaning);
    }
  }
  return test({ kind: "truth", term, negated });
}

function test(one: Test): Formula {
  return { kind: "test", test: one };
}

function isFalse(term: Term): boolean {
  return term.kind === "literal" && !term.value;
}

function readTest(term: Extract<Term, { kind: "read" }>, negated: boolean, meaning: CellMeaning): Formula {
  const { cell } = term;
  if (cell.aspect === "has") return test({ kind: "present", cell, negated });
  if (cell.aspect === "size")
    return test({ kind: "compare", left: term, is: negated ? "<=" : ">", right: { kind: "literal", value: 0 } });
  const means = cell.aspect === "value" ? meaning.truth(cell) : undefined;
  if (means === undefined) return test({ kind: "truth", term, negated });
  return test({ kind: "present", cell, negated: (means === "absent") !== negated });
}

/** State stands on the left. What asks whether something is there asks for its presence. */
function compare(left: Term, is: Comparison, right: Term, meaning: CellMeaning): Formula {
  if (!readsState(left) && readsState(right)) return compare(right, MIRRORED[is], left, meaning);
  const plain = test({ kind: "compare", left, is, right });
  if (is !== "===" && is !== "!==") return plain;
  if (right.kind === "literal" && typeof right.value === "boolean" && isTruthValue(left))
    return formulaOf(left, (is === "===") !== right.value, meaning);
  if (left.kind !== "read") return plain;
  if (left.cell.aspect === "size" && is === "!==" && right.kind === "literal" && right.value === 0)
    return test({ kind: "compare", left, is: ">", right });
  if (left.cell.aspect !== "value") return plain;
  if (isUndefined(right)) {
    return writtenKey(left.cell.keys.at(-1) ?? right) === undefined && left.cell.keys.length > 0
      ? test({ kind: "present", cell: left.cell, negated: is === "===" })
      : plain;
  }
  const means = meaning.equality(left.cell, right);
  return means === undefined
    ? plain
    : test({ kind: "present", cell: left.cell, negated: (means === "absent") !== (is === "!==") });
}

function isTruthValue(term: Term): boolean {
  if (term.kind === "read") return term.cell.aspect === "has";
  return (
    term.kind === "pure" && (term.name in COMPARISONS || ["!", "in", ".every", ".some", "Boolean"].includes(term.name))
  );
}

/** The terms that a formula is made of. */
export function termsIn(formula: Formula): readonly Term[] {
  if (formula.kind !== "test") return formula.of.flatMap(termsIn);
  const { test: one } = formula;
  switch (one.kind) {
    case "present":
      return [{ kind: "read", cell: one.cell }];
    case "compare":
      return [one.left, one.right];
    case "each":
      return [one.over, ...termsIn(one.of)];
    case "truth":
      return [one.term];
  }
}

/** A formula as text, equal for equal formulas; see {@link nameTerm}. */
export function nameFormula(formula: Formula, bindings: readonly Binding[]): string {
  if (formula.kind !== "test") {
    const parts = formula.of.map((part) => nameFormula(part, bindings)).toSorted();
    return parts.length === 1 ? (parts[0] ?? "") : `${formula.kind}(${parts.join(",")})`;
  }
  const { test: one } = formula;
  const name = (term: Term): string => nameTerm(term, bindings);
  switch (one.kind) {
    case "present": {
      const cell: Cell = { ...one.cell, aspect: "has" };
      return `${one.negated ? "not " : ""}${name({ kind: "read", cell })}`;
    }
    case "compare":
      return `${name(one.left)}${one.is}${name(one.right)}`;
    case "each":
      return `${one.quantifier}(${name(one.over)},${nameFormula(one.of, bindings)})`;
    case "truth":
      return `${one.negated ? "not " : ""}${name(one.term)}`;
  }
}
