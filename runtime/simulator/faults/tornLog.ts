/**
 * What a disk holds after a crash, byte by byte, and what the reader of the runtime makes of that. What was not synced is
 * being written when the process dies: some records reached the disk whole, of the next one a part may have, and what
 * comes behind that place may be the old content of the disk, or later records (disks keep no order among sectors).
 */
import { encodeLogRecords, HEADER_BYTES, type LogRecord } from "../../storage/logRecord.ts";
import { beginsWithSnapshot, readLog, SEGMENT_HEAD, type Segment } from "../../storage/readLog.ts";

/** What is on the disk behind the part of a record that reached it. */
export type Behind = "nothing" | "zeros" | "noise" | "later records";

/** What is left of the record that was being written. */
export interface Tear {
  /** How many of its bytes are on the disk. */
  readonly bytes: number;
  readonly behind: Behind;
}

interface Stored {
  readonly record: Uint8Array;
  /** Whether it makes all earlier ones unnecessary; such a record begins a segment. */
  readonly snapshot: boolean;
}

/** What the reader finds: records one after another, and how many there are before the first of them. */
export interface Found {
  readonly before: number;
  readonly records: readonly Uint8Array[];
}

/** How many bytes a record takes on the disk. */
export function sizeOnDisk({ record, snapshot }: Stored): number {
  return (snapshot ? SEGMENT_HEAD.length : 0) + HEADER_BYTES + record.length;
}

/**
 * The segments of a log after a crash.
 *
 * @param entries the log, from its beginning, all of it
 * @param stable how many of them are on stable storage
 * @param left how many of them reached the disk
 */
export function layOutTorn(
  entries: readonly Stored[],
  stable: number,
  left: number,
  tear: Tear | undefined,
): readonly Segment[] {
  const last = entries.findLastIndex(({ snapshot }, index) => snapshot && index < stable);
  const segments: { readonly first: number; readonly pieces: Buffer[] }[] = [];
  for (let index = Math.max(last, 0); index < entries.length; index++) {
    const entry = entries[index];
    if (entry === undefined || (index > left && entry.snapshot)) break;
    const begins = segments.length === 0 || entry.snapshot;
    if (begins && (index < left || tear !== undefined)) segments.push({ first: index + 1, pieces: [] });
    const bytes = encodeEntry(entry, index + 1, stable, begins);
    const pieces = segments.at(-1)?.pieces ?? [];
    if (index < left) pieces.push(bytes);
    else if (tear !== undefined && index === left) pieces.push(tornOff(bytes, tear));
    else if (tear?.behind === "later records") pieces.push(bytes);
    else break;
  }
  return segments.map(({ first, pieces }) => ({
    name: `segment ${String(first)}`,
    first,
    bytes: Buffer.concat(pieces),
  }));
}

/**
 * What the reader of the runtime finds in these segments.
 *
 * @throws DamagedLogError when it takes what a crash left for what something else destroyed
 */
export function readSegments(segments: readonly Segment[]): Found {
  const needed = segments.slice(Math.max(segments.findLastIndex(beginsWithSnapshot), 0));
  const { records } = readLog(needed);
  return { before: (records[0]?.sequence ?? 1) - 1, records: records.map(({ payload }) => payload) };
}

/** What a flawed reader finds: it looks at the number of a record, and trusts the rest. */
export function readTrustingly(segments: readonly Segment[]): Found {
  const [oldest] = segments;
  let expected = oldest?.first ?? 1;
  const records: Uint8Array[] = [];
  for (const { bytes } of segments) {
    let start = SEGMENT_HEAD.length;
    while (bytes.length - start >= HEADER_BYTES && bytes.readUIntBE(start + 9, 6) === expected) {
      const end = start + HEADER_BYTES + bytes.readUInt32BE(start + 4);
      records.push(bytes.subarray(start + HEADER_BYTES, end));
      expected++;
      start = end;
    }
  }
  return { before: (oldest?.first ?? 1) - 1, records };
}

/** What is not stable is all being written at once, by a write that began when the last sync had ended. */
function encodeEntry({ record, snapshot }: Stored, sequence: number, stable: number, begins: boolean): Buffer {
  const written: LogRecord = {
    isSnapshot: snapshot,
    sequence,
    durable: Math.min(sequence - 1, stable),
    payload: record,
  };
  const bytes = encodeLogRecords([written]);
  return begins ? Buffer.concat([SEGMENT_HEAD, bytes]) : bytes;
}

function tornOff(bytes: Buffer, { bytes: reached, behind }: Tear): Buffer {
  const part = bytes.subarray(0, reached);
  switch (behind) {
    case "nothing":
      return part;
    case "zeros":
    case "later records":
      return Buffer.concat([part, Buffer.alloc(bytes.length - part.length)]);
    case "noise":
      return Buffer.concat([part, Buffer.from(bytes.subarray(part.length).map((byte, index) => ~byte ^ index))]);
  }
}
