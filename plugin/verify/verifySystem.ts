/**
 * The second judge of a rewrite, independent of the static analysis: runs the rewritten system in the simulator, and
 * finds for each run the run of the original that it is, or the reason why there is none.
 */
import {
  HostCallError,
  simulate,
  withHostTraps,
  type FaultOptions,
  type Flaws,
  type SimulationOptions,
} from "../../runtime/simulator/index.ts";
import { allInvariants } from "../../runtime/snapshot.ts";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import { CoverageCounter, isIdle } from "./coverage.ts";
import { planRuns } from "./plannedRun.ts";
import type { ChooserName } from "./portfolio.ts";
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
  /** Who decides in each run; unless said, a portfolio: the seed says who. */
  readonly chooser?: ChooserName | "portfolio" | undefined;
  /** After so many steps a run is cut off when it has not come to rest; 100,000 unless said. */
  readonly maxSteps?: number | undefined;
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
 * @throws Error when the rewritten system does not fit the original.
 */
export function verifySystem(options: VerifyOptions): Verification {
  const count = options.seeds ?? 1000;
  const firstSeed = options.firstSeed ?? 1;
  const plan = planRuns(options);
  const { original } = plan;
  const counter = new CoverageCounter(plan.deployment);
  const violations: Violation[] = [];
  const seeds: { seed: number; verdict: SeedVerdict }[] = [];

  const verifySeed = (seed: number): void => {
    const { simulation, chooser } = plan.planRun(seed);
    const { problem, verdict } = judge(chooser, simulation);
    seeds.push({ seed, verdict });
    if (problem !== undefined) violations.push({ ...problem, seed, chooser, runs: seeds.length });
  };

  const judge = (
    chooser: ChooserName,
    simulation: SimulationOptions,
  ): { readonly problem: Problem | undefined; readonly verdict: SeedVerdict } => {
    try {
      const run = simulate(simulation);
      if (!run.isAtRest) {
        counter.addUnfinished(run, chooser);
        return { problem: undefined, verdict: "unfinished" };
      }
      const judged = verifyRun(run, original, allInvariants(options.system));
      const { problem } = judged;
      const idle = isIdle(run);
      counter.add(run, chooser, judged, idle);
      return { problem, verdict: problem !== undefined ? "violated" : idle ? "idle" : "refines" };
    } catch (error) {
      if (!(error instanceof HostCallError)) throw error;
      return { problem: { kind: "crash", summary: error.message, trace: [] }, verdict: "violated" };
    }
  };

  withHostTraps(() => {
    for (let done = 0; done < count && violations.length < (options.stopAfter ?? 1); done++) {
      verifySeed(firstSeed + done);
      options.onProgress?.({ done: done + 1, seeds: count, violations: violations.length });
    }
  });
  return { verdict: verdictOf(violations, counter.coverage), violations, coverage: counter.coverage, seeds };
}

function verdictOf(violations: readonly Violation[], { runs, idleRuns, unfinishedRuns }: Coverage): Verdict {
  if (violations.length > 0) return "counterexample";
  if (unfinishedRuns > 0) return "bound reached";
  return runs === idleRuns ? "nothing exercised" : "refines";
}
