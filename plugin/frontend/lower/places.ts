import { sameTerm } from "../../model/term.ts";
import type { Place, Value } from "./values.ts";

/**
 * The alternatives of a value without repetition: an object that was made because the state had none, and then put
 * there, is the state.
 */
export function distinct(values: readonly Value[]): readonly Value[] {
  const places = values.flatMap((value) => (value.kind === "state" ? [value.place] : []));
  return values.filter(
    (value) =>
      value.kind !== "fresh" ||
      !value.object.storedAt.some((stored) => places.some((place) => samePlace(stored, place))),
  );
}

/** Whether two places are certainly the same. */
export function samePlace(a: Place, b: Place): boolean {
  return (
    a.field === b.field &&
    a.keys.length === b.keys.length &&
    a.keys.every((key, i) => {
      const other = b.keys[i];
      return other !== undefined && (key === other || sameTerm(key, other));
    })
  );
}
