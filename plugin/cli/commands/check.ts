import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { count } from "../../diagnostics/renderText.ts";
import { replaceFiles } from "../../emit/replaceFiles.ts";
import { mend, type Mended } from "../../fixes/mend.ts";
import { openProject } from "../../frontend/openProject.ts";
import { compile, type CompileResult } from "../../pipeline.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import { Mistake } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";

export function declareCheck(program: Command, run: Run): void {
  withSharedOptions(program.command("check"))
    .summary("report everything that Riven has to say about a protocol")
    .description(
      "Analyses the protocol in a folder, and its plan if there is one. Where a change is known that mends what is found, " +
        "it is named: it has been tried, and the rewrite that comes of it is proven safe. Writes nothing without --fix.",
    )
    .argument("[folder]", "the folder of the protocol", ".")
    .option("--fix", "apply the first fix of each finding, trying again after each, and write the files that changed")
    .addHelpText(
      "after",
      "\nExamples:\n  riven check samples/voting\n  riven check samples/voting --fix\n" +
        "  riven check --json | jq '.findings[].fixes[].title'",
    )
    .action((folder: string, options: { readonly fix?: true }, command: Command) =>
      run(command, (context) => (options.fix === true ? checkAndFix(folder, context) : check(folder, context))),
    );
}

function check(folder: string, { io }: Context): Outcome {
  const path = existingFolder(folder, io.cwd);
  const result = compile(path, { fixes: true });
  return outcomeOf(result, shown(path, io.cwd), {}, []);
}

function checkAndFix(folder: string, context: Context): Outcome {
  const { cwd } = context.io;
  const path = existingFolder(folder, cwd);
  const opened = openProject(path);
  if (opened.findings !== undefined) return check(folder, context);
  const mended = mend(opened.project);
  write(mended, cwd);
  const place = (file: string): string => shown(join(mended.result.root, file), cwd);
  const fixed = mended.applied.map(({ finding, fix }) => ({
    code: finding.code,
    file: place(finding.span.file),
    line: finding.span.line,
    title: fix.title,
  }));
  const written = mended.changed.map((file) => place(file.path));
  const lines = [
    ...fixed.map(({ code, file, line, title }) => `fixed   ${code} at ${file}:${String(line)}: ${title}`),
    ...written.map((file) => `wrote   ${file}`),
  ];
  const said = lines.length === 0 ? ["No fix is known to mend what was found. Nothing was written."] : lines;
  const isQuiet = mended.result.findings.length === 0 && lines.length === 0;
  return outcomeOf(mended.result, shown(path, cwd), { fixed, written }, isQuiet ? [] : said);
}

/** All files or none; and none that somebody has edited since it was read. */
function write({ result: { root }, changed }: Mended, cwd: string): void {
  const files = changed.map(({ path, before, text }) => {
    const file = join(root, path);
    const now = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const mark = now?.startsWith(BYTE_ORDER_MARK) === true ? BYTE_ORDER_MARK : "";
    if (now !== mark + before) {
      throw new Mistake(`${shown(file, cwd)} has changed while it was checked. Nothing was written.`, "Try again.");
    }
    return { path, text: mark + text };
  });
  replaceFiles(root, files);
}

/** Some editors begin files with it; the text that is compiled does not have it. */
const BYTE_ORDER_MARK = "\uFEFF";

function outcomeOf(
  { root, protocol, plans, findings }: CompileResult,
  folder: string,
  done: { readonly fixed?: readonly object[]; readonly written?: readonly string[] },
  lines: readonly string[],
): Outcome {
  const what = `${count(protocol.roles.length, "role")} and ${count(plans.length, "plan")} in ${folder}`;
  const quiet = findings.length === 0 ? [`${what}: nothing to report.`] : [];
  return {
    findings,
    root,
    text: [...lines, ...quiet].join("\n"),
    result: {
      folder,
      roles: protocol.roles.map(({ name }) => name),
      plans: plans.map(({ role }) => role),
      ...done,
    },
  };
}
