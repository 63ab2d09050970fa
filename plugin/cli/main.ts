/** `riven`, as a function: arguments in, exit code out. */
import { Command, CommanderError } from "commander";
import { declareBuild } from "./commands/build.ts";
import { declareCheck } from "./commands/check.ts";
import { declareExplain } from "./commands/explain.ts";
import { declareLinearizable } from "./commands/linearizable.ts";
import { declareRelay } from "./commands/relay.ts";
import { declareRepartition } from "./commands/repartition.ts";
import { declareRun } from "./commands/run.ts";
import { declareVerify } from "./commands/verify.ts";
import { perform, type Run } from "./context.ts";
import type { Io } from "./io.ts";
import { Mistake } from "./mistake.ts";
import { ExitCode } from "./outcome.ts";

/** In the order of the help. */
const COMMANDS = [
  declareCheck,
  declareExplain,
  declareBuild,
  declareVerify,
  declareRun,
  declareRelay,
  declareRepartition,
  declareLinearizable,
];

/** Runs one command line (without `node` and the script). Never throws, never exits the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = ExitCode.ok;
  const json = argv.includes("--json");
  const program = createProgram(io, json, async (command, work) => {
    exitCode = await perform(command, io, work);
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return ExitCode.ok;
      if (json) report(io, json, ExitCode.usage, error.message.replace(/^error: /, ""), "");
      return ExitCode.usage;
    }
    if (error instanceof Mistake) {
      report(io, json, ExitCode.usage, error.message, error.remedy ?? "");
      return ExitCode.usage;
    }
    report(io, json, ExitCode.bug, `${bugReport(io.version)}\n\n${printError(error)}`, "");
    return ExitCode.bug;
  }
}

function createProgram(io: Io, json: boolean, run: Run): Command {
  const program = new Command("riven")
    .description("Scales out protocols that are written as plain TypeScript classes, by rewrites that are proven safe.")
    .version(io.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.colour,
      getErrHasColors: () => io.colour,
      outputError: (text, write) => {
        if (!json) write(text);
      },
    })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      "\nriven <command> --help shows examples. Exit codes: 0 all is well, 1 findings, 2 wrong usage, 70 a bug in Riven.",
    );
  for (const declare of COMMANDS) declare(program, run);
  return program;
}

function report(io: Io, json: boolean, exitCode: number, error: string, remedy: string): void {
  if (json) {
    const text = [error, remedy].filter((part) => part !== "").join(" ");
    io.out(
      `${JSON.stringify({ command: null, ok: false, exitCode, error: text, findings: [], result: null }, undefined, 2)}\n`,
    );
    return;
  }
  io.err(`error: ${error}\n`);
  if (remedy !== "") io.err(`${remedy}\n`);
}

function bugReport(version: string): string {
  return (
    `This is a bug in Riven ${version}, not in your protocol. ` +
    "Please report what follows, with the command that you ran."
  );
}

function printError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
