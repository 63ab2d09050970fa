import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import { launch } from "../../../runtime/supervisor/launch.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { loadRewritten, loadSystem, rewrittenFile, systemFile } from "../loadModules.ts";
import { MOST_PARTITIONS, seconds, wholeNumber } from "../numbers.ts";
import { theUsersErrors } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";
import { renderRun } from "../run/renderRun.ts";

interface RunCommandOptions {
  readonly transport: "memory" | "tcp";
  readonly base?: true;
  readonly partitions?: number;
  readonly clients?: number;
  readonly inflight?: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly basePort?: number;
  readonly data?: string;
  readonly giveUp?: number;
}

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
    .option("--seconds <s>", "how long to measure", seconds, 5)
    .option("--warm-up <s>", "how long to run before measuring, while the code gets compiled", seconds, 2)
    .option(
      "--base-port <port>",
      "the first of the TCP ports to listen on; any free ones unless said",
      wholeNumber(1, 65_000),
    )
    .option(
      "--data <dir>",
      "where durable state is kept, to be there in the next run; a directory of its own, removed at the end, unless said",
    )
    .option("--give-up <s>", "when a client gives an operation up: a node that crashes forgets some", seconds)
    .addHelpText(
      "after",
      "\nExamples:\n  riven run samples/voting\n  riven run samples/voting --transport tcp --partitions 3\n" +
        "  riven run samples/voting --transport tcp --base --seconds 10\n  riven run samples/twopc --transport tcp --data /tmp/twopc",
    )
    .action((folder: string, options: RunCommandOptions, command: Command) =>
      run(command, (context) => runSystem(folder, options, context)),
    );
}

async function runSystem(folder: string, options: RunCommandOptions, context: Context): Promise<Outcome> {
  const { io, colours, progress } = context;
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = options.base === true ? undefined : await loadRewritten(path, io);
  const { clients, inflight, partitions } = options;
  const log = (line: string): void => io.err(`${line}\n`);
  const common = {
    rewritten,
    clients,
    inflight,
    partitions,
    seconds: options.seconds,
    warmUpSeconds: options.warmUp,
    giveUpSeconds: options.giveUp,
    data: options.data === undefined ? undefined : resolve(io.cwd, options.data),
    log,
  };
  progress(`running ${shown(path, io.cwd)} for ${String(options.seconds)} s ...`);
  const run = await theUsersErrors(() =>
    options.transport === "memory"
      ? runInMemory(system, common)
      : launch(system, {
          ...common,
          modulePath: systemFile(path),
          rewrittenPath: rewritten === undefined ? undefined : rewrittenFile(path),
          basePort: options.basePort,
        }),
  );
  // A run in which handlers threw measured something else than the protocol.
  const failed = run.processes.some(({ failures }) => failures > 0);
  return { findings: [], root: io.cwd, text: renderRun(run, colours), result: run, failed };
}
