/** Bounds of forwards: what a max test at the receiver compares; see `HandlerRoute.above`. */
import type { Bound } from "../routing/routingTable.ts";

/** Whether `bound` may be larger than `other`: true also when the two cannot be compared, for then nobody knows. */
export function exceeds(bound: Bound, other: Bound): boolean {
  return compare(bound, other) !== "not above";
}

/** The same bound, which nobody changes: tuples may be part of the sender's state. */
export function copyBound(bound: Bound): Bound {
  return isTuple(bound) ? bound.map(copyBound) : bound;
}

type Comparison = "above" | "equal" | "not above" | "incomparable";

function compare(bound: Bound, other: Bound): Comparison {
  const comparison = isTuple(bound) || isTuple(other) ? compareTuples(bound, other) : compareScalars(bound, other);
  return comparison === "equal" ? "not above" : comparison;
}

function compareTuples(bound: Bound, other: Bound): Comparison {
  if (!isTuple(bound) || !isTuple(other) || bound.length !== other.length) return "incomparable";
  for (const [index, part] of bound.entries()) {
    const counterpart = other[index];
    if (counterpart === undefined) return "incomparable";
    const comparison =
      isTuple(part) || isTuple(counterpart) ? compareTuples(part, counterpart) : compareScalars(part, counterpart);
    if (comparison !== "equal") return comparison;
  }
  return "equal";
}

/** Numbers compare with bigints, and text with text. NaN compares with nothing. */
function compareScalars(bound: Bound, other: Bound): Comparison {
  if ((typeof bound === "string") !== (typeof other === "string")) return "incomparable";
  if (bound > other) return "above";
  if (bound < other) return "not above";
  return bound >= other ? "equal" : "incomparable";
}

function isTuple(bound: Bound): bound is readonly Bound[] {
  return Array.isArray(bound);
}
