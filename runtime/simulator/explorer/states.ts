/**
 * Sets of states. A state is a list of words of 32 bits. The sets live in typed arrays that grow, because a `Set` of V8 ends
 * at 2^24 members, and takes a multiple of the memory.
 */

export interface States {
  readonly size: number;
  readonly bytes: number;
  /** How many bytes the set needs at once for one state more. */
  readonly bytesToAdd: number;
  has(words: Uint32Array, length: number): boolean;
  /** Adds a state; false when it is there already. */
  add(words: Uint32Array, length: number): boolean;
}

const FIRST_CAPACITY = 1 << 14;
/** At this share of used places a table grows. */
const FULLEST = 0.7;

/** Two hashes of a state, 64 bits in all, left here: a function gives one number at no cost. */
let upper = 0;
let lower = 0;

/** MurmurHash3's way of mixing (Appleby, public domain), in two lanes that take part in each other. */
function hash(words: Uint32Array, length: number): void {
  let a = 0x9e3779b9 ^ length;
  let b = 0x85ebca6b;
  for (let i = 0; i < length; i++) {
    const word = words[i] ?? 0;
    let x = Math.imul(word, 0xcc9e2d51);
    x = (x << 15) | (x >>> 17);
    a ^= Math.imul(x, 0x1b873593);
    a = ((a << 13) | (a >>> 19)) + b;
    a = (Math.imul(a, 5) + 0xe6546b64) | 0;
    let y = Math.imul(word, 0x239b961b);
    y = (y << 16) | (y >>> 16);
    b ^= Math.imul(y, 0xab0e9789);
    b = ((b << 17) | (b >>> 15)) + a;
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
  }
  a = (a + b) | 0;
  b = (b + a) | 0;
  a = finish(a);
  b = finish(b);
  a = (a + b) | 0;
  upper = (b + a) >>> 0;
  lower = a >>> 0;
}

function finish(hashed: number): number {
  let h = hashed ^ (hashed >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Keeps 64 bits of each state. Two states whose bits are the same count as one, which for n states of m that were generated
 * has a probability of about n(m - n)/2^64: what TLC reports as its optimistic estimate.
 */
export class FingerprintSet implements States {
  #capacity = FIRST_CAPACITY;
  #upper = new Uint32Array(FIRST_CAPACITY);
  /** Both are 0 in a free place. */
  #lower = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return 8 * this.#capacity;
  }

  get bytesToAdd(): number {
    return this.#isFull ? 16 * this.#capacity : 0;
  }

  has(words: Uint32Array, length: number): boolean {
    return !this.#isFree(this.#placeOf(words, length));
  }

  add(words: Uint32Array, length: number): boolean {
    if (this.#isFull) this.#grow();
    const place = this.#placeOf(words, length);
    if (!this.#isFree(place)) return false;
    this.#upper[place] = upper;
    this.#lower[place] = lower;
    this.#size++;
    return true;
  }

  get #isFull(): boolean {
    return this.#size >= this.#capacity * FULLEST;
  }

  #placeOf(words: Uint32Array, length: number): number {
    hash(words, length);
    if ((upper | lower) === 0) lower = 1;
    return this.#find();
  }

  #isFree(place: number): boolean {
    return this.#upper[place] === 0 && this.#lower[place] === 0;
  }

  #find(): number {
    const [uppers, lowers, mask] = [this.#upper, this.#lower, this.#capacity - 1];
    for (let place = lower & mask; ; place = (place + 1) & mask) {
      const [u, l] = [uppers[place] ?? 0, lowers[place] ?? 0];
      if ((u === 0 && l === 0) || (u === upper && l === lower)) return place;
    }
  }

  #grow(): void {
    const [uppers, lowers] = [this.#upper, this.#lower];
    this.#capacity *= 2;
    this.#upper = new Uint32Array(this.#capacity);
    this.#lower = new Uint32Array(this.#capacity);
    for (let old = 0; old < uppers.length; old++) {
      [upper, lower] = [uppers[old] ?? 0, lowers[old] ?? 0];
      if (upper === 0 && lower === 0) continue;
      const place = this.#find();
      this.#upper[place] = upper;
      this.#lower[place] = lower;
    }
  }
}

/** Keeps states whole, by number: exact, and they can be read again. */
export class StateStore implements States {
  #capacity = FIRST_CAPACITY;
  /** One more than the number; 0 in a free place. */
  #places = new Uint32Array(FIRST_CAPACITY);
  #words = new Uint32Array(FIRST_CAPACITY);
  /** Where each state begins; one more at the end. */
  #starts = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return 4 * (this.#capacity + this.#words.length + this.#starts.length);
  }

  get bytesToAdd(): number {
    const room = this.#words.length - (this.#starts[this.#size] ?? 0) < LONGEST;
    return (this.#isFull ? 8 * this.#capacity : 0) + (room ? 8 * this.#words.length : 0);
  }

  has(words: Uint32Array, length: number): boolean {
    return this.#places[this.#placeOf(words, length)] !== 0;
  }

  add(words: Uint32Array, length: number): boolean {
    const before = this.#size;
    this.numberOf(words, length);
    return this.#size > before;
  }

  /** The number of a state. A new one gets the next. */
  numberOf(words: Uint32Array, length: number): number {
    if (this.#isFull) this.#grow();
    const place = this.#placeOf(words, length);
    const known = this.#places[place] ?? 0;
    if (known !== 0) return known - 1;
    this.#places[place] = this.#size + 1;
    return this.#append(words, length);
  }

  /** The words of a state; not to be changed. */
  read(number: number): Uint32Array {
    if (number >= this.#size) throw new Error(`There is no state ${String(number)}.`);
    return this.#words.subarray(this.#starts[number], this.#starts[number + 1]);
  }

  get #isFull(): boolean {
    return this.#size >= this.#capacity * FULLEST;
  }

  /** Where a state is, or would be. */
  #placeOf(words: Uint32Array, length: number): number {
    hash(words, length);
    const mask = this.#capacity - 1;
    let place = lower & mask;
    for (; this.#places[place] !== 0; place = (place + 1) & mask)
      if (this.#equals((this.#places[place] ?? 0) - 1, words, length)) return place;
    return place;
  }

  #equals(number: number, words: Uint32Array, length: number): boolean {
    const start = this.#starts[number] ?? 0;
    if ((this.#starts[number + 1] ?? 0) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #append(words: Uint32Array, length: number): number {
    const start = this.#starts[this.#size] ?? 0;
    if (start + length > this.#words.length) this.#words = enlarged(this.#words, start + length);
    if (this.#size + 2 > this.#starts.length) this.#starts = enlarged(this.#starts, this.#size + 2);
    this.#words.set(words.subarray(0, length), start);
    this.#starts[this.#size + 1] = start + length;
    return this.#size++;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#places = new Uint32Array(this.#capacity);
    const mask = this.#capacity - 1;
    for (let number = 0; number < this.#size; number++) {
      const words = this.read(number);
      hash(words, words.length);
      let place = lower & mask;
      while (this.#places[place] !== 0) place = (place + 1) & mask;
      this.#places[place] = number + 1;
    }
  }
}

/** States are shorter than this many words: more is under way nowhere. */
const LONGEST = 1 << 12;

/** A copy of an array that is twice as long, at least. */
export function enlarged<A extends Uint32Array | Uint16Array>(array: A, least: number): A {
  const copy = new (array.constructor as new (length: number) => A)(Math.max(2 * array.length, least));
  copy.set(array);
  return copy;
}
