import { CONTENT, contentOf, Lattice, REVIVE, reviveLattice, type LatticeContent, type LatticeKey } from "./lattice.ts";

/**
 * A map from keys to lattices. Entries come into being when they are first asked for, grow, and stay.
 *
 *     private readonly replies = new GrowMap<string, GrowSet<string>>(() => new GrowSet());
 *
 *     @On() replied(m: { id: string }, from: Ref<Replica>): void { this.replies.at(m.id).add(from.id); }
 *
 * Keys are strings, numbers, bigints or booleans.
 */
export class GrowMap<K extends LatticeKey, L extends Lattice>
  extends Lattice<Map<unknown, unknown>>
  implements Iterable<[K, L]>
{
  private readonly make: () => L;

  /** @param make a new lattice for a key that has none: always the same kind, with the same start. */
  constructor(make: () => L) {
    super(new Map());
    this.make = make;
  }

  /** The lattice of a key, made now if there is none. */
  at(key: K): L {
    const known = this[CONTENT].get(key);
    if (known !== undefined) return known as L;
    const made = this.make();
    this[CONTENT].set(key, made);
    return made;
  }

  /** The lattice of a key, or undefined. */
  get(key: K): L | undefined {
    return this[CONTENT].get(key) as L | undefined;
  }

  has(key: K): boolean {
    return this[CONTENT].has(key);
  }

  get size(): number {
    return this[CONTENT].size;
  }

  keys(): IterableIterator<K> {
    return this[CONTENT].keys() as IterableIterator<K>;
  }

  /** Merges each entry of the other one into its own. */
  merge(other: GrowMap<K, L>): void {
    for (const [key, lattice] of other) this.at(key).merge(lattice as never);
  }

  /** The entries, in the order of their arrival, which is something that a rewrite may change. */
  [Symbol.iterator](): IterableIterator<[K, L]> {
    return this[CONTENT].entries() as IterableIterator<[K, L]>;
  }

  override [REVIVE](content: LatticeContent): Lattice {
    const revived = new GrowMap<K, L>(this.make);
    const entries = content as Map<unknown, unknown>;
    for (const [key, stored] of entries) contentMap(revived).set(key, reviveLattice(this.make(), stored));
    return revived;
  }
}

function contentMap(map: Lattice): Map<unknown, unknown> {
  return contentOf(map) as Map<unknown, unknown>;
}
