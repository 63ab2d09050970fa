/** The simulated run that a seed stands for: what is deployed, and who decides. */
import { deploy, type Deployment } from "../../runtime/deployment.ts";
import type { SimulationOptions } from "../../runtime/simulator/index.ts";
import { chooserOf, createChooser, type ChooserName } from "./portfolio.ts";
import { saltRouting } from "./saltRouting.ts";
import type { VerifyOptions } from "./verifySystem.ts";

export interface PlannedRun {
  /** The run of the rewritten system. Its chooser is fresh, and chooses once. */
  readonly simulation: SimulationOptions;
  readonly chooser: ChooserName;
}

export interface PlannedRuns {
  /** The system as written, deployed for the same clients. */
  readonly original: Deployment;
  /** The rewritten system, deployed as in some run. */
  readonly deployment: Deployment;
  planRun(seed: number): PlannedRun;
}

/** Each seed spreads the keys over the partitions in one of these ways. */
const SALTS = [0, 1, 2, 3, 4, 5, 6, 7];

/** @throws Error when the rewritten system does not fit the original. */
export function planRuns(options: VerifyOptions): PlannedRuns {
  const { system, rewritten, partitions, flaws, maxSteps } = options;
  const clients = options.clients ?? system.simulation?.clients ?? 2;
  const operations = options.operations ?? system.simulation?.operations ?? 4;
  const faults = options.faults ?? system.simulation?.faults ?? false;
  const deployments = SALTS.map((salt) =>
    deploy(system, { rewritten: rewritten && saltRouting(rewritten, salt), clients, partitions }),
  );
  const original = deploy(system, { clients });
  const common = { operations, faults, flaws, maxSteps };
  return {
    original,
    deployment: deployments[0] ?? original,
    planRun(seed) {
      const deployment = deployments[seed % deployments.length] ?? original;
      const asked = options.chooser ?? "portfolio";
      const chooser = asked === "portfolio" ? chooserOf(seed) : asked;
      return { simulation: { ...common, deployment, chooser: createChooser(chooser, seed) }, chooser };
    },
  };
}
