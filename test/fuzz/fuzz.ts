/** `npm run fuzz`: see HELP. */
import { parseArgs } from "node:util";
import { runCampaign, type Campaign } from "./campaign.ts";
import { FIXTURES, writeFixture } from "./fixtures.ts";
import type { Tally } from "./tally.ts";

const HELP = `Makes up protocols, has them compiled, and runs what the compiler accepts.

    npm run fuzz -- --seconds 120 --seed 7

  --seconds <n>    how long to go on; 60 unless said
  --seed <n>       of the first protocol; the next ones have the next seeds; a random one unless said
  --protocols <n>  stop after so many protocols, whatever the time
  --plans <n>      plans tried on each protocol; 3 unless said
  --runs <n>       simulated runs of each plan without faults, and a third of that with faults; 24 unless said
  --shrink <n>     seconds spent on making a failing protocol smaller; 60 unless said
  --json           print what was found as JSON
  --help           print this

A failure is a mistake of the compiler or of the verifier: a rewrite that the rules accept and that some run tells from the
original, an exception, output that does not type-check or differs between two builds, or acceptance that depends on names. What
fails is made smaller, and kept in ${FIXTURES}, where the tests judge it from then on.
Exit code: 0 when nothing failed, 1 when something did, 2 when it was asked for in a wrong way.
`;

const FLAGS = {
  seconds: { type: "string", default: "60" },
  seed: { type: "string" },
  protocols: { type: "string", default: "1000000" },
  plans: { type: "string", default: "3" },
  runs: { type: "string", default: "24" },
  shrink: { type: "string", default: "60" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function main(): number {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seconds = wholeNumber("seconds", values.seconds);
  const firstSeed = values.seed === undefined ? Date.now() % 1_000_000 : wholeNumber("seed", values.seed);
  const protocols = wholeNumber("protocols", values.protocols);
  const runs = wholeNumber("runs", values.runs);
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let done = 0;
  const campaign = runCampaign({
    firstSeed,
    mayGoOn: () => elapsed() < seconds && done < protocols,
    plans: wholeNumber("plans", values.plans),
    effort: { seeds: runs, faultySeeds: Math.floor(runs / 3) },
    metamorphicEvery: 4,
    forced: 1,
    shrinkMilliseconds: wholeNumber("shrink", values.shrink) * 1000,
    onProtocol(tally, seed) {
      done++;
      const line = `${elapsed().toFixed(0)} s: ${tally.protocols} protocols (seed ${seed}), ${tally.accepted} rewrites, ${tally.runs} runs`;
      if (process.stderr.isTTY) process.stderr.write(`\r${line} `);
      else if (done % 25 === 0) process.stderr.write(`${line}\n`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write("\n");
  const folders = campaign.failures.flatMap((failure) =>
    failure.failing === undefined
      ? []
      : [writeFixture(FIXTURES, `${failure.kind.replaceAll(" ", "-")}-${failure.seed}`, failure.failing, failure)],
  );
  process.stdout.write(
    values.json
      ? `${JSON.stringify(asData(campaign, firstSeed, elapsed(), folders), undefined, 2)}\n`
      : render(campaign, firstSeed, elapsed(), folders),
  );
  return campaign.failures.length === 0 ? 0 : 1;
}

function asData({ tally, failures }: Campaign, firstSeed: number, seconds: number, folders: readonly string[]): object {
  const maps = Object.fromEntries(
    Object.entries(tally).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Map ? (Object.fromEntries(value) as object) : value,
    ]),
  );
  return { firstSeed, seconds, ...maps, failures, folders };
}

function render({ tally, failures }: Campaign, firstSeed: number, seconds: number, folders: readonly string[]): string {
  const told = failures.map(({ kind, violation, seed, summary }) =>
    [`FAILED seed ${seed}: ${kind}${violation === undefined ? "" : ` (${violation})`}`, indent(summary)].join("\n"),
  );
  const result =
    failures.length === 0 ? "Nothing failed." : `${failures.length} failed. Kept: ${folders.join(", ") || "nothing"}.`;
  return [...told, renderTally(tally, firstSeed, seconds), result, ""].join("\n");
}

function renderTally(tally: Tally, firstSeed: number, seconds: number): string {
  const refused = [...tally.refusedPlans].sort(([, a], [, b]) => b - a).slice(0, 8);
  const forced = [...tally.forcedByCode].sort(([, a], [, b]) => b.caught + b.quiet - a.caught - a.quiet);
  return [
    `${tally.protocols} protocols from seed ${firstSeed} in ${seconds.toFixed(0)} s; ${tally.invalid.length} not valid`,
    ...tally.invalid.slice(0, 3).map(indent),
    `${percent(tally.withLegalRewrite, tally.protocols)} have a legal rewrite; ${tally.legalOptions} options legal, ${tally.refusedOptions} refused`,
    `${tally.accepted} plans accepted: ${list(tally.acceptedByRule)}`,
    `${tally.acceptedCompositions} of ${tally.compositions} compositions accepted; refused for ${list(new Map(refused))}`,
    `${tally.runs} runs, ${percent(tally.idleRuns, tally.runs)} idle; ${tally.completed} of ${tally.issued} operations completed, ${tally.conflicts} conflicts, ${tally.forwards} forwards, ${tally.partialRounds} coordinated rounds, ${tally.faults} faults`,
    `${tally.variedProtocols} protocols varied; with all bodies in helpers ${tally.lostInHelpers.length} options are refused`,
    ...tally.lostInHelpers.slice(0, 5).map(indent),
    `refused rewrites that were forced, by code: shown wrong / never shown wrong`,
    ...forced.flatMap(([code, { caught, quiet, examples }]) => [
      `  ${code}: ${caught} / ${quiet}`,
      ...examples.slice(0, 1).map((one) => `    ${one}`),
    ]),
  ].join("\n");
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(0)} %`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

class Mistake extends Error {}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (text !== "" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Mistake(`--${flag} takes a whole number, not ${JSON.stringify(text)}.`);
}

try {
  process.exitCode = main();
} catch (error) {
  const isMistake = error instanceof Mistake || (error instanceof TypeError && "code" in error);
  if (!isMistake) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
