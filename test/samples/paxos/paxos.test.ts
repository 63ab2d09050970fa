/**
 * Multi-Paxos with three proposers that compete, three and five acceptors, and everything that can fail failing: as it is written
 * its nodes agree, and as it is rewritten it is a run of what is written, and its nodes agree. `explore.ts` does the same for longer.
 */
import { verifySystem } from "../../../plugin/verify/index.ts";
import { paxos } from "../../../samples/paxos/run.ts";
import { loadSample } from "../sampleNames.ts";
import { agree } from "./agree.ts";

const RUNS = { "as written": 40, rewritten: 6 } as const;
const VERIFIED_RUNS = 4;
/** Milliseconds. */
const PATIENCE = 120_000;

const SYSTEMS = [3, 5].flatMap((acceptors) =>
  [false, true].map(
    (faults) => [acceptors, faults, paxos({ proposers: 3, acceptors, replicas: 3, retained: 1 })] as const,
  ),
);

describe.each(SYSTEMS)("%d acceptors; with faults: %s", (_, faults, system) => {
  it.each(["as written", "rewritten"] as const)(
    "agrees, %s",
    async (form) => {
      const seeds = RUNS[form];
      const rewritten = form === "rewritten" ? (await loadSample("paxos")).rewritten : undefined;
      const options = { system, rewritten, faults, seeds, firstSeed: 41, operations: 5, partitions: 2 };
      const { wrong, seen } = agree(options);
      expect(wrong).toEqual([]);
      expect(seen.completed).toBeGreaterThan(seeds);
      expect(seen.crashes > 0).toBe(faults);
      if (form === "rewritten") return;
      expect(seen.installs).toBeGreaterThan(0);
      if (faults) expect(seen.holes).toBeGreaterThan(0);
    },
    PATIENCE,
  );

  it(
    "is, rewritten, a run of what is written",
    async () => {
      const { rewritten } = await loadSample("paxos");
      const { verdict, violations, coverage } = verifySystem({ system, rewritten, faults, seeds: VERIFIED_RUNS });
      expect(violations).toEqual([]);
      expect(verdict).toBe("refines");
      expect(coverage.completedOperations).toBeGreaterThan(VERIFIED_RUNS);
    },
    PATIENCE,
  );
});
