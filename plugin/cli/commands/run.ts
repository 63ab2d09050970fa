import { Option, type Command } from "commander";
import { runInMemory, type RunOptions } from "../../../runtime/runInMemory.ts";
import type { RunResult } from "../../../runtime/runResult.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { loadRewritten, loadSystem, rewrittenFile, systemFile } from "../loadModules.ts";
import { seconds, wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { renderRun } from "../run/renderRun.ts";

interface RunCommandOptions {
  readonly transport: "memory" | "tcp";
  readonly base?: true;
  readonly partitions?: number;
  readonly clients?: number;
  readonly inflight?: number;
  readonly seconds: number;
  readonly basePort?: number;
}

const MOST_PARTITIONS = 256;

export function declareRun(program: Command, run: Run): void {
  withSharedOptions(program.command("run"))
    .summary("run a protocol under load, and measure it")
    .description(
      "Runs the system that run.ts describes, rewritten as rewritten/ says, under closed-loop clients, for some seconds. " +
        "Over TCP each instance is a process of its own; all of them end with the command.",
    )
    .argument("[folder]", "the folder of the protocol", ".")
    .addOption(new Option("--transport <kind>", "how messages travel").choices(["memory", "tcp"]).default("memory"))
    .option("--base", "run the protocol as written instead")
    .option("--partitions <n>", "partitions of every partitioned component", wholeNumber(1, MOST_PARTITIONS))
    .option("--clients <n>", "clients", wholeNumber(1, 10_000))
    .option("--inflight <n>", "operations that each client has in flight", wholeNumber(1, 10_000))
    .option("--seconds <s>", "how long to measure, after a short warm-up", seconds, 5)
    .option(
      "--base-port <port>",
      "the first of the TCP ports to listen on; any free ones unless said",
      wholeNumber(1, 65_000),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  riven run samples/voting\n  riven run samples/voting --transport tcp --partitions 3\n" +
        "  riven run samples/voting --transport tcp --base --seconds 10",
    )
    .action((folder: string, options: RunCommandOptions, command: Command) =>
      run(command, (context) => runSystem(folder, options, context)),
    );
}
