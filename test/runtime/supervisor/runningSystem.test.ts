import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJournal } from "../../../runtime/node/readJournal.ts";
import type { RunResult } from "../../../runtime/runResult.ts";
import { launch, type LaunchOptions } from "../../../runtime/supervisor/launch.ts";
import { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import { banking, rewrittenBanking } from "../node/banking.ts";
import { partitionedSaving, saving } from "../node/vault.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folder(): string {
  const created = mkdtempSync(join(tmpdir(), "riven-data-test-"));
  folders.push(created);
  return created;
}

const quick: LaunchOptions = {
  modulePath: join(__dirname, "saving.run.ts"),
  clients: 2,
  inflight: 4,
  warmUpSeconds: 0.1,
  seconds: 0.3,
  giveUpSeconds: 0.3,
  log: () => undefined,
};
const vault = { role: "Vault", id: "vault", component: "main", partition: 0 };
const bankRun: LaunchOptions = {
  ...quick,
  modulePath: join(__dirname, "banking.run.ts"),
  rewritten: rewrittenBanking,
  rewrittenPath: join(__dirname, "banking.rewritten.ts"),
  partitions: 2,
};

/** The driver throws when something that was acknowledged has been forgotten. */
function expectNothingForgotten({ processes, commands }: RunResult): void {
  expect(processes.map(({ failures }) => failures)).toEqual(processes.map(() => 0));
  expect(commands).toBeGreaterThan(0);
}

describe("a system with durable state", () => {
  it("forgets nothing that was acknowledged when it is killed, again and again", async () => {
    const data = folder();
    let restarts = 0;
    const result = await launch(saving, {
      ...quick,
      data,
      disturb: async (running) => {
        for (; restarts < 5; restarts++) {
          await running.elapse(0.05 + 0.03 * restarts);
          await running.restart("Vault/vault#main.0");
        }
        await running.elapse(0.4);
      },
    });
    expectNothingForgotten(result);
    const saved = readJournal(data, vault, "ledger").length;
    expect(saved).toBeGreaterThanOrEqual(result.commands);

    // The next run finds it all, and goes on.
    const next = await launch(saving, { ...quick, data });
    expect(next.commands).toBeGreaterThan(0);
    expect(readJournal(data, vault, "ledger").length).toBeGreaterThan(saved);
  }, 60_000);

  it("keeps its data in a temporary directory unless told otherwise", async () => {
    let data = "";
    const result = await launch(saving, {
      ...quick,
      disturb: (running) => {
        data = running.data;
        expect(existsSync(data)).toBe(true);
        return Promise.resolve();
      },
    });
    expectNothingForgotten(result);
    expect(existsSync(data)).toBe(false);
  }, 30_000);

  it("refuses another number of partitions over its data, and somebody else's data", async () => {
    const data = folder();
    const rewritten = {
      rewritten: partitionedSaving,
      rewrittenPath: join(__dirname, "saving.rewritten.ts"),
      data,
    };
    expectNothingForgotten(await launch(saving, { ...quick, ...rewritten }));
    await expect(launch(saving, { ...quick, ...rewritten, partitions: 3 })).rejects.toThrow(
      `The data in ${data} does not fit this run: Vault/vault#main left its state in 2 partitions, and now has 3 partitions. ` +
        "Nothing was changed. Run with what it was written by, or move the state: " +
        `riven repartition <folder of the protocol> --data ${data} --partitions 3`,
    );
    await expect(launch(saving, { ...quick, data })).rejects.toThrow(/in 2 partitions, and now has one partition/);
    await expect(launch(banking, { ...bankRun, data })).rejects.toThrow(/belongs to the system saving/);
    expectNothingForgotten(await launch(saving, { ...quick, ...rewritten }));
  }, 60_000);
});

describe("a running system", () => {
  let running: RunningSystem;

  beforeAll(async () => {
    running = await RunningSystem.start(banking, bankRun);
  }, 30_000);
  afterAll(() => running.stop());

  it("restarts a part without state alone, and goes on", async () => {
    expect(await running.restart("Bank/bank#clerk.1")).toEqual(["Bank/bank#clerk.1"]);
    running.beginWindow();
    await running.elapse(0.8);
    expect((await running.endWindow()).commands).toBeGreaterThan(0);
  }, 30_000);

  it("restarts the whole node when a part had volatile state, and goes on", async () => {
    expect(await running.restart("Bank/bank#main.0")).toEqual([
      "Bank/bank#main.0",
      "Bank/bank#clerk.0",
      "Bank/bank#clerk.1",
    ]);
    running.beginWindow();
    await running.elapse(0.8);
    const { commands, processes } = await running.endWindow();
    expect(commands).toBeGreaterThan(0);
    expect(processes).toHaveLength(6);
  }, 30_000);

  it("leaves what is killed dead, until it is restarted", async () => {
    await running.kill("Auditor/auditor-1#main.0");
    await running.kill("Auditor/auditor-1#main.0");
    expect(running.alive).toEqual(running.processes.filter((name) => name !== "Auditor/auditor-1#main.0"));
    running.beginWindow();
    await running.elapse(0.3);
    expect((await running.endWindow()).commands).toBeGreaterThan(0);
    await running.restart("Auditor/auditor-1#main.0");
    expect(running.alive).toEqual(running.processes);
  }, 30_000);

  it("knows its processes", () => {
    expect(() => running.kill("Bank/bank#vault.0")).toThrow(
      /There is no process Bank\/bank#vault\.0 in this run\. There are: Bank\/bank#main\.0, /,
    );
  });
});
