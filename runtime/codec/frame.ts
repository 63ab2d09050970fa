/**
 * Frames on a byte stream: four bytes of length (big-endian, itself not counted), then the body. The first frame in
 * each direction is a handshake; every later one is one of these, numbers as varints:
 *
 *     message          handler, instance, node of the logical sender, payload (the rest)
 *     forward          FORWARD + channel, sequence, sending instance, and a message
 *     coordination     COORDINATION, round, and a forward
 *     fragment         FRAGMENT, epoch, round, ordinal, part, parts, handler that sends it, and a message
 *     acknowledgement  ACKNOWLEDGEMENT, channel, sequence, sending instance of the forwards, their receiver
 *
 * The numbers are those of the deployment, which the handshake makes sure both ends agree on. Handlers have smaller
 * numbers than all of these.
 */
import type { Acknowledgement, Stamp } from "../channels/stamp.ts";
import type { Fragment } from "../coordination/fragment.ts";
import type { InternalChannel } from "../routing/routingTable.ts";

export const LENGTH_BYTES = 4;
/** A frame larger than this is refused by default: one message cannot exhaust a process. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/**
 * A payload larger than this is not sent, nor taken from a client. It leaves room for what a frame says besides, whatever
 * kind of frame the payload travels on next: a forward that no frame can carry would be sent again for ever.
 */
export const MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - 1024;

/** Bytes that are not a frame: the connection they came on is not worth keeping. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export interface MessageFrame {
  readonly kind: "message";
  readonly handler: number;
  readonly to: number;
  readonly from: number;
  readonly payload: Uint8Array;
  readonly stamp: Stamp | undefined;
  /** Between a coordinator and a partition; on forwards only. */
  readonly round: number | undefined;
  /** On what is no forward only. */
  readonly fragment: FrameFragment | undefined;
}

/** With the number of the handler that sends it. */
export type FrameFragment = Omit<Fragment, "by"> & { readonly by: number };

export type Frame = MessageFrame | { readonly kind: "acknowledgement"; readonly acknowledgement: Acknowledgement };

/** In the order of their numbers on the wire. */
const CHANNELS: readonly InternalChannel[] = ["repeatable", "ordered", "acknowledged"];
/** The largest numbers that take two bytes. */
const ACKNOWLEDGEMENT = 0x3fff;
const FORWARD = ACKNOWLEDGEMENT - CHANNELS.length;
const COORDINATION = FORWARD - 1;
const FRAGMENT = FORWARD - 2;
/** There are fewer handlers than this. */
export const MAX_HANDLERS = FRAGMENT;

/** Takes the body of a frame: the bytes from `start` to `end`, which stay as they are as long as anybody holds them. */
export type OnBody = (bytes: Uint8Array, start: number, end: number) => void;

/** Cuts a byte stream into the bodies of frames. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #onBody: OnBody;
  #parts: Uint8Array[] = [];
  #held = 0;
  /** How many bytes there must be before another frame can be complete. */
  #needed = LENGTH_BYTES;

  constructor(maxBytes: number, onBody: OnBody) {
    this.#maxBytes = maxBytes;
    this.#onBody = onBody;
  }

  /** Takes the next bytes. @throws FrameError when a frame is too large; whatever `onBody` throws. */
  push(arrived: Uint8Array): void {
    this.#held += arrived.length;
    if (this.#held < this.#needed) {
      this.#parts.push(arrived);
      return;
    }
    const bytes = this.#parts.length === 0 ? arrived : Buffer.concat([...this.#parts, arrived]);
    const position = this.#cut(bytes);
    this.#held = bytes.length - position;
    this.#parts = this.#held === 0 ? [] : [bytes.subarray(position)];
  }

  /** Hands over the complete frames; returns where the first incomplete one begins. */
  #cut(bytes: Uint8Array): number {
    let position = 0;
    this.#needed = LENGTH_BYTES;
    while (bytes.length - position >= LENGTH_BYTES) {
      const length = readUint32(bytes, position);
      if (length > this.#maxBytes) {
        throw new FrameError(`a frame of ${String(length)} bytes, and the limit is ${String(this.#maxBytes)}`);
      }
      const start = position + LENGTH_BYTES;
      if (bytes.length - start < length) {
        this.#needed = LENGTH_BYTES + length;
        break;
      }
      position = start + length;
      this.#onBody(bytes, start, position);
    }
    return position;
  }
}

/** Frames that wait for one write: they are laid out one after another in one buffer. */
export class FrameBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  appendMessage(handler: number, to: number, from: number, payload: Uint8Array): void {
    this.#reserve(LENGTH_BYTES + 3 * MAX_VARINT_BYTES + payload.length);
    const start = this.#length;
    const bytes = this.#bytes;
    let position = start + LENGTH_BYTES;
    position = writeVarint(bytes, position, handler);
    position = writeVarint(bytes, position, to);
    position = writeVarint(bytes, position, from);
    this.#length = copy(bytes, position, payload);
    writeUint32(bytes, start, this.#length - start - LENGTH_BYTES);
  }

  /** @param round of what passes between a coordinator and a partition */
  appendForward(
    handler: number,
    to: number,
    from: number,
    payload: Uint8Array,
    stamp: Stamp,
    round: number | undefined,
  ): void {
    this.#reserve(LENGTH_BYTES + 6 * MAX_VARINT_BYTES + 2 * MAX_SEQUENCE_BYTES + payload.length);
    const start = this.#length;
    const bytes = this.#bytes;
    let position = start + LENGTH_BYTES;
    if (round !== undefined) {
      position = writeVarint(bytes, position, COORDINATION);
      position = writeSequence(bytes, position, round);
    }
    position = writeVarint(bytes, position, FORWARD + CHANNELS.indexOf(stamp.channel));
    position = writeSequence(bytes, position, stamp.sequence);
    position = writeVarint(bytes, position, stamp.sender);
    position = writeVarint(bytes, position, handler);
    position = writeVarint(bytes, position, to);
    position = writeVarint(bytes, position, from);
    this.#length = copy(bytes, position, payload);
    writeUint32(bytes, start, this.#length - start - LENGTH_BYTES);
  }

  appendFragment(handler: number, to: number, from: number, payload: Uint8Array, fragment: FrameFragment): void {
    this.#reserve(LENGTH_BYTES + 7 * MAX_VARINT_BYTES + 3 * MAX_SEQUENCE_BYTES + payload.length);
    const start = this.#length;
    const bytes = this.#bytes;
    let position = start + LENGTH_BYTES;
    position = writeVarint(bytes, position, FRAGMENT);
    position = writeVarint(bytes, position, fragment.epoch);
    position = writeSequence(bytes, position, fragment.round);
    position = writeSequence(bytes, position, fragment.ordinal);
    position = writeVarint(bytes, position, fragment.part);
    position = writeVarint(bytes, position, fragment.of);
    position = writeVarint(bytes, position, fragment.by);
    position = writeVarint(bytes, position, handler);
    position = writeVarint(bytes, position, to);
    position = writeVarint(bytes, position, from);
    this.#length = copy(bytes, position, payload);
    writeUint32(bytes, start, this.#length - start - LENGTH_BYTES);
  }

  appendAcknowledgement({ channel, sequence, sender, receiver }: Acknowledgement): void {
    this.#reserve(LENGTH_BYTES + 4 * MAX_VARINT_BYTES + MAX_SEQUENCE_BYTES);
    const start = this.#length;
    const bytes = this.#bytes;
    let position = start + LENGTH_BYTES;
    position = writeVarint(bytes, position, ACKNOWLEDGEMENT);
    position = writeVarint(bytes, position, CHANNELS.indexOf(channel));
    position = writeSequence(bytes, position, sequence);
    position = writeVarint(bytes, position, sender);
    this.#length = writeVarint(bytes, position, receiver);
    writeUint32(bytes, start, this.#length - start - LENGTH_BYTES);
  }

  appendBody(body: Uint8Array): void {
    this.#reserve(LENGTH_BYTES + body.length);
    writeUint32(this.#bytes, this.#length, body.length);
    this.#length = copy(this.#bytes, this.#length + LENGTH_BYTES, body);
  }

  /** What was appended: a view, which stays as it is until {@link clear}. */
  contents(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, needed));
    grown.set(this.contents());
    this.#bytes = grown;
  }
}

/** Reads the frame whose body goes from `start` to `end`. @throws FrameError when its numbers make no sense. */
export function readFrame(bytes: Uint8Array, start: number, end: number): Frame {
  cursor = start;
  const first = readVarint(bytes, end);
  if (first < FRAGMENT) return readMessage(bytes, end, first, undefined, undefined, undefined);
  if (first === ACKNOWLEDGEMENT) return { kind: "acknowledgement", acknowledgement: readAcknowledgement(bytes, end) };
  if (first === FRAGMENT) {
    const fragment = readFragment(bytes, end);
    return readMessage(bytes, end, readVarint(bytes, end), undefined, undefined, fragment);
  }
  const round = first === COORDINATION ? readSequence(bytes, end) : undefined;
  const channel = channelOf((round === undefined ? first : readVarint(bytes, end)) - FORWARD);
  const sequence = readSequence(bytes, end);
  const sender = readVarint(bytes, end);
  return readMessage(bytes, end, readVarint(bytes, end), { channel, sender, sequence }, round, undefined);
}

function readMessage(
  bytes: Uint8Array,
  end: number,
  handler: number,
  stamp: Stamp | undefined,
  round: number | undefined,
  fragment: FrameFragment | undefined,
): MessageFrame {
  const to = readVarint(bytes, end);
  const from = readVarint(bytes, end);
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + cursor, end - cursor);
  return { kind: "message", handler, to, from, payload, stamp, round, fragment };
}

function readFragment(bytes: Uint8Array, end: number): FrameFragment {
  const epoch = readVarint(bytes, end);
  const round = readSequence(bytes, end);
  const ordinal = readSequence(bytes, end);
  const part = readVarint(bytes, end);
  const of = readVarint(bytes, end);
  if (part >= of) throw new FrameError(`part ${String(part)} of a message of ${String(of)} parts`);
  return { epoch, round, ordinal, part, of, by: readVarint(bytes, end) };
}

function readAcknowledgement(bytes: Uint8Array, end: number): Acknowledgement {
  const channel = channelOf(readVarint(bytes, end));
  const sequence = readSequence(bytes, end);
  const sender = readVarint(bytes, end);
  return { channel, sequence, sender, receiver: readVarint(bytes, end) };
}

function channelOf(number: number): InternalChannel {
  const channel = CHANNELS[number];
  if (channel === undefined) throw new FrameError(`the number ${String(number)}, which names no channel`);
  return channel;
}

/** Enough for 28 bits, and there are never so many instances. */
const MAX_VARINT_BYTES = 4;
/** Enough for all integers that a double holds exactly: a stream never ends for lack of numbers. */
const MAX_SEQUENCE_BYTES = 8;
/** From here on one call copies faster than a loop. */
const SHORT_COPY = 48;

let cursor = 0;

function readVarint(bytes: Uint8Array, end: number): number {
  let value = 0;
  for (let shift = 0; shift < 7 * MAX_VARINT_BYTES && cursor < end; shift += 7) {
    const byte = bytes[cursor++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new FrameError("a frame whose numbers are cut off");
}

function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let position = start;
  let rest = value;
  while (rest >= 0x80) {
    bytes[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}

/** As a varint, of more bits than bit operations take. */
function readSequence(bytes: Uint8Array, end: number): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < MAX_SEQUENCE_BYTES && cursor < end; count++) {
    const byte = bytes[cursor++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte >= 0x80) scale *= 0x80;
    else if (value > 0 && Number.isSafeInteger(value)) return value;
    else break;
  }
  throw new FrameError("a sequence number that makes no sense");
}

function writeSequence(bytes: Uint8Array, start: number, value: number): number {
  let position = start;
  let rest = value;
  while (rest >= 0x80) {
    bytes[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[position++] = rest;
  return position;
}

function copy(target: Uint8Array, start: number, source: Uint8Array): number {
  const { length } = source;
  if (length > SHORT_COPY) {
    target.set(source, start);
  } else {
    for (let i = 0; i < length; i++) target[start + i] = source[i] ?? 0;
  }
  return start + length;
}

function readUint32(bytes: Uint8Array, position: number): number {
  let value = 0;
  for (let i = 0; i < LENGTH_BYTES; i++) value = value * 0x100 + (bytes[position + i] ?? 0);
  return value;
}

function writeUint32(bytes: Uint8Array, position: number, value: number): void {
  bytes[position] = value >>> 24;
  bytes[position + 1] = (value >>> 16) & 0xff;
  bytes[position + 2] = (value >>> 8) & 0xff;
  bytes[position + 3] = value & 0xff;
}
