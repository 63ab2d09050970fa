import { enlarged } from "./states.ts";

/** A list of numbers that only grows, four bytes each. */
export class GrowingWords {
  #words = new Uint32Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return 4 * this.#words.length;
  }

  get(index: number): number {
    return this.#words[index] ?? 0;
  }

  push(word: number): void {
    if (this.#length === this.#words.length) this.#words = enlarged(this.#words, 0);
    this.#words[this.#length++] = word;
  }

  /** The first `length` of `words`. */
  pushAll(words: Uint32Array, length: number): void {
    const end = this.#length + length;
    if (end > this.#words.length) this.#words = enlarged(this.#words, end);
    this.#words.set(words.subarray(0, length), this.#length);
    this.#length = end;
  }

  /** Not to be kept: what it shows changes. */
  slice(from: number, to: number): Uint32Array {
    return this.#words.subarray(from, to);
  }

  /** Forgets everything, and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }
}
