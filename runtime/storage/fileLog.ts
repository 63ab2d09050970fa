/** The log of one instance, in files of a directory of its own. */
import {
  closeSync,
  existsSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodeLogRecords } from "./logRecord.ts";
import { beginsWithSnapshot, readLog, SEGMENT_HEAD, type Segment } from "./readLog.ts";
import type { SnapshotOptions, Storage } from "./storage.ts";

export interface FileLogOptions {
  /** After how many bytes another segment is begun; 64 MiB unless said. */
  readonly segmentBytes?: number;
  /** A write or sync failed. Nothing of it will be durable, no `done` is called any more, and the instance must end. */
  readonly onFailure: (error: Error) => void;
}

export interface LogCounters {
  records: number;
  syncs: number;
  bytes: number;
}

interface Entry {
  readonly payload: Uint8Array;
  /** There when the entry is a snapshot. */
  readonly snapshot?: SnapshotOptions;
}

interface Waiter {
  /** The last record that was taken when the sync was asked for. */
  readonly sequence: number;
  readonly done: () => void;
}

/** A segment that is being written. */
interface OpenSegment {
  readonly file: number;
  bytes: number;
}

const SEGMENT_BYTES = 64 * 1024 * 1024;
const SEGMENT_NAME = /^(\d{15})\.log$/;
const sync = promisify(fdatasync);

/**
 * Everything that was taken when a sync begins is written with one write and covered by that sync; what is taken
 * meanwhile shares the next one. A write only starts when the sync before it has ended, and a segment only when all of
 * the one before it is durable: recovery relies on both.
 */
export class FileLog implements Storage {
  readonly counters: LogCounters = { records: 0, syncs: 0, bytes: 0 };
  readonly #directory: string;
  readonly #options: FileLogOptions;
  #entries: Entry[] = [];
  #waiters: Waiter[] = [];
  #segment: OpenSegment | undefined;
  /** The last record that was taken, and the last that is durable. */
  #taken = 0;
  #durable = 0;
  /** While entries are being written. */
  #writing: Promise<void> | undefined;
  #failed = false;

  /** @throws Error when the directory cannot be created. */
  constructor(directory: string, options: FileLogOptions) {
    this.#directory = directory;
    this.#options = options;
    mkdirSync(directory, { recursive: true });
  }

  /**
   * Reads what there is, and cuts off what a crash has torn.
   *
   * @throws DamagedLogError when durable records are missing or altered.
   */
  recover(): readonly Uint8Array[] {
    const { needed, segments } = this.#readSegments();
    const { records, end } = readLog(needed);
    const last = end?.segment.first ?? 0;
    for (const { name, first } of segments) if (first > last) rmSync(join(this.#directory, name));
    if (end !== undefined) this.#reopen(end.segment.name, end.offset);
    this.#taken = records.at(-1)?.sequence ?? (end === undefined ? 0 : end.segment.first - 1);
    this.#durable = this.#taken;
    return records.map(({ payload }) => payload);
  }

  append(payload: Uint8Array): void {
    this.#take({ payload });
  }

  snapshot(payload: Uint8Array, snapshot: SnapshotOptions): void {
    this.#take({ payload, snapshot });
  }

  sync(done: () => void): void {
    this.#waiters.push({ sequence: this.#taken, done });
    // Not at once: what else happens in this turn of the event loop belongs into the same write.
    this.#writing ??= Promise.resolve().then(() => this.#write());
  }

  /** Makes everything durable that was taken, and closes the files. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#failed) resolve();
      else this.sync(resolve);
    });
    if (this.#segment !== undefined) closeSync(this.#segment.file);
    this.#segment = undefined;
  }

  #take(entry: Entry): void {
    this.#taken++;
    this.#entries.push(entry);
  }

  async #write(): Promise<void> {
    while (this.#waiters.length > 0) {
      const batch = this.#nextBatch();
      try {
        if (batch.length > 0) await this.#writeBatch(batch);
      } catch (error) {
        // After a failed sync nobody knows what is on the disk, and trying again would not tell: the instance has to end.
        this.#failed = true;
        this.#options.onFailure(new Error(`The log in ${this.#directory} cannot be written: ${String(error)}`));
        return; // and nothing is written any more
      }
      const waiting = this.#waiters.findIndex(({ sequence }) => sequence > this.#durable);
      const served = this.#waiters.splice(0, waiting < 0 ? this.#waiters.length : waiting);
      for (const { done } of served) done();
    }
    this.#writing = undefined;
  }

  /** A snapshot begins a segment, so what comes before it is written before it. */
  #nextBatch(): readonly Entry[] {
    const next = this.#entries.findIndex(({ snapshot }, index) => index > 0 && snapshot !== undefined);
    return this.#entries.splice(0, next < 0 ? this.#entries.length : next);
  }

  async #writeBatch(batch: readonly Entry[]): Promise<void> {
    const durable = this.#durable;
    const bytes = encodeLogRecords(
      batch.map(({ payload, snapshot }, index) => ({
        isSnapshot: snapshot !== undefined,
        sequence: durable + 1 + index,
        durable,
        payload,
      })),
    );
    const snapshot = batch[0]?.snapshot;
    const open = this.#segment;
    const isFull = open === undefined || open.bytes >= (this.#options.segmentBytes ?? SEGMENT_BYTES);
    const segment = isFull || snapshot !== undefined ? this.#begin(durable + 1) : open;
    writeAll(segment.file, bytes); // to the page cache, which is quick; the sync is what takes time
    segment.bytes += bytes.length;
    await sync(segment.file);
    if (segment !== open) syncDirectory(this.#directory);
    this.#durable += batch.length;
    this.counters.records += batch.length;
    this.counters.bytes += bytes.length;
    this.counters.syncs++;
    if (snapshot?.keepEarlier === false) this.#removeBefore(durable + 1);
  }

  /** Begins the segment of which `first` is the first record. */
  #begin(first: number): OpenSegment {
    if (this.#segment !== undefined) closeSync(this.#segment.file);
    const file = openSync(join(this.#directory, `${String(first).padStart(15, "0")}.log`), "wx");
    writeAll(file, SEGMENT_HEAD);
    this.#segment = { file, bytes: SEGMENT_HEAD.length };
    return this.#segment;
  }

  /** Goes on with a segment, without what follows `end`. */
  #reopen(path: string, end: number): void {
    const file = openSync(path, "r+");
    ftruncateSync(file, end);
    fsyncSync(file);
    closeSync(file);
    syncDirectory(this.#directory);
    this.#segment = { file: openSync(path, "a"), bytes: end };
  }

  #removeBefore(sequence: number): void {
    for (const { name, first } of listSegments(this.#directory)) {
      if (first < sequence) rmSync(join(this.#directory, name));
    }
  }

  /** The segments from the last one on that begins with a snapshot, and the names of all. */
  #readSegments(): { readonly needed: readonly Segment[]; readonly segments: readonly SegmentName[] } {
    const segments = listSegments(this.#directory);
    const needed: Segment[] = [];
    for (const name of [...segments].reverse()) {
      const segment = readSegment(this.#directory, name);
      needed.unshift(segment);
      if (beginsWithSnapshot(segment)) break;
    }
    return { needed, segments };
  }
}

/**
 * Everything that is kept of a log, also what snapshots have made unnecessary. The log may be in use: what is being
 * written is left out.
 *
 * @throws DamagedLogError when durable records are missing or altered.
 */
export function readWholeLog(directory: string): readonly Uint8Array[] {
  const segments = existsSync(directory) ? listSegments(directory) : [];
  return readLog(segments.map((name) => readSegment(directory, name))).records.map(({ payload }) => payload);
}

function readSegment(directory: string, { name, first }: SegmentName): Segment {
  const path = join(directory, name);
  return { name: path, first, bytes: readFileSync(path) };
}

interface SegmentName {
  readonly name: string;
  readonly first: number;
}

/** In order. */
function listSegments(directory: string): readonly SegmentName[] {
  return readdirSync(directory)
    .flatMap((name) => {
      const first = SEGMENT_NAME.exec(name)?.[1];
      return first === undefined ? [] : [{ name, first: Number(first) }];
    })
    .sort((a, b) => a.first - b.first);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

/** Files that were created, or removed, stay so. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
