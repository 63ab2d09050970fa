import type { TransitionSystem } from "../../../runtime/simulator/explorer/transitionSystem.ts";
import type { Limits } from "./bounds.ts";
import { EventNames } from "./eventNames.ts";
import { KnownGraph } from "./knownGraph.ts";
import { PossibleStates } from "./possibleStates.ts";

/** An original that any number of systems are compared with, one after the other. What one of them has made known stays known. */
export class Specification {
  readonly events = new EventNames();
  readonly graph: KnownGraph;
  readonly #system: TransitionSystem;
  #possible: PossibleStates | undefined;

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.graph = new KnownGraph(system, this.events);
  }

  /**
   * Where the original can be, after each history.
   *
   * @throws BoundReached from here on, when there is more to look at than the limits allow.
   */
  within(limits: Limits): PossibleStates {
    this.#possible ??= new PossibleStates(this.graph, this.#system.initial);
    this.#possible.limits = limits;
    return this.#possible;
  }
}
