/**
 * Writes down, for every wrong rewrite, which rule refuses it and which strategy of exploration catches it when it is
 * forced, after how many runs:
 *
 *     npm run table:judges                     every protocol, up to 1,000 runs of each strategy
 *     npm run table:judges -- --only NAME      those whose name contains NAME; the rows of others stay
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clearWorkshop, judgeDynamically, judgeStatically, readFixtures, type Fixture } from "../support/judges.ts";
import { CAUGHT, PAGE, readCaught, renderJudges, STRATEGIES, type Catches } from "./renderJudges.ts";

const RUNS = 1000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" }, runs: { type: "string" } } });
  const runs = Number(values.runs ?? RUNS);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error("--runs takes a positive number.");
  const refused = readFixtures().filter(({ expectation }) => expectation.kind === "refused");
  const chosen = refused.filter(({ name }) => name.includes(values.only ?? ""));
  const known = readCaught();
  const caught: Record<string, Catches> = {};
  for (const { name } of refused) if (known[name] !== undefined) caught[name] = known[name];
  for (const [index, fixture] of chosen.entries()) {
    caught[fixture.name] = await catchesOf(fixture, runs);
    process.stderr.write(`\r${String(index + 1)} of ${String(chosen.length)}: ${fixture.name.padEnd(60)}`);
  }
  process.stderr.write("\n");
  clearWorkshop();
  const sorted = Object.fromEntries(Object.entries(caught).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(process.cwd(), CAUGHT), `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(join(process.cwd(), PAGE), renderJudges(refused, sorted));
}

/** After how many runs each strategy catches the forced rewrite; null when it does not. */
async function catchesOf(fixture: Fixture, runs: number): Promise<Catches> {
  const forced = judgeStatically(fixture, true);
  if (forced.files.length === 0) return { built: false };
  const catches: Record<string, number | null> = {};
  let kind: string | undefined;
  for (const chooser of STRATEGIES) {
    const [violation] = (await judgeDynamically(fixture, forced, runs, chooser)).violations;
    catches[chooser] = violation?.runs ?? null;
    kind ??= violation?.kind;
  }
  return { built: true, ...(kind !== undefined && { kind }), after: catches };
}

await main();
