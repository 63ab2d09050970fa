import type { Command } from "commander";
import { verifySystem } from "../../verify/index.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { loadRewritten, loadSystem } from "../loadModules.ts";
import { theUsersErrors } from "../mistake.ts";
import { MOST_PARTITIONS, wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { renderVerification } from "../verify/renderVerification.ts";

interface VerifyCommandOptions {
  readonly seeds: number;
  readonly seed?: number;
  readonly partitions?: number;
  readonly faults?: boolean;
}

export function declareVerify(program: Command, run: Run): void {
  withSharedOptions(program.command("verify"))
    .summary("check the rewritten protocol against the original, by running both")
    .description(
      "Runs the rewritten protocol in a simulator that delivers messages in any order, and replays the original against " +
        "each run. It takes nothing from the analysis: it is a second, independent judge.",
    )
    .argument("[folder]", "the folder of the protocol", ".")
    .option("--seeds <n>", "how many runs", wholeNumber(1), 1000)
    .option("--seed <n>", "only the run of this seed, such as that of a violation", wholeNumber(0))
    .option("--partitions <n>", "partitions of every partitioned component", wholeNumber(1, MOST_PARTITIONS))
    .option(
      "--faults",
      "lose messages, and crash nodes, or parts of them, which then come back; what run.ts says unless said",
    )
    .option("--no-faults", "nothing of the kind")
    .addHelpText(
      "after",
      "\nExamples:\n  riven verify samples/voting\n  riven verify samples/voting --seed 17\n  riven verify samples/twopc --faults",
    )
    .action((folder: string, options: VerifyCommandOptions, command: Command) =>
      run(command, (context) => verify(folder, options, context)),
    );
}

async function verify(folder: string, options: VerifyCommandOptions, context: Context): Promise<Outcome> {
  const { io, colours, progress } = context;
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = await loadRewritten(path, io);
  const { seed, partitions, faults } = options;
  const { verdict, violations, coverage } = await theUsersErrors(() =>
    verifySystem({
      system,
      rewritten,
      partitions,
      faults,
      ...(seed === undefined ? { seeds: options.seeds } : { seeds: 1, firstSeed: seed }),
      onProgress: ({ done, seeds }) => {
        if (done % PROGRESS_STEP === 0) progress(`${String(done)} of ${String(seeds)} runs ...`);
      },
    }),
  );
  return {
    findings: [],
    root: io.cwd,
    text: renderVerification(
      { verdict, violations, coverage },
      system.name,
      commandFor(shown(path, io.cwd), options),
      colours,
    ),
    result: { verdict, violations, coverage },
    failed: verdict !== "refines",
  };
}

/** The command that shows a run again, less its seed. */
function commandFor(folder: string, { faults, partitions }: VerifyCommandOptions): string {
  return [
    `riven verify ${folder}`,
    ...(faults === undefined ? [] : [faults ? "--faults" : "--no-faults"]),
    ...(partitions === undefined ? [] : [`--partitions ${String(partitions)}`]),
  ].join(" ");
}

const PROGRESS_STEP = 50;
