import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy } from "../../../runtime/deployment.ts";
import { NodeRuntime } from "../../../runtime/node/nodeRuntime.ts";
import { ProcessClock } from "../../../runtime/node/processClock.ts";
import { readJournal } from "../../../runtime/node/readJournal.ts";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import { MemoryTransport } from "../../../runtime/transport/memoryTransport.ts";
import { banking } from "./banking.ts";
import { saving } from "./vault.ts";

const folder = mkdtempSync(join(tmpdir(), "riven-runtime-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const vault = { role: "Vault", id: "vault", component: "main", partition: 0 };
const quick = { clients: 2, inflight: 4, warmUpSeconds: 0, seconds: 0.1 };

describe("a process with durable instances", () => {
  it("finds what the last run left", async () => {
    for (const runs of [1, 2, 3]) {
      const before = readJournal(folder, vault, "ledger").length;
      const { commands, processes } = await runInMemory(saving, { ...quick, data: folder });
      const after = readJournal(folder, vault, "ledger").length;
      expect([runs, processes[0]?.failures]).toEqual([runs, 0]);
      expect(after - before).toBeGreaterThanOrEqual(commands);
    }
  });

  it("needs a data directory", () => {
    const deployment = deploy(saving);
    expect(
      () =>
        new NodeRuntime({
          deployment,
          instances: deployment.instances,
          transport: (receive) => new MemoryTransport(receive),
          log: () => undefined,
        }),
    ).toThrow(/Vault\/vault#main\.0 has durable state, and there is no data directory/);
  });

  it("stores nothing of a system without durable state", async () => {
    const data = join(folder, "nothing");
    await runInMemory(banking, { ...quick, data });
    expect(readJournal(data, { ...vault, role: "Bank", id: "bank" }, "ledger")).toEqual([]);
  });
});

describe("the clock of a process", () => {
  async function fired(use: (clock: ProcessClock) => void): Promise<readonly string[]> {
    const log: string[] = [];
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const clock = new ProcessClock((handler, key) => {
      if (handler === "end") end();
      else log.push(`${handler} ${String(key)}`);
      return true;
    });
    use(clock);
    clock.set("end", undefined, 30); // timers of the process fire in the order of their times
    await ended;
    clock.stop();
    return log;
  }

  it("fires each timer once, by handler and key", async () => {
    expect(
      await fired((clock) => {
        clock.set("a", undefined, 1);
        clock.set("a", "k", 2);
        clock.set("b", "k", 3);
      }),
    ).toEqual(["a undefined", "a k", "b k"]);
  });

  it("sets anew, and clears", async () => {
    expect(
      await fired((clock) => {
        clock.set("a", "k", 1);
        clock.set("b", "k", 3);
        clock.set("a", "k", 5);
        clock.set("c", "k", 1);
        clock.clear("c", "k");
        clock.clear("c", "other");
      }),
    ).toEqual(["b k", "a k"]);
  });

  it("fires nothing when it is stopped", () => {
    jest.useFakeTimers();
    try {
      const log: string[] = [];
      const clock = new ProcessClock((handler) => log.push(handler) > 0);
      clock.set("before", undefined, 5);
      jest.advanceTimersByTime(5);
      clock.set("after", undefined, 5);
      clock.stop();
      jest.advanceTimersByTime(1000);
      expect(log).toEqual(["before"]);
    } finally {
      jest.useRealTimers();
    }
  });
});
