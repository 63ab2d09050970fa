/** From a run that violates refinement to one that a person can follow. */
import type { Choices, SimulatedRun } from "../../../runtime/simulator/index.ts";
import type { ViolationKind } from "../verdict.ts";
import type { JudgedRun, Reruns, RunSetup } from "./recordedRun.ts";
import { shrinkChoices, type Trial } from "./shrinkChoices.ts";

export interface ShrinkOptions {
  /** How many runs may be tried. */
  readonly budget: number;
  readonly onProgress?: ((progress: ShrinkProgress) => void) | undefined;
}

export interface ShrinkProgress {
  readonly tried: number;
  readonly budget: number;
  /** Steps of the smallest run so far. */
  readonly steps: number;
}

export interface Shrunk {
  readonly smallest: JudgedRun;
  readonly tried: number;
}

/** In a smaller setup the same choices lead elsewhere, so that many other runs are tried before it is given up. */
const SEEDS_PER_SETUP = 24;

/** A candidate that goes on for so much longer than the run that it comes from is none. */
const LONGER = 2;
const LEAST_STEPS = 500;

/**
 * A smaller run that is violated in the same way: in a smaller setup if there is one (no faults, fewer clients, fewer
 * operations, fewer partitions), and there with the smallest choices. Deterministic: the same run gives the same.
 *
 * @param failing A run that is violated.
 */
export function shrinkRun(reruns: Reruns, failing: JudgedRun, { budget, onProgress }: ShrinkOptions): Shrunk {
  let tried = 0;
  let smallest = failing;
  const maxSteps = LONGER * (failing.run?.steps ?? LEAST_STEPS) + LEAST_STEPS;
  const family = failing.problem && familyOf(failing.problem.kind);

  const tryOut = (setup: RunSetup, choices?: Choices): JudgedRun | undefined => {
    tried++;
    const judged = reruns.judge(setup, choices, { maxSteps });
    const fails = judged.problem !== undefined && familyOf(judged.problem.kind) === family;
    if (tried % 16 === 0) onProgress?.({ tried, budget, steps: stepsOf(smallest.run) });
    return fails ? judged : undefined;
  };

  const findIn = (setup: RunSetup): JudgedRun | undefined => {
    if (tried >= budget) return undefined;
    const repeated = tryOut(setup, smallest.choices);
    if (repeated !== undefined) return repeated;
    for (let i = 0; i < SEEDS_PER_SETUP && tried < budget; i++) {
      const found = tryOut({ ...setup, seed: smallest.setup.seed + i });
      if (found !== undefined) return found;
    }
    return undefined;
  };

  for (const smallerSetups of [withoutFaults, fewerClients, fewerOperations, fewerPartitions]) {
    for (const setup of smallerSetups(smallest.setup, reruns)) {
      const found = findIn(setup);
      if (found === undefined) continue;
      smallest = found;
      break;
    }
  }
  const { setup } = smallest;
  const shrunk = shrinkChoices(withSize(smallest), {
    budget: budget - tried,
    tryOut: (candidate) => {
      const found = tryOut(setup, candidate);
      return found && withSize(found);
    },
  });
  return { smallest: shrunk.smallest, tried };
}

/**
 * What a counterexample speaks of: that the rewrite is wrong, or something else. A shrunk run may fail in another way of
 * the same family, since those are ways of noticing one thing, but must not blame the protocol instead of the rewrite.
 */
function familyOf(kind: ViolationKind): string {
  switch (kind) {
    case "cycle":
    case "replay mismatch":
    case "lost wake-up":
      return "another history";
    case "invariant":
    case "durability":
    case "promise":
    case "crash":
      return kind;
  }
}

/** Faults, then what happened. */
function withSize(judged: JudgedRun): JudgedRun & Trial {
  const { faults } = judged.run ?? {};
  return { ...judged, size: [faults === undefined ? 0 : faults.crashes + faults.losses, stepsOf(judged.run)] };
}

/** How much there is to read: what external nodes did and saw, and all fragments. */
export function stepsOf(run: SimulatedRun | undefined): number {
  if (run === undefined) return 0;
  return run.activations.reduce((sum, { fragments }) => sum + fragments.length, run.external.length);
}

type SmallerSetups = (setup: RunSetup, reruns: Reruns) => readonly RunSetup[];

/** The smallest first. */
const withoutFaults: SmallerSetups = (setup) => (setup.faults === false ? [] : [{ ...setup, faults: false }]);
const fewerClients: SmallerSetups = (setup) => below(setup.clients).map((clients) => ({ ...setup, clients }));
const fewerOperations: SmallerSetups = (setup) =>
  below(setup.operations).map((operations) => ({ ...setup, operations }));
const fewerPartitions: SmallerSetups = (setup, reruns) =>
  below(reruns.mostPartitions(setup)).map((partitions) => ({ ...setup, partitions }));

function below(n: number): readonly number[] {
  return Array.from({ length: n - 1 }, (_, i) => i + 1);
}
