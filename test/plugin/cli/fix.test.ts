/** `riven check` names what mends a finding, and with --fix does it: on copies of protocols that are refused. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mend } from "../../../plugin/fixes/mend.ts";
import { openProject } from "../../../plugin/frontend/openProject.ts";
import { repository, riven, type Ended } from "./riven.ts";

const folders: string[] = [];

/** A copy of a protocol, in a project where "riven" is what it is in this one. */
function copyOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "riven-fix-"));
  folders.push(folder);
  cpSync(join(repository, "test/fixtures/protocols", name), folder, { recursive: true });
  const tsconfig = { extends: join(repository, "tsconfig.json"), compilerOptions: { types: [] } };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const json = ({ out }: Ended): unknown => JSON.parse(out);
const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

test("check names the fix, and writes nothing", async () => {
  const cwd = copyOf("locks-released-apart");
  const before = read(cwd, "riven.plan.ts");
  const { exitCode, out } = await riven(["check"], { cwd });
  expect(exitCode).toBe(1);
  expect(out).toContain("\nfix: Hold messages back until `table` has applied what it was forwarded\n");
  const { findings } = json(await riven(["check", "--json"], { cwd })) as {
    readonly findings: readonly { readonly code: string; readonly fixes: readonly unknown[] }[];
  };
  expect(findings.map(({ code }) => code)).toEqual(["RVN215"]);
  expect(findings[0]?.fixes[0]).toMatchObject({
    promises: false,
    edits: [{ span: { file: "riven.plan.ts", line: 4 }, newText: " hold: true," }],
  });
  expect(read(cwd, "riven.plan.ts")).toBe(before);
});

test("check --fix does it, and says so", async () => {
  const cwd = copyOf("locks-released-apart");
  const protocol = read(cwd, "protocol.ts");
  const ended = await riven(["check", "--fix"], { cwd });
  expect(ended).toEqual({
    exitCode: 0,
    err: "",
    out: expect.stringMatching(
      /^fixed {3}RVN215 at protocol\.ts:\d+: Hold messages back .*\nwrote {3}riven\.plan\.ts\n2 roles and 1 plan in \.: nothing to report\.\n$/,
    ) as string,
  });
  expect(read(cwd, "riven.plan.ts")).toContain("table: { hold: true, moves:");
  expect(read(cwd, "protocol.ts")).toBe(protocol);
  expect(readdirSync(cwd).sort()).toEqual(["protocol.ts", "riven.plan.ts", "run.ts", "tsconfig.json"]);
  expect((await riven(["check", "--fix"], { cwd })).out).toBe("2 roles and 1 plan in .: nothing to report.\n");
});

test("check --fix compiles again after each change: one may mend two findings", async () => {
  const cwd = copyOf("mutual-dependence");
  const ended = json(await riven(["check", "--fix", "--json"], { cwd })) as {
    readonly findings: readonly unknown[];
    readonly result: { readonly fixed: readonly { readonly code: string }[]; readonly written: readonly string[] };
  };
  expect(ended.findings).toEqual([]);
  expect(ended.result.fixed.map(({ code }) => code)).toEqual(["RVN202"]);
  expect(ended.result.written).toEqual(["riven.plan.ts"]);
});

test("check --fix keeps a byte order mark, and leaves promises to people", async () => {
  const cwd = copyOf("the-last-voter-is-told");
  writeFileSync(join(cwd, "riven.plan.ts"), `\uFEFF${read(cwd, "riven.plan.ts")}`);
  const { exitCode, out } = await riven(["check", "--fix"], { cwd });
  expect({ exitCode, out }).toMatchObject({ exitCode: 0, out: expect.stringContaining("fixed   RVN224") as string });
  expect(read(cwd, "riven.plan.ts")).toMatch(/^\uFEFFimport[^]*hold: true/);
  expect(read(cwd, "protocol.ts")).not.toContain("Determines");
});

test("check --fix without a fix leaves everything as it is", async () => {
  const cwd = copyOf("key-by-comma");
  const before = ["protocol.ts", "riven.plan.ts"].map((file) => read(cwd, file));
  const { exitCode, out } = await riven(["check", "--fix"], { cwd });
  expect(exitCode).toBe(1);
  expect(out).toContain("No fix is known to mend what was found. Nothing was written.\n");
  expect(["protocol.ts", "riven.plan.ts"].map((file) => read(cwd, file))).toEqual(before);
});

test("the texts that come of it are those of the opened files, and generated ones are not among them", () => {
  const folder = copyOf("quorum-answers-every-time");
  cpSync(join(folder, "protocol.ts"), join(folder, "rewritten/station.main.ts"));
  chmodSync(join(folder, "rewritten/station.main.ts"), 0o444);
  const { project, findings } = { findings: undefined, ...openProject(folder) } as {
    readonly project: Parameters<typeof mend>[0];
    readonly findings: unknown;
  };
  expect(findings).toBeUndefined();
  const { applied, changed, result } = mend(project);
  expect(applied.map(({ finding }) => finding.code)).toEqual(["RVN222"]);
  expect(changed.map(({ path }) => path)).toEqual(["riven.plan.ts"]);
  expect(result.findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
