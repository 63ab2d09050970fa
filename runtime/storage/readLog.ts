/**
 * What the segments of a log say after a crash. A crash may leave any part of what was not synced: records, parts of
 * them, zeros, later ones without earlier ones. All of that is dropped from the first record that cannot be read. But
 * if anything behind that place bears witness that the record there was durable, then it was not the crash that
 * destroyed it, and the log is refused: what came after an acknowledged record must not be forgotten in silence.
 */
import { HEADER_BYTES, readLogRecord, type LogRecord } from "./logRecord.ts";

/** What every segment begins with: the format's name and version. */
export const SEGMENT_HEAD = Buffer.from("RIVNLOG1", "latin1");

export interface Segment {
  /** For people. */
  readonly name: string;
  /** The sequence number of its first record. */
  readonly first: number;
  readonly bytes: Buffer;
}

export interface LogReading {
  readonly records: readonly LogRecord[];
  /** Where the log ends: what is behind this place was torn off by a crash. Undefined when there are no segments. */
  readonly end: { readonly segment: Segment; readonly offset: number } | undefined;
}

/** Stored bytes that are not what was stored. */
export class DamagedLogError extends Error {
  override readonly name = "DamagedLogError";
}

/** Whether a segment begins with a snapshot: then no earlier one is needed. */
export function beginsWithSnapshot({ bytes, first }: Segment): boolean {
  const record = hasHead(bytes) ? readLogRecord(bytes, SEGMENT_HEAD.length) : undefined;
  return record?.isSnapshot === true && record.sequence === first;
}

/**
 * Reads a log.
 *
 * @param segments in order; the first is the oldest of all, or begins with a snapshot
 * @throws DamagedLogError when durable records are missing or altered.
 */
export function readLog(segments: readonly Segment[]): LogReading {
  const records: LogRecord[] = [];
  let end: LogReading["end"];
  const [oldest] = segments;
  if (oldest !== undefined && oldest.first !== 1 && !beginsWithSnapshot(oldest)) {
    throw new DamagedLogError(
      `${oldest.name} is the oldest file of the log, and does not begin with a snapshot: files are missing.`,
    );
  }
  for (const [index, segment] of segments.entries()) {
    const sequence = (records.at(-1)?.sequence ?? segment.first - 1) + 1;
    if (segment.first !== sequence) {
      throw new DamagedLogError(
        `The log goes from record ${String(sequence - 1)} to ${segment.name}: a file is missing.`,
      );
    }
    const offset = readSegment(segment, records);
    if (offset === segment.bytes.length && offset > 0) {
      end = { segment, offset };
      continue;
    }
    const lost = (records.at(-1)?.sequence ?? segment.first - 1) + 1;
    const rest = [{ ...segment, bytes: segment.bytes.subarray(offset) }, ...segments.slice(index + 1)];
    if (rest.some(({ bytes }) => bearsWitnessOf(bytes, lost))) {
      throw new DamagedLogError(
        `${segment.name} is damaged at byte ${String(offset)}: record ${String(lost)} was on stable storage, and cannot be read.`,
      );
    }
    return offset === 0 ? { records, end } : { records, end: { segment, offset } };
  }
  return { records, end };
}

/** Adds the records of a segment. @returns where they end; 0 when not even its head is there. */
function readSegment({ first, bytes }: Segment, records: LogRecord[]): number {
  if (!hasHead(bytes)) return 0;
  let offset = SEGMENT_HEAD.length;
  for (let sequence = first; ; sequence++) {
    const record = readLogRecord(bytes, offset);
    if (record?.sequence !== sequence) return offset;
    records.push(record);
    offset += HEADER_BYTES + record.payload.length;
  }
}

function hasHead(bytes: Buffer): boolean {
  return bytes.subarray(0, SEGMENT_HEAD.length).equals(SEGMENT_HEAD);
}

/** Whether some record in these bytes, at whatever place, was written after `sequence` was durable. */
function bearsWitnessOf(bytes: Buffer, sequence: number): boolean {
  for (let start = 0; start + HEADER_BYTES <= bytes.length; start++) {
    const plausible = bytes.readUIntBE(start + 9, 6);
    if (plausible <= sequence || bytes.readUInt32BE(start + 4) > bytes.length - start - HEADER_BYTES) continue;
    const record = readLogRecord(bytes, start);
    if (record !== undefined && record.durable >= sequence) return true;
  }
  return false;
}
