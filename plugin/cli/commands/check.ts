import type { Command } from "commander";
import { count } from "../../diagnostics/renderText.ts";
import { compile } from "../../pipeline.ts";
import { withSharedOptions, type Context, type Run } from "../context.ts";
import { existingFolder, shown } from "../folder.ts";
import type { Outcome } from "../outcome.ts";

export function declareCheck(program: Command, run: Run): void {
  withSharedOptions(program.command("check"))
    .summary("report everything that Riven has to say about a protocol")
    .description("Analyses the protocol in a folder, and its plan if there is one. Writes nothing.")
    .argument("[folder]", "the folder of the protocol", ".")
    .addHelpText("after", "\nExamples:\n  riven check samples/voting\n  riven check --json | jq '.findings[].code'")
    .action((folder: string, _options: unknown, command: Command) => run(command, (context) => check(folder, context)));
}

function check(folder: string, { io }: Context): Outcome {
  const path = existingFolder(folder, io.cwd);
  const { root, protocol, plans, findings } = compile(path);
  const roles = protocol.roles.length;
  const what = `${count(roles, "role")} and ${count(plans.length, "plan")} in ${shown(path, io.cwd)}`;
  return {
    findings,
    root,
    text: findings.length === 0 ? `${what}: nothing to report.` : "",
    result: {
      folder: shown(path, io.cwd),
      roles: protocol.roles.map(({ name }) => name),
      plans: plans.map(({ role }) => role),
    },
  };
}
