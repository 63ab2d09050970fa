import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository, riven } from "./riven.ts";

const folder = join(repository, "test", ".tmp", `linearizable-${String(process.pid)}`);
beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const right = [
  { process: 0, type: "invoke", f: "write", value: 1 },
  { process: 0, type: "ok", f: "write" },
  { process: 1, type: "invoke", f: "write", value: 2 },
  { process: 2, type: "invoke", f: "read" },
  { process: 2, type: "ok", f: "read", value: 1 },
];
const wrong = [...right, { process: 2, type: "invoke", f: "read" }, { process: 2, type: "ok", f: "read", value: 3 }];

function file(name: string, events: readonly object[]): string {
  writeFileSync(join(folder, name), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return name;
}

test("a history that is linearizable, and its picture", async () => {
  const argv = ["linearizable", file("right.jsonl", right), "--model", "register", "--svg", "right.svg"];
  expect(await riven(argv, { cwd: folder })).toEqual({
    exitCode: 0,
    out: "linearizable: 3 operations on a register.\n\nwrote right.svg\n",
    err: "",
  });
  expect(readFileSync(join(folder, "right.svg"), "utf8")).toContain("A linearizable register");
});

test("a history that is not", async () => {
  const argv = ["linearizable", file("wrong.jsonl", wrong), "--model", "register", "--svg", "wrong.svg"];
  const { exitCode, out } = await riven(argv, { cwd: folder });
  expect(exitCode).toBe(1);
  expect(out).toContain("not linearizable: 4 operations on a register.");
  expect(out).toContain("read → 3");
  expect(readFileSync(join(folder, "wrong.svg"), "utf8")).toContain("Not a linearizable register");
  const json = await riven([...argv, "--json"], { cwd: folder });
  expect(JSON.parse(json.out)).toMatchObject({
    command: "linearizable",
    ok: false,
    result: { verdict: "violated", contradiction: [{ process: 2, operation: "read → 3", invoked: 6, returned: 7 }] },
  });
});

test("a history that cannot be decided within the budget", async () => {
  const argv = ["linearizable", file("wrong.jsonl", wrong), "--model", "register", "--steps", "1"];
  const { exitCode, out } = await riven(argv, { cwd: folder });
  expect(exitCode).toBe(1);
  expect(out).toContain("not decided: 4 operations on a register. The budget ended");
});

test("EDN of independent keys", async () => {
  writeFileSync(
    join(folder, "keys.edn"),
    "{:process 0 :type :invoke :f :write :value [7 1]}\n{:process 0 :type :ok :f :write :value [7 1]}\n",
  );
  const { exitCode } = await riven(["linearizable", "keys.edn", "--model", "register", "--independent"], {
    cwd: folder,
  });
  expect(exitCode).toBe(0);
});

test.each<readonly [what: string, argv: readonly string[], message: string]>([
  ["a file that is not there", ["nothing.jsonl", "--model", "register"], "nothing.jsonl cannot be read"],
  ["a model that is not there", ["wrong.jsonl", "--model", "tree"], "Allowed choices are register, kv, set"],
  ["no model", ["wrong.jsonl"], "--model"],
  [
    "operations of another model",
    ["wrong.jsonl", "--model", "queue"],
    "wrong.jsonl: Line 1: This model has no operation",
  ],
  ["a file without events", ["table.csv", "--model", "register"], "There is no operation in table.csv."],
  ["--independent of what is not EDN", ["wrong.jsonl", "--model", "register", "--independent"], "is read as json"],
  ["a picture in no folder", ["wrong.jsonl", "--model", "register", "--svg", "no/x.svg"], "There is no folder no"],
])("%s is a wrong usage", async (_what, argv, message) => {
  file("wrong.jsonl", wrong);
  writeFileSync(join(folder, "table.csv"), "process,f\n0,read\n");
  const { exitCode, err } = await riven(["linearizable", ...argv], { cwd: folder });
  expect(exitCode).toBe(2);
  expect(err).toContain(message);
});
