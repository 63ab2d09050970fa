/**
 * Which partition owns a key. Written down, with test vectors, in docs/reference/routing-hash.md: clients in other
 * languages compute the same, and committed data must stay where it is, so it never changes. Nothing is allocated.
 */
import type { KeyValue } from "./routingTable.ts";

/** The name of the function below, part of every routing table's version. */
export const ROUTING_HASH = "riven-hash-1";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Ends text of unknown length: no byte of UTF-8 has this value. */
const END = 0xff;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** The partition, from 0 to `partitions - 1`, that owns `key`. */
export function partitionOf(key: KeyValue, partitions: number): number {
  return partitions === 1 ? 0 : hashKey(key) % partitions;
}

/**
 * The 32-bit hash of a key: FNV-1a over its canonical bytes, finished with `fmix32` of MurmurHash3.
 *
 * @throws TypeError when the key is something else, an object for instance.
 */
export function hashKey(key: KeyValue): number {
  return mix(addKey(FNV_OFFSET, key));
}

function addKey(hash: number, key: KeyValue): number {
  // A key may also be what its type excludes, a function for instance; it is refused below.
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
  switch (typeof key) {
    case "string":
      return addText(addByte(hash, 0x73 /* s */), key);
    case "number":
      return addNumber(addByte(hash, 0x6e /* n */), key);
    case "bigint":
      return addText(addByte(hash, 0x62 /* b */), key.toString());
    case "boolean":
      return addByte(hash, key ? 0x74 /* t */ : 0x66 /* f */);
    case "undefined":
      return addByte(hash, 0x75 /* u */);
    case "object":
      if (key === null) return addByte(hash, 0x7a /* z */);
      if (isTuple(key)) return addTuple(addByte(hash, 0x28 /* ( */), key);
  }
  throw new TypeError("A routing key is a string, number, bigint or boolean, or a tuple of these.");
}

/** Keys are computed by generated code from messages, whose types nobody checks at run time. */
function isTuple(key: object): key is readonly KeyValue[] {
  return Array.isArray(key);
}

function addTuple(hash: number, parts: readonly KeyValue[]): number {
  let current = addUint32(hash, parts.length);
  for (const part of parts) current = addKey(current, part);
  return current;
}

/** IEEE 754, big-endian; -0 is 0, and there is one NaN. */
function addNumber(hash: number, value: number): number {
  float[0] = value === 0 ? 0 : value;
  let current = hash;
  for (let i = 7; i >= 0; i--) current = addByte(current, floatBytes[i] ?? 0);
  return current;
}

/** UTF-8 (a lone surrogate as its own three bytes), then {@link END}. */
function addText(hash: number, text: string): number {
  let current = hash;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      current = Math.imul(current ^ unit, FNV_PRIME);
      continue;
    }
    const point = text.codePointAt(i) ?? unit;
    current = addCodePoint(current, point);
    if (point > 0xffff) i++;
  }
  return addByte(current, END);
}

function addCodePoint(hash: number, point: number): number {
  if (point < 0x800) return addByte(addByte(hash, 0xc0 | (point >> 6)), continuation(point));
  if (point < 0x10000) {
    return addByte(addByte(addByte(hash, 0xe0 | (point >> 12)), continuation(point >> 6)), continuation(point));
  }
  const first = addByte(addByte(hash, 0xf0 | (point >> 18)), continuation(point >> 12));
  return addByte(addByte(first, continuation(point >> 6)), continuation(point));
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

function addUint32(hash: number, value: number): number {
  const first = addByte(addByte(hash, value >>> 24), (value >>> 16) & 0xff);
  return addByte(addByte(first, (value >>> 8) & 0xff), value & 0xff);
}

function addByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME);
}

/** FNV alone spreads short keys badly over small moduli; this avalanches every bit. */
function mix(hash: number): number {
  let current = hash ^ (hash >>> 16);
  current = Math.imul(current, 0x85ebca6b);
  current ^= current >>> 13;
  current = Math.imul(current, 0xc2b2ae35);
  return (current ^ (current >>> 16)) >>> 0;
}
