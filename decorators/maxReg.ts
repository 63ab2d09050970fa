import { CONTENT, Lattice } from "./lattice.ts";

/** What has an order: numbers, bigints, text by its UTF-16 units, and tuples of these, lexicographically. */
export type Ordered = number | bigint | string | readonly (number | bigint | string)[];

/** `number` for `0`: what a register starts with is not all that it may hold. */
export type Widened<T extends Ordered> = T extends number
  ? number
  : T extends bigint
    ? bigint
    : T extends string
      ? string
      : T;

/**
 * The greatest value that it was given.
 *
 *     private readonly ballot = new MaxReg<readonly [round: number, proposer: string]>([0, ""]);
 *
 *     @On() prepare(m: { ballot: readonly [number, string] }): void { this.ballot.merge(m.ballot); }
 */
export class MaxReg<T extends Ordered> extends Lattice<Record<string, unknown>> {
  /** @param initial less than, or equal to, all that comes. */
  constructor(initial: T) {
    super({ value: keep(initial) });
  }

  get value(): Widened<T> {
    return this[CONTENT]["value"] as Widened<T>;
  }

  /** Takes the value (or that of another register) if it is greater. */
  merge(value: Widened<T> | MaxReg<T>): void {
    const next: Ordered = value instanceof MaxReg ? value.value : value;
    if (compareOrdered(this.value, next) < 0) this[CONTENT]["value"] = keep(next);
  }
}

/** Nobody else may change what is kept, and 0 and -0 are one value. */
function keep(value: Ordered): Ordered {
  if (typeof value === "object") return Object.freeze(value.map((part) => keep(part) as number | bigint | string));
  return value === 0 ? 0 : value;
}

/**
 * Below 0, 0 or above 0. A total order, so that it has a greatest value whatever it is given: NaN is below all numbers, a
 * tuple above each of its beginnings, and values of different types go by the names of their types.
 */
export function compareOrdered(a: Ordered, b: Ordered): number {
  if (typeof a === "object" && typeof b === "object") {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const compared = compareOrdered(a[i] as Ordered, b[i] as Ordered);
      if (compared !== 0) return compared;
    }
    return a.length - b.length;
  }
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a < b ? -1 : a > b ? 1 : 0;
}
