/**
 * Payloads as bytes: a strict subset of CBOR (RFC 8949), so that other languages can read what we send.
 *
 * | value | encoding |
 * |---|---|
 * | integers that a double holds exactly, except -0 | major types 0 and 1, shortest form |
 * | other numbers | 64-bit float |
 * | bigint | tags 2 and 3, always, so that `1n` and `1` stay apart |
 * | string, Uint8Array | text, byte string |
 * | array, plain object | array; map with text keys, undefined properties left out |
 * | Map, Set | tag 259 over a map, tag 258 over an array |
 *
 * Written by hand rather than on a general library because payloads must come back exactly as the language promises
 * (-0, `__proto__`, bigint against number, absent against undefined) and because refusing what is not plain data and
 * encoding it are one walk here.
 */
import { explainRefusal } from "./payloadError.ts";
import { isWellFormed, kindOf, MAX_NESTING } from "./plainData.ts";

export const TAG_SET = 258;
export const TAG_MAP = 259;

const SLAB_BYTES = 64 * 1024;
/** Up to this length a loop over the characters beats a call into the engine's encoder. */
const SHORT_TEXT = 64;
const LONGEST_HEAD = 9;

/** Thrown inside the walk, made once; replaced by an error that names the path. */
const REFUSED = new Error("This is not plain data.");

// Encoding is synchronous and not reentrant, so its cursor lives here and costs no allocation. Bytes of a slab are
// written once: what was handed out stays as it is.
let slab = new Uint8Array(SLAB_BYTES);
let start = 0;
let position = 0;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const utf8 = new TextEncoder();

/**
 * The bytes of a payload. They are never written again, and may be kept.
 *
 * @throws PayloadError naming the path of what is not plain data.
 */
export function encodePayload(payload: unknown): Uint8Array {
  start = position;
  try {
    write(payload, 0);
  } catch (error) {
    position = start;
    throw error === REFUSED ? explainRefusal(payload) : error;
  }
  return new Uint8Array(slab.buffer, start, position - start);
}

function write(value: unknown, depth: number): void {
  switch (typeof value) {
    case "string":
      return writeText(value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return writeByte(value ? 0xf5 : 0xf4);
    case "undefined":
      return writeByte(0xf7);
    case "bigint":
      return writeBigint(value);
    case "object":
      return value === null ? writeByte(0xf6) : writeObject(value, depth);
    case "function":
    case "symbol":
      throw REFUSED;
  }
}

function writeObject(value: object, depth: number): void {
  if (depth >= MAX_NESTING) throw REFUSED;
  switch (kindOf(value)) {
    case "record":
      return writeRecord(value as Readonly<Record<string, unknown>>, depth);
    case "bytes":
      return writeBytes(value as Uint8Array);
    case "array":
      return writeArray(value as readonly unknown[], depth);
    case "map":
      return writeMap(value as ReadonlyMap<unknown, unknown>, depth);
    case "set":
      return writeSet(value as ReadonlySet<unknown>);
    case "other":
      throw REFUSED;
  }
}

function writeRecord(value: Readonly<Record<string, unknown>>, depth: number): void {
  const names = Object.keys(value);
  let present = 0;
  for (const name of names) {
    if (Object.getOwnPropertyDescriptor(value, name)?.get !== undefined) throw REFUSED;
    if (value[name] !== undefined) present++;
  }
  writeHead(0xa0, present);
  for (const name of names) {
    const property = value[name];
    if (property === undefined) continue;
    writeText(name);
    write(property, depth + 1);
  }
}

function writeArray(value: readonly unknown[], depth: number): void {
  writeHead(0x80, value.length);
  for (const element of value) write(element, depth + 1);
}

function writeMap(value: ReadonlyMap<unknown, unknown>, depth: number): void {
  writeHead(0xc0, TAG_MAP);
  writeHead(0xa0, value.size);
  for (const [key, element] of value) {
    writeKey(key);
    write(element, depth + 1);
  }
}

function writeSet(value: ReadonlySet<unknown>): void {
  writeHead(0xc0, TAG_SET);
  writeHead(0x80, value.size);
  for (const member of value) writeKey(member);
}

/** Objects as keys would be compared by identity, which does not survive a message. */
function writeKey(key: unknown): void {
  if (typeof key === "object" && key !== null) throw REFUSED;
  write(key, 0);
}

function writeNumber(value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    if (value >= 0) writeHead(0x00, value);
    else writeHead(0x20, -1 - value);
    return;
  }
  reserve(9);
  float[0] = value;
  slab[position++] = 0xfb;
  for (let i = 7; i >= 0; i--) slab[position++] = floatBytes[i] ?? 0; // little-endian machine, big-endian format
}

function writeBigint(value: bigint): void {
  const magnitude = value >= 0n ? value : -1n - value;
  const digits = magnitude === 0n ? "" : magnitude.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  writeHead(0xc0, value >= 0n ? 2 : 3);
  writeHead(0x40, even.length / 2);
  reserve(even.length / 2);
  for (let i = 0; i < even.length; i += 2) slab[position++] = Number.parseInt(even.slice(i, i + 2), 16);
}

function writeBytes(value: Uint8Array): void {
  const { length } = value;
  writeHead(0x40, length);
  reserve(length);
  if (length <= SHORT_TEXT) {
    for (let i = 0; i < length; i++) slab[position + i] = value[i] ?? 0;
  } else {
    slab.set(value, position);
  }
  position += length;
}

function writeText(value: string): void {
  const { length } = value;
  if (length <= SHORT_TEXT) {
    reserve(length + LONGEST_HEAD); // all at once: nothing may move between here and the last byte
    const before = position;
    writeHead(0x60, length);
    let i = 0;
    for (; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) break;
      slab[position + i] = unit;
    }
    if (i === length) {
      position += length;
      return;
    }
    position = before; // not ASCII: its length in bytes is another
  }
  writeLongText(value);
}

function writeLongText(value: string): void {
  if (!isWellFormed(value)) throw REFUSED;
  const bytes = Buffer.byteLength(value, "utf8");
  writeHead(0x60, bytes);
  reserve(bytes);
  utf8.encodeInto(value, slab.subarray(position));
  position += bytes;
}

function writeByte(byte: number): void {
  reserve(1);
  slab[position++] = byte;
}

/** The head of an item: its major type in the upper three bits, and a length, count, tag or value. */
function writeHead(major: number, argument: number): void {
  reserve(LONGEST_HEAD);
  if (argument < 24) {
    slab[position++] = major | argument;
  } else if (argument < 0x100) {
    slab[position++] = major | 24;
    slab[position++] = argument;
  } else if (argument < 0x10000) {
    slab[position++] = major | 25;
    slab[position++] = argument >>> 8;
    slab[position++] = argument & 0xff;
  } else if (argument < 0x1_0000_0000) {
    slab[position++] = major | 26;
    writeUint32(argument);
  } else {
    slab[position++] = major | 27;
    writeUint32(Math.floor(argument / 0x1_0000_0000));
    writeUint32(argument % 0x1_0000_0000);
  }
}

function writeUint32(value: number): void {
  slab[position++] = value >>> 24;
  slab[position++] = (value >>> 16) & 0xff;
  slab[position++] = (value >>> 8) & 0xff;
  slab[position++] = value & 0xff;
}

/** Makes room; the payload that is being written moves to a fresh slab when this one is full. */
function reserve(bytes: number): void {
  if (position + bytes <= slab.length) return;
  const written = slab.subarray(start, position);
  slab = new Uint8Array(Math.max(SLAB_BYTES, 2 * (written.length + bytes)));
  slab.set(written);
  position = written.length;
  start = 0;
}
