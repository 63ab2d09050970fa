import type {
  StateNumber,
  Transition,
  TransitionSystem,
} from "../../../runtime/simulator/explorer/transitionSystem.ts";
import type { EventNames } from "./eventNames.ts";
import { NumberList } from "./numberList.ts";

const [UNKNOWN, RESTING, RESTLESS] = [0, 1, 2];

/**
 * The part of a system that has been looked at: its transitions as bare numbers, so that a state is asked only once what can
 * happen in it, and takes eight bytes for each.
 */
export class KnownGraph {
  readonly #system: TransitionSystem;
  readonly #names: EventNames;
  /** By state: where its transitions begin, plus 1; 0: not looked at yet. */
  readonly #begins = new NumberList();
  /** How many there are, then of each where it leads to and what is seen of it. */
  readonly #transitions = new NumberList();
  /** By state: whether it is at rest, once somebody has asked. */
  readonly #rest = new NumberList();
  #known = 0;
  #visible = 0;

  constructor(system: TransitionSystem, names: EventNames) {
    this.#system = system;
    this.#names = names;
  }

  /** States whose transitions are known. */
  get known(): number {
    return this.#known;
  }

  /** Transitions that are seen outside, of the known states. */
  get visible(): number {
    return this.#visible;
  }

  /** How many transitions leave a state. */
  degree(state: StateNumber): number {
    return this.#transitions.at(this.#locate(state));
  }

  target(state: StateNumber, index: number): StateNumber {
    return this.#transitions.at(this.#locate(state) + 1 + 2 * index);
  }

  /** The number of the event; 0 when nothing is seen. */
  event(state: StateNumber, index: number): number {
    return this.#transitions.at(this.#locate(state) + 2 + 2 * index);
  }

  /** The transition itself; the system works it out once more. */
  transition(state: StateNumber, index: number): Transition {
    const transition = this.#system.successors(state)[index];
    if (transition === undefined) throw new Error(`State ${String(state)} has no successor ${String(index)} any more.`);
    return transition;
  }

  isAtRest(state: StateNumber): boolean {
    const known = this.#rest.peek(state);
    if (known !== UNKNOWN) return known === RESTING;
    const isAtRest = this.#system.isAtRest(state);
    this.#rest.set(state, isAtRest ? RESTING : RESTLESS);
    return isAtRest;
  }

  /** Whether nothing follows only because what can happen has been limited: where the system would end nobody knows. */
  isCutOff(state: StateNumber): boolean {
    return this.degree(state) === 0 && !this.isAtRest(state);
  }

  #locate(state: StateNumber): number {
    const begin = this.#begins.peek(state);
    return begin === 0 ? this.#lookAt(state) : begin - 1;
  }

  #lookAt(state: StateNumber): number {
    const successors = this.#system.successors(state);
    const begin = this.#transitions.length;
    this.#begins.set(state, begin + 1);
    this.#transitions.push(successors.length);
    for (const { to, event } of successors) {
      this.#transitions.push(to);
      this.#transitions.push(this.#names.numberOf(event));
      if (event !== undefined) this.#visible++;
    }
    this.#known++;
    return begin;
  }
}
