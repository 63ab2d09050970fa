/** What the fuzzer has found once: the compiler refuses it, or builds what no run tells from the original. */
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { compileProject } from "../../plugin/pipeline.ts";
import { verifySystem } from "../../plugin/verify/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import { FIXTURES, readFuzzFixtures } from "./fixtures.ts";
import { ModulesInMemory } from "./inMemory.ts";

const SEEDS = 60;

const fixtures = readFuzzFixtures(FIXTURES);

it("has fixtures in folders of their own", () => {
  for (const { files } of fixtures)
    expect(Object.keys(files).sort()).toEqual(["protocol.ts", "riven.plan.ts", "run.ts"]);
});

for (const { name, files } of fixtures) {
  it(name, () => {
    const { "run.ts": _run, ...sources } = files;
    const { findings, files: emitted } = compileProject(openInMemory(sources));
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors.filter(({ code }) => code === "RVN100" || code === "RVN430" || code === "RVN431")).toEqual([]);
    if (errors.length > 0) return;
    const modules = new ModulesInMemory([
      ...Object.entries(files),
      ...emitted.map(({ path, text }) => [path.replace(/^.*(?=rewritten\/)/, ""), text] as const),
    ]);
    const system = modules.loadDefault("run.ts") as SystemDefinition;
    const rewritten = modules.loadDefault("rewritten/index.ts") as RewrittenSystem;
    expect(verifySystem({ system, rewritten, seeds: SEEDS }).violations).toEqual([]);
  });
}
