/** Which objects are plain data. The one definition, for the encoder and for the explanation of what it refuses. */
import { isFrozenCollection } from "./frozenCollections.ts";

export type ObjectKind = "record" | "array" | "map" | "set" | "bytes" | "other";

/** Nesting beyond this is refused on both sides: it is a cycle, or would exhaust somebody's stack. */
export const MAX_NESTING = 200;

/** What the views, through which handlers reach the Maps and Sets of their state, carry: plain data as well. */
export const COLLECTION_VIEW = Symbol("riven.collectionView");

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What kind of plain data an object is; `other` when it is none. */
export function kindOf(value: object): ObjectKind {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "record";
  if (value instanceof Uint8Array) return "bytes";
  if (Array.isArray(value)) return prototype === Array.prototype || rootDistance(prototype) === 1 ? "array" : "other";
  if (value instanceof Map)
    return prototype === Map.prototype || isFrozenCollection(value) || COLLECTION_VIEW in value ? "map" : "other";
  if (value instanceof Set)
    return prototype === Set.prototype || isFrozenCollection(value) || COLLECTION_VIEW in value ? "set" : "other";
  return rootDistance(prototype) === 0 ? "record" : "other";
}

/** Whether text survives an encoding as UTF-8. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Steps from a prototype to the end of its chain: literals of another realm (a `vm` context) are as plain as ours. */
function rootDistance(prototype: unknown): number {
  let distance = 0;
  for (let next: unknown = Object.getPrototypeOf(prototype); next !== null; next = Object.getPrototypeOf(next))
    distance++;
  return distance;
}
