/** The fuzzer itself: what it makes up is worth compiling, and it finds what there is to be found. */
import { typeErrorsOf } from "../../plugin/frontend/withEdits.ts";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { runCampaign, type CampaignOptions } from "./campaign.ts";
import { Workbench, type Compile } from "./examine.ts";
import { generateProtocol } from "./generate/generateProtocol.ts";
import { printProtocol } from "./printProtocol.ts";

const SEEDS = [11, 12, 13, 14, 15, 16];

function small(protocols: number): CampaignOptions {
  let left = protocols;
  return {
    firstSeed: 20,
    mayGoOn: () => left-- > 0,
    plans: 2,
    effort: { seeds: 8, faultySeeds: 0 },
    metamorphicEvery: 20,
    forced: 1,
    shrinkMilliseconds: 5000,
  };
}

it("makes the same protocol of the same seed, and others of others", () => {
  const printed = SEEDS.map((seed) => JSON.stringify(printProtocol(generateProtocol(seed))));
  expect(SEEDS.map((seed) => JSON.stringify(printProtocol(generateProtocol(seed))))).toEqual(printed);
  expect(new Set(printed).size).toBe(SEEDS.length);
});

it("makes protocols that type-check", () => {
  const errors = SEEDS.flatMap((seed) => {
    const open = openInMemory({ "protocol.ts": printProtocol(generateProtocol(seed))["protocol.ts"] });
    return typeErrorsOf(open).map((error) => `seed ${String(seed)}: ${error}`);
  });
  expect(errors).toEqual([]);
});

it("finds nothing wrong with a handful of protocols, and has tried something", () => {
  const { tally, failures } = runCampaign(small(3));
  expect(failures).toEqual([]);
  expect(tally.protocols).toBe(3);
  expect(tally.accepted).toBeGreaterThan(2);
  expect(tally.completed).toBeGreaterThan(tally.issued / 2);
  expect(tally.conflicts).toBeGreaterThan(0);
  expect(tally.runs).toBeGreaterThan(tally.idleRuns);
});

it("finds a compiler that takes any key, and a small protocol that shows it", () => {
  const takesAnyKey: Compile = (tree) => {
    const [role] = tree.roles;
    const components = [{ name: "main", by: "op", into: 3 }];
    const plan = { roles: role === undefined ? [] : [{ role: role.name, components }] };
    const bench = new Workbench(tree);
    const compiled = bench.compile(plan, true);
    return { ...compiled, errors: bench.errors };
  };
  let isFound = false;
  const options = small(8);
  const { failures } = runCampaign({
    ...options,
    planted: takesAnyKey,
    plans: 1,
    forced: 0,
    metamorphicEvery: 1000,
    mayGoOn: () => !isFound && options.mayGoOn(),
    onProtocol: (_, __, failed) => (isFound = failed),
  });
  const found = failures.find(({ kind }) => kind === "violation");
  if (found?.failing === undefined) throw new Error("nothing found");
  const lines = printProtocol(found.failing.tree)["protocol.ts"].split("\n").length;
  const before = printProtocol(generateProtocol(found.seed))["protocol.ts"].split("\n").length;
  expect(lines).toBeLessThan(before);
  expect(lines).toBeLessThan(45);
});
