/** The files that `riven verify` writes about a counterexample, when it is asked to. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { replaceFiles } from "../../emit/replaceFiles.ts";
import { renderDiagramAsSvg } from "../../verify/counterexample/render/renderSvg.ts";
import { printCounterexampleFile } from "../../verify/counterexample/counterexampleFile.ts";
import { printJestTest } from "../../verify/counterexample/jestTest.ts";
import type { Counterexample, Diagram } from "../../verify/index.ts";
import { shown } from "../folder.ts";
import type { Io } from "../io.ts";
import { rewrittenFile, systemFile } from "../loadModules.ts";
import { Mistake } from "../mistake.ts";

/** As on the command line. */
export interface OutputOptions {
  readonly save?: string;
  readonly saveTest?: string;
  readonly svg?: string;
}

export interface Written {
  readonly what: "counterexample" | "test" | "picture";
  /** Relative to the working directory. */
  readonly file: string;
}

/** Says at once what cannot be written in the end. */
export function checkOutputs({ save, saveTest, svg }: OutputOptions, cwd: string): void {
  for (const file of [save, saveTest, svg]) if (file !== undefined) checkTarget(file, cwd);
  if (saveTest !== undefined && !/\.[mc]?ts$/.test(saveTest))
    throw new Mistake(
      `${saveTest} is no name for a TypeScript file.`,
      "Name it like voting.test.ts, so that Jest finds it.",
    );
}

/** @throws Mistake when a file cannot be written for want of its folder, or is one. */
export function checkTarget(file: string, cwd: string): void {
  const path = resolve(cwd, file);
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Mistake(`There is no folder ${shown(dirname(path), cwd)} to write ${file} to.`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new Mistake(`${file} is a folder.`);
}

export interface Reported {
  /** Of the protocol. Absolute. */
  readonly folder: string;
  readonly system: string;
  readonly counterexample: Counterexample;
  readonly diagram: Diagram | undefined;
}

/** Writes all that was asked for, or nothing. */
export function writeOutputs(options: OutputOptions, reported: Reported, { cwd }: Io): readonly Written[] {
  const { save, saveTest, svg } = options;
  const { folder, counterexample, diagram, system } = reported;
  if (svg !== undefined && diagram === undefined)
    throw new Mistake("There is no picture of a run that was cut short.", "Leave out --svg.");
  const files: { readonly what: Written["what"]; readonly file: string; readonly text: string }[] = [];
  if (save !== undefined) {
    const protocol = withSlashes(relative(dirname(resolve(cwd, save)), folder)) || ".";
    files.push({ what: "counterexample", file: save, text: printCounterexampleFile({ ...counterexample, protocol }) });
  }
  if (saveTest !== undefined) {
    const from = dirname(resolve(cwd, saveTest));
    const moduleOf = (file: string): string => specifierFor(file, from, importEnding(folder));
    const modules = { systemModule: moduleOf(systemFile(folder)), rewrittenModule: moduleOf(rewrittenFile(folder)) };
    files.push({ what: "test", file: saveTest, text: printJestTest({ counterexample, system, ...modules }) });
  }
  if (svg !== undefined && diagram !== undefined)
    files.push({ what: "picture", file: svg, text: renderDiagramAsSvg(diagram) });
  writeFiles(files.map(({ file, text }) => ({ path: resolve(cwd, file), text })));
  return files.map(({ what, file }) => ({ what, file: shown(resolve(cwd, file), cwd) }));
}

/** All of them, by absolute paths, or none. */
export function writeFiles(files: readonly { readonly path: string; readonly text: string }[]): void {
  try {
    replaceFiles("", files);
  } catch (error) {
    throw new Mistake(`Nothing was written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What stands at the end of relative imports in this project: as the emitted files have it, which learnt it from the author. */
function importEnding(folder: string): string {
  const text = readFileSync(rewrittenFile(folder), "utf8");
  return /from "\.{1,2}\/[^"]*?(\.[cm]?[jt]s)?";/.exec(text)?.[1] ?? "";
}

function specifierFor(file: string, from: string, ending: string): string {
  const path = withSlashes(relative(from, file)).replace(/\.ts$/, ending);
  return path.startsWith("../") ? path : `./${path}`;
}

function withSlashes(path: string): string {
  return path.split(sep).join("/");
}

/** The counterexample in a file, and the folder of its protocol. */
export function readableFile(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Mistake(`There is no file ${file}.`, "riven verify --save FILE writes one.");
  if (!stats.isFile()) throw new Mistake(`${file} is not a file.`);
  return readFileSync(join(path), "utf8");
}
