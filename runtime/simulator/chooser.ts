/**
 * Every decision of a simulated run is a choice among n, made here. Exploring differently (by priorities, from a
 * recording, exhaustively) means choosing differently, and nothing else.
 */

/** What a choice is about. Concerns are independent: another choice in one does not shift the others. */
export const CONCERNS = ["schedule", "network", "workload", "faults"] as const;
export type Concern = (typeof CONCERNS)[number];

/**
 * - `arrival`: a message arrives
 * - `resend`: something that was lost is sent again
 * - `operation`: a client issues its next operation
 * - `start`: a process runs its start handlers
 * - `sync`: a disk has written what it was given
 * - `heal`: the faults are over, and everything is repaired
 * - `timer`, `oneShot`: a timer fires, repeated or not
 */
export type EventKind = "arrival" | "resend" | "operation" | "start" | "sync" | "heal" | "timer" | "oneShot";

/** An event that can happen next: what choosers that follow a strategy choose by. */
export interface Alternative {
  /** The same in each choice in which this event could happen, and of no other event. Not in any order. */
  readonly id: number;
  readonly kind: EventKind;
  /** The number of the instance at which it happens, if it happens at one: events at one place are those that may conflict. */
  readonly place: number | undefined;
  /** Of an arrival: the number of the instance that sent it. */
  readonly origin?: number | undefined;
  /** What it runs there, if that has a name. */
  readonly handler?: string | undefined;
}

export interface Chooser {
  /**
   * A number from 0 to `n - 1`. `n` is at least 1.
   *
   * @param among What there is to choose from, `n` of them, when it is the next event of the run. Choosers that have no
   *   opinion about events need not look. The first one is what happens if nothing is out of the ordinary.
   */
  choose(n: number, concern: Concern, among?: readonly Alternative[]): number;
}

/** The choices of a run: for each concern in order. Enough to repeat the run. */
export type Choices = { readonly [C in Concern]: readonly number[] };
