import { Option, type Command } from "commander";
import {
  CHOOSERS,
  shrinkViolation,
  verifySystem,
  type ChooserName,
  type Problem,
  type VerifyOptions,
} from "../../verify/index.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { loadRewritten, loadSystem } from "../loadModules.ts";
import { Mistake, theUsersErrors } from "../mistake.ts";
import { MOST_PARTITIONS, wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { checkOutputs, type OutputOptions } from "../verify/outputs.ts";
import { renderVerification } from "../verify/renderVerification.ts";
import { replayFile } from "../verify/replayFile.ts";
import { reportCounterexample } from "../verify/reportCounterexample.ts";
import { exactly } from "../verify/verifyExactly.ts";

interface VerifyCommandOptions extends OutputOptions {
  readonly seeds: number;
  readonly seed?: number;
  readonly clients?: number;
  readonly operations?: number;
  readonly partitions?: number;
  readonly faults?: boolean;
  readonly chooser?: ChooserName;
  readonly exact?: true;
  readonly crashes?: number;
  readonly seconds: number;
  readonly shrink: number;
  readonly replay?: string;
}

/** What a kept run has already. */
const NOT_WITH_REPLAY = [
  "seeds",
  "seed",
  "clients",
  "operations",
  "partitions",
  "faults",
  "chooser",
  "shrink",
  "exact",
  "crashes",
  "seconds",
];

/** What is of single runs. */
const NOT_WITH_EXACT = ["seeds", "seed", "faults", "chooser", "shrink", "save", "saveTest", "svg"];

export function declareVerify(program: Command, run: Run): void {
  withSharedOptions(program.command("verify"))
    .summary("check the rewritten protocol against the original, by running both")
    .description(
      "Runs the rewritten protocol in a simulator that delivers messages in any order, and replays the original against " +
        "each run. It takes nothing from the analysis: it is a second, independent judge. What it finds it makes as small " +
        "as it can, and shows beside what the original does.",
    )
    .argument(
      "[folder]",
      "the folder of the protocol; unless said, the working directory, or what the --replay file says",
    )
    .option("--seeds <n>", "how many runs", wholeNumber(1), 1000)
    .addOption(
      new Option("--seed <n>", "only the run of this seed, such as that of a violation")
        .argParser(wholeNumber(0))
        .conflicts("seeds"),
    )
    .option("--clients <n>", "how many clients; what run.ts says unless said", wholeNumber(1, MOST_CLIENTS))
    .option(
      "--operations <n>",
      "operations of each client; what run.ts says unless said",
      wholeNumber(1, MOST_OPERATIONS),
    )
    .option("--partitions <n>", "partitions of every partitioned component", wholeNumber(1, MOST_PARTITIONS))
    .option(
      "--faults",
      "lose messages, and crash nodes, or parts of them, which then come back; what run.ts says unless said",
    )
    .option("--no-faults", "nothing of the kind")
    .addOption(
      new Option("--chooser <name>", "who decides in every run; unless said, each of them in turn").choices(CHOOSERS),
    )
    .addOption(
      new Option("--exact", "all schedules of small configurations, instead of many of large ones").conflicts(
        NOT_WITH_EXACT,
      ),
    )
    .option("--crashes <n>", "with --exact: how often nodes may crash and come back", wholeNumber(0, MOST_CRASHES))
    .option("--seconds <n>", "with --exact: how long it may take", wholeNumber(1), 60)
    .option("--shrink <n>", "how many runs may be spent on making a counterexample small", wholeNumber(0), 1000)
    .option("--save <file>", "write the counterexample to a file that --replay reads")
    .option("--save-test <file>", "write a Jest test that fails as long as the counterexample does")
    .option("--svg <file>", "write a picture of both runs")
    .addOption(new Option("--replay <file>", "show a counterexample that was saved").conflicts(NOT_WITH_REPLAY))
    .addHelpText("after", EXAMPLES)
    .action((folder: string | undefined, options: VerifyCommandOptions, command: Command) =>
      run(command, (context) => {
        if (options.exact !== true) checkOnlyWithExact(command);
        return options.replay !== undefined
          ? replayFile(options.replay, folder, options, context)
          : options.exact === true
            ? exactly(folder ?? ".", options, context)
            : verify(folder ?? ".", options, context);
      }),
    );
}

function checkOnlyWithExact(command: Command): void {
  for (const option of ["crashes", "seconds"])
    if (command.getOptionValueSource(option) === "cli") throw new Mistake(`--${option} is for --exact.`);
}

const EXAMPLES = `
Examples:
  riven verify samples/voting
  riven verify samples/voting --seed 17
  riven verify samples/twopc --faults --seeds 5000
  riven verify samples/voting --exact --clients 2 --operations 1
  riven verify samples/voting --save lost-vote.json --svg lost-vote.svg
  riven verify --replay lost-vote.json --save-test lost-vote.test.ts

A counterexample is written only when asked for, and only when there is one.`;

async function verify(folder: string, options: VerifyCommandOptions, context: Context): Promise<Outcome> {
  const { io, colours, progress } = context;
  checkOutputs(options, io.cwd);
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = await loadRewritten(path, io);
  const { seed, clients, operations, partitions, faults, chooser, shrink } = options;
  const verified: VerifyOptions = { system, rewritten, clients, operations, partitions, faults, chooser };
  const { verdict, violations, coverage } = await theUsersErrors(() =>
    verifySystem({
      ...verified,
      ...(seed === undefined ? { seeds: options.seeds } : { seeds: 1, firstSeed: seed }),
      onProgress: ({ done, seeds }) => {
        if (done % PROGRESS_STEP === 0) progress(`${String(done)} of ${String(seeds)} runs ...`);
      },
    }),
  );
  const command = commandFor(shown(path, io.cwd), options);
  const [violation] = violations;
  const shrunk =
    violation &&
    shrinkViolation(
      {
        ...verified,
        budget: shrink,
        onShrink: ({ tried, budget, steps }) =>
          progress(
            `making the counterexample smaller: ${String(steps)} steps, ${String(tried)} of ${String(budget)} runs ...`,
          ),
      },
      violation,
    );
  const report = shrunk && reportCounterexample({ ...options, folder: path, system, rewritten, ...shrunk }, context);
  const explained = violation && report ? [{ ...violation, ...inShort(report.problem) }] : violations;
  return {
    findings: [],
    root: io.cwd,
    text: renderVerification({ verdict, violations: explained, coverage }, system.name, command, colours, report?.text),
    result: { verdict, violations, coverage, counterexample: report?.result ?? null },
    failed: verdict !== "refines",
  };
}

/** Why a cycle is one stands beside the diagram, by the numbers in it. */
function inShort(problem: Problem): Problem {
  return problem.kind === "cycle" ? { ...problem, trace: [] } : problem;
}

/** The command that shows a run again, less its seed. */
function commandFor(folder: string, options: VerifyCommandOptions): string {
  const { faults, clients, operations, partitions, chooser } = options;
  const settings = Object.entries({ clients, operations, partitions, chooser });
  return [
    `riven verify ${folder}`,
    ...(faults === undefined ? [] : [faults ? "--faults" : "--no-faults"]),
    ...settings.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${String(value)}`])),
  ].join(" ");
}

const PROGRESS_STEP = 50;
/** More of either is beyond what a simulated run can have and be looked at. */
const MOST_CLIENTS = 64;
const MOST_OPERATIONS = 1000;
/** More take longer than anybody waits. */
const MOST_CRASHES = 10;
