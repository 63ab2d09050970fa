/**
 * Lists that share what they begin with: each is the list before it and one more value, and two lists of the same values are the
 * same object. So a list is compared and extended in constant time, however long it is.
 */
import { keyOfValue } from "../plainValue.ts";

export class Chain {
  readonly length: number;
  private readonly before: Chain | undefined;
  private readonly last: unknown;
  /** Most lists are extended by one value only. */
  private onlyNext: Chain | undefined;
  private next: Map<unknown, Chain> | undefined;

  private constructor(before?: Chain, last?: unknown) {
    this.before = before;
    this.last = last;
    this.length = before === undefined ? 0 : before.length + 1;
  }

  /** An empty list; those that are made of it are compared with each other. */
  static empty(): Chain {
    return new Chain();
  }

  with(value: unknown): Chain {
    const key = keyOfValue(value);
    if (this.onlyNext !== undefined && keyOfValue(this.onlyNext.last) === key) return this.onlyNext;
    const known = this.next?.get(key);
    if (known !== undefined) return known;
    const longer = new Chain(this, value);
    if (this.onlyNext === undefined) this.onlyNext = longer;
    else (this.next ??= new Map<unknown, Chain>()).set(key, longer);
    return longer;
  }

  /** Whether these are the values. */
  equals(values: readonly unknown[]): boolean {
    if (values.length !== this.length) return false;
    let at = values.length;
    for (const value of this.backwards()) {
      at -= 1;
      if (keyOfValue(value) !== keyOfValue(values[at])) return false;
    }
    return true;
  }

  /** Where a value is first, counted from 0, or -1. */
  indexOf(value: unknown): number {
    const key = keyOfValue(value);
    let [at, found] = [this.length, -1];
    for (const one of this.backwards()) {
      at -= 1;
      if (keyOfValue(one) === key) found = at;
    }
    return found;
  }

  toJSON(): readonly unknown[] {
    return [...this.backwards()].reverse();
  }

  private *backwards(): Generator {
    let { before, last } = this;
    while (before !== undefined) {
      yield last;
      ({ before, last } = before);
    }
  }
}
