/** A list of numbers from 0 to 2^32 - 1 that grows, at four bytes each. */
export class NumberList {
  #numbers = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError when there is no such place. */
  at(index: number): number {
    const number = index < this.#length ? this.#numbers[index] : undefined;
    if (number === undefined) throw new RangeError(`There is nothing at ${String(index)}.`);
    return number;
  }

  push(number: number): void {
    this.#reserve(this.#length + 1);
    this.#numbers[this.#length++] = number;
  }

  /** Places that were skipped hold 0. */
  set(index: number, number: number): void {
    this.#reserve(index + 1);
    this.#numbers[index] = number;
    this.#length = Math.max(this.#length, index + 1);
  }

  /** 0 where nothing was set. */
  peek(index: number): number {
    return this.#numbers[index] ?? 0;
  }

  #reserve(length: number): void {
    if (length <= this.#numbers.length) return;
    const larger = new Uint32Array(Math.max(length, 2 * this.#numbers.length));
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
