import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeRecord } from "../../../runtime/node/durableRecord.ts";
import { DurableReplay } from "../../../runtime/node/durableReplay.ts";
import { printRunResult } from "../../../runtime/printRunResult.ts";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import { instanceDirectory } from "../../../runtime/storage/instanceDirectory.ts";
import { readWholeLog } from "../../../runtime/storage/fileLog.ts";
import type { LaunchOptions } from "../../../runtime/supervisor/launch.ts";
import { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import { register, rewrittenRegister } from "./register.ts";

const data = mkdtempSync(join(tmpdir(), "riven-register-"));
const log: string[] = [];
const options: LaunchOptions = {
  modulePath: join(__dirname, "register.run.ts"),
  rewritten: rewrittenRegister({ durable: true, timer: true }),
  rewrittenPath: join(__dirname, "register.rewritten.ts"),
  clients: 2,
  inflight: 8,
  giveUpSeconds: 0.3,
  data,
  log: (line) => log.push(line),
};
const parts = ["main.0", "main.1", "main.2", "coordinator.0"].map((part) => `Register/register#${part}`);

/** What an instance has stored. */
function stored(component: string, partition: number): ReadonlyMap<unknown, unknown> {
  const replay = new DurableReplay();
  const address = { role: "Register", id: "register", component, partition };
  for (const record of readWholeLog(instanceDirectory(data, address))) replay.apply(decodeRecord(record));
  return replay.fields;
}

describe("partitions and their coordinator, as processes", () => {
  let running: RunningSystem;
  beforeAll(async () => {
    running = await RunningSystem.start(register, options);
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(data, { recursive: true, force: true });
  });

  async function expectProgress(): Promise<void> {
    running.beginWindow();
    await running.elapse(0.7);
    const result = await running.endWindow();
    expect(result.commands).toBeGreaterThan(0);
    expect(result.processes.map(({ failures, deadLetters }) => failures + deadLetters)).toEqual([0, 0, 0, 0, 0]);
    const coordinator = result.processes.find(({ name }) => name === "Register/register#coordinator.0");
    const clients = result.processes.find(({ name }) => name === "clients.1");
    expect(coordinator?.rounds).toBeGreaterThan(0);
    expect(clients?.fragments).toBeGreaterThan(0);
    expect(clients?.fragmentsDropped).toBeUndefined();
  }

  it.each(["Register/register#coordinator.0", "Register/register#main.1"])(
    "the end of %s in the middle of rounds takes the node along, and all goes on",
    async (name) => {
      expect(running.processes).toEqual(parts);
      await expectProgress();
      await running.kill(name);
      await running.elapse(0.2);
      expect(await running.restart(name)).toEqual(parts);
      await expectProgress();
      expect(log.filter((line) => !/is closed|belongs to another incarnation/.test(line))).toEqual([]);
    },
    60_000,
  );

  it("have done all that was decided, when they have been stopped, however busy they were", async () => {
    await running.stop();
    const rounds = stored("coordinator", 0).get("#round");
    expect(rounds).toBeGreaterThan(0);
    const copies = [0, 1, 2].map((partition) => stored("main", partition));
    expect(copies.map((copy) => copy.get("#round"))).toEqual([rounds, rounds, rounds]);
    expect(new Set(copies.map((copy) => copy.get("epoch"))).size).toBe(1);
  }, 20_000);
});

describe("a run", () => {
  it.each([1, 4])("in memory, of %i partitions, counts rounds and parts of messages", async (partitions) => {
    const rewritten = rewrittenRegister({ durable: true, timer: true });
    const result = await runInMemory(register, { rewritten, partitions, clients: 2, warmUpSeconds: 0, seconds: 0.3 });
    expect(result.commands).toBeGreaterThan(0);
    expect(printRunResult(result)).toMatch(/^rounds {5}[1-9][0-9]* by all partitions/m);
    expect(result.processes).toMatchObject([{ failures: 0, deadLetters: 0, rounds: expect.any(Number) as number }]);
    expect(result.processes[0]?.fragments ?? 0).toBeGreaterThanOrEqual(partitions === 1 ? 0 : partitions);
  });
});
