/** The stable storage of one instance, in memory. Syncs end when somebody says so, crashes lose what no sync covered. */
import type { Storage } from "../../storage/storage.ts";
import { layOutTorn, readSegments, readTrustingly, sizeOnDisk, type Found, type Tear } from "../faults/tornLog.ts";

interface Entry<Owner> {
  readonly record: Uint8Array;
  /** Whether it makes all earlier ones unnecessary. */
  readonly snapshot: boolean;
  readonly owner: Owner;
}

interface Waiter {
  readonly position: number;
  readonly done: () => void;
}

/** `Owner` is what records are remembered by: who caused them. */
export class SimulatedStorage<Owner> implements Storage {
  /** Who causes what is appended from now on. */
  owner: Owner;
  /** Whether no sync ends for the time being. */
  isBusy = false;
  #entries: Entry<Owner>[] = [];
  #waiters: Waiter[] = [];
  #stable = 0;

  constructor(owner: Owner) {
    this.owner = owner;
  }

  /** How many records there are. A position in the log is the number of records before it. */
  get length(): number {
    return this.#entries.length;
  }

  /** How many of them are on stable storage. */
  get stable(): number {
    return this.#stable;
  }

  append(record: Uint8Array): void {
    this.#entries.push({ record, snapshot: false, owner: this.owner });
  }

  snapshot(record: Uint8Array): void {
    this.#entries.push({ record, snapshot: true, owner: this.owner });
  }

  sync(done: () => void): void {
    this.#waiters.push({ position: this.length, done });
  }

  recover(): readonly Uint8Array[] {
    const from = this.#entries.findLastIndex(({ snapshot }) => snapshot);
    return this.#entries.slice(Math.max(from, 0)).map(({ record }) => record);
  }

  /** Whether somebody waits for a sync. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0;
  }

  /** The positions at which a sync may end next: where one was asked for, or where the log ends. */
  get syncPoints(): readonly number[] {
    if (this.isBusy) return [];
    const points = [...this.#waiters.map(({ position }) => position), this.length];
    return [...new Set(points)].filter((point) => point > this.#stable);
  }

  /** Everything up to a position is on stable storage, and those who waited for that hear of it. */
  endSync(position: number): void {
    this.#stable = Math.max(this.#stable, position);
    this.callBack(this.#stable);
  }

  /** Tells those who wait for no more than this position that it is stable. */
  callBack(position: number): void {
    const covered = this.#waiters.filter((waiter) => waiter.position <= position);
    this.#waiters = this.#waiters.filter((waiter) => waiter.position > position);
    for (const { done } of covered) done();
  }

  recordsFrom(position: number): readonly Uint8Array[] {
    return this.#entries.slice(position).map(({ record }) => record);
  }

  /** How many bytes of the next record the disk may hold a part of, when so many records reached it whole; 0 when there is none. */
  bytesAfter(left: number): number {
    const next = this.#entries[left];
    return next === undefined ? 0 : sizeOnDisk(next);
  }

  /**
   * The process dies, and so many records are left: those that are stable, and some more that happen to have reached the
   * disk. Of the next one a part may have, which recovery takes for none: it is the reader of the runtime who says what
   * is there. Nobody who waits will be called. What is left is stable, for who recovers it writes it down afresh.
   *
   * @param trusting whether a flawed reader takes a part of a record for the record
   */
  crash(left: number, tear?: Tear, trusting = false): void {
    const whole = Math.max(this.#stable, Math.min(this.length, left));
    if (whole > this.#stable || tear !== undefined) {
      const segments = layOutTorn(this.#entries, this.#stable, whole, tear);
      this.#keep(trusting ? readTrustingly(segments) : readSegments(segments));
    } else {
      this.#entries.length = whole; // a log that ends where it was synced
    }
    this.#stable = this.length;
    this.#waiters = [];
  }

  #keep({ before, records }: Found): void {
    this.#entries.length = before + records.length;
    for (const [index, record] of records.entries()) {
      const entry = this.#entries[before + index];
      if (entry !== undefined) this.#entries[before + index] = { ...entry, record };
    }
  }

  /** All but the first so many records are gone, stable or not: what no storage does. */
  truncate(length: number): void {
    this.#entries.length = Math.min(this.length, length);
    this.#stable = Math.min(this.#stable, this.length);
  }

  /** Two logs change places. Both processes are dead. */
  exchange(other: SimulatedStorage<Owner>): void {
    [this.#entries, other.#entries] = [other.#entries, this.#entries];
    [this.#stable, other.#stable] = [other.#stable, this.#stable];
  }

  /** Who caused the records from a position on, in order. */
  ownersFrom(position: number): readonly Owner[] {
    return this.#entries.slice(position).map(({ owner }) => owner);
  }
}
