import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import {
  checkLinearizability,
  describer,
  formatOf,
  HistoryError,
  operationsOf,
  readHistory,
  spokenModels,
  type Checked,
  type HistoryEvent,
  type HistoryFormat,
  type Operation,
} from "../../../runtime/linearizability/index.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { shown } from "../folder.ts";
import { drawing } from "../linearizable/drawing.ts";
import { renderChecked } from "../linearizable/renderChecked.ts";
import { Mistake } from "../mistake.ts";
import { wholeNumber } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { checkTarget, writeFiles } from "../verify/outputs.ts";

interface LinearizableCommandOptions {
  readonly model: string;
  readonly format?: HistoryFormat;
  readonly independent?: true;
  readonly absentIsEmpty?: true;
  readonly failedCasAnswers?: true;
  readonly steps?: number;
  readonly megabytes?: number;
  readonly svg?: string;
}

export function declareLinearizable(program: Command, run: Run): void {
  withSharedOptions(program.command("linearizable"))
    .summary("check a history of what clients did and saw for linearizability")
    .description(
      "Reads a history (JSON lines, EDN as Jepsen and Porcupine write it, or a log of Jepsen) and decides whether the operations " +
        "could have happened one at a time, each between its invocation and its response.",
    )
    .argument("<file>", "the history")
    .addOption(
      new Option("--model <name>", "what the operations are on")
        .choices(Object.keys(spokenModels))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--format <format>", "how the file is written; what it looks like unless said").choices([
        "json",
        "edn",
        "log",
      ]),
    )
    .option("--independent", "values are [key value], as jepsen.independent makes them")
    .option("--absent-is-empty", "a key of a kv that has no value reads as an empty text")
    .option("--failed-cas-answers", "a cas that fails has found another value; unless said so, it has not happened")
    .option("--steps <n>", "how much to search: so many steps of the model", wholeNumber(1))
    .option("--megabytes <n>", "how much memory the search may use for what it has seen", wholeNumber(1, 65_536))
    .option("--svg <file>", "draw what was found: the contradiction, or an order when the history is small")
    .addHelpText(
      "after",
      "\nExamples:\n  riven linearizable history.jsonl --model register\n" +
        "  riven linearizable history.edn --model register --independent\n" +
        "  riven linearizable etcd_000.log --model register --failed-cas-answers --svg etcd.svg",
    )
    .action((file: string, options: LinearizableCommandOptions, command: Command) =>
      run(command, (context) => linearizable(file, options, context)),
    );
}

function linearizable(file: string, options: LinearizableCommandOptions, { io, colours, progress }: Context): Outcome {
  const path = resolve(io.cwd, file);
  const create = spokenModels[options.model];
  if (create === undefined) throw new Error(`There is no model ${options.model}.`);
  const { model, dialect } = create({
    absent: options.absentIsEmpty === true ? "" : null,
    failedCasAnswers: options.failedCasAnswers === true,
  });
  if (options.svg !== undefined) checkTarget(options.svg, io.cwd);
  const name = shown(path, io.cwd);
  const text = read(path, name);
  const format = options.format ?? formatOf(text);
  if (options.independent === true && format !== "edn")
    throw new Mistake(`--independent is for EDN, and ${name} is read as ${format}.`, "JSON has a key in each event.");
  const operations = understood(name, () =>
    operationsOf(atLeastOne(readHistory(text, format, { independent: options.independent === true }), name), dialect),
  );
  const checked = checkLinearizability(operations, model, {
    budget: {
      ...(options.steps === undefined ? {} : { steps: options.steps }),
      ...(options.megabytes === undefined ? {} : { bytes: options.megabytes * 2 ** 20 }),
    },
    onProgress: ({ steps, placed, operations: all, partitionsDone, partitions }) =>
      progress(
        `${String(steps)} steps, part ${String(partitionsDone + 1)} of ${String(partitions)}: ${String(placed)} of ${String(all)} ...`,
      ),
  });
  const picture = options.svg === undefined ? undefined : drawing(checked, model);
  if (options.svg !== undefined && picture !== undefined)
    writeFiles([{ path: resolve(io.cwd, options.svg), text: picture }]);
  const drawn =
    options.svg === undefined
      ? []
      : [picture === undefined ? "Nothing was drawn: the history is large." : `wrote ${options.svg}`];
  return {
    findings: [],
    root: io.cwd,
    text: [renderChecked(checked, model, colours), ...drawn].join("\n\n"),
    result: resultOf(checked, describer(model)),
    failed: checked.verdict !== "linearizable",
  };
}

function read(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Mistake(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What tests nothing passes nothing; most likely a file without events is one of another kind. */
function* atLeastOne(events: Iterable<HistoryEvent>, name: string): Generator<HistoryEvent> {
  let none = true;
  for (const event of events) {
    none = false;
    yield event;
  }
  if (none)
    throw new Mistake(`There is no operation in ${name}.`, "--format says how it is written: json, edn or log.");
}

function understood<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof HistoryError) throw new Mistake(`${name}: ${error.message}`);
    throw error;
  }
}

function resultOf(checked: Checked<unknown, unknown>, describe: (input: unknown, output: unknown) => string): object {
  const { verdict, effort } = checked;
  const plain = ({ process, input, output, invoked, returned }: Operation): object => ({
    process,
    operation: describe(input, output),
    invoked,
    returned: Number.isFinite(returned) ? returned : null,
  });
  switch (verdict) {
    case "linearizable":
      return { verdict, effort };
    case "budget exhausted":
      return { verdict, effort, undecided: checked.undecided.map(({ operations }) => operations.length) };
    case "violated": {
      const { witness, order, next } = checked.violation;
      return {
        verdict,
        effort,
        contradiction: witness.contradiction.map(plain),
        open: witness.open.map(plain),
        longestOrder: order.length,
        next: plain(next),
      };
    }
  }
}
