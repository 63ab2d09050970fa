import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository, riven } from "./riven.ts";

test.each(["check", "explain", "build", "verify", "run", "relay", "repartition", "linearizable"])(
  "riven %s --help shows examples",
  async (command) => {
    const { exitCode, out } = await riven([command, "--help"]);
    expect(exitCode).toBe(0);
    expect(out).toContain(`Usage: riven ${command} [options]`);
    expect(out).toContain(`\nExamples:\n  riven ${command} `);
    expect(out).toContain("--json");
  },
);

test("riven --version", async () => {
  expect(await riven(["--version"])).toEqual({ exitCode: 0, out: "1.2.3\n", err: "" });
});

test("riven explain <code>, as text and as JSON", async () => {
  const text = await riven(["explain", "rvn401"]);
  expect(text.exitCode).toBe(0);
  expect(text.out).toContain("RVN401 no-tsconfig  error, plan\n");
  const json = await riven(["explain", "RVN401", "--json"]);
  expect(JSON.parse(json.out)).toMatchObject({
    command: "explain",
    ok: true,
    result: { code: "RVN401", name: "no-tsconfig" },
  });
});

test("the program itself, in a process of its own", () => {
  const argv = ["--import", "tsx", join(repository, "plugin", "cli", "riven.ts"), "explain", "RVN401"];
  const out = execFileSync(process.execPath, argv, { cwd: repository, encoding: "utf8" });
  expect(out).toContain("RVN401 no-tsconfig");
  expect(out).not.toContain("\u001b[");
}, 30_000);

test("the reference names every command and option", async () => {
  const reference = readFileSync(join(repository, "docs", "reference", "cli.md"), "utf8");
  for (const command of ["check", "explain", "build", "verify", "run", "relay", "repartition", "linearizable"]) {
    const { out } = await riven([command, "--help"]);
    const options = [...out.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option = ""]) => option);
    expect(options.length).toBeGreaterThan(3);
    const missing = options.filter((option) => option !== "--help" && !reference.includes(option));
    expect({ command, missing }).toEqual({ command, missing: [] });
    expect(reference).toContain(`riven ${command} `);
  }
});
