import type { Command } from "commander";
import { verifySystem } from "../../verify/index.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { loadRewritten, loadSystem } from "../loadModules.ts";
import { theUsersErrors } from "../mistake.ts";
import { wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { renderVerification } from "../verify/renderVerification.ts";

interface VerifyCommandOptions {
  readonly seeds: number;
  readonly seed?: number;
  readonly partitions?: number;
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
    .option("--partitions <n>", "partitions of every partitioned component", wholeNumber(1, 256))
    .addHelpText("after", "\nExamples:\n  riven verify samples/voting\n  riven verify samples/voting --seed 17")
    .action((folder: string, options: VerifyCommandOptions, command: Command) =>
      run(command, (context) => verify(folder, options, context)),
    );
}

async function verify(folder: string, options: VerifyCommandOptions, context: Context): Promise<Outcome> {
  const { io, colours, progress } = context;
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = await loadRewritten(path, io);
  const { seed, partitions } = options;
  const { verdict, violations, coverage } = await theUsersErrors(() =>
    verifySystem({
      system,
      rewritten,
      partitions,
      ...(seed === undefined ? { seeds: options.seeds } : { seeds: 1, firstSeed: seed }),
      onProgress: ({ done, seeds }) => {
        if (done % PROGRESS_STEP === 0) progress(`${String(done)} of ${String(seeds)} runs ...`);
      },
    }),
  );
  return {
    findings: [],
    root: io.cwd,
    text: renderVerification({ verdict, violations, coverage }, system.name, shown(path, io.cwd), colours),
    result: { verdict, violations, coverage },
    failed: verdict !== "refines",
  };
}

const PROGRESS_STEP = 50;
