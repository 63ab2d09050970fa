/** The commands on protocols that are in order, and on one whose plan is not. In this process, with everything real. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository, riven, type Ended } from "./riven.ts";

const echo = join(repository, "test", "package", "echo");
let folder: string;

/** A copy of a small protocol, in a project where "riven" is what it is in this one. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "riven-echo-"));
  cpSync(echo, folder, { recursive: true });
  const tsconfig = { extends: join(repository, "tsconfig.json"), compilerOptions: { types: [] } };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (...argv: readonly string[]): Promise<Ended> => riven(argv, { cwd: folder });
const json = ({ out }: Ended): unknown => JSON.parse(out);

test("check: nothing to report", async () => {
  expect(await inFolder("check")).toEqual({
    exitCode: 0,
    out: "2 roles and 1 plan in .: nothing to report.\n",
    err: "",
  });
  expect(json(await inFolder("check", "--json"))).toEqual({
    command: "check",
    ok: true,
    exitCode: 0,
    error: null,
    findings: [],
    result: { folder: ".", roles: ["Client", "Server"], plans: ["Server"] },
  });
});

test("explain: roles, possibilities, plan", async () => {
  const { exitCode, out } = await inFolder("explain");
  expect(exitCode).toBe(0);
  expect(out).toContain(`Server  protocol.ts:9:14
  state         heard: Map<string, number>
  on say(m: { id: string }) from Client
    reads       heard[m.id]
    writes      set heard[m.id]
    sends       say -> Client.echoed
`);
  expect(out).toContain(`  yes  all of Server partitioned by id  (co-hashing)
  no   all of Server partitioned by from.id
`);
  expect(out).toContain(`Server becomes
  main  2 partitions
    runs say
    routes say by id
    spreads heard
    co-hashing: `);
});

test("explain: effects, and what a pass made", async () => {
  const { out } = await inFolder("explain", "--effects");
  expect(out).toContain("    effects     set heard[m.id] ");
  expect(json(await inFolder("explain", "--after", "readPlans", "--json"))).toMatchObject({
    result: {
      pass: "readPlans",
      made: { plans: [{ role: "Server", span: "riven.plan.ts:4:16" }] },
    },
  });
  const wrong = await inFolder("explain", "--after", "nothing");
  expect(wrong.exitCode).toBe(2);
  expect(wrong.err).toContain("Allowed choices are readProtocol, ");
});

test("build, verify, run: one after another", async () => {
  const before = await inFolder("build", "--check");
  expect(before.exitCode).toBe(1);
  expect(before.out).toContain("  missing rewritten/index.ts\n");
  expect(before.out).toContain("Run riven build . and commit what it writes.");
  expect(existsSync(join(folder, "rewritten"))).toBe(false);

  const built = await inFolder("build");
  expect(built.exitCode).toBe(0);
  expect(built.out).toContain("wrote   rewritten/server.main.ts\n");
  expect((await inFolder("build", "--check")).exitCode).toBe(0);

  const verified = await inFolder("verify", "--seeds", "20", "--verbose");
  expect(verified).toMatchObject({ exitCode: 0, err: "" });
  expect(verified.out).toContain("verified echo: 20 runs of the rewritten system");
  expect(json(await inFolder("verify", "--seed", "7", "--json"))).toMatchObject({
    command: "verify",
    result: { verdict: "refines", violations: [], coverage: { runs: 1 } },
  });

  const faulty = await inFolder("verify", "--seeds", "20", "--faults");
  expect(faulty.exitCode).toBe(0);
  expect(faulty.out).toMatch(/\n {2}\d+ process(es)? died and \d+ messages? got lost; /);

  const briefly = ["--seconds", "0.1", "--warm-up", "0.05"];
  const base = json(await inFolder("run", "--base", "--json", ...briefly));
  expect(base).toMatchObject({ ok: true, result: { system: "echo", rewritten: false, transport: "memory" } });
  const run = await inFolder("run", "--partitions", "3", ...briefly);
  expect(run.exitCode).toBe(0);
  expect(run.out).toContain("echo, rewritten, memory: Server.main x 3\n");

  const data = join(folder, "data");
  expect((await inFolder("run", "--data", "data", "--give-up", "1", ...briefly)).exitCode).toBe(0);
  expect(existsSync(data)).toBe(true);
  rmSync(data, { recursive: true });
}, 60_000);

test("a plan that is refused: findings, exit code 1, and nothing is written", async () => {
  const plan = join(folder, "riven.plan.ts");
  const [right, before] = [readFileSync(plan, "utf8"), readdirSync(folder)];
  writeFileSync(plan, right.replace('by: "id"', 'by: "from.id"').replace("into: 2", "into: 5"));
  try {
    const { exitCode, out } = await inFolder("build");
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^error RVN3\d\d /);
    expect(out).toContain("What would go wrong:\n  1. ");
    expect(out).toMatch(/\n\n1 error\n\nNothing was written\.\n$/);
    expect(readdirSync(folder)).toEqual(before);
  } finally {
    writeFileSync(plan, right);
  }
});

test("a violation is told, with the seed that shows it again", async () => {
  // What the compiler wrote, tampered with.
  const component = join(folder, "rewritten", "server.main.ts");
  const right = readFileSync(component, "utf8");
  writeFileSync(component, right.replace("+ 1;", "+ 2;"));
  jest.resetModules();
  try {
    const { exitCode, out } = await inFolder("verify", "--seeds", "5");
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^violated replay mismatch in the run of seed 1\n/);
    expect(out).toMatch(/\nriven verify \. --seed 1 shows it again\.\n$/);
  } finally {
    writeFileSync(component, right);
  }
});
