/** Simulates Multi-Paxos, and holds what its clients see and what its nodes do against what must be. */
import { deploy } from "../../../runtime/deployment.ts";
import { randomChooser, simulate } from "../../../runtime/simulator/index.ts";
import { historyInvariants } from "../../../runtime/snapshot.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { countRarities, findDisagreements } from "./logInvariants.ts";

export interface Exploration {
  readonly system: SystemDefinition;
  /** Undefined to run it as it is written. */
  readonly rewritten: RewrittenSystem | undefined;
  readonly faults: boolean;
  readonly seeds: number;
  readonly firstSeed: number;
  /** Of each of two clients. */
  readonly operations: number;
  /** Of each partitioned component. */
  readonly partitions: number;
}

export interface Explored {
  /** What is wrong with the first run that is not right; nothing when all are. */
  readonly wrong: readonly string[];
  readonly seen: {
    readonly completed: number;
    readonly crashes: number;
    /** Slots that were filled with nothing, and states that replicas took from others. */
    readonly holes: number;
    readonly installs: number;
  };
}

export function agree(options: Exploration): Explored {
  const { system, rewritten, faults, seeds, firstSeed, operations, partitions } = options;
  const deployment = deploy(system, { clients: 2, ...(rewritten !== undefined && { rewritten, partitions }) });
  const seen = { completed: 0, crashes: 0, holes: 0, installs: 0 };
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const run = simulate({ deployment, operations, chooser: randomChooser(seed), faults });
    const history = run.external.map(({ event }) => event);
    const broken = historyInvariants(system)
      .filter(({ holds }) => !holds(history))
      .map(({ name }) => `not: ${name}`);
    const failures = run.activations.flatMap(({ handler, fragments }) =>
      fragments.flatMap(({ failure }) => (failure === undefined ? [] : [`${handler} threw ${String(failure.error)}`])),
    );
    const wrong = [...broken, ...findDisagreements(run), ...run.problems, ...failures];
    if (wrong.length > 0) return { wrong: wrong.map((what) => `seed ${seed}: ${what}`), seen };
    const { holes, installs } = countRarities(run);
    seen.completed += run.operations.completed;
    seen.crashes += run.faults.crashes;
    seen.holes += holes;
    seen.installs += installs;
  }
  return { wrong: [], seen };
}
