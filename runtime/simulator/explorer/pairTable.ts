/** A map from pairs of numbers to numbers, in typed arrays: for what a Map would need an object, or a text, for each pair. */

const FIRST_CAPACITY = 1 << 12;
/** At this share of used places the table grows. */
const FULLEST = 0.6;

export class PairTable {
  #capacity = FIRST_CAPACITY;
  #first = new Uint32Array(FIRST_CAPACITY);
  #second = new Uint32Array(FIRST_CAPACITY);
  /** One more than the value; 0 in a free place. */
  #values = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get bytes(): number {
    return this.#capacity * 12;
  }

  /** The value of a pair; -1 when it has none. */
  get(first: number, second: number): number {
    return (this.#values[this.#find(first, second)] ?? 0) - 1;
  }

  /** Gives a value to a pair that has none. */
  add(first: number, second: number, value: number): void {
    if (this.#size >= this.#capacity * FULLEST) this.#grow();
    this.#size++;
    const place = this.#find(first, second);
    this.#first[place] = first;
    this.#second[place] = second;
    this.#values[place] = value + 1;
  }

  /** Where a pair is, or would be. */
  #find(first: number, second: number): number {
    const mask = this.#capacity - 1;
    let place = mix(first, second) & mask;
    while (this.#values[place] !== 0 && (this.#first[place] !== first || this.#second[place] !== second))
      place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [first, second, values] = [this.#first, this.#second, this.#values];
    this.#capacity *= 2;
    this.#first = new Uint32Array(this.#capacity);
    this.#second = new Uint32Array(this.#capacity);
    this.#values = new Uint32Array(this.#capacity);
    for (const [old, value] of values.entries()) {
      if (value === 0) continue;
      const place = this.#find(first[old] ?? 0, second[old] ?? 0);
      this.#first[place] = first[old] ?? 0;
      this.#second[place] = second[old] ?? 0;
      this.#values[place] = value;
    }
  }
}

function mix(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}
