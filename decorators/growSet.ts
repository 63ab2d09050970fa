import { CONTENT, Lattice, type LatticeKey } from "./lattice.ts";

/**
 * A set that only grows.
 *
 *     private readonly seen = new GrowSet<string>();
 *
 *     @On() heard(m: { id: string }): void { this.seen.add(m.id); }
 *
 * Members are strings, numbers, bigints or booleans. How many there are only rises, and a member that is there stays, so
 * `size >= n` and `has(x)` never become false again.
 */
export class GrowSet<T extends LatticeKey> extends Lattice<Set<unknown>> implements Iterable<T> {
  constructor(members: Iterable<T> = []) {
    super(new Set(members));
  }

  /** Adds a member; does nothing when it is there already. */
  add(member: T): this {
    this[CONTENT].add(member);
    return this;
  }

  has(member: T): boolean {
    return this[CONTENT].has(member);
  }

  get size(): number {
    return this[CONTENT].size;
  }

  /** Adds all of these. */
  merge(members: Iterable<T>): void {
    for (const member of members) this[CONTENT].add(member);
  }

  /** The members, in the order of their arrival, which is something that a rewrite may change. */
  [Symbol.iterator](): IterableIterator<T> {
    return this[CONTENT].values() as IterableIterator<T>;
  }
}
