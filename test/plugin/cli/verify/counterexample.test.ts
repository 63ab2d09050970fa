/** `riven verify` on a rewrite that was forced past the rules: what it says, what it writes, and what it reads again. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { judgeStatically, readFixture } from "../../../support/judges.ts";
import { repository, riven, type Ended } from "../riven.ts";

let scratch: string;

/** Inside of the repository, so that the protocol finds "riven". */
beforeAll(() => {
  mkdirSync(join(repository, "test/.tmp"), { recursive: true });
  scratch = mkdtempSync(join(repository, "test/.tmp/counterexample-"));
  const fixture = readFixture("acks-without-key");
  const emitted = judgeStatically(fixture, true).files.map(({ path, text }) => [path, text] as const);
  for (const [path, text] of [...Object.entries(fixture.files), ...emitted]) write(join("acks", path), text);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(scratch, path)), { recursive: true });
  writeFileSync(join(scratch, path), text);
}

function read(path: string): string {
  return readFileSync(join(scratch, path), "utf8");
}

function verify(...argv: readonly string[]): Promise<Ended> {
  return riven(["verify", ...argv], { cwd: scratch });
}

/** What stands in the folder, but for the protocol. */
function written(): readonly string[] {
  return readdirSync(scratch).filter((name) => name !== "acks");
}

test("a violation is shown with both runs and the code of its handlers, and writes nothing", async () => {
  const { exitCode, out } = await verify("acks");
  expect(exitCode).toBe(1);
  expect(out).toContain("violated cycle in the run of seed");
  expect(out).toMatch(/Shrunk from \d+ steps to 4 in \d+ runs: 1 client, 1 operation, no faults\./);
  expect(out).toContain("the rewritten system");
  expect(out).toContain("no run of the original is like this one");
  expect(out).toMatch(/\(1\) Store\.write {2}acks\/protocol\.ts:\d+\n> \d+ \| {3}@On\(\) write\(/);
  expect(out).toMatch(/runs as StoreMain\.write {2}acks\/rewritten\/store\.main\.ts:\d+, made of lines \d+ to \d+/);
  expect(written()).toEqual([]);
});

test("kept, shown again, and kept as a test and a picture", async () => {
  const kept = await verify("acks", "--save", "lost.json", "--svg", "lost.svg", "--save-test", "lost.test.ts");
  expect(kept.exitCode).toBe(1);
  expect(kept.out).toContain(
    "wrote the counterexample to lost.json\nwrote the test to lost.test.ts\nwrote the picture to lost.svg",
  );
  expect(JSON.parse(read("lost.json"))).toMatchObject({ version: 1, protocol: "acks", verdict: { kind: "cycle" } });
  expect(read("lost.svg")).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(read("lost.test.ts")).toContain('import system from "./acks/run.ts";');

  const again = await verify("--replay", "lost.json");
  expect(again.exitCode).toBe(1);
  expect(again.out).toContain("violated cycle as kept in lost.json");
  const diagramOf = (text: string): string =>
    text.slice(text.indexOf("the rewritten system"), text.indexOf("\n\nwrote"));
  expect(again.out.trimEnd().endsWith(diagramOf(kept.out).trimEnd())).toBe(true);
});

/** The original as its own rewrite. */
const AS_WRITTEN = `import { Disk, Store } from "../protocol.ts";
  export default { components: {}, routing: { roles: {} }, used: [Disk, Store] };`;

test("the original as its own rewrite: what was kept is not shown any more", async () => {
  await verify("acks", "--save", "old.json");
  const route = read("acks/rewritten/index.ts");
  write("mended/protocol.ts", read("acks/protocol.ts"));
  write("mended/run.ts", read("acks/run.ts"));
  write("mended/rewritten/index.ts", AS_WRITTEN);
  expect(route).not.toBe(AS_WRITTEN);
  const { exitCode, out } = await verify("mended", "--replay", "old.json", "--svg", "none.svg");
  expect(out).toContain("not shown any more cycle in store");
  expect(exitCode).toBe(0);
  expect(existsSync(join(scratch, "none.svg"))).toBe(false);
});

test("as JSON", async () => {
  const { out } = await verify("acks", "--json");
  const { result } = JSON.parse(out) as { readonly result: object };
  expect(result).toMatchObject({
    verdict: "counterexample",
    violations: [{ kind: "cycle" }],
    counterexample: {
      setup: { clients: 1, operations: 1, partitions: null, faults: false },
      choices: { schedule: expect.any(Array) as unknown },
      problem: { kind: "cycle" },
      effort: { stepsAfter: 4 },
      diagram: { rewritten: { rows: expect.any(Array) as unknown } },
      handlers: [{ numbers: [1], original: { file: "acks/protocol.ts" } }, {}, {}],
      written: [],
    },
  });
});

test("a run that does not end any more is not one that is right", async () => {
  await verify("acks", "--save", "old.json");
  const answer = "if (client !== undefined) this.clients.at(client).stored({ op: m.op });";
  const endless = read("acks/protocol.ts").replace(answer, "for (const disk of this.disks) disk.save(m);");
  expect(endless).not.toContain(answer);
  write("endless/protocol.ts", endless);
  write("endless/run.ts", read("acks/run.ts"));
  write("endless/rewritten/index.ts", AS_WRITTEN);
  const { exitCode, out } = await verify("endless", "--replay", "old.json");
  expect(out).toContain("not judged cycle in store");
  expect(exitCode).toBe(1);
});

test.each([
  [["acks", "--save", "nowhere/x.json"], "There is no folder nowhere to write nowhere/x.json to."],
  [["acks", "--svg", "acks"], "acks is a folder."],
  [["acks", "--save-test", "x.json"], "x.json is no name for a TypeScript file."],
  [["--replay", "gone.json"], "There is no file gone.json."],
  [["--replay", "broken.json"], "broken.json cannot be replayed: it is not JSON"],
  [["--replay", "later.json"], "later.json cannot be replayed: it has version 2, and this Riven reads version 1."],
  [["--replay", "broken.json", "--seed", "1"], "option '--replay <file>' cannot be used with option '--seed <n>'"],
])("usage: %j", async (argv, message) => {
  write("broken.json", "{");
  write("later.json", '{ "format": "riven counterexample", "version": 2 }');
  const before = written();
  const { exitCode, err } = await verify(...argv);
  expect(err).toContain(message);
  expect(exitCode).toBe(2);
  expect(written()).toEqual(before);
});
