import { CONTENT, Lattice, type LatticeKey } from "./lattice.ts";

/**
 * Remembers for which keys something was done, and does it the first time only.
 *
 *     private readonly decided = new Once<string>();
 *
 *     @On() voted(m: { id: string }, from: Ref<Participant>): void {
 *       this.votes.add(m.id, from.id);
 *       if (this.votes.reached(m.id, 3)) this.decided.do(m.id, () => { this.clients.at(m.id).decided({ id: m.id }); });
 *     }
 */
export class Once<K extends LatticeKey = string> extends Lattice<Set<unknown>> {
  constructor() {
    super(new Set());
  }

  /**
   * Calls `act`, unless that has happened for this key. When it throws, the whole activation is undone, this included.
   * What it returns is dropped.
   */
  do(key: K, act: () => void): void {
    if (this[CONTENT].has(key)) return;
    this[CONTENT].add(key);
    act();
  }

  /** Whether it has happened for this key. */
  has(key: K): boolean {
    return this[CONTENT].has(key);
  }

  /** What has happened for the other one counts as done here. */
  merge(other: Once<K>): void {
    for (const key of other[CONTENT]) this[CONTENT].add(key);
  }
}
