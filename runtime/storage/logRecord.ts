/**
 * Records as they lie in a segment of a log, all numbers big-endian:
 *
 *     checksum 4 · length 4 · kind 1 · sequence 6 · behind 4 · payload
 *
 * The checksum is the CRC-32 of everything after it. Records are numbered from 1. `behind` is how many of the last
 * records, this one included, were not known to be on stable storage when this one was written: so a record that can
 * be read bears witness that all before those were, and a log can tell what a crash tore off from what decayed.
 */
import { crc32 } from "node:zlib";

export const HEADER_BYTES = 19;

export interface LogRecord {
  /** Whether the records before it are not needed. */
  readonly isSnapshot: boolean;
  readonly sequence: number;
  /** All records up to this one were durable when this record was written. */
  readonly durable: number;
  readonly payload: Uint8Array;
}

/** Lays records out one after another. */
export function encodeLogRecords(records: readonly LogRecord[]): Buffer {
  const total = records.reduce((sum, { payload }) => sum + HEADER_BYTES + payload.length, 0);
  const bytes = Buffer.allocUnsafe(total);
  let start = 0;
  for (const { isSnapshot, sequence, durable, payload } of records) {
    bytes.writeUInt32BE(payload.length, start + 4);
    bytes.writeUInt8(isSnapshot ? 1 : 0, start + 8);
    bytes.writeUIntBE(sequence, start + 9, 6);
    bytes.writeUInt32BE(sequence - durable, start + 15);
    bytes.set(payload, start + HEADER_BYTES);
    const end = start + HEADER_BYTES + payload.length;
    bytes.writeUInt32BE(crc32(bytes.subarray(start + 4, end)), start);
    start = end;
  }
  return bytes;
}

/** The record that begins at `start`; undefined when what is there is none, or not a whole one. */
export function readLogRecord(bytes: Buffer, start: number): LogRecord | undefined {
  if (bytes.length - start < HEADER_BYTES) return undefined;
  const end = start + HEADER_BYTES + bytes.readUInt32BE(start + 4);
  if (end > bytes.length) return undefined;
  if (crc32(bytes.subarray(start + 4, end)) !== bytes.readUInt32BE(start)) return undefined;
  const sequence = bytes.readUIntBE(start + 9, 6);
  return {
    isSnapshot: bytes.readUInt8(start + 8) === 1,
    sequence,
    durable: sequence - bytes.readUInt32BE(start + 15),
    payload: bytes.subarray(start + HEADER_BYTES, end),
  };
}
