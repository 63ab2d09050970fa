/** One payload out of the parts that partitions have sent. */
import { decodePayload } from "../codec/payloadDecoder.ts";
import { encodePayload } from "../codec/payloadEncoder.ts";
import { kindOf } from "../codec/plainData.ts";
import type { SealedColumn } from "../routing/routingTable.ts";

/**
 * Puts together what partitions list in some columns; everything else has to be the same in all of them. Arrays are put
 * one after another, in the order of the partitions, and sorted when the column has an order; Maps, Sets and records are
 * united.
 *
 * @param parts encoded payloads, at least one, by partition
 * @throws Error when they do not fit together.
 */
export function mergePayloads(parts: readonly Uint8Array[], columns: readonly SealedColumn[]): Uint8Array {
  const payloads = parts.map(decodePayload);
  const merged = columns.reduce((payload, column) => {
    const pieces = payloads.map((one) => valueAt(one, column.path));
    const all = unite(pieces, column);
    return all === undefined ? payload : withValueAt(payload, column.path, all);
  }, payloads[0]);
  const bones = payloads.map((payload) => skeletonOf(payload, columns));
  if (bones.some((other) => !isSame(other, bones[0]))) {
    throw new Error("The parts of a message differ in more than what they list.");
  }
  return encodePayload(merged);
}

function unite(pieces: readonly unknown[], { path, order }: SealedColumn): unknown {
  const [first] = pieces;
  if (pieces.every((piece) => piece === undefined)) return undefined;
  if (pieces.every((piece): piece is readonly unknown[] => Array.isArray(piece))) {
    const all = pieces.flat();
    return order === undefined ? all : all.sort(order as (a: unknown, b: unknown) => number);
  }
  if (pieces.every((piece): piece is Map<unknown, unknown> => piece instanceof Map))
    return new Map(pieces.flatMap((piece) => [...piece]));
  if (pieces.every((piece): piece is Set<unknown> => piece instanceof Set))
    return new Set(pieces.flatMap((piece) => [...piece]));
  if (isRecord(first) && pieces.every(isRecord)) {
    return Object.fromEntries(pieces.flatMap((piece) => Object.entries(piece)));
  }
  throw new Error(`The parts of a message do not hold lists of one kind in ${path.join(".")}.`);
}

/** Without what is listed. */
function skeletonOf(payload: unknown, columns: readonly SealedColumn[]): Uint8Array {
  const bones = columns.reduce(
    (rest, { path }) => (valueAt(payload, path) === undefined ? rest : withValueAt(rest, path, null)),
    payload,
  );
  return encodePayload(bones);
}

function valueAt(payload: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    payload,
  );
}

function withValueAt(payload: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (!isRecord(payload)) throw new Error(`A part of a message has no column ${name}.`);
  const inner = Object.hasOwn(payload, name) ? payload[name] : undefined;
  const changed = withValueAt(inner, rest, value);
  const entries = Object.entries(payload).map(([key, old]): [string, unknown] => [key, key === name ? changed : old]);
  return Object.fromEntries(Object.hasOwn(payload, name) ? entries : [...entries, [name, changed]]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && kindOf(value) === "record";
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
