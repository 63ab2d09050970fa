/** A simulated run as what it takes to have it again. */
import type { Deployment } from "../../../runtime/deployment.ts";
import {
  HostCallError,
  recordChoices,
  replayChooser,
  simulate,
  type Choices,
  type FaultOptions,
  type SimulatedRun,
} from "../../../runtime/simulator/index.ts";
import { allInvariants } from "../../../runtime/snapshot.ts";
import { isIdle } from "../coverage.ts";
import type { JudgeObserver } from "../judgeObserver.ts";
import { planRuns, type PlannedRuns } from "../plannedRun.ts";
import type { Problem } from "../verdict.ts";
import { verifyRun } from "../verifyRun.ts";
import type { VerifyOptions } from "../verifySystem.ts";

/** What is laid out and asked of it, before anything is chosen. */
export interface RunSetup {
  /** Decides how keys are spread over partitions, and where nothing else is said what is chosen. */
  readonly seed: number;
  readonly clients: number;
  /** Of each client. */
  readonly operations: number;
  /** Of every partitioned component; undefined: what the routing table says. */
  readonly partitions: number | undefined;
  readonly faults: FaultOptions;
}

export interface RecordedRun {
  readonly setup: RunSetup;
  readonly choices: Choices;
}

export interface JudgedRun extends RecordedRun {
  /** Undefined: the run could have been one of the original. */
  readonly problem: Problem | undefined;
  /** Whether it showed nothing: no operation completed, no rewritten path was taken, or it did not come to rest. */
  readonly idle: boolean;
  /** Undefined when it was cut short, by code that asked the host for time or chance. */
  readonly run: SimulatedRun | undefined;
}

/** The system under verification: what of the options does not change from run to run. */
export type Verified = Pick<VerifyOptions, "system" | "rewritten" | "flaws" | "chooser">;

export interface JudgeOptions {
  readonly observer?: JudgeObserver | undefined;
  /** A run that has not come to rest by then is not judged. */
  readonly maxSteps?: number | undefined;
}

/** Runs and judges a system in any setup. Remembers what it has laid out. */
export class Reruns {
  readonly #verified: Verified;
  readonly #plans = new Map<string, PlannedRuns>();

  constructor(verified: Verified) {
    this.#verified = verified;
  }

  /** The setup that a seed stands for. */
  setupOf(options: VerifyOptions, seed: number): RunSetup {
    const { faults, operations, deployment } = planRuns(options).planRun(seed).simulation;
    return {
      seed,
      clients: clientsOf(deployment),
      operations,
      partitions: options.partitions,
      faults: faults ?? false,
    };
  }

  /** How many partitions the largest component has, unless said otherwise. */
  mostPartitions(setup: RunSetup): number {
    const roles = [...this.#planFor(setup).deployment.roles.values()];
    return Math.max(...roles.flatMap(({ components }) => components.map(({ partitions }) => partitions)));
  }

  /** The original, laid out for a setup. */
  original(setup: RunSetup): Deployment {
    return this.#planFor(setup).original;
  }

  /**
   * @param choices Those that the seed stands for unless said.
   * @throws Error when the setup does not fit the system.
   */
  judge(setup: RunSetup, choices?: Choices, { observer, maxSteps }: JudgeOptions = {}): JudgedRun {
    const plan = this.#planFor(setup);
    const { simulation } = plan.planRun(setup.seed);
    const { operations, faults } = setup;
    const recorded = recordChoices(choices === undefined ? simulation.chooser : replayChooser(choices));
    try {
      const run = simulate({ ...simulation, operations, faults, chooser: recorded.chooser, maxSteps });
      if (!run.isAtRest) return { setup, choices: recorded.choices, problem: undefined, idle: true, run };
      const { problem } = verifyRun(run, plan.original, allInvariants(this.#verified.system), observer);
      return { setup, choices: recorded.choices, problem, idle: isIdle(run), run };
    } catch (error) {
      if (!(error instanceof HostCallError)) throw error;
      const problem: Problem = { kind: "crash", summary: error.message, trace: [] };
      return { setup, choices: recorded.choices, problem, idle: false, run: undefined };
    }
  }

  #planFor({ clients, operations, partitions, faults }: RunSetup): PlannedRuns {
    const key = JSON.stringify([clients, operations, partitions, faults]);
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const plan = planRuns({ ...this.#verified, clients, operations, partitions, faults });
    this.#plans.set(key, plan);
    return plan;
  }
}

function clientsOf({ nodes, roles }: Deployment): number {
  return nodes.filter(({ role }) => roles.get(role)?.external === true).length;
}
