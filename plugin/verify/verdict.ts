/** What verification says, as plain data. */

import type { ChannelCounts, CoordinationCounts } from "../../runtime/simulator/index.ts";
import type { ChooserName } from "./portfolio.ts";

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
  /** Who decided in this run, and how many runs it took to come upon it, this one included. */
  readonly chooser: ChooserName;
  readonly runs: number;
  /** One sentence. */
  readonly summary: string;
  /** Why, in the names of the protocol, a sentence a line. */
  readonly trace: readonly string[];
}

/** What is wrong with a run. */
export type Problem = Omit<Violation, "seed" | "chooser" | "runs">;

/**
 * - `refines`: this run could have been one of the original
 * - `violated`: it could not
 * - `idle`: it completed no operation, or took no rewritten path, and so says nothing
 * - `unfinished`: it was cut off before it came to rest, and was not judged
 */
export type SeedVerdict = "refines" | "violated" | "idle" | "unfinished";

/**
 * - `refines`: all runs that showed anything could have been runs of the original
 * - `counterexample`: one could not
 * - `bound reached`: none was found that could not, but some did not come to rest. A system that may go on for ever is not
 *   said to be right, however many runs of it were: what it does not send any more is what nobody has looked for.
 * - `nothing exercised`: no run showed anything
 */
export type Verdict = "refines" | "counterexample" | "bound reached" | "nothing exercised";

/** How much of the rewritten system the runs have exercised. */
export interface Coverage {
  readonly runs: number;
  /** How many of them each chooser decided. */
  readonly runsByChooser: Readonly<Partial<Record<ChooserName, number>>>;
  /** What happened in all of them: messages that arrived, timers that fired, operations that were issued, and so on. */
  readonly steps: number;
  /** Runs that were cut off before they came to rest. They were not judged, and count for nothing else. */
  readonly unfinishedRuns: number;
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
  /** Crashes that tore what was being written, and syncs that a slow disk held up. */
  readonly tornWrites: number;
  readonly slowSyncs: number;
  /** How often nodes or parts of them were cut off, and how often one failed to send or to receive for a while. */
  readonly partitions: number;
  readonly omissions: number;
  /** Runs that differ from all others. */
  readonly distinctTraces: number;
  /** Instances of rewritten roles that handled something in some run, and how many there are. */
  readonly partsTouched: number;
  readonly parts: number;
  /** Ways in which rewritten nodes ran activations: a handler, and the components that ran its fragments, in order. */
  readonly pathsTaken: number;
}

export interface Verification {
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
  readonly coverage: Coverage;
  /** The verdict of each seed, in order. */
  readonly seeds: readonly { readonly seed: number; readonly verdict: SeedVerdict }[];
}
