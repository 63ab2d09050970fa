import { deploy } from "../../../runtime/deployment.ts";
import {
  randomChooser,
  simulate,
  type SimulatedRun,
  type SimulationOptions,
} from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { assembly, partsForgotten, partsWait } from "../../fixtures/verify/assembly.ts";
import { ballots, heldBackAbove } from "../../fixtures/verify/ballots.ts";
import { bank, relayed } from "../../fixtures/verify/bank.ts";
import { countedInSets, petition } from "../../fixtures/verify/petition.ts";

function run(
  system: SystemDefinition,
  rewritten: RewrittenSystem,
  seed: number,
  options: Partial<SimulationOptions> = {},
): SimulatedRun {
  const deployment = deploy(system, { rewritten, clients: 3 });
  return simulate({ deployment, operations: 4, chooser: randomChooser(seed), ...options });
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

/** For each activation that began at one component, the moments at which it went on at another one. */
function continuedAt({ activations }: SimulatedRun, from: string, to: string): readonly number[][] {
  return activations
    .filter(({ fragments }) => fragments[0]?.instance.component === from)
    .map(({ fragments }) =>
      fragments
        .filter(({ instance }) => instance.component === to)
        .map(({ accesses, at }) => accesses[0]?.sequence ?? at),
    );
}

it("does the same for the same seed, with channels and faults", () => {
  const systems = [
    [bank, relayed],
    [ballots, heldBackAbove],
    [petition, countedInSets],
    [assembly, partsWait],
  ] as const;
  for (const [system, rewritten] of systems) {
    const hashes = SEEDS.slice(0, 10).map((seed) => run(system, rewritten, seed, { faults: true }).hash);
    expect(SEEDS.slice(0, 10).map((seed) => run(system, rewritten, seed, { faults: true }).hash)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(hashes.length);
  }
});

it("applies ordered forwards once each, in the order in which they left, also when some are lost on their way", () => {
  for (const seed of SEEDS) {
    const moments = continuedAt(
      run(bank, relayed, seed, { faults: { losses: true, clogs: true } }),
      "counter",
      "ledger",
    );
    expect(moments.every(({ length }) => length === 1)).toBe(true);
    const inOrder = moments.flat();
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
  }
});

it("repeats repeatable forwards in some runs, and loses none", () => {
  const times = SEEDS.flatMap((seed) =>
    continuedAt(run(petition, countedInSets, seed, { faults: { losses: true } }), "desk", "counter").map(
      ({ length }) => length,
    ),
  );
  expect(Math.min(...times)).toBe(1);
  expect(Math.max(...times)).toBeGreaterThan(1);
});

it("a crash of either end cuts short what was under way, and the node comes back as a whole", () => {
  const runs = SEEDS.map((seed) => run(bank, relayed, seed, { faults: { crashes: true } }));
  expect(runs.some(({ activations }) => activations.some(({ isCutShort }) => isCutShort))).toBe(true);
  for (const { faults, activations } of runs) {
    expect(faults.replacements).toBe(0);
    for (const { isCutShort, lostForwards } of activations) expect(isCutShort).toBe(lostForwards > 0);
  }
});

it("says what waits in the end", () => {
  const [woken, forgotten] = [partsWait, partsForgotten].map((rewritten) =>
    SEEDS.reduce((sum, seed) => {
      const { parked, channels } = run(assembly, rewritten, seed);
      expect(channels.parked).toBeGreaterThanOrEqual(parked.length);
      expect(parked.every(({ fragments, handler }) => fragments.length === 0 && handler === "deliver")).toBe(true);
      return sum + parked.length;
    }, 0),
  );
  expect(woken).toBe(SEEDS.length * 3); // one part in four operations of a client is for what nobody ordered
  expect(forgotten).toBeGreaterThan(woken ?? Infinity);
});
