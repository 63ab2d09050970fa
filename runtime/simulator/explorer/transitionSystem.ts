/** A system as a graph: states, and what leads from one to another. What explores states knows no more of a system. */

/** A whole state, by number: equal states have equal numbers. */
export type StateNumber = number;

/** One thing that can happen in a state. */
export interface Transition {
  readonly to: StateNumber;
  /** What external nodes see of it, as text: equal texts are equal events. Undefined when they see nothing. */
  readonly event: string | undefined;
  /** For people: `leader handles propose from client-1`. */
  readonly describe: () => string;
}

export interface TransitionSystem {
  readonly initial: StateNumber;
  /** All that can happen in a state, timers included; in an order that depends on nothing but the state. */
  successors(state: StateNumber): readonly Transition[];
  /**
   * Whether the system has come to rest: nothing is under way and no operation is left to issue. Repeated timers may still
   * fire. A state that nothing leads out of, and that is not at rest, has been cut off by a limit.
   */
  isAtRest(state: StateNumber): boolean;
}
