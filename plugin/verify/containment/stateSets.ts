import type { StateNumber } from "../../../runtime/simulator/explorer/transitionSystem.ts";

/** Sets of states, each kept once: equal sets have equal numbers. */
export class StateSets {
  readonly #sets: Uint32Array[] = [];
  readonly #byHash = new Map<number, number[]>();

  get count(): number {
    return this.#sets.length;
  }

  /** @param states Each once, in any order; they are put in order in place, and kept. */
  intern(states: Uint32Array): number {
    states.sort();
    const hash = hashOf(states);
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find((number) => areEqual(this.members(number), states));
    if (known !== undefined) return known;
    const number = this.#sets.push(states) - 1;
    alike.push(number);
    this.#byHash.set(hash, alike);
    return number;
  }

  /** In ascending order. */
  members(set: number): Uint32Array {
    const states = this.#sets[set];
    if (states === undefined) throw new RangeError(`There is no set ${String(set)}.`);
    return states;
  }

  isSubset(small: number, large: number): boolean {
    if (small === large) return true;
    const [inner, outer] = [this.members(small), this.members(large)];
    if (inner.length >= outer.length) return false;
    let next = 0;
    for (const state of inner) {
      next = placeOf(outer, state, next);
      if (outer[next] !== state) return false;
      next++;
    }
    return true;
  }
}

/** Where in an ordered array the first number is that is not less, from a place on: in steps that double, then by halves. */
function placeOf(ordered: Uint32Array, wanted: StateNumber, from: number): number {
  let step = 1;
  let low = from;
  let high = from;
  while (high < ordered.length && (ordered[high] ?? 0) < wanted) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  high = Math.min(high, ordered.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** FNV-1a over the numbers. */
function hashOf(states: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const state of states) hash = Math.imul(hash ^ state, 0x01000193);
  return hash >>> 0;
}

function areEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((state, index) => state === b[index]);
}
