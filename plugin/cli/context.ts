/** What every command gets: the process, the options that all commands share, and how to report. */
import type { Command } from "commander";
import { renderFindings } from "../diagnostics/render.ts";
import { findingToJson } from "../diagnostics/renderJson.ts";
import { coloursFor, type Colours } from "../diagnostics/renderText.ts";
import type { Io } from "./io.ts";
import { exitCodeOf, type Outcome } from "./outcome.ts";
import { sourceFiles } from "./sourceFiles.ts";

interface SharedOptions {
  readonly json?: true;
  readonly color: boolean;
  readonly verbose?: true;
}

export interface Context {
  readonly io: Io;
  readonly colours: Colours;
  /** Long work says how far it is: on a watched terminal in one line, with --verbose as lines. */
  readonly progress: (text: string) => void;
}

/** How a command starts its work, from its commander action. */
export type Run = (command: Command, work: (context: Context) => Outcome | Promise<Outcome>) => Promise<void>;

/** Declares the options that all commands share. */
export function withSharedOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON object instead of text (docs/reference/cli.md lists its keys)")
    .option("--no-color", "plain text; also when NO_COLOR is set or the output is not a terminal")
    .option("--verbose", "say what is being done, also when nobody watches");
}

/** Performs a command and prints its outcome. Returns the exit code. */
export async function perform(
  command: Command,
  io: Io,
  work: (context: Context) => Outcome | Promise<Outcome>,
): Promise<number> {
  const options = command.opts<SharedOptions>();
  const colour = options.color && io.colour && options.json === undefined;
  const line = progressLine(io, options.verbose === true);
  const outcome = await finishing(line.end, () => work({ io, colours: coloursFor(colour), progress: line.show }));
  const code = exitCodeOf(outcome);
  const sources = sourceFiles(outcome.root, io.cwd);
  if (options.json === true) {
    const findings = outcome.findings.map((finding) => findingToJson(finding, sources.name));
    const report = {
      command: command.name(),
      ok: code === 0,
      exitCode: code,
      error: null,
      findings,
      result: outcome.result,
    };
    io.out(`${JSON.stringify(report, undefined, 2)}\n`);
  } else {
    const parts = [renderFindings(outcome.findings, sources, colour), outcome.text].filter((part) => part !== "");
    if (parts.length > 0) io.out(`${parts.join("\n\n")}\n`);
  }
  return code;
}

async function finishing<T>(end: () => void, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    end();
  }
}

interface ProgressLine {
  readonly show: (text: string) => void;
  readonly end: () => void;
}

const CLEAR_LINE = "\r\u001b[2K";

function progressLine(io: Io, verbose: boolean): ProgressLine {
  if (verbose) return { show: (text) => io.err(`${text}\n`), end: () => undefined };
  if (!io.watched) return { show: () => undefined, end: () => undefined };
  let drawn = false;
  return {
    show: (text) => {
      drawn = true;
      io.err(`${CLEAR_LINE}${text}`);
    },
    end: () => {
      if (drawn) io.err(CLEAR_LINE);
    },
  };
}
