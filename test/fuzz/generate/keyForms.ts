/** What state is kept under. */
import type { KeyForm, Mood } from "./body.ts";

/** Which functions of a column a field may be kept under. */
export function formsFor(mood: Mood, keyType: "string" | "number"): readonly (readonly [number, KeyForm])[] {
  const careful = mood !== "loose";
  const common: readonly (readonly [number, KeyForm])[] = [
    [careful ? 24 : 14, "column"],
    [1, "sender"],
    [2, "pair"],
  ];
  return keyType === "number"
    ? [...common, [2, "half"]]
    : [...common, [2, "hash"], [2, "initial"], [1, "tagged"], [1, "joined"]];
}

/** The type of the keys that a form makes. */
export function keyTypeOf(form: KeyForm, column: "string" | "number"): "string" | "number" {
  if (form === "column") return column;
  return form === "hash" || form === "half" ? "number" : "string";
}
