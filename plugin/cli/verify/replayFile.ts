/** `riven verify --replay FILE`: a counterexample that was kept, shown again. */
import { dirname, resolve } from "node:path";
import { wrap } from "../../diagnostics/renderText.ts";
import { parseCounterexampleFile, type CounterexampleFile } from "../../verify/counterexample/counterexampleFile.ts";
import { replay } from "../../verify/index.ts";
import type { Context } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { loadRewritten, loadSystem } from "../loadModules.ts";
import { Mistake, theUsersErrors } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";
import { checkOutputs, readableFile, type OutputOptions } from "./outputs.ts";
import { renderProblem } from "./renderVerification.ts";
import { reportCounterexample } from "./reportCounterexample.ts";

/** @param folder The folder of the protocol, when it is not the one that the file names. */
export async function replayFile(
  file: string,
  folder: string | undefined,
  options: OutputOptions,
  context: Context,
): Promise<Outcome> {
  const { io, colours, progress } = context;
  checkOutputs(options, io.cwd);
  const kept = parse(readableFile(file, io.cwd), file);
  const path = existingFolder(folder ?? resolve(io.cwd, dirname(file), kept.protocol), io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = await loadRewritten(path, io);
  progress(`repeating the run of ${file} ...`);
  const { setup, choices, problem } = kept;
  const counterexample = { setup, choices, problem };
  const report = await theUsersErrors(() =>
    reportCounterexample({ ...options, folder: path, system, rewritten, counterexample, effort: undefined }, context),
  );
  if (report === undefined) {
    const { verdict } = replay({ system, rewritten, choices, ...setup });
    if (verdict !== "refines") {
      const text = [
        `${colours.red("not judged")} ${colours.bold(`${problem.kind} in ${system.name}`)}`,
        wrap("This run of the rewritten system does not come to rest now, so nobody knows whether it is right."),
      ].join("\n\n");
      return { findings: [], root: io.cwd, text, result: { verdict, counterexample: null }, failed: true };
    }
    const text = [
      `${colours.green("not shown any more")} ${colours.bold(`${problem.kind} in ${system.name}`)}`,
      wrap(
        "This run of the rewritten system could now have been one of the original: the protocol, its rewrite or Riven has changed. It was:",
      ),
      wrap(problem.summary, "  "),
      `riven verify ${shown(path, io.cwd)} looks for other runs.`,
    ].join("\n\n");
    return { findings: [], root: io.cwd, text, result: { verdict, counterexample: null } };
  }
  return {
    findings: [],
    root: io.cwd,
    text: [renderProblem(report.problem, `as kept in ${file}`, colours), report.text].join("\n\n"),
    result: { verdict: "counterexample", counterexample: report.result },
    failed: true,
  };
}

function parse(text: string, file: string): CounterexampleFile {
  try {
    return parseCounterexampleFile(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Mistake(`${file} cannot be replayed: ${error.message}`, "riven verify --save FILE writes such files.");
  }
}
