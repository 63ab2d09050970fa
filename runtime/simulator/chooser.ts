/**
 * Every decision of a simulated run is a choice among n, made here. Exploring differently (by priorities, from a
 * recording, exhaustively) means choosing differently, and nothing else.
 */

/** What a choice is about. Concerns are independent: another choice in one does not shift the others. */
export const CONCERNS = ["schedule", "network", "workload", "faults"] as const;
export type Concern = (typeof CONCERNS)[number];

export interface Chooser {
  /** A number from 0 to `n - 1`. `n` is at least 1. */
  choose(n: number, concern: Concern): number;
}

/** The choices of a run: for each concern in order. Enough to repeat the run. */
export type Choices = { readonly [C in Concern]: readonly number[] };
