import { inspect } from "node:util";
import { Option, type Command } from "commander";
import { diagnostics } from "../../diagnostics/codes.ts";
import { countFindings } from "../../diagnostics/render.ts";
import { isCode, renderEntry } from "../../diagnostics/renderEntry.ts";
import { compile, PASSES, type Pass } from "../../pipeline.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { describePlan } from "../explain/describePlan.ts";
import { describeRewrites } from "../explain/describeRewrites.ts";
import { describeRoles } from "../explain/describeRoles.ts";
import { printable } from "../explain/printable.ts";
import { renderPlan } from "../explain/renderPlan.ts";
import { renderRewrites } from "../explain/renderRewrites.ts";
import { renderRoles } from "../explain/renderRoles.ts";
import { existingFolder, shown } from "../folder.ts";
import { Mistake } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";
import { sourceFiles } from "../sourceFiles.ts";

interface ExplainOptions {
  readonly effects?: true;
  readonly after?: Pass;
}

/** The first pass makes syntax trees, which are nothing to look at. */
const SHOWN_PASSES = PASSES.filter((pass) => pass !== "openProject");

export function declareExplain(program: Command, run: Run): void {
  withSharedOptions(program.command("explain"))
    .summary("show what was found in a protocol, or what a code means")
    .description(
      "For a folder: roles, state, what each handler reads, writes and sends, and which rewrites are legal; for those " +
        "that are not, why. For the code of a finding: its page.",
    )
    .argument("[folder or code]", "the folder of the protocol, or a code such as RVN302", ".")
    .option("--effects", "each effect of a handler with its conditions, not only what it touches")
    .addOption(new Option("--after <pass>", "what the compiler knows after one of its passes").choices(SHOWN_PASSES))
    .addHelpText(
      "after",
      "\nExamples:\n  riven explain samples/voting\n  riven explain samples/voting --effects\n" +
        "  riven explain samples/voting --after inferKeys\n  riven explain RVN302",
    )
    .action((subject: string, options: ExplainOptions, command: Command) =>
      run(command, (context) => {
        if (/^rvn\d+$/i.test(subject)) return explainCode(subject.toUpperCase(), context);
        if (options.after !== undefined) return explainPass(subject, options.after, context);
        return explainFolder(subject, options.effects === true, context);
      }),
    );
}

function explainCode(code: string, { io, colours }: Context): Outcome {
  if (!isCode(code)) {
    const [first, last] = [Object.keys(diagnostics)[0] ?? "", Object.keys(diagnostics).at(-1) ?? ""];
    throw new Mistake(`There is no finding ${code}.`, `Codes go from ${first} to ${last}; riven check prints them.`);
  }
  const { name, severity, group, title, explanation, remedy, example } = diagnostics[code];
  return {
    findings: [],
    root: io.cwd,
    text: renderEntry(code, colours.isColorSupported),
    result: { code, name, severity, group, title, explanation, remedy, example },
  };
}

function explainPass(folder: string, after: Pass, { io, colours }: Context): Outcome {
  const path = existingFolder(folder, io.cwd);
  let found: { readonly made: unknown; readonly milliseconds: number } | undefined;
  const { root, findings } = compile(path, {
    trace: (pass, made, milliseconds) => {
      if (pass === after) found = { made, milliseconds };
    },
  });
  if (found === undefined)
    return { findings, root, text: `The compiler did not get as far as ${after}.`, result: null };
  const made = printable(found.made);
  const text = inspect(made, { depth: null, colors: colours.isColorSupported, breakLength: 120, maxArrayLength: null });
  return { findings: [], root, text, result: { pass: after, milliseconds: found.milliseconds, made } };
}

function explainFolder(folder: string, effects: boolean, { io, colours }: Context): Outcome {
  const path = existingFolder(folder, io.cwd);
  const { root, protocol, exploration, rewrite, findings } = compile(path, { emit: false, explore: true });
  if (protocol.roles.length === 0) return { findings, root, text: "", result: null };
  const { name } = sourceFiles(root, io.cwd);
  const roles = describeRoles(protocol, name);
  const rewrites = describeRewrites(exploration, name);
  const plan = describePlan(rewrite);
  const sections = [
    renderRoles(roles, { effects }, colours),
    renderRewrites(rewrites, colours),
    renderPlan(plan, colours),
  ];
  // What is wrong belongs to `check`; here it would bury what was asked for.
  const more =
    findings.length === 0 ? [] : [`${countFindings(findings)}; riven check ${shown(path, io.cwd)} shows them.`];
  const text = [...sections, ...more].filter((section) => section !== "").join("\n\n");
  return { findings: [], root, text, result: { roles, rewrites, plan } };
}
