import { join } from "node:path";
import { printRunResult } from "../../../runtime/printRunResult.ts";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import type { LaunchOptions } from "../../../runtime/supervisor/launch.ts";
import { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import { hub, rewrittenHub } from "./hub.ts";

const log: string[] = [];
const quick: LaunchOptions = {
  modulePath: join(__dirname, "hub.run.ts"),
  rewritten: rewrittenHub("acknowledged"),
  rewrittenPath: join(__dirname, "hub.rewritten.ts"),
  clients: 2,
  inflight: 8,
  giveUpSeconds: 0.3,
  log: (line) => log.push(line),
};

describe("processes with channels between them", () => {
  let running: RunningSystem;
  beforeAll(async () => {
    running = await RunningSystem.start(hub, quick);
  }, 30_000);
  afterAll(() => running.stop());

  async function expectProgress(): Promise<void> {
    running.beginWindow();
    await running.elapse(0.6);
    const result = await running.endWindow();
    expect(result.commands).toBeGreaterThan(0);
    expect(result.processes.map(({ failures, deadLetters }) => failures + deadLetters)).toEqual([0, 0, 0]);
    expect(result.processes.find(({ name }) => name === "Hub/hub#main.0")?.held).toBeGreaterThan(0);
  }

  it.each(["Hub/hub#main.0", "Hub/hub#shelf.0"])(
    "the end of %s takes the whole node along, and all goes on",
    async (name) => {
      await expectProgress();
      expect(await running.restart(name)).toEqual(["Hub/hub#main.0", "Hub/hub#shelf.0"]);
      await expectProgress();
      expect(log.filter((line) => !/is closed|belongs to another incarnation/.test(line))).toEqual([]);
    },
    30_000,
  );
});

describe("a run", () => {
  const short = { clients: 2, inflight: 4, warmUpSeconds: 0, seconds: 0.1 };

  it("says how many messages had to wait, when some had to", async () => {
    const result = await runInMemory(hub, { ...short, rewritten: rewrittenHub("acknowledged") });
    expect(result.processes[0]?.held).toBeGreaterThanOrEqual(result.commands);
    expect(printRunResult(result)).toMatch(/waited +\d+ messages for what was forwarded, \d+ for an entry/);
  });

  it("says nothing about it otherwise", async () => {
    const result = await runInMemory(hub, short);
    expect(result.processes[0]).not.toHaveProperty("held");
    expect(printRunResult(result)).not.toMatch(/waited/);
  });
});
