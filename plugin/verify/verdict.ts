/** What verification says, as plain data. */

import type { ChannelCounts, CoordinationCounts } from "../../runtime/simulator/index.ts";

/**
 * - `cycle`: the run implies that some activation comes before itself, so no run of the original is like it
 * - `replay mismatch`: the original, run in the same order, sends or reads something else
 * - `lost wake-up`: the original sends a message that the rewritten system, at rest, has never sent
 * - `invariant`: what the clients saw breaks an invariant of the system
 * - `durability`: something was seen that depends on what was not on stable storage, or what was is not there any more
 * - `promise`: two messages break what `@Determines` promises about them, so that what relies on it proves nothing
 * - `crash`: a handler threw where the original's does not (or the reverse), or a message found no handler
 */
export type ViolationKind =
  "cycle" | "replay mismatch" | "lost wake-up" | "invariant" | "durability" | "promise" | "crash";

export interface Violation {
  readonly kind: ViolationKind;
  /** Verifying this seed alone shows the violation again. */
  readonly seed: number;
  /** One sentence. */
  readonly summary: string;
  /** Why, in the names of the protocol, a sentence a line. */
  readonly trace: readonly string[];
}

/** What is wrong with a run. */
export type Problem = Omit<Violation, "seed">;

/**
 * - `refines`: this run could have been one of the original
 * - `violated`: it could not
 * - `idle`: it completed no operation, or took no rewritten path, and so says nothing
 */
export type SeedVerdict = "refines" | "violated" | "idle";

export type Verdict = "refines" | "counterexample" | "nothing exercised";

/** How much of the rewritten system the runs have exercised. */
export interface Coverage {
  readonly runs: number;
  /** Runs that completed no operation or took no rewritten path. They are not counted as passed. */
  readonly idleRuns: number;
  readonly activations: number;
  /** Activations that touched a cell which another one changed, or the reverse. */
  readonly conflictingActivations: number;
  readonly issuedOperations: number;
  readonly completedOperations: number;
  /** Messages between components of one node. */
  readonly forwards: number;
  /** The same by what the channel promises, and what channels did with them. */
  readonly channels: ChannelCounts;
  /** What coordinators and stopped partitions did. */
  readonly coordination: CoordinationCounts;
  /** Runs that were accepted because some other run of the original has the same history. */
  readonly witnessRuns: number;
  /** Processes that died, and messages and forwards that were lost. */
  readonly crashes: number;
  readonly losses: number;
  /** Nodes that came back with their durable state, and single processes that were replaced while their node went on. */
  readonly comebacks: number;
  readonly replacements: number;
  /** Runs that differ from all others. */
  readonly distinctTraces: number;
  /** Instances of rewritten roles that handled something in some run, and how many there are. */
  readonly partsTouched: number;
  readonly parts: number;
}

export interface Verification {
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
  readonly coverage: Coverage;
  /** The verdict of each seed, in order. */
  readonly seeds: readonly { readonly seed: number; readonly verdict: SeedVerdict }[];
}
