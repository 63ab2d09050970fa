/**
 * Payloads from bytes: exactly what {@link encodePayload} writes, and nothing else of CBOR. What comes out is fresh and
 * deeply frozen. Bytes (`Uint8Array`) are a copy; typed arrays cannot be frozen.
 */
import { TAG_MAP, TAG_SET } from "./payloadEncoder.ts";
import { notANumber, PayloadError } from "./payloadError.ts";
import { frozenMap, frozenSet } from "./frozenCollections.ts";
import { MAX_NESTING } from "./plainData.ts";

/** Up to these lengths loops over the bytes beat a call into the engine's decoder. */
const TINY_TEXT = 16;
const SHORT_TEXT = 64;
/** Property names repeat in message after message; remembering them saves building the string each time. */
const REMEMBERED_NAMES = 1024;

// Decoding is synchronous and not reentrant, so its cursor lives here and costs no allocation.
let source: Uint8Array = new Uint8Array(0);
let position = 0;
let end = 0;

/** How often NaN has been read. */
let notANumberCount = 0;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const names: (string | undefined)[] = new Array<string | undefined>(REMEMBERED_NAMES).fill(undefined);

/**
 * The payload of a message that a handler is to take: as {@link decodePayload}, without NaN in it. NaN is neither more nor
 * less than any number, so that a largest one, or a threshold, would depend on the order in which messages come. A handler that
 * takes none may rely on the order of numbers, and the compiler does.
 *
 * @throws PayloadError when the bytes are not exactly one payload, or hold NaN.
 */
export function decodeMessage(bytes: Uint8Array): unknown {
  const before = notANumberCount;
  const payload = decodePayload(bytes);
  if (notANumberCount > before) throw notANumber(payload);
  return payload;
}

/**
 * The payload in these bytes, fresh and deeply frozen.
 *
 * @throws PayloadError when the bytes are not exactly one payload.
 */
export function decodePayload(bytes: Uint8Array): unknown {
  source = bytes;
  position = 0;
  end = bytes.length;
  const value = read(0);
  if (position !== end) throw malformed("bytes follow the payload");
  return value;
}

function read(depth: number): unknown {
  const first = readByte();
  switch (first >> 5) {
    case 0:
      return readArgument(first);
    case 1:
      return -1 - readArgument(first);
    case 2:
      return readBytes(readLength(first));
    case 3:
      return readText(readLength(first));
    case 4:
      return readArray(readLength(first), depth);
    case 5:
      return readRecord(readLength(first), depth);
    case 6:
      return readTagged(readArgument(first), depth);
    default:
      return readSimple(first);
  }
}

function readSimple(first: number): unknown {
  switch (first) {
    case 0xf4:
      return false;
    case 0xf5:
      return true;
    case 0xf6:
      return null;
    case 0xf7:
      return undefined;
    case 0xfb:
      return readFloat();
    default:
      throw malformed(`unknown item 0x${first.toString(16)}`);
  }
}

function readArray(length: number, depth: number): unknown {
  enter(depth);
  const array: unknown[] = [];
  for (let i = 0; i < length; i++) array.push(read(depth + 1));
  return Object.freeze(array);
}

function readRecord(length: number, depth: number): unknown {
  enter(depth);
  const record: Record<string, unknown> = {};
  for (let i = 0; i < length; i++) {
    const first = readByte();
    if (first >> 5 !== 3) throw malformed("a property name is not text");
    const name = readName(readLength(first));
    const value = read(depth + 1);
    if (name === "__proto__") defineOwn(record, name, value);
    else record[name] = value;
  }
  return Object.freeze(record);
}

/** Assignment would change the prototype instead. */
function defineOwn(record: object, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}

function readTagged(tag: number, depth: number): unknown {
  switch (tag) {
    case 2:
      return readMagnitude();
    case 3:
      return -1n - readMagnitude();
    case TAG_SET:
      return frozenSet(readMembers(readHeadOf(4), depth));
    case TAG_MAP:
      return frozenMap(readEntries(readHeadOf(5), depth));
    default:
      throw malformed(`unknown tag ${String(tag)}`);
  }
}

function* readMembers(length: number, depth: number): Iterable<unknown> {
  enter(depth);
  for (let i = 0; i < length; i++) yield readKey();
}

function* readEntries(length: number, depth: number): Iterable<readonly [unknown, unknown]> {
  enter(depth);
  for (let i = 0; i < length; i++) yield [readKey(), read(depth + 1)];
}

function readKey(): unknown {
  const key = read(MAX_NESTING);
  if (typeof key === "object" && key !== null) throw malformed("an object as a key");
  return key;
}

function readMagnitude(): bigint {
  const length = readHeadOf(2);
  if (length === 0) return 0n;
  const bytes = take(length);
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`);
}

function readBytes(length: number): Uint8Array {
  return new Uint8Array(take(length));
}

function readText(length: number): string {
  if (length <= SHORT_TEXT) {
    const text = readAscii(length);
    if (text !== undefined) return text;
  }
  try {
    return utf8.decode(take(length));
  } catch (error) {
    throw error instanceof PayloadError ? error : malformed("text is not UTF-8");
  }
}

/** The next `length` bytes as text; undefined, and nothing taken, when one of them is not ASCII. */
function readAscii(length: number): string | undefined {
  if (position + length > end) throw malformed("it ends early");
  const text = length <= TINY_TEXT ? tinyAscii(position, position + length) : shortAscii(position, length);
  if (text !== undefined) position += length;
  return text;
}

/** Four characters at a time: most ids and names are this short, and each step costs a string. */
function tinyAscii(from: number, to: number): string | undefined {
  let text = "";
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const a = source[i] ?? 0;
    const b = source[i + 1] ?? 0;
    const c = source[i + 2] ?? 0;
    const d = source[i + 3] ?? 0;
    if ((a | b | c | d) >= 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d);
  }
  for (; i < to; i++) {
    const character = ASCII[source[i] ?? 0];
    if (character === undefined) return undefined;
    text += character;
  }
  return text;
}

function shortAscii(from: number, length: number): string | undefined {
  const units = new Array<number>(length);
  for (let i = 0; i < length; i++) {
    const byte = source[from + i] ?? 0;
    if (byte >= 0x80) return undefined;
    units[i] = byte;
  }
  return String.fromCharCode(...units);
}

function readName(length: number): string {
  if (length > SHORT_TEXT || position + length > end) return readText(length);
  let hash = length;
  for (let i = position; i < position + length; i++) hash = (Math.imul(hash, 31) + (source[i] ?? 0)) | 0;
  const slot = (hash >>> 0) % REMEMBERED_NAMES;
  const remembered = names[slot];
  if (remembered?.length === length && isNext(remembered)) {
    position += length;
    return remembered;
  }
  const name = readText(length);
  names[slot] = name;
  return name;
}

/** Whether the bytes at the cursor spell this text. A remembered name that is not ASCII never matches. */
function isNext(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (source[position + i] !== text.charCodeAt(i) || text.charCodeAt(i) >= 0x80) return false;
  }
  return true;
}

function readFloat(): number {
  if (position + 8 > end) throw malformed("it ends early");
  for (let i = 7; i >= 0; i--) floatBytes[i] = source[position++] ?? 0; // big-endian format, little-endian machine
  const value = float[0] ?? 0;
  if (Number.isNaN(value)) notANumberCount++;
  return value;
}

function readHeadOf(major: number): number {
  const first = readByte();
  if (first >> 5 !== major) throw malformed("a tag on the wrong kind of item");
  return readLength(first);
}

/** A length or count; one that the rest of the bytes could not hold is refused before anything is allocated for it. */
function readLength(first: number): number {
  const length = readArgument(first);
  if (length > end - position) throw malformed("it ends early");
  return length;
}

function readArgument(first: number): number {
  const short = first & 0x1f;
  if (short < 24) return short;
  switch (short) {
    case 24:
      return readByte();
    case 25:
      return readByte() * 0x100 + readByte();
    case 26:
      return readUint32();
    case 27: {
      const argument = readUint32() * 0x1_0000_0000 + readUint32();
      if (!Number.isSafeInteger(argument)) throw malformed("an integer beyond 2^53");
      return argument;
    }
    default:
      throw malformed("an item of indefinite length");
  }
}

function readUint32(): number {
  if (position + 4 > end) throw malformed("it ends early");
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 0x100 + (source[position++] ?? 0);
  return value;
}

function readByte(): number {
  if (position >= end) throw malformed("it ends early");
  return source[position++] ?? 0;
}

function take(length: number): Uint8Array {
  if (position + length > end) throw malformed("it ends early");
  position += length;
  return source.subarray(position - length, position);
}

function enter(depth: number): void {
  if (depth >= MAX_NESTING) throw malformed(`it is nested more than ${String(MAX_NESTING)} deep`);
}

function malformed(why: string): PayloadError {
  return new PayloadError(`These bytes are not a payload: ${why}.`);
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));
