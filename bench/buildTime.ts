/**
 * How long a build takes, cold, and where the time goes: each build is a process of its own, started with the compiler
 * compiled to JavaScript in memory by tsx, as everything in this repository is. `npm run bench:build` prints the table
 * and writes bench/results/build-time.json.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeMachine } from "./machine.ts";
import { median } from "./statistics.ts";

const FOLDER = "samples/voting";
const RUNS = Number(process.env["BENCH_ROUNDS"] ?? 7);

interface Build {
  /** Milliseconds from the first import to the end. */
  readonly total: number;
  readonly passes: { readonly [pass: string]: number };
}

async function build(): Promise<Build> {
  const child = fork(fileURLToPath(new URL("./buildTime/build.ts", import.meta.url)), [FOLDER], {
    execArgv: ["--import", "tsx"],
  });
  const [made] = (await once(child, "message")) as [Build];
  return made;
}

await build(); // fills tsx's cache and the page cache, and is thrown away
const builds: Build[] = [];
for (let run = 0; run < RUNS; run++) builds.push(await build());

const spread = (values: readonly number[]): { median: number; least: number; most: number } => ({
  median: Math.round(median(values)),
  least: Math.round(Math.min(...values)),
  most: Math.round(Math.max(...values)),
});
const rows = Object.keys(builds[0]?.passes ?? {}).map((pass) => ({
  pass,
  ...spread(builds.map(({ passes }) => passes[pass] ?? 0)),
}));
const total = { pass: "all of it", ...spread(builds.map((one) => one.total)) };

const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: `cold build of ${FOLDER}, milliseconds`,
  ...describeMachine("npm run bench:build"),
  rows,
  total,
  builds,
};
writeFileSync(new URL("build-time.json", folder), `${JSON.stringify(result, null, 2)}\n`);
for (const { pass, median: middle, least, most } of [...rows, total]) {
  process.stdout.write(`${pass.padEnd(18)} ${String(middle).padStart(6)} ms   (${String(least)} to ${String(most)})\n`);
}
