/** What goes wrong at the command line gets one clear message, the right exit code, and no stack. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { riven } from "./riven.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "riven-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const inFolder = (...argv: readonly string[]): ReturnType<typeof riven> => riven(argv, { cwd: folder });

test.each([
  [["chek"], "error: unknown command 'chek'\n(Did you mean check?)\n"],
  [["check", "--jsn"], "error: unknown option '--jsn'\n(Did you mean --json?)\n"],
  [["check", "a", "b"], "error: too many arguments for 'check'. Expected 1 argument but got 2.\n"],
  [["check", "votng"], "error: There is no folder votng.\nName the folder that holds the protocol.\n"],
  [["build", "file.ts"], "error: file.ts is a file, not a folder.\nName the folder that holds the protocol.\n"],
  [["explain", "RVN999"], "error: There is no finding RVN999.\n"],
  [
    ["verify", "--seeds", "many"],
    "'--seeds <n>' argument 'many' is invalid. It has to be a whole number, 1 or more.\n",
  ],
  [["verify", "--seeds", "0"], "'0' is invalid. It has to be a whole number, 1 or more.\n"],
  [["verify", "--crashes", "2"], "error: --crashes is for --exact.\n"],
  [["verify", "--seconds", "9"], "error: --seconds is for --exact.\n"],
  [["verify", "--exact", "--save", "a.json"], "option '--exact' cannot be used with option '--save <file>'\n"],
  [["verify", "--replay", "a", "--crashes", "1"], "cannot be used with option '--crashes <n>'\n"],
  [["run", "--partitions", "1.5"], "'1.5' is invalid. It has to be a whole number, from 1 to 256.\n"],
  [
    ["run", "--seconds", "-1"],
    "argument '-1' is invalid. It has to be a number of seconds, more than 0 and at most a day.",
  ],
  [["run", "--transport", "pigeon"], "argument 'pigeon' is invalid. Allowed choices are memory, tcp.\n"],
  [["run", "--base-port", "70000"], "'70000' is invalid. It has to be a whole number, from 1 to 65000.\n"],
  [["run", "."], "error: There is no run.ts.\n"],
  [["verify", "."], "error: There is no run.ts.\n"],
])("riven %s", async (argv, message) => {
  write({ "file.ts": "" });
  const ended = await inFolder(...argv);
  expect(ended).toMatchObject({ exitCode: 2, out: "" });
  expect(ended.err).toContain(message);
  expect(ended.err).not.toMatch(/^ +at /m);
});

test("with --json, what went wrong is JSON too", async () => {
  const { exitCode, out, err } = await inFolder("check", "votng", "--json");
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: "" });
  expect(JSON.parse(out)).toEqual({
    command: null,
    ok: false,
    exitCode: 2,
    error: "There is no folder votng. Name the folder that holds the protocol.",
    findings: [],
    result: null,
  });
  const unknown = await inFolder("check", "--jsn", "--json");
  expect(JSON.parse(unknown.out)).toMatchObject({
    exitCode: 2,
    error: expect.stringContaining("unknown option '--jsn'") as string,
  });
});

test("no arguments: the help, as an error", async () => {
  const { exitCode, err } = await inFolder();
  expect(exitCode).toBe(2);
  expect(err).toContain("Usage: riven [options] [command]");
});

test("a folder outside any TypeScript project", async () => {
  write({ "protocol.ts": "export class Leader {}" });
  const { exitCode, out } = await inFolder("check");
  expect(exitCode).toBe(1);
  expect(out).toContain("error RVN401 no-tsconfig\n");
});

test("a folder without a role, and nothing is written", async () => {
  write({ "protocol.ts": "export class Leader {}", "tsconfig.json": "{}" });
  const { exitCode, out } = await inFolder("build");
  expect(exitCode).toBe(1);
  expect(out).toContain("error RVN403 no-role\n");
  expect(out).toContain("Nothing was written.");
});

test.each([
  ["export const x = 1;", "error: The default export of run.ts is not a system.\n"],
  ["throw new Error('no luck');", "error: run.ts could not be loaded: no luck\n"],
])("run.ts that says %s", async (text, message) => {
  write({ "run.ts": text });
  const ended = await inFolder("run", "--base");
  expect(ended.exitCode).toBe(2);
  expect(ended.err).toContain(message);
});

test("nothing was built yet", async () => {
  write({ "run.ts": "export default { name: 'x', roles: [], clients: { driver: class {} } };" });
  const ended = await inFolder("run", ".");
  expect(ended).toMatchObject({
    exitCode: 2,
    err: "error: There is no rewritten/index.ts.\nRun riven build . first.\n",
  });
});

test("an error that nobody expected is called a bug, with its place", async () => {
  const out = (): never => {
    throw new TypeError("a surprise");
  };
  const { exitCode, err } = await riven(["explain", "RVN401"], { out });
  expect(exitCode).toBe(70);
  expect(err).toMatch(
    /^error: This is a bug in Riven 1\.2\.3, not in your protocol\..*\n\nTypeError: a surprise\n +at /,
  );
});
