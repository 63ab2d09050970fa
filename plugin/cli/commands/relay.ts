import { resolve } from "node:path";
import type { Command } from "commander";
import { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder } from "../folder.ts";
import { loadRewritten, loadSystem, rewrittenFile, systemFile } from "../loadModules.ts";
import { theUsersErrors } from "../mistake.ts";
import { MOST_PARTITIONS, seconds, wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";

interface RelayCommandOptions {
  readonly port: number;
  readonly clients: number;
  readonly base?: true;
  readonly partitions?: number;
  readonly basePort?: number;
  readonly data?: string;
  readonly seconds?: number;
}

export function declareRelay(program: Command, run: Run): void {
  withSharedOptions(program.command("relay"))
    .summary("run a protocol for clients that are programs of your own, in any language")
    .description(
      "Runs the system that run.ts describes, each instance as a process of its own over TCP, and a relay in place of its " +
        "clients: programs in any language connect with it, and exchange lines of JSON. docs/reference/relay.md says how.",
    )
    .argument("[folder]", "the folder of the protocol", ".")
    .option("--port <port>", "where the relay takes clients; 0 for any free port", wholeNumber(0, 65_535), 0)
    .option("--clients <n>", "how many clients there may be", wholeNumber(1, 10_000), 16)
    .option("--base", "run the protocol as written instead")
    .option("--partitions <n>", "partitions of every partitioned component", wholeNumber(1, MOST_PARTITIONS))
    .option(
      "--base-port <port>",
      "the first of the TCP ports that instances listen on; any free ones unless said",
      wholeNumber(1, 65_000),
    )
    .option("--data <dir>", "where durable state is kept, to be there the next time")
    .option("--seconds <s>", "how long to run; until it is interrupted unless said", seconds)
    .addHelpText(
      "after",
      "\nExamples:\n  riven relay samples/voting --port 7000\n  riven relay samples/voting --port 7000 --partitions 5 --clients 100",
    )
    .action((folder: string, options: RelayCommandOptions, command: Command) =>
      run(command, (context) => relay(folder, options, context)),
    );
}

async function relay(folder: string, options: RelayCommandOptions, { io }: Context): Promise<Outcome> {
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = options.base === true ? undefined : await loadRewritten(path, io);
  const { port, clients, partitions, basePort } = options;
  const result = await theUsersErrors(async () => {
    const running = await RunningSystem.start(system, {
      rewritten,
      clients,
      partitions,
      basePort,
      relayPort: port,
      modulePath: systemFile(path),
      rewrittenPath: rewritten === undefined ? undefined : rewrittenFile(path),
      data: options.data === undefined ? undefined : resolve(io.cwd, options.data),
      log: (line) => io.err(`${line}\n`),
    });
    try {
      const { relayPort } = running;
      // Not the outcome of the command, but what its user waits for.
      io.err(`The relay takes clients at 127.0.0.1:${String(relayPort)}.\n`);
      await (options.seconds === undefined ? running.unlessFailed(FOR_EVER) : running.elapse(options.seconds));
      return { port: relayPort, processes: running.processes };
    } finally {
      await running.stop();
    }
  });
  const text = `${String(result.processes.length)} processes and a relay ran, and are stopped.`;
  return { findings: [], root: io.cwd, text, result };
}

const FOR_EVER = new Promise<never>(() => undefined);
