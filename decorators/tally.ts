import { CONTENT, Lattice, type LatticeKey } from "./lattice.ts";

/**
 * For each key, the sources that spoke up for it: how a quorum is counted. A source counts once, however often it speaks.
 *
 *     private readonly acks = new Tally<number>();
 *
 *     @On() acked(m: { slot: number }, from: Ref<Acceptor>): void {
 *       this.acks.add(m.slot, from.id);
 *       if (this.acks.reached(m.slot, 2)) this.chosen.do(m.slot, () => { … });
 *     }
 *
 * Something that is reached stays reached. To act on that once, use a `Once`.
 */
export class Tally<K extends LatticeKey, S extends LatticeKey = string> extends Lattice<Map<unknown, unknown>> {
  constructor() {
    super(new Map());
  }

  /** Counts a source for a key. */
  add(key: K, source: S): void {
    const sources = this.sourcesOf(key);
    if (sources === undefined) this[CONTENT].set(key, new Set<unknown>([source]));
    else sources.add(source);
  }

  /** Whether at least `n` sources are counted for a key. */
  reached(key: K, n: number): boolean {
    return this.count(key) >= n;
  }

  /** How many sources are counted for a key. */
  count(key: K): number {
    return this.sourcesOf(key)?.size ?? 0;
  }

  /** Whether this source is counted for a key; without one, whether any is. */
  has(key: K, source?: S): boolean {
    return source === undefined ? this[CONTENT].has(key) : (this.sourcesOf(key)?.has(source) ?? false);
  }

  /** Counts, for each key, the sources of both. */
  merge(other: Tally<K, S>): void {
    for (const [key, sources] of other[CONTENT]) for (const source of sources as Set<S>) this.add(key as K, source);
  }

  private sourcesOf(key: K): Set<unknown> | undefined {
    return this[CONTENT].get(key) as Set<unknown> | undefined;
  }
}
