import type { Description } from "../node/description.ts";

/** Numbers from 1 on that come in some order, and how far they are complete. */
export class Contiguous {
  #upTo = 0;
  /** Those beyond the first gap. */
  readonly #beyond = new Set<number>();

  /** Every number up to this one is there, and the next one is not; 0 for none. */
  get upTo(): number {
    return this.#upTo;
  }

  /** How many numbers are there beyond the first gap. */
  get beyond(): number {
    return this.#beyond.size;
  }

  has(number: number): boolean {
    return number <= this.#upTo || this.#beyond.has(number);
  }

  add(number: number): void {
    if (number <= this.#upTo) return;
    if (number !== this.#upTo + 1) {
      this.#beyond.add(number);
      return;
    }
    this.#upTo = number;
    while (this.#beyond.delete(this.#upTo + 1)) this.#upTo++;
  }

  describe(): Description {
    return [this.#upTo, [...this.#beyond].sort((a, b) => a - b)];
  }
}
