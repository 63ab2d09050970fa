import { join } from "node:path";
import type { Command } from "commander";
import { compareEmitted, type Difference } from "../../emit/compareEmitted.ts";
import type { EmittedFile } from "../../emit/emittedFile.ts";
import { ForeignFileError, writeEmitted, type WriteReport } from "../../emit/writeEmitted.ts";
import { relativePath } from "../../frontend/syntax/relativePath.ts";
import { count } from "../../diagnostics/renderText.ts";
import { compile, OUTPUT_FOLDER } from "../../pipeline.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { Mistake } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";

export function declareBuild(program: Command, run: Run): void {
  withSharedOptions(program.command("build"))
    .summary("write the rewritten protocol")
    .description(
      "Applies the plan of a protocol and writes one TypeScript file per component, the routing table and source maps " +
        "to rewritten/, beside the protocol. A step that is not proven safe is refused, and then nothing is written.",
    )
    .argument("[folder]", "the folder of the protocol", ".")
    .option("--check", "write nothing; fail when what is there differs from what would be built")
    .addHelpText("after", "\nExamples:\n  riven build samples/voting\n  riven build samples/voting --check")
    .action((folder: string, options: { readonly check?: true }, command: Command) =>
      run(command, (context) => build(folder, options.check === true, context)),
    );
}

function build(folder: string, checkOnly: boolean, { io }: Context): Outcome {
  const path = existingFolder(folder, io.cwd);
  const { root, findings, files } = compile(path);
  const about = { findings, root };
  if (findings.some(({ severity }) => severity === "error")) {
    return { ...about, text: "Nothing was written.", result: { written: [], removed: [], outOfDate: [] } };
  }
  const folderBelowRoot = relativePath(root, join(path, OUTPUT_FOLDER));
  const place = (file: string): string => shown(join(root, file), io.cwd);
  if (checkOnly) {
    const differences = compareEmitted(root, folderBelowRoot, files).map((one) => ({ ...one, path: place(one.path) }));
    const text = differences.length === 0 ? upToDate(files.length) : staleOutput(differences, shown(path, io.cwd));
    const outOfDate = differences.map((one) => one.path);
    return { ...about, text, result: { written: [], removed: [], outOfDate }, failed: outOfDate.length > 0 };
  }
  const report = writeOrExplain(root, folderBelowRoot, files, place);
  const [written, removed] = [report.written.map(place), report.removed.map(place)];
  const lines = [...written.map((file) => `wrote   ${file}`), ...removed.map((file) => `removed ${file}`)];
  const text = lines.length === 0 ? upToDate(files.length) : lines.join("\n");
  return { ...about, text, result: { written, removed, outOfDate: [] } };
}

function writeOrExplain(
  root: string,
  folder: string,
  files: readonly EmittedFile[],
  place: (file: string) => string,
): WriteReport {
  try {
    return writeEmitted(root, folder, files);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    throw new Mistake(
      `${place(error.path)} was not written by Riven, and the output would replace it. Nothing was written.`,
      "Move the file elsewhere, or delete it.",
    );
  }
}

function upToDate(files: number): string {
  return `${count(files, "file")}, all up to date.`;
}

function staleOutput(differences: readonly Difference[], folder: string): string {
  return [
    "What is there is not what would be built:",
    ...differences.map(({ kind, path }) => `  ${kind.padEnd(7)} ${path}`),
    `Run riven build ${folder} and commit what it writes.`,
  ].join("\n");
}
