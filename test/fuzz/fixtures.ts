/** Protocols that the fuzzer has found a mistake with. They stay, and the suite judges them for ever. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "./examine.ts";
import { columnsOf } from "./examine.ts";
import { printPlan } from "./plans.ts";
import { printProtocol } from "./printProtocol.ts";
import type { Failing } from "./shrink/shrink.ts";

export const FIXTURES = "test/fixtures/fuzz";

/** @returns The folder that was written. */
export function writeFixture(
  root: string,
  name: string,
  { tree, plan }: Failing,
  { kind, violation, summary }: Failure,
): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  const files = printProtocol(tree);
  const said = [kind, ...(violation === undefined ? [] : [violation])].join(", ");
  const comment = `// found by the fuzzer: ${said}\n${summary.replace(/^/gm, "// ")}\n`;
  writeFileSync(join(folder, "protocol.ts"), `${comment}${files["protocol.ts"]}`);
  writeFileSync(join(folder, "run.ts"), files["run.ts"]);
  writeFileSync(join(folder, "riven.plan.ts"), printPlan(plan, columnsOf(tree)));
  return folder;
}

export interface FuzzFixture {
  readonly name: string;
  /** By path in the fixture's folder. */
  readonly files: { readonly [path: string]: string };
}

export function readFuzzFixtures(root: string): readonly FuzzFixture[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort()
    .map((name) => {
      const folder = join(root, name);
      const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]);
      return { name, files: Object.fromEntries(files) as FuzzFixture["files"] };
    });
}
