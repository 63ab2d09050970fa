/**
 * What is known of the columns of a message: that one of them is a function of others, in every message of that name.
 * (Chu et al., section 4.2: functional dependencies; here with the function, so that terms can be compared.)
 */
import { sameTerm, type Term } from "../../model/term.ts";

/** The column (or the sender) `of` is always equal to `is`, a term of other columns, the sender and literals. */
export interface Equation {
  readonly of: Term;
  readonly is: Term;
}

/** Bounds that end the search for other forms, which equations such as `a = f(a)` would keep going. */
const MOST_FORMS = 24;
const MOST_NODES = 12;

/** The terms that are equal to this one by the equations, itself first. */
export function formsOf(term: Term, equations: readonly Equation[]): readonly Term[] {
  const forms: Term[] = [term];
  for (let i = 0; i < forms.length && forms.length < MOST_FORMS; i += 1) {
    const form = forms[i];
    if (form === undefined) break;
    for (const { of, is } of equations) {
      const next = replaceTerm(form, of, is);
      // Nothing was replaced. What was read from state is never the same as anything, itself included, so ask for this first.
      if (next === form) continue;
      if (sizeOf(next) <= MOST_NODES && !forms.some((other) => sameTerm(other, next))) forms.push(next);
    }
  }
  return forms;
}

/** Whether two terms of one activation are equal by the equations of its message. */
export function areEqual(a: Term, b: Term, equations: readonly Equation[]): boolean {
  if (sameTerm(a, b)) return true;
  const others = formsOf(b, equations);
  return formsOf(a, equations).some((one) => others.some((other) => sameTerm(one, other)));
}

/** The term with `part` replaced wherever it occurs as an argument of a function, or is all of it. */
export function replaceTerm(term: Term, part: Term, by: Term): Term {
  if (sameTerm(term, part)) return by;
  if (term.kind !== "pure") return term;
  const args = term.args.map((arg) => replaceTerm(arg, part, by));
  return args.every((arg, i) => arg === term.args[i]) ? term : { ...term, args };
}

/** The columns, senders and so on that a term is computed from. */
export function leavesOf(term: Term): readonly Term[] {
  if (term.kind === "literal") return [];
  return term.kind === "pure" ? term.args.flatMap(leavesOf) : [term];
}

function sizeOf(term: Term): number {
  return term.kind === "pure" ? 1 + term.args.reduce((sum, arg) => sum + sizeOf(arg), 0) : 1;
}
