import { resolve } from "node:path";
import type { Command } from "commander";
import { deploy } from "../../../runtime/deployment.ts";
import { RepartitionRefusal } from "../../../runtime/repartition/refusal.ts";
import { repartition } from "../../../runtime/repartition/repartition.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder } from "../folder.ts";
import { loadRewritten, loadSystem } from "../loadModules.ts";
import { theUsersErrors } from "../mistake.ts";
import { MOST_PARTITIONS, wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { renderRepartition } from "../repartition/renderRepartition.ts";

interface RepartitionCommandOptions {
  readonly data: string;
  readonly partitions?: number;
  readonly component?: string;
  readonly dryRun?: true;
}

export function declareRepartition(program: Command, run: Run): void {
  withSharedOptions(program.command("repartition"))
    .summary("move durable state to another number of partitions")
    .description(
      "Rewrites the logs of a data directory for another number of partitions, or for other keys, while nothing runs on " +
        "it. Every entry goes to the partition that owns it by the routing table in rewritten/. What was there is kept in " +
        "a backup directory. If it is interrupted, nothing has happened, or the next run or re-partitioning finishes it.",
    )
    .argument("[folder]", "the folder of the protocol", ".")
    .requiredOption("--data <dir>", "the data directory, as given to riven run")
    .option(
      "--partitions <n>",
      "partitions of every partitioned component; those that rewritten/ says unless said",
      wholeNumber(1, MOST_PARTITIONS),
    )
    .option("--component <name>", "only the components of this name")
    .option("--dry-run", "read and check everything, and change nothing")
    .addHelpText(
      "after",
      "\nExamples:\n  riven repartition samples/twopc --data /tmp/twopc --partitions 5\n" +
        "  riven repartition samples/twopc --data /tmp/twopc --partitions 5 --dry-run\n" +
        "  riven repartition samples/twopc --data /tmp/twopc --component committer",
    )
    .action((folder: string, options: RepartitionCommandOptions, command: Command) =>
      run(command, (context) => repartitionData(folder, options, context)),
    );
}

async function repartitionData(
  folder: string,
  options: RepartitionCommandOptions,
  { io, colours, progress }: Context,
): Promise<Outcome> {
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = await loadRewritten(path, io);
  const { partitions, component, dryRun } = options;
  const data = resolve(io.cwd, options.data);
  try {
    const result = await theUsersErrors(() =>
      repartition({ deployment: deploy(system, { rewritten, partitions }), data, component, dryRun, progress }),
    );
    const text = renderRepartition(result, dryRun === true, colours);
    return { findings: [], root: io.cwd, text, result: { dryRun: dryRun === true, refused: null, ...result } };
  } catch (error) {
    if (!(error instanceof RepartitionRefusal)) throw error;
    const text = `${colours.red("refused")} ${error.message}\nNothing was changed.`;
    return {
      findings: [],
      root: io.cwd,
      text,
      result: { dryRun: dryRun === true, refused: error.message },
      failed: true,
    };
  }
}
