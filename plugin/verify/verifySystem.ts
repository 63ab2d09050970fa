/**
 * The second judge of a rewrite, independent of the static analysis: runs the rewritten system in the simulator, and
 * finds for each run the run of the original that it is, or the reason why there is none.
 */
import { HostCallError, simulate, type FaultOptions, type Flaws } from "../../runtime/simulator/index.ts";
import { allInvariants } from "../../runtime/snapshot.ts";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import { CoverageCounter, isIdle } from "./coverage.ts";
import { planRuns } from "./plannedRun.ts";
import type { Coverage, Problem, SeedVerdict, Verification, Verdict, Violation } from "./verdict.ts";
import { verifyRun } from "./verifyRun.ts";

export interface VerifyOptions {
  readonly system: SystemDefinition;
  /** Absent: the system is verified as its own rewrite. */
  readonly rewritten?: RewrittenSystem | undefined;
  /** How many seeds, from `firstSeed` on; 1,000 unless said. */
  readonly seeds?: number | undefined;
  /** 1 unless said. With `seeds: 1`, the seed of a violation shows it again. */
  readonly firstSeed?: number | undefined;
  /** Unless said, what the system's `simulation` says, and 2 unless it does. */
  readonly clients?: number | undefined;
  /** Of each client. Unless said, what the system's `simulation` says, and 4 unless it does. */
  readonly operations?: number | undefined;
  /**
   * Whether messages are lost, and nodes crash and come back; unless said, what the system's `simulation` says, and not
   * unless it does.
   */
  readonly faults?: FaultOptions | undefined;
  /** What the machinery does wrong. Tests have it caught. */
  readonly flaws?: Flaws | undefined;
  /** Of every partitioned component; what the routing table says unless said. */
  readonly partitions?: number | undefined;
  /** After so many violations no more seeds are tried; 1 unless said. */
  readonly stopAfter?: number | undefined;
  /** Called after each seed. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

export interface VerifyProgress {
  /** Seeds that have been tried, and how many there are. */
  readonly done: number;
  readonly seeds: number;
  readonly violations: number;
}

/**
 * Verifies that a rewritten system refines the original, on so many simulated runs.
 *
 * @throws Error when the rewritten system does not fit the original, or a run does not come to rest.
 */
export function verifySystem(options: VerifyOptions): Verification {
  const count = options.seeds ?? 1000;
  const firstSeed = options.firstSeed ?? 1;
  const { original, deployment, planRun } = planRuns(options);
  const counter = new CoverageCounter(deployment);
  const violations: Violation[] = [];
  const seeds: { seed: number; verdict: SeedVerdict }[] = [];

  const verifySeed = (seed: number): Problem | undefined => {
    try {
      const run = simulate(planRun(seed).simulation);
      const judged = verifyRun(run, original, allInvariants(options.system));
      const { problem } = judged;
      const idle = isIdle(run);
      counter.add(run, judged, idle);
      seeds.push({ seed, verdict: problem !== undefined ? "violated" : idle ? "idle" : "refines" });
      return problem;
    } catch (error) {
      if (!(error instanceof HostCallError)) throw error;
      seeds.push({ seed, verdict: "violated" });
      return { kind: "crash", summary: error.message, trace: [] };
    }
  };

  for (let done = 0; done < count && violations.length < (options.stopAfter ?? 1); done++) {
    const seed = firstSeed + done;
    const problem = verifySeed(seed);
    if (problem !== undefined) violations.push({ ...problem, seed });
    options.onProgress?.({ done: done + 1, seeds: count, violations: violations.length });
  }
  return { verdict: verdictOf(violations, counter.coverage), violations, coverage: counter.coverage, seeds };
}

function verdictOf(violations: readonly Violation[], { runs, idleRuns }: Coverage): Verdict {
  if (violations.length > 0) return "counterexample";
  return runs === idleRuns ? "nothing exercised" : "refines";
}
