/** Conditions that stay true once they are true, because what they ask of the state only grows. */
import { cellsRead, type Cell, type Term } from "../../model/term.ts";
import { formulaOf, type CellMeaning, type Formula, type Test } from "./formula.ts";
import { isFixed, isUndefined, readsState } from "./normaliseTerms.ts";

/** What grows, by the kind of growth: how many entries there are is known to grow wherever nothing is deleted. */
export interface Growing {
  /** How the value at a cell grows, if it does. */
  readonly value: (cell: Cell) => "max" | "count" | undefined;
  readonly meaning: CellMeaning;
}

/** Whether a condition cannot become false again. What reads no state does not change at all. */
export function isUpClosed(formula: Formula, growing: Growing): boolean {
  return formula.kind === "test"
    ? isTestUpClosed(formula.test, growing)
    : formula.of.every((part) => isUpClosed(part, growing));
}

function isTestUpClosed(test: Test, growing: Growing): boolean {
  switch (test.kind) {
    case "present":
      return !test.negated && !test.cell.keys.some(readsState);
    case "compare":
      if (!readsState(test.left) && !readsState(test.right)) return true;
      return (test.is === ">=" || test.is === ">") && isGrowing(test.left, growing) && !readsState(test.right);
    case "each":
      return isFixed(test.over) && isUpClosed(test.of, growing);
    case "truth":
      return !readsState(test.term);
  }
}

/** Whether a number only grows as the state does. */
export function isGrowing(term: Term, growing: Growing): boolean {
  const grows = (one: Term): boolean => isGrowing(one, growing);
  const isConstant = (one: Term): boolean => !readsState(one);
  switch (term.kind) {
    case "read":
      if (term.cell.keys.some(readsState)) return false;
      return term.cell.aspect === "size" || (term.cell.aspect === "value" && growing.value(term.cell) !== undefined);
    case "pure": {
      const [first, second, third] = term.args;
      if (first === undefined) return false;
      switch (term.name) {
        case "??":
          return second !== undefined && grows(first) && isLowest(second) && !isMaximum(first, growing);
        case "?:": {
          if (second === undefined || third === undefined) return false;
          const present = isUpClosed(formulaOf(first, false, growing.meaning), growing);
          return (
            present &&
            readsState(first) &&
            grows(second) &&
            (isUndefined(third) || (isLowest(third) && !isMaximum(second, growing)))
          );
        }
        case "+":
          // Of texts it makes a longer one, which may come before the shorter one.
          return (
            second !== undefined && [first, second].every((one) => isNumber(one) && (grows(one) || isConstant(one)))
          );
        case "-":
        case "/":
          return second !== undefined && grows(first) && (term.name === "-" ? isConstant : isPositive)(second);
        case "*":
          return second !== undefined && ((grows(first) && isPositive(second)) || (isPositive(first) && grows(second)));
        case "sum":
          return first.kind === "read" && first.cell.aspect === "entries" && growing.value(first.cell) === "count";
        case "Math.max":
        case "Math.min":
          return term.args.every((one) => grows(one) || isConstant(one));
        case "Math.floor":
        case "Math.ceil":
          return grows(first);
        case ".length": {
          if (first.kind !== "pure" || first.name !== ".filter") return false;
          const [over, body] = first.args;
          if (over === undefined || body === undefined || !isFixed(over)) return false;
          return isUpClosed(formulaOf(body, false, growing.meaning), growing);
        }
        default:
          return false;
      }
    }
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "configuration":
    case "element":
    case "record":
    case "choice":
    case "mixed":
    case "unknown":
      return false;
  }
}

/** Whether it is the maximum of what came, which may be below any default. */
function isMaximum(term: Term, growing: Growing): boolean {
  return cellsRead(term).some((cell) => cell.aspect === "value" && growing.value(cell) === "max");
}

/** No size, and no counter, is below. */
function isLowest(term: Term): boolean {
  return term.kind === "literal" && typeof term.value === "number" && term.value <= 0;
}

/** Whether it is certainly a number: no type is known of what is read of entries. */
function isNumber(term: Term): boolean {
  switch (term.kind) {
    case "literal":
      return typeof term.value === "number";
    case "configuration":
      return /\.(size|length)$/.test(term.path);
    case "read":
      return term.cell.aspect === "size";
    case "pure":
      if (term.name === "??" || term.name === "?:")
        return term.args.slice(-2).every((one) => isNumber(one) || isUndefined(one));
      return term.name === "+" ? term.args.every(isNumber) : NUMBERS.includes(term.name);
    default:
      return false;
  }
}

const NUMBERS = ["-", "*", "/", "sum", ".length", "Math.max", "Math.min", "Math.floor", "Math.ceil"];

function isPositive(term: Term): boolean {
  if (term.kind === "literal") return typeof term.value === "number" && term.value > 0;
  return term.kind === "configuration" && /\.(size|length)$/.test(term.path);
}

/** `size === n`: true for a while only; the two sides, growing one first. */
export function exactSize(formula: Formula, growing: Growing): { readonly size: Term; readonly is: Term } | undefined {
  if (formula.kind !== "test" || formula.test.kind !== "compare" || formula.test.is !== "===") return undefined;
  const { left, right } = formula.test;
  const size = left.kind === "read" && isGrowing(left, growing);
  return size && !readsState(right) ? { size: left, is: right } : undefined;
}

/** A cell that a formula asks about, and whether it asks for its presence, its size or its value. */
export interface AskedCell extends Cell {
  /** What the handler reads in order to know whether something is there; left out: this very cell. */
  readonly observed?: Cell;
}

export function cellsAsked(formula: Formula, meaning: CellMeaning): readonly AskedCell[] {
  if (formula.kind !== "test") return formula.of.flatMap((part) => cellsAsked(part, meaning));
  const { test } = formula;
  switch (test.kind) {
    case "present":
      return [{ ...test.cell, aspect: "has", observed: test.cell }];
    case "compare":
      return [...cellsOf(test.left, meaning), ...cellsOf(test.right, meaning)];
    case "each":
      return cellsAsked(test.of, meaning);
    case "truth":
      return cellsOf(test.term, meaning);
  }
}

function cellsOf(term: Term, meaning: CellMeaning): readonly AskedCell[] {
  switch (term.kind) {
    case "read":
      return [term.cell, ...term.cell.keys.flatMap((key) => cellsOf(key, meaning))];
    case "pure":
      if (term.name === "?:" && term.args[0] !== undefined)
        return [
          ...cellsAsked(formulaOf(term.args[0], false, meaning), meaning),
          ...term.args.slice(1).flatMap((arg) => cellsOf(arg, meaning)),
        ];
      if (term.name === ".filter" && term.args[1] !== undefined)
        return cellsAsked(formulaOf(term.args[1], false, meaning), meaning);
      return term.args.flatMap((arg) => cellsOf(arg, meaning));
    case "element":
      return cellsOf(term.of, meaning);
    case "record":
      return [...term.spreads, ...Object.values(term.fields)].flatMap((part) => cellsOf(part, meaning));
    case "choice":
      return term.of.flatMap((part) => cellsOf(part, meaning));
    case "mixed":
      return term.inputs.flatMap((part) => cellsOf(part, meaning));
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "configuration":
    case "unknown":
      return [];
  }
}
