/** What a linearizable object does when nothing is concurrent: its sequential specification. */

export type Step<State> = { readonly ok: true; readonly state: State } | { readonly ok: false };

/** What {@link Model.step} says of an operation that is impossible in a state. */
export const impossible: Step<never> = { ok: false };

/**
 * A sequential object, as pure functions over immutable states.
 *
 * Two laws that the search relies on: the same arguments give the same step, in all states of one key; and an operation
 * that changes the state and has a known output is possible with an unknown output too, and changes the state in the same way.
 */
export interface Model<State, Input, Output> {
  readonly name: string;
  readonly init: () => State;
  /** @param output What came back, or undefined when that is not known: then any output is fine. */
  readonly step: (state: State, input: Input, output: Output | undefined) => Step<State>;
  /**
   * What tells states apart: two states are the same when their keys are the same primitive (or the same object). The
   * state itself unless said, so states that are not primitives need a key, or to be unique objects.
   */
  readonly key?: (state: State) => unknown;
  /**
   * The part of the object that an operation is about: operations on different parts have nothing to do with each other, so
   * each part is checked alone, from its own initial state (Herlihy and Wing: linearizability is local). A primitive.
   */
  readonly partition?: (input: Input) => unknown;
  /** Whether an operation that got this output changes no state in which it is possible. No operation, unless said. */
  readonly isRead?: (input: Input, output: Output | undefined) => boolean;
  /** For people. */
  readonly describe?: (input: Input, output: Output | undefined) => string;
}
