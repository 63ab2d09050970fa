/**
 * The configurations that a search has been in (Lowe, "Testing for linearizability", 2017): which operations have taken
 * effect, and the state.
 *
 * Which of the operations that return have taken effect is said in few words: all of the first `high` in the order of their
 * invocations but for some stragglers. A straggler had not returned when the last of those was invoked, so there are never
 * more of them than operations were under way at one moment, however long the history is. Open operations are listed.
 *
 * A configuration in which fewer open operations have taken effect can do whatever one can do in which more have: what has
 * not taken effect may do so at any later time, or never. So a configuration is new unless one of the same state and
 * operations is there whose open operations are a subset of its own.
 *
 * The table is open addressing over typed arrays: a `Set` of V8 ends at 2^24 entries.
 */
import { at, doubled } from "./typedArrays.ts";

const STATE = 0;
const HIGH = 1;
const STRAGGLERS = 2;
const OPEN = 3;
const HEADER = 4;

export interface Configuration {
  state: number;
  high: number;
  readonly stragglers: Int32Array;
  stragglerCount: number;
  /** The open operations that have taken effect, in ascending order. */
  readonly open: Int32Array;
  openCount: number;
}

export type Addition = "new" | "known" | "no room";

export class Visited {
  private words: Int32Array;
  private used = 0;
  /** Where a configuration begins in {@link words}, plus one; 0 is an empty slot. */
  private slots: Uint32Array;
  private hashes: Int32Array;
  private readonly mostBytes: number;
  size = 0;
  /** How much memory all of this takes. */
  bytes = 0;
  /** What it has cost so far to look at configurations of the same hash: one for each, and for so many words. */
  comparisons = 0;

  /** @param capacity How many slots there are to begin with: a power of two. */
  constructor(mostBytes: number, capacity = 64) {
    this.mostBytes = mostBytes;
    this.words = new Int32Array(8 * capacity);
    this.slots = new Uint32Array(capacity);
    this.hashes = new Int32Array(capacity);
    this.measure();
  }

  add(configuration: Configuration): Addition {
    if (2 * this.size >= this.slots.length && !this.grow()) return "no room";
    const hash = hashOf(configuration);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; at(this.slots, slot) !== 0; slot = (slot + 1) & mask) {
      if (at(this.hashes, slot) !== hash) continue;
      this.comparisons += 1 + (configuration.openCount >>> 4);
      if (this.covers(at(this.slots, slot) - 1, configuration)) return "known";
    }
    const length = HEADER + configuration.stragglerCount + configuration.openCount;
    if (!this.hasRoomFor(length)) return "no room";
    this.put(slot, hash, this.write(configuration));
    this.size += 1;
    return "new";
  }

  /** Whether whatever can be done in a configuration can be done in the one at `offset`. */
  private covers(offset: number, { state, high, stragglers, stragglerCount, open, openCount }: Configuration): boolean {
    const { words } = this;
    if (at(words, offset + STATE) !== state || at(words, offset + HIGH) !== high) return false;
    if (at(words, offset + STRAGGLERS) !== stragglerCount) return false;
    const known = at(words, offset + OPEN);
    if (known > openCount) return false;
    let place = offset + HEADER;
    for (let i = 0; i < stragglerCount; i++, place++) {
      if (at(words, place) !== at(stragglers, i)) return false;
    }
    let i = 0;
    for (const end = place + known; place < end; place++, i++) {
      while (i < openCount && at(open, i) < at(words, place)) i += 1;
      if (i === openCount || at(open, i) !== at(words, place)) return false;
    }
    return true;
  }

  private write({ state, high, stragglers, stragglerCount, open, openCount }: Configuration): number {
    const { words, used: offset } = this;
    words[offset + STATE] = state;
    words[offset + HIGH] = high;
    words[offset + STRAGGLERS] = stragglerCount;
    words[offset + OPEN] = openCount;
    let place = offset + HEADER;
    for (let i = 0; i < stragglerCount; i++) words[place++] = at(stragglers, i);
    for (let i = 0; i < openCount; i++) words[place++] = at(open, i);
    this.used = place;
    return offset;
  }

  private put(slot: number, hash: number, offset: number): void {
    this.slots[slot] = offset + 1;
    this.hashes[slot] = hash;
  }

  private hasRoomFor(length: number): boolean {
    while (this.used + length > this.words.length) {
      if (this.bytes + this.words.byteLength > this.mostBytes) return false;
      const larger = doubled(this.words);
      if (larger === undefined) return false;
      this.words = larger;
      this.measure();
    }
    return true;
  }

  private measure(): void {
    this.bytes = this.words.byteLength + this.slots.byteLength + this.hashes.byteLength;
  }

  private grow(): boolean {
    const { slots, hashes } = this;
    if (this.bytes + slots.byteLength + hashes.byteLength > this.mostBytes) return false;
    const [largerSlots, largerHashes] = [doubled(slots), doubled(hashes)];
    if (largerSlots === undefined || largerHashes === undefined) return false;
    this.slots = largerSlots.fill(0);
    this.hashes = largerHashes;
    this.measure();
    const mask = largerSlots.length - 1;
    for (let old = 0; old < slots.length; old++) {
      if (at(slots, old) === 0) continue;
      const hash = at(hashes, old);
      let slot = hash & mask;
      while (at(largerSlots, slot) !== 0) slot = (slot + 1) & mask;
      this.put(slot, hash, at(slots, old) - 1);
    }
    return true;
  }
}

/** Of all but the open operations: a configuration is compared to those with others. */
function hashOf({ state, high, stragglers, stragglerCount }: Configuration): number {
  let hash = mix(mix(0x9e3779b9 | 0, state), high);
  for (let i = 0; i < stragglerCount; i++) hash = mix(hash, at(stragglers, i));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A round of MurmurHash3 (Appleby, in the public domain). */
function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const turned = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}
