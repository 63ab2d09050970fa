/** What exact containment says, as plain data. */

/**
 * - `refines`: every history of the rewritten system is one of the original, in this configuration
 * - `counterexample`: this one is not
 * - `bound reached`: there is more to look at than the bounds allow; so far nothing is wrong
 * - `nothing exercised`: nothing was ever seen outside, so that this configuration says nothing
 */
export type ContainmentVerdict = "refines" | "counterexample" | "bound reached" | "nothing exercised";

export interface Containment {
  readonly verdict: ContainmentVerdict;
  /** There when the verdict is `counterexample`. No other takes fewer steps. */
  readonly counterexample: ContainmentCounterexample | undefined;
  /** There when the verdict is `bound reached`: which one. */
  readonly bound: string | undefined;
  readonly coverage: ContainmentCoverage;
}

/**
 * - `impossible event`: the original cannot show the last event after those before it
 * - `lost wake-up`: the rewritten system has stopped, and the original, after the same history, has more to show
 * - `never answers`: the rewritten system does not stop, can show nothing any more, and the original has more to show
 */
export type ContainmentProblem = "impossible event" | "lost wake-up" | "never answers";

export interface ContainmentCounterexample {
  readonly kind: ContainmentProblem;
  /** One sentence. */
  readonly summary: string;
  /** What the rewritten system does, from its initial state on. */
  readonly steps: readonly ContainmentStep[];
  /** What external nodes see of the steps. The last one, if it is an impossible event, is included. */
  readonly history: readonly string[];
  /** What the original could have shown instead, after the same history. Empty: it has stopped as well. */
  readonly instead: readonly string[];
}

export interface ContainmentStep {
  readonly description: string;
  /** What external nodes see of it; undefined: nothing. */
  readonly event: string | undefined;
}

export interface ContainmentCoverage {
  /** States of the rewritten system, each with the set of states in which the original can be after the same history. */
  readonly pairs: number;
  /** Pairs that were left out because one that is at least as hard to pass was there. */
  readonly subsumed: number;
  readonly rewrittenStates: number;
  readonly originalStates: number;
  /** Different sets of states of the original, and the size of the largest. */
  readonly sets: number;
  readonly largestSet: number;
  /** Different events that external nodes can see. */
  readonly events: number;
  /** All runs of at most so many steps have been looked at; the longest, when all have been. */
  readonly depth: number;
  /** Whether all runs have been looked at. */
  readonly isComplete: boolean;
}
