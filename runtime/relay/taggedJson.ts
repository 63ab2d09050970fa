/**
 * Payloads as JSON, for programs in any language. What JSON has no word for is an object with one property that begins
 * with `$`; docs/reference/relay.md lists them.
 */
import { kindOf, MAX_NESTING } from "../codec/plainData.ts";

/** JSON that no payload looks like. The message completes "the payload has ...". */
export class TaggedJsonError extends Error {
  override readonly name = "TaggedJsonError";
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const INTEGER = /^(?:0|-?[1-9]\d*)$/;
/** Numbers that are written as text. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

/** A payload, which is plain data, as a value for `JSON.stringify`. */
export function toTaggedJson(payload: unknown): unknown {
  switch (typeof payload) {
    case "undefined":
      return { $undefined: true };
    case "bigint":
      return { $bigint: String(payload) };
    case "number":
      return Number.isFinite(payload) && !Object.is(payload, -0)
        ? payload
        : { $number: Object.is(payload, -0) ? "-0" : String(payload) };
    case "object":
      return payload === null ? null : objectToJson(payload);
    case "string":
    case "boolean":
    case "function":
    case "symbol":
      return payload;
  }
}

function objectToJson(value: object): unknown {
  switch (kindOf(value)) {
    case "bytes":
      return { $bytes: Buffer.from(value as Uint8Array).toString("base64") };
    case "map":
      return { $map: [...(value as ReadonlyMap<unknown, unknown>)].map((entry) => entry.map(toTaggedJson)) };
    case "set":
      return { $set: [...(value as ReadonlySet<unknown>)].map(toTaggedJson) };
    case "array":
      return (value as readonly unknown[]).map(toTaggedJson);
    case "record":
    case "other": {
      // A missing property and an undefined one are the same.
      const properties = Object.entries(value).filter(([, content]) => content !== undefined);
      const record = recordOf(properties.map(([name, content]) => [name, toTaggedJson(content)]));
      return tagOf(record) === undefined ? record : { $record: record };
    }
  }
}

/**
 * The payload that a value from `JSON.parse` stands for.
 *
 * @throws TaggedJsonError when it stands for none.
 */
export function fromTaggedJson(json: unknown, depth = 0): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (depth > MAX_NESTING) throw new TaggedJsonError(`more than ${String(MAX_NESTING)} levels`);
  const read = (inner: unknown): unknown => fromTaggedJson(inner, depth + 1);
  if (Array.isArray(json)) return json.map(read);
  const tag = tagOf(json);
  if (tag === undefined) return readRecord(json, read);
  const content: unknown = Object.values(json)[0];
  switch (tag) {
    case "$bytes":
      if (typeof content === "string" && BASE64.test(content)) return new Uint8Array(Buffer.from(content, "base64"));
      break;
    case "$bigint":
      if (typeof content === "string" && INTEGER.test(content)) return BigInt(content);
      break;
    case "$number": {
      const number = typeof content === "string" ? NUMBERS.get(content) : undefined;
      if (number !== undefined) return number;
      break;
    }
    case "$undefined":
      if (content === true) return undefined;
      break;
    case "$set":
      if (Array.isArray(content)) return new Set(content.map(read));
      break;
    case "$map":
      if (Array.isArray(content)) return new Map(content.map((entry: unknown) => readEntry(entry, read)));
      break;
    case "$record":
      if (typeof content === "object" && content !== null && !Array.isArray(content)) return readRecord(content, read);
  }
  throw new TaggedJsonError(`${tag} with something that it cannot mean`);
}

/** The only property of an object, when it begins with `$`. */
function tagOf(json: object): string | undefined {
  const names = Object.keys(json);
  return names.length === 1 && names[0]?.startsWith("$") === true ? names[0] : undefined;
}

function readEntry(entry: unknown, read: (inner: unknown) => unknown): readonly [unknown, unknown] {
  if (Array.isArray(entry) && entry.length === 2) return [read(entry[0]), read(entry[1])];
  throw new TaggedJsonError("$map with an entry that is not a pair");
}

function readRecord(json: object, read: (inner: unknown) => unknown): Record<string, unknown> {
  return recordOf(Object.entries(json).map(([name, content]) => [name, read(content)]));
}

/** Also with a property `__proto__`, which is a name like any other. */
function recordOf(properties: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(properties);
}
