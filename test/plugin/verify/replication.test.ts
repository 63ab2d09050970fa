import { verifySystem, type Verification, type ViolationKind } from "../../../plugin/verify/index.ts";
import type { Flaws } from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import * as gather from "../../fixtures/verify/gather.ts";
import * as keepers from "../../fixtures/verify/keeper.ts";

const { keeper, durableKeeper, slotsInMemory, slotsOnDisk } = keepers;
const SIZE = { clients: 3, operations: 6 };

function print({ verdict, violations, coverage }: Verification): string {
  const found = violations.map(({ kind, seed, summary, trace }) =>
    [`${kind} (seed ${String(seed)}): ${summary}`, ...trace].join("\n  "),
  );
  return [verdict, ...found, JSON.stringify(coverage)].join("\n");
}

/** Fails with the violation in full. */
function expectRefinement(result: Verification): void {
  if (result.verdict !== "refines") throw new Error(print(result));
}

describe("components with copies of some state are right", () => {
  const right: readonly (readonly [string, SystemDefinition, RewrittenSystem])[] = [
    ["an epoch in memory, and slots by number", keeper, slotsInMemory],
    ["the same on disk", durableKeeper, slotsOnDisk],
    ["lists for somebody who does not care for their order", gather.careless, gather.listedForCareless],
    ["lists that the sender sorts, and the merge as well", gather.sorted, gather.listedSorted],
  ];

  it.each(right)("%s", (_name, system, rewritten) => {
    const result = verifySystem({ system, rewritten, seeds: 150, clients: 3, operations: 4 });
    expectRefinement(result);
    const { begun, decided, overlapping, stopped, merged } = result.coverage.coordination;
    expect(decided).toBe(begun);
    expect(Math.min(overlapping, stopped, merged)).toBeGreaterThan(25);
  });

  it.each(right)("%s, when something fails", (_name, system, rewritten) => {
    const result = verifySystem({ system, rewritten, seeds: 150, faults: true, clients: 3, operations: 4 });
    expectRefinement(result);
    const { coverage } = result;
    expect(coverage.coordination.decided).toBeLessThan(coverage.coordination.begun);
    expect(Math.min(coverage.comebacks, coverage.coordination.merged)).toBeGreaterThan(25);
    if (system === durableKeeper) expect(coverage.coordination.repeated).toBeGreaterThan(20);
  });
});

describe("what is wrong with copies, rounds and fragments is caught", () => {
  interface Wrong {
    readonly what: string;
    readonly system?: SystemDefinition;
    readonly rewritten?: RewrittenSystem;
    readonly flaws?: Flaws;
    readonly faults?: boolean;
    readonly kinds: readonly ViolationKind[];
    /** So many runs are enough. */
    readonly within: number;
    readonly names: readonly string[];
  }
  const onDisk = { system: durableKeeper, rewritten: slotsOnDisk, faults: true };
  const wrong: readonly Wrong[] = [
    {
      what: "partitions that answer before all of them stand still",
      flaws: { freezesNobody: true },
      kinds: ["cycle", "replay mismatch"],
      within: 50,
      names: ["handled accept("],
    },
    {
      what: "commits that are applied in different orders",
      flaws: { swapsCommits: true },
      // When the fragments of one message come from different epochs, they do not fit.
      kinds: ["cycle", "replay mismatch", "crash"],
      within: 10,
      names: ["keeper"],
    },
    {
      what: "a partition that does not apply what the others do",
      flaws: { skipsCommits: true },
      kinds: ["cycle", "replay mismatch", "lost wake-up"],
      within: 10,
      names: ["keeper"],
    },
    {
      what: "a commit that is applied twice",
      flaws: { repeatsCommits: true },
      kinds: ["replay mismatch"],
      within: 10,
      names: ["handled promise(", "; the original reads"],
    },
    {
      what: "a coordinator that forgets what it has decided",
      ...onDisk,
      flaws: { forgetful: ({ component }) => component === "coordinator" },
      kinds: ["crash", "lost wake-up", "durability", "replay mismatch"],
      within: 50,
      names: ["keeper"],
    },
    {
      what: "a partition that forgets what it has applied",
      ...onDisk,
      flaws: { forgetful: ({ component, partition }) => component === "slots" && partition === 1 },
      kinds: ["cycle", "durability", "replay mismatch", "lost wake-up"],
      within: 50,
      names: ["keeper"],
    },
    {
      what: "a coordinator whose commits leave before they are written down",
      ...onDisk,
      flaws: { hasty: true },
      kinds: ["durability"],
      within: 50,
      names: ["keeper"],
    },
    {
      what: "fragments that are delivered one by one",
      flaws: { mergesNothing: true },
      kinds: ["replay mismatch"],
      within: 10,
      names: ["handled promise(", "sent something else than the original"],
    },
    {
      what: "partitions that speak under names of their own",
      flaws: { physicalNames: true },
      kinds: ["crash"],
      within: 10,
      names: ["Keeper/keeper.1, which is not part of this system"],
    },
    {
      what: "a client that hashes keys in another way",
      flaws: { misroutes: ({ id }) => id === "writer-1" },
      kinds: ["cycle"],
      within: 50,
      names: ["without seeing that keeper slots"],
    },
    {
      what: "forwards that keep no order",
      flaws: { unordered: true },
      kinds: ["cycle", "replay mismatch", "lost wake-up", "crash"],
      within: 10,
      names: ["keeper"],
    },
    {
      what: "the list of one partition as the list of all",
      rewritten: keepers.onlyFirstLists,
      kinds: ["replay mismatch"],
      within: 10,
      names: ["sent something else than the original"],
    },
    {
      what: "what every partition says, and one of them should",
      rewritten: keepers.allSayOnce,
      kinds: ["replay mismatch"],
      within: 10,
      names: ["the rewritten system sent Writer/writer-1.noted("],
    },
    {
      what: "what one partition says, and each of them should",
      rewritten: keepers.onlyFirstDrops,
      kinds: ["lost wake-up"],
      within: 50,
      names: ["the original sends Writer/writer-", "dropped("],
    },
    {
      what: "an epoch that is read by key, and written elsewhere",
      rewritten: keepers.epochByKey,
      kinds: ["cycle"],
      within: 10,
      names: ["without seeing that keeper"],
    },
    {
      what: "a counter without a key, once in each partition",
      system: keepers.countingKeeper,
      rewritten: keepers.countedInEachPartition,
      kinds: ["cycle"],
      within: 10,
      names: ["without seeing that keeper slots", "promises"],
    },
    {
      what: "somebody who cares for the order of what is put together",
      system: gather.careful,
      rewritten: gather.listedForCareful,
      kinds: ["replay mismatch"],
      within: 10,
      names: ["gatherer handled listed(", "the rewritten system sent Asker/asker-"],
    },
    {
      what: "what the sender sorts, and the merge does not",
      system: gather.sorted,
      rewritten: gather.sortedAndForgotten,
      kinds: ["replay mismatch"],
      within: 10,
      names: ["the rewritten system sent Asker/asker-"],
    },
  ];

  it.each(wrong)("$what", ({ system = keeper, rewritten = slotsInMemory, flaws, faults, kinds, within, names }) => {
    const result = verifySystem({ system, rewritten, flaws, faults, seeds: within, ...SIZE });
    const text = print(result);
    expect(text).toContain("counterexample");
    expect(kinds).toContain(result.violations[0]?.kind);
    for (const name of names) expect(text).toContain(name);
  });
});
