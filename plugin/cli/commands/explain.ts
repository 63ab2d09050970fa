import type { Command } from "commander";
import { isCode, renderEntry } from "../../diagnostics/renderEntry.ts";
import { diagnostics } from "../../diagnostics/codes.ts";
import { compile } from "../../pipeline.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { describeRoles } from "../explain/describeRoles.ts";
import { renderRoles } from "../explain/renderRoles.ts";
import { existingFolder } from "../folder.ts";
import { Mistake } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";
import { sourceFiles } from "../sourceFiles.ts";

interface ExplainOptions {
  readonly effects?: true;
  readonly after?: string;
}

export function declareExplain(program: Command, run: Run): void {
  withSharedOptions(program.command("explain"))
    .summary("show what was found in a protocol, or what a code means")
    .description(
      "For a folder: roles, state, what each handler reads, writes and sends, and which rewrites are legal; for those " +
        "that are not, why. For the code of a finding: its page.",
    )
    .argument("[folder or code]", "the folder of the protocol, or a code such as RVN302", ".")
    .option("--effects", "each effect of a handler with its conditions, not only what it touches")
    .option("--after <pass>", "what the compiler knows after one of its passes")
    .addHelpText(
      "after",
      "\nExamples:\n  riven explain samples/voting\n  riven explain samples/voting --effects\n  riven explain RVN302",
    )
    .action((subject: string, options: ExplainOptions, command: Command) =>
      run(command, (context) =>
        looksLikeCode(subject) ? explainCode(subject, context) : explain(subject, options, context),
      ),
    );
}

function looksLikeCode(subject: string): boolean {
  return /^rvn\d+$/i.test(subject);
}

function explainCode(subject: string, { io, colours }: Context): Outcome {
  const code = subject.toUpperCase();
  if (!isCode(code)) {
    throw new Mistake(`There is no finding ${code}.`, "docs/diagnostics lists all of them.");
  }
  const { name, severity, group, title, explanation, remedy, example } = diagnostics[code];
  return {
    findings: [],
    root: io.cwd,
    text: renderEntry(code, colours.isColorSupported),
    result: { code, name, severity, group, title, explanation, remedy, example },
  };
}
