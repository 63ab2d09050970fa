import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";

/** Chance, as a function of a seed. */
export class Dice {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** 0 to `n - 1`. */
  below(n: number): number {
    return uniformInt(this.#generator, 0, n - 1);
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.below(10_000) < probability * 10_000;
  }

  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(from: readonly T[]): T {
    const picked = from[from.length === 0 ? 0 : this.below(from.length)];
    if (picked === undefined) throw new RangeError("There is nothing to pick from.");
    return picked;
  }

  /** One of the values, as often as their weights say. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    const total = from.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.below(total);
    for (const [weight, value] of from) {
      if (left < weight) return value;
      left -= weight;
    }
    return this.pick(from)[1];
  }

  /** Some of them, in their order. */
  some<T>(from: readonly T[], count: number): readonly T[] {
    const left = from.map((_, i) => i);
    const taken: number[] = [];
    while (taken.length < count && left.length > 0) taken.push(...left.splice(this.below(left.length), 1));
    return from.filter((_, i) => taken.includes(i));
  }
}
