/** What a pass of the compiler made, as plain JSON that a person can still read: places for spans, objects for maps. */
import { printPlace, type Span } from "../../model/span.ts";

export type Printable = null | boolean | number | string | readonly Printable[] | { readonly [key: string]: Printable };

export function printable(value: unknown): Printable {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return `${value}n`;
    case "undefined":
    case "function":
    case "symbol":
      return null;
    case "object":
      return printableObject(value);
  }
}

function printableObject(value: object | null): Printable {
  if (value === null) return null;
  if (value instanceof Map) return fromEntries([...value].map(([key, entry]) => [String(key), entry]));
  if (Array.isArray(value) || value instanceof Set) return [...(value as Iterable<unknown>)].map(printable);
  if (isSpan(value)) return printPlace(value);
  return fromEntries(Object.entries(value));
}

function fromEntries(entries: readonly (readonly [string, unknown])[]): Printable {
  return Object.fromEntries(
    entries.filter(([, entry]) => entry !== undefined).map(([key, entry]) => [key, printable(entry)]),
  );
}

function isSpan(value: object): value is Span {
  return "file" in value && "line" in value && "column" in value && "endColumn" in value;
}
