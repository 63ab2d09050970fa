/** What the command line says about one counterexample, and what it writes. */
import type { Context } from "../context.ts";
import { sourceFiles } from "../sourceFiles.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { showAgain, type Counterexample, type Problem, type ShrinkEffort } from "../../verify/index.ts";
import { writeOutputs, type OutputOptions, type Written } from "./outputs.ts";
import { renderCounterexample } from "./renderCounterexample.ts";
import { involvedHandlers, type SourcePlace } from "./sourcePlaces.ts";

export interface ReportOptions extends OutputOptions {
  /** Of the protocol. Absolute. */
  readonly folder: string;
  readonly system: SystemDefinition;
  readonly rewritten: RewrittenSystem;
  readonly counterexample: Counterexample;
  readonly effort: ShrinkEffort | undefined;
}

export interface Report {
  /** As it was when it was shown. */
  readonly problem: Problem;
  readonly text: string;
  /** For programs. Plain data. */
  readonly result: object;
}

/** Undefined when nothing is wrong with that run any more. Nothing is written then. */
export function reportCounterexample(options: ReportOptions, { io, colours }: Context): Report | undefined {
  const { folder, system, rewritten, counterexample, effort } = options;
  const again = showAgain({ system, rewritten }, counterexample);
  if (again === undefined) return undefined;
  const { problem, diagram, involved, run } = again;
  const handlers = run === undefined ? [] : involvedHandlers(folder, involved, run);
  const sources = sourceFiles(folder, io.cwd);
  const text = renderCounterexample(
    { setup: counterexample.setup, effort, diagram, handlers },
    { colours, width: io.columns ?? DEFAULT_WIDTH, name: sources.name, text: sources.text },
  );
  const written = writeOutputs(options, { folder, system: system.name, counterexample, diagram }, io);
  const { setup, choices } = counterexample;
  const place = ({ name, file, line, endLine }: SourcePlace): object => ({
    name,
    file: sources.name(file),
    line,
    endLine,
  });
  return {
    problem,
    text: [text, ...printWritten(written)].join("\n\n"),
    result: {
      setup: { ...setup, partitions: setup.partitions ?? null },
      choices,
      problem,
      effort: effort ?? null,
      diagram: diagram ?? null,
      handlers: handlers.map(({ numbers, original, fragments }) => ({
        numbers,
        original: original === undefined ? null : place(original),
        fragments: fragments.map(({ place: at, from }) => ({ ...place(at), from: from ?? null })),
      })),
      written,
    },
  };
}

const DEFAULT_WIDTH = 100;

function printWritten(written: readonly Written[]): readonly string[] {
  return written.length === 0 ? [] : [written.map(({ what, file }) => `wrote the ${what} to ${file}`).join("\n")];
}
