/** One field of a component whose entries lie on several partitions: put together, and taken apart again. */
import type { Ownership } from "./ownership.ts";
import { RepartitionRefusal } from "./refusal.ts";

export interface SpreadField {
  readonly name: string;
  readonly ownership: Ownership;
}

/** Takes every entry once: the keys that lead to it, and where it belongs. */
export type OnEntry = (keys: readonly unknown[], partition: number) => void;

/**
 * What the field holds on one partition, of so many.
 *
 * @throws RepartitionRefusal when the field holds something whose entries have no keys.
 */
export function partOf(field: SpreadField, whole: unknown, partition: number, partitions: number): unknown {
  return cut(whole, []);

  function cut(value: unknown, keys: readonly unknown[]): unknown {
    const part = emptyLike(field, value);
    for (const [key, inner] of entriesOf(field, value)) {
      const path = [...keys, key];
      const owner = field.ownership.find(path, partitions);
      if (owner === partition) put(part, key, inner);
      if (owner !== undefined) continue;
      const content = cut(requireContainer(field, inner), path);
      // What has lost all of its entries has to be somewhere.
      if (sizeOf(content) > 0 || (partition === 0 && sizeOf(inner) === 0)) put(part, key, content);
    }
    return part;
  }
}

/** Tells of every entry of what the field holds. */
export function visitEntries(field: SpreadField, held: unknown, partitions: number, onEntry: OnEntry): void {
  visit(held, []);

  function visit(value: unknown, keys: readonly unknown[]): void {
    for (const [key, inner] of entriesOf(field, value)) {
      const path = [...keys, key];
      const owner = field.ownership.find(path, partitions);
      if (owner === undefined) visit(requireContainer(field, inner), path);
      else onEntry(path, owner);
    }
  }
}

/**
 * All entries of the field, from what it holds on each partition.
 *
 * @throws RepartitionRefusal when two partitions have the same entry, or the field holds something without keys.
 */
export function unite(field: SpreadField, parts: readonly unknown[]): unknown {
  const whole = emptyLike(field, parts[0]);
  for (const part of parts) {
    if (kindOf(part) !== kindOf(whole)) {
      throw new RepartitionRefusal(
        `${field.name} is ${described(whole)} on one partition, and ${described(part)} on another.`,
      );
    }
    add(whole, part, []);
  }
  return whole;

  function add(target: object, part: unknown, keys: readonly unknown[]): void {
    for (const [key, inner] of entriesOf(field, part)) {
      const path = [...keys, key];
      const there = entryOf(target, key);
      if (field.ownership.find(path, 1) !== undefined) {
        if (there !== undefined) {
          throw new RepartitionRefusal(`${field.name} has the entry ${path.map(String).join(", ")} on two partitions.`);
        }
        put(target, key, inner);
        continue;
      }
      const nested = requireContainer(field, inner);
      const known = there?.value ?? emptyLike(field, nested);
      if (there === undefined) put(target, key, known);
      add(requireContainer(field, known), nested, path);
    }
  }
}

type Kind = "map" | "set" | "record" | "other";

function kindOf(value: unknown): Kind {
  if (value instanceof Map) return "map";
  if (value instanceof Set) return "set";
  const isRecord =
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  return isRecord ? "record" : "other";
}

function requireContainer(field: SpreadField, value: unknown): object {
  if (typeof value === "object" && value !== null && kindOf(value) !== "other") return value;
  throw new RepartitionRefusal(
    `${field.name} holds ${described(value)} where entries with keys were expected. ` +
      "Only maps, sets and records can be spread; build the protocol again, and look at the plan.",
  );
}

function emptyLike(field: SpreadField, value: unknown): object {
  const container = requireContainer(field, value);
  if (container instanceof Map) return new Map();
  return container instanceof Set ? new Set() : {};
}

/** Entries with their keys. A member of a set is its own key. */
function entriesOf(field: SpreadField, value: unknown): readonly (readonly [unknown, unknown])[] {
  const container = requireContainer(field, value);
  if (container instanceof Map) return [...container];
  if (container instanceof Set) return [...container].map((member: unknown) => [member, member]);
  const entries = Object.entries(container);
  // A record does not say whether its names are keys, or whether they are text or numbers; and these are different keys.
  if (entries.some(([name, inner]) => isNumber(name) || (typeof inner === "object" && inner !== null))) {
    throw new RepartitionRefusal(
      `${field.name} is a record, which does not say what its keys are. Keep what is spread and durable in a Map.`,
    );
  }
  return entries;
}

function isNumber(name: string): boolean {
  return String(Number(name)) === name;
}

function put(container: unknown, key: unknown, value: unknown): void {
  if (container instanceof Map) container.set(key, value);
  else if (container instanceof Set) container.add(key);
  else Object.defineProperty(container, String(key), { value, enumerable: true, configurable: true, writable: true });
}

function entryOf(container: object, key: unknown): { readonly value: unknown } | undefined {
  if (container instanceof Map) return container.has(key) ? { value: container.get(key) } : undefined;
  if (container instanceof Set) return container.has(key) ? { value: key } : undefined;
  const property = Object.getOwnPropertyDescriptor(container, String(key));
  return property === undefined ? undefined : { value: property.value };
}

function sizeOf(container: unknown): number {
  if (container instanceof Map || container instanceof Set) return container.size;
  return Object.keys(container as object).length;
}

function described(value: unknown): string {
  switch (kindOf(value)) {
    case "map":
      return "a Map";
    case "set":
      return "a Set";
    case "record":
      return "a record";
    case "other":
      return Array.isArray(value) ? "an array" : `the value ${String(value)}`;
  }
}
