/**
 * Counterexamples of rewrites that were forced past the rules: they shrink to something that a person can follow, fail
 * as before, and look as the golden files say.
 */
import { coloursFor } from "../../../../plugin/diagnostics/renderText.ts";
import {
  parseCounterexampleFile,
  printCounterexampleFile,
} from "../../../../plugin/verify/counterexample/counterexampleFile.ts";
import { renderDiagramAsSvg } from "../../../../plugin/verify/counterexample/render/renderSvg.ts";
import { renderDiagramAsText } from "../../../../plugin/verify/counterexample/render/renderText.ts";
import { replay, showAgain, shrinkViolation, verifySystem } from "../../../../plugin/verify/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../../runtime/system.ts";
import { clearWorkshop, judgeStatically, loadBoth, readFixture } from "../../../support/judges.ts";
import { golden } from "./golden.ts";

afterAll(clearWorkshop);

interface Systems {
  readonly system: SystemDefinition;
  readonly rewritten: RewrittenSystem;
}

function load(name: string): Promise<Systems> {
  const fixture = readFixture(name);
  return loadBoth(fixture, judgeStatically(fixture, true));
}

function shrink(systems: Systems, budget = 1000): ReturnType<typeof shrinkViolation> & { readonly seed: number } {
  const [violation] = verifySystem({ ...systems, seeds: 300 }).violations;
  if (violation === undefined) throw new Error("No run of the forced rewrite was wrong.");
  return { ...shrinkViolation({ ...systems, budget }, violation), seed: violation.seed };
}

/** How many steps are left at most. What happens in none of these is that somebody has to read more than a screen. */
const SHRUNK = [
  ["acks-without-key", 4],
  ["likes-as-a-sum", 8],
  ["bid-over-the-limit-answers-each-time", 12],
  ["arrivals-kept-in-three-cellars", 14],
] as const;

test.each(SHRUNK)("%s shrinks to at most %i steps, which fail the same way each time", async (name, most) => {
  const systems = await load(name);
  const { counterexample, effort, seed } = shrink(systems);
  expect({ seed, ...effort, few: effort.stepsAfter <= most }).toMatchObject({ few: true });
  expect(effort.stepsAfter).toBeLessThan(effort.stepsBefore);
  const { setup, choices, problem } = counterexample;
  const again = replay({ ...systems, ...setup, choices });
  expect(again).toMatchObject({ verdict: "counterexample", kind: problem.kind, summary: problem.summary });
  expect(shrink(systems).counterexample).toEqual(counterexample);
});

test("with nothing to spend a run stays as it was found", async () => {
  const systems = await load("acks-without-key");
  const { effort } = shrink(systems, 0);
  expect(effort).toMatchObject({ tried: 0, stepsAfter: effort.stepsBefore });
});

test("the original does not fail", async () => {
  const { system } = await load("acks-without-key");
  const choices = { schedule: [], network: [], workload: [], faults: [] };
  const setup = { seed: 1, clients: 1, operations: 1, partitions: undefined, faults: false };
  expect(replay({ system, rewritten: undefined, ...setup, choices })).toEqual({ verdict: "refines" });
  expect(showAgain({ system }, { setup, choices })).toBeUndefined();
  expect(() => shrinkViolation({ system, budget: 10 }, { seed: 1 })).toThrow("Nothing is wrong");
});

test.each(SHRUNK.map(([name]) => name))("%s looks as it should", async (name) => {
  const systems = await load(name);
  const file = golden(`${name}.json`, () =>
    printCounterexampleFile({ protocol: ".", ...shrink(systems).counterexample }),
  );
  const shown = showAgain(systems, parseCounterexampleFile(file));
  if (shown?.diagram === undefined)
    throw new Error("The counterexample is none any more. UPDATE_GOLDEN=1 finds another.");
  const { diagram } = shown;
  const text = [150, 100]
    .map((width) => renderDiagramAsText(diagram, { width, colours: coloursFor(false) }))
    .join(`\n\n${"=".repeat(100)}\n\n`);
  expect(`${text}\n`).toBe(golden(`${name}.txt`, () => `${text}\n`));
  // On a narrower terminal than the nodes need, lines are too long rather than empty.
  for (const width of [0, 20, 40])
    expect(renderDiagramAsText(diagram, { width, colours: coloursFor(false) })).toContain("the rewritten system");
  const svg = renderDiagramAsSvg(diagram);
  expect(svg).toBe(golden(`${name}.svg`, () => svg));
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(150);
});
