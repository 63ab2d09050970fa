/**
 * Whether a function gives the same key for 0 and -0. Collections do not tell the two apart, nor does routing: an entry
 * that was written under 0 is found under -0. A function may (`1 / x`, `Object.is`), and what is routed by it would then
 * be on two partitions, although it is one entry.
 */
import { pureForm } from "../../model/pureForm.ts";
import { isDeclared } from "./declaredDependencies.ts";
import { sameTerm, type Term } from "../../model/term.ts";

/** What becomes of a term when 0 is put for -0: nothing, at most its own sign if it is zero, or nobody knows. */
type Change = "none" | "sign" | "unknown";

/** Whether `term`, as a function of `variable`, is one key for 0 and -0. */
export function ignoresSignOfZero(term: Term, variable: Term): boolean {
  return changeOf(term, variable) !== "unknown";
}

const TO_INTEGERS: ReadonlySet<string> = new Set(["|", "&", "^", "<<", ">>", ">>>"]);
const KEEPS_SIGN: ReadonlySet<string> = new Set([
  "Math.abs",
  "Math.ceil",
  "Math.floor",
  "Math.max",
  "Math.min",
  "Math.round",
  "Math.sign",
  "Math.trunc",
  "Number",
]);

function changeOf(term: Term, variable: Term): Change {
  if (sameTerm(term, variable)) return "sign";
  if (term.kind !== "pure") return "none";
  const changes = term.args.map((arg) => changeOf(arg, variable));
  if (changes.every((change) => change === "none")) return "none";
  if (changes.includes("unknown")) return "unknown";
  if (isDeclared(term.name)) return "none";
  const form = pureForm(term.name, term.args.length);
  switch (form?.kind) {
    case "template":
      return "none"; // the text of both is "0"
    case "tuple":
      return "sign";
    case "language":
      if (form.name === "String" || form.name === "JSON.stringify") return "none";
      return KEEPS_SIGN.has(form.name) ? "sign" : "unknown";
    case "prefix":
      return form.operator === "~" || form.operator === "!" ? "none" : form.operator === "typeof" ? "none" : "sign";
    case "binary":
      return changeOfOperation(form.operator, term.args, changes);
    case "method":
    case "property":
    case "element":
    case "conditional":
    case "module":
    case undefined:
      return "unknown";
  }
}

function changeOfOperation(operator: string, args: readonly Term[], changes: readonly Change[]): Change {
  if (TO_INTEGERS.has(operator)) return "none";
  switch (operator) {
    case "+":
      // 0 and -0 plus anything but -0 are the same.
      return args.some((arg) => arg.kind === "literal" && !Object.is(arg.value, -0)) ? "none" : "sign";
    case "-":
    case "*":
    case "%":
      return "sign";
    case "/":
      return changes[1] === "none" ? "sign" : "unknown";
    default:
      return "unknown";
  }
}
