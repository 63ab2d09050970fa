/** What a handler observed of a cell, as text: comparable, and readable in a report. */
import type { CellAspect } from "../node/stateObserver.ts";

/**
 * Text that differs when what was observed differs. Of a container only its kind is observed by who obtains it: its
 * content has cells of its own. Of an order it is the list of the keys.
 */
export function printObserved(value: unknown, aspect: CellAspect): string {
  if (aspect === "order" && Array.isArray(value)) return `[${value.map(printStep).join(", ")}]`;
  if (typeof value !== "object" || value === null) return printStep(value);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (value instanceof Map) return "a Map";
  if (value instanceof Set) return "a Set";
  return Array.isArray(value) ? "an array" : "a record";
}

/** A key, or a primitive value. Keeps `1`, `"1"` and `1n` apart; -0 is 0 as a key, and as a value the difference cannot be seen by comparing. */
export function printStep(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${String(value)}n`;
    default:
      return String(value);
  }
}
