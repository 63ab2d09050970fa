import { join } from "node:path";
import type { Command } from "commander";
import { count } from "../../diagnostics/renderText.ts";
import { compile, OUTPUT_FOLDER } from "../../pipeline.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { Mistake } from "../mistake.ts";
import { compareOutput, writeOutput, type Difference } from "../outputFiles.ts";
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
  const differences = compareOutput(root, join(path, OUTPUT_FOLDER), files);
  const named = (...kinds: readonly Difference["kind"][]): string[] =>
    differences.filter(({ kind }) => kinds.includes(kind)).map(({ file }) => shown(file, io.cwd));
  if (checkOnly) {
    const outOfDate = named("missing", "different", "superfluous", "foreign");
    const text =
      outOfDate.length === 0 ? upToDate(files.length) : staleOutput(differences, shown(path, io.cwd), io.cwd);
    return { ...about, text, result: { written: [], removed: [], outOfDate }, failed: outOfDate.length > 0 };
  }
  const [foreign] = named("foreign");
  if (foreign !== undefined) {
    throw new Mistake(
      `${foreign} was not written by Riven, and the output would replace it. Nothing was written.`,
      "Move the file elsewhere, or delete it.",
    );
  }
  writeOutput(differences);
  const [written, removed] = [named("missing", "different"), named("superfluous")];
  const lines = [...written.map((file) => `wrote   ${file}`), ...removed.map((file) => `removed ${file}`)];
  const text = lines.length === 0 ? upToDate(files.length) : lines.join("\n");
  return { ...about, text, result: { written, removed, outOfDate: [] } };
}

function upToDate(files: number): string {
  return `${count(files, "file")}, all up to date.`;
}

function staleOutput(differences: readonly Difference[], folder: string, cwd: string): string {
  return [
    "What is there is not what would be built:",
    ...differences.map(({ kind, file }) => `  ${kind.padEnd(11)} ${shown(file, cwd)}`),
    `Run riven build ${folder} and commit what it writes.`,
  ].join("\n");
}
