/**
 * Multi-Paxos with three proposers that compete, three and five acceptors, and everything that can fail failing: as it is written
 * its nodes agree, and as it is rewritten it is a run of what is written, and its nodes agree. `explore.ts` does the same for longer.
 */
import { randomChooser, simulate } from "../../../runtime/simulator/index.ts";
import { verifySystem } from "../../../plugin/verify/index.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { paxos } from "../../../samples/paxos/run.ts";
import { loadSample } from "../sampleNames.ts";
import { countRarities, findDisagreements } from "./logInvariants.ts";

const RUNS = 40;
const VERIFIED_RUNS = 25;

const SYSTEMS = [3, 5].flatMap((acceptors) =>
  [false, true].map(
    (faults) => [acceptors, faults, paxos({ proposers: 3, acceptors, replicas: 3, retained: 1 })] as const,
  ),
);

describe.each(SYSTEMS)("%d acceptors; with faults: %s", (_, faults, system) => {
  it.each(["as written", "rewritten"])("agrees, %s", async (form) => {
    const { rewritten } = await loadSample("paxos");
    const deployment = deploy(system, { clients: 2, ...(form === "rewritten" && { rewritten, partitions: 2 }) });
    const seen = { completed: 0, holes: 0, installs: 0, crashes: 0 };
    for (let seed = 1; seed <= RUNS; seed++) {
      const run = simulate({ deployment, operations: 5, chooser: randomChooser(seed), faults });
      const history = run.external.map(({ event }) => event);
      const broken = (system.invariants ?? []).filter(({ holds }) => !holds(history)).map(({ name }) => name);
      const failures = run.activations.flatMap(({ fragments }) => fragments.flatMap(({ failure }) => failure ?? []));
      expect([seed, [...broken, ...findDisagreements(run), ...run.problems, ...failures]]).toEqual([seed, []]);
      const { holes, installs } = countRarities(run);
      seen.completed += run.operations.completed;
      seen.crashes += run.faults.crashes;
      seen.holes += holes;
      seen.installs += installs;
    }
    expect(seen.completed).toBeGreaterThan(RUNS);
    expect(seen.holes).toBeGreaterThan(0);
    expect(seen.installs).toBeGreaterThan(0);
    expect(seen.crashes > 0).toBe(faults);
  });

  it("is, rewritten, a run of what is written", async () => {
    const { rewritten } = await loadSample("paxos");
    const { verdict, violations, coverage } = verifySystem({ system, rewritten, faults, seeds: VERIFIED_RUNS });
    expect(violations).toEqual([]);
    expect(verdict).toBe("refines");
    expect(coverage.completedOperations).toBeGreaterThan(VERIFIED_RUNS);
  });
});
