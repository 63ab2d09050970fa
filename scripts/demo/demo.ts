/**
 * The walk through the house: one sample, from the source to measured processes, by the commands that anyone could
 * type. `npm run demo -- --seconds 10` measures longer.
 */
import { createRequire } from "node:module";
import { isatty } from "node:tty";
import { parseArgs } from "node:util";
import { importWithTsx } from "../../plugin/cli/importWithTsx.ts";
import type { Io } from "../../plugin/cli/io.ts";
import { main } from "../../plugin/cli/main.ts";
import { coloursFor, wrap } from "../../plugin/diagnostics/renderText.ts";
import type { RunResult } from "../../runtime/runResult.ts";
import { reliefOfBusiest, renderComparison } from "./comparison.ts";

const SAMPLE = "samples/voting";
const PARTITIONS = "3";
const SEEDS = "300";

const { values: options } = parseArgs({ options: { seconds: { type: "string", default: "8" } } });
const { version } = createRequire(import.meta.url)("../../package.json") as { readonly version: string };
const io: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  cwd: process.cwd(),
  colour: isatty(1) && process.env["NO_COLOR"] === undefined,
  watched: isatty(2),
  version,
  importModule: (file) => importWithTsx(file, true),
};
const colours = coloursFor(io.colour);

/** Says what comes next and why, and shows the command line for it. */
function announce(text: string, argv: readonly string[]): void {
  io.out(`\n${wrap(text)}\n\n${colours.bold(`$ riven ${argv.join(" ")}`)}\n`);
}

/** One step of the demo, as a user would see it. A step that fails ends the demo. */
async function show(text: string, ...argv: readonly string[]): Promise<void> {
  announce(text, argv);
  const exitCode = await main(argv, io);
  if (exitCode !== 0) throw new StepFailed(argv, exitCode);
}

/** A measured run: the numbers, for the comparison. */
async function measure(text: string, ...argv: readonly string[]): Promise<RunResult> {
  announce(text, argv);
  let json = "";
  const exitCode = await main([...argv, "--json"], { ...io, out: (part) => (json += part) });
  const report = JSON.parse(json) as { readonly error: string | null; readonly result: RunResult };
  if (exitCode !== 0) throw new StepFailed(argv, exitCode, report.error ?? "");
  const { commands, seconds } = report.result;
  io.out(`${String(commands)} commands in ${seconds.toFixed(1)} s\n`);
  return report.result;
}

class StepFailed extends Error {
  constructor(argv: readonly string[], exitCode: number, why = "") {
    super(`riven ${argv.join(" ")} ended with exit code ${String(exitCode)}. ${why}`.trim());
  }
}

async function demo(): Promise<void> {
  const started = performance.now();
  const load = [
    "--transport",
    "tcp",
    "--seconds",
    options.seconds,
    "--warm-up",
    "4",
    "--clients",
    "4",
    "--inflight",
    "128",
  ];
  await show(
    `${SAMPLE}/protocol.ts is a protocol as one would write it: plain classes, one process for each node. Is it in order?`,
    "check",
    SAMPLE,
  );
  await show(
    "What Riven sees in it: who sends what, what touches which state, and by which keys it could be spread.",
    "explain",
    SAMPLE,
  );
  await show(
    "The plan beside it asks for components and partitions. Riven proves each step, or refuses it, and writes what results.",
    "build",
    SAMPLE,
  );
  await show(
    "Not taking its own word for it, Riven runs the result in a simulator that delivers messages in any order, and replays the original against each run.",
    "verify",
    SAMPLE,
    "--seeds",
    SEEDS,
  );
  const base = await measure(
    "Now both for real, each node or component as a process of its own. As written:",
    "run",
    SAMPLE,
    "--base",
    ...load,
  );
  const rewritten = await measure("And rewritten:", "run", SAMPLE, "--partitions", PARTITIONS, ...load);
  io.out(`\n${renderComparison(base, rewritten)}\n\n${meaning(reliefOfBusiest(base, rewritten))}\n`);
  io.out(`\n${colours.dim(`The demo took ${((performance.now() - started) / 1000).toFixed(0)} s.`)}\n`);
}

function meaning(relief: number): string {
  return [
    wrap(
      `CPU per command of the busiest process is what bounds a cluster, where each process has a core of its own. Here it ` +
        `fell to 1/${relief.toFixed(1)}: about ${relief.toFixed(1)} times more commands before any one process is full.`,
    ),
    wrap(
      "Commands per second and latency are those of this one machine. All processes and the clients share its cores, so more " +
        "processes are more work for the same cores: those rows say how the machine fared, not what the rewrite is worth. " +
        "Messages that are written together cost less CPU each, so compare the CPU of runs with similar batches only. " +
        "A real network is not part of any of these numbers.",
    ),
  ].join("\n\n");
}

try {
  await demo();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  io.err(`\n${error.message}\n`);
  process.exitCode = 1;
}
