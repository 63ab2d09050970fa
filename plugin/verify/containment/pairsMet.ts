import type { StateNumber } from "../../../runtime/simulator/explorer/transitionSystem.ts";
import { NumberList } from "./numberList.ts";
import type { StateSet } from "./possibleStates.ts";
import type { StateSets } from "./stateSets.ts";

/** A state of the rewritten system, and the set of states in which the original can be after the same history. */
export interface Pair {
  readonly number: number;
  readonly state: StateNumber;
  readonly set: StateSet;
  /** How many steps of the rewritten system lead to it. */
  readonly depth: number;
}

/** The pairs that a search has met, in that order, each with the step that led to it. */
export class PairsMet {
  readonly #states = new NumberList();
  readonly #sets = new NumberList();
  readonly #depths = new NumberList();
  /** The pair before, and which transition of its state led on. */
  readonly #parents = new NumberList();
  readonly #indexes = new NumberList();
  /** By state: the sets that it was met with, none of them a subset of another. */
  readonly #smallest = new Map<StateNumber, StateSet[]>();
  #subsumed = 0;

  get count(): number {
    return this.#states.length;
  }

  /** Pairs that were not added. */
  get subsumed(): number {
    return this.#subsumed;
  }

  at(number: number): Pair {
    return {
      number,
      state: this.#states.at(number),
      set: this.#sets.at(number),
      depth: this.#depths.at(number),
    };
  }

  /** All states that were met, each once. */
  states(): readonly StateNumber[] {
    return [...this.#smallest.keys()];
  }

  addFirst(state: StateNumber, set: StateSet): Pair {
    this.#smallest.set(state, [set]);
    return this.#push(state, set, 0, 0, 0);
  }

  /** Undefined when a pair with the same state and no larger set has been met. */
  add(state: StateNumber, set: StateSet, parent: Pair, index: number, sets: StateSets): Pair | undefined {
    const known = this.#smallest.get(state) ?? [];
    if (known.some((small) => sets.isSubset(small, set))) {
      this.#subsumed++;
      return undefined;
    }
    this.#smallest.set(state, [...known.filter((large) => !sets.isSubset(set, large)), set]);
    return this.#push(state, set, parent.depth + 1, parent.number, index);
  }

  /** The transitions that lead to a pair: the states that they leave, and which of their transitions. */
  pathTo({ number }: Pair): { readonly state: StateNumber; readonly index: number }[] {
    const path: { state: StateNumber; index: number }[] = [];
    for (let at = number; at !== 0; at = this.#parents.at(at))
      path.push({ state: this.#states.at(this.#parents.at(at)), index: this.#indexes.at(at) });
    return path.reverse();
  }

  #push(state: StateNumber, set: StateSet, depth: number, parent: number, index: number): Pair {
    this.#states.push(state);
    this.#sets.push(set);
    this.#depths.push(depth);
    this.#parents.push(parent);
    this.#indexes.push(index);
    return this.at(this.count - 1);
  }
}
