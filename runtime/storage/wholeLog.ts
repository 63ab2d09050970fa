import { encodeLogRecords } from "./logRecord.ts";
import { SEGMENT_HEAD } from "./readLog.ts";

/** The name of the segment that a log begins with. */
export const FIRST_SEGMENT = `${"1".padStart(15, "0")}.log`;

/**
 * The first and only segment of a log: a snapshot, and records after it. It is to be on stable storage before anybody
 * uses it; so each record bears witness of those before it, and damage is not mistaken for what a crash tore off.
 *
 * @param last says nothing, and bears witness of all
 */
export function encodeWholeLog(snapshot: Uint8Array, records: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  const payloads = [snapshot, ...records, last];
  const written = payloads.map((payload, index) => ({
    isSnapshot: index === 0,
    sequence: index + 1,
    durable: index,
    payload,
  }));
  return Buffer.concat([SEGMENT_HEAD, encodeLogRecords(written)]);
}
