/**
 * Mutation testing of the analysis and of the rules: `npm run mutate -- --files plugin/rules/coHashing.ts,plugin/rules/functional.ts`.
 * Reads all fixtures once (or takes what was read the last time, with `--reuse`: when only rules have changed), and has Stryker
 * judge them statically for each mutant. See docs/reference/mutation-testing.md.
 */
import { Stryker } from "@stryker-mutator/core";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { readPlans } from "../../plugin/frontend/readPlans.ts";
import { readProtocol } from "../../plugin/frontend/readProtocol.ts";
import { roleDeclarations } from "../../plugin/frontend/syntax/roleDeclarations.ts";
import { validateLanguage } from "../../plugin/frontend/validate/validateLanguage.ts";
import { applyPlans } from "../../plugin/planner/applyPlans.ts";
import type { Finding } from "../../plugin/diagnostics/finding.ts";
import { readFixtures, type Fixture } from "../support/judges.ts";
import { surprises } from "../support/surprises.ts";
import { writeModels, type Model } from "./models.ts";

/** Undefined for what the rules do not decide: the language forbids it, or what is emitted does not type-check. */
function modelOf({ name, files, expectation }: Fixture): Model | undefined {
  const open = openInMemory(Object.fromEntries(Object.entries(files).filter(([path]) => path !== "run.ts")));
  const protocol = readProtocol(open);
  const requested = readPlans(open, roleDeclarations(open.sources));
  const before = [...validateLanguage(open), ...requested.findings].filter(isError);
  const expected = expectation.kind === "accepted" ? [] : expectation.findings;
  const errors = applyPlans(protocol, requested.plans).findings.filter(isError);
  if (before.length > 0 || surprises({ protocol, errors }, expected).length > 0) return undefined;
  return { name, expected, protocol, plans: requested.plans };
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

function filesOf(args: readonly string[]): readonly string[] {
  const [files] = args.flatMap((arg, i) => (arg === "--files" ? [args[i + 1] ?? ""] : []));
  return files === undefined ? ["plugin/rules/**/*.ts", "plugin/analysis/**/*.ts"] : files.split(",");
}

const args = process.argv.slice(2);
if (!args.includes("--reuse")) {
  const fixtures = readFixtures();
  const models = fixtures.flatMap((fixture) => modelOf(fixture) ?? []);
  writeModels(models);
  console.log(`${String(models.length)} of ${String(fixtures.length)} fixtures judge the rules.`);
}
await new Stryker({ mutate: [...filesOf(args)] }).runMutationTest();
