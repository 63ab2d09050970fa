import { CONTENT, Lattice, type LatticeKey } from "./lattice.ts";

/**
 * A count to which each source contributes by itself, so that a message which arrives twice counts once.
 *
 *     private readonly votes = new Counter();
 *
 *     @On() voted(m: { weight: number }, from: Ref<Voter>): void { this.votes.add(from.id, m.weight); }
 *
 * What a source has contributed only rises: of several contributions the largest one counts, they are not added up.
 */
export class Counter<S extends LatticeKey = string> extends Lattice<Map<unknown, unknown>> {
  constructor() {
    super(new Map());
  }

  /** Says that the source has contributed `amount` in total. Less than before, or than 0, changes nothing; nor does NaN. */
  add(source: S, amount = 1): void {
    if (amount > this.of(source)) this[CONTENT].set(source, amount);
  }

  /** What one source has contributed; 0 when it has not. */
  of(source: S): number {
    return (this[CONTENT].get(source) as number | undefined) ?? 0;
  }

  /** The contributions of all sources together. */
  get value(): number {
    let total = 0;
    for (const amount of this[CONTENT].values()) total += amount as number;
    return total;
  }

  /** Of what both know about a source, the larger amount counts. */
  merge(other: Counter<S>): void {
    for (const [source, amount] of other[CONTENT]) this.add(source as S, amount as number);
  }
}
