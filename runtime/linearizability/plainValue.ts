/** Values that models compare by what is in them. */

export type ValueKey = string | number | boolean | bigint | null | undefined;

/**
 * Something that is the same primitive for two values exactly when the values are equal: primitives stand for themselves,
 * arrays and records for their text.
 *
 * @throws TypeError for what is neither, such as a function or a Map.
 */
export function keyOfValue(value: unknown): ValueKey {
  const key = keyOfPlainValue(value);
  if (key !== undefined || value === undefined) return key;
  throw new TypeError(
    "Values are compared by what is in them, so they have to be primitives, arrays and plain records.",
  );
}

/** As {@link keyOfValue}, but undefined for what cannot be compared. */
export function keyOfPlainValue(value: unknown): ValueKey {
  switch (typeof value) {
    case "number":
    case "boolean":
    case "bigint":
      return value;
    case "string":
      return value.startsWith(MARK) ? MARK + JSON.stringify(value) : value;
    case "object": {
      if (value === null) return null;
      const text = canonicalText(value);
      return text === undefined ? undefined : MARK + text;
    }
    default:
      return undefined;
  }
}

export function equalValues(a: unknown, b: unknown): boolean {
  return (
    a === b ||
    Object.is(a, b) ||
    (typeof a === "object" && typeof b === "object" && a !== null && b !== null && keyOfValue(a) === keyOfValue(b))
  );
}

/** Begins the texts of what is not a text itself. */
const MARK = "\u0000";

/** JSON with sorted keys, and with what JSON does not have: `undefined`, NaN and the like, and big integers. */
function canonicalText(value: unknown): string | undefined {
  if (value === undefined) return "undefined";
  if (typeof value === "bigint") return `${String(value)}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(value);
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return joined(value.map(canonicalText), "[", "]");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return joined(
    entries.map(([key, one]) => {
      const text = canonicalText(one);
      return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
    }),
    "{",
    "}",
  );
}

function joined(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : open + parts.join(",") + close;
}

/** A value for people: as JSON, cut when it is long. */
export function showValue(value: unknown): string {
  const text = typeof value === "bigint" || typeof value === "undefined" ? String(value) : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const LONGEST = 40;
