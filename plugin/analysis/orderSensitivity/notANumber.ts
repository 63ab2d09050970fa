/**
 * Numbers that may be NaN. NaN is not above anything and not below anything, so what keeps the larger of two values keeps
 * no maximum where one of them may be NaN: `Math.max` keeps NaN for good, and `!(a <= b)` takes it, and anything after it.
 */
import type { Term } from "../../model/term.ts";

/**
 * Whether a value is certainly not NaN: it is what a message carries, which the runtime sees to (`decodeMessage`), or a
 * constant, or nearly so. What is computed otherwise may be NaN, or nobody knows.
 */
export function isNeverNaN(term: Term): boolean {
  switch (term.kind) {
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "configuration":
      return true;
    case "element":
      return isNeverNaN(term.of);
    case "record":
      return [...term.spreads, ...Object.values(term.fields)].every(isNeverNaN);
    case "choice":
      return term.of.every(isNeverNaN);
    case "pure":
      return isHarmless(term.name, term.args) && term.args.every(isNeverNaN);
    case "read":
    case "mixed":
    case "unknown":
      return false;
  }
}

/** Parts of data, texts, and sums with a constant: an infinite number plus a finite one is infinite. */
function isHarmless(name: string, args: readonly Term[]): boolean {
  if (name === "array" || name === "?:" || name === "??" || name === "String" || name === "`") return true;
  if (name.startsWith(".")) return args.length === 1;
  return (name === "+" || name === "-") && args.length === 2 && args.some((arg) => arg.kind === "literal");
}
