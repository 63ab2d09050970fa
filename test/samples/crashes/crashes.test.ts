/** The durable samples as processes that are killed and come back: no transaction has two outcomes, and work goes on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJournal } from "../../../runtime/node/readJournal.ts";
import { launch, type LaunchOptions } from "../../../runtime/supervisor/launch.ts";
import type { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";

const data = mkdtempSync(join(tmpdir(), "riven-crashes-"));
afterAll(() => {
  rmSync(data, { recursive: true });
});

async function load<T>(path: string): Promise<T> {
  return ((await import(path)) as { readonly default: T }).default;
}

async function options(sample: string, rewritten: boolean): Promise<LaunchOptions> {
  const rewrittenPath = join(process.cwd(), "samples", sample, "rewritten/index.ts");
  return {
    modulePath: join(__dirname, `${sample}.run.ts`),
    ...(rewritten && { rewritten: await load<RewrittenSystem>(rewrittenPath), rewrittenPath, partitions: 1 }),
    clients: 2,
    inflight: 4,
    warmUpSeconds: 0.3,
    seconds: 1,
    giveUpSeconds: 1,
    log: () => undefined,
    data: join(data, `${sample}-${String(rewritten)}`),
  };
}

/** Kills processes all over the system, at different moments of its work. */
async function havoc(running: RunningSystem): Promise<void> {
  const { processes } = running;
  for (let i = 0; i < 4; i++) {
    await running.elapse(0.1 + 0.07 * i);
    await running.restart(processes[(i * 3 + 1) % processes.length] ?? "");
  }
  await running.restart(processes[0] ?? "");
  await running.elapse(1.5);
}

describe.each([
  ["twopc", "as written", false],
  ["twopc", "rewritten", true],
  ["twopc-locks", "as written", false],
  ["twopc-locks", "rewritten", true],
])("samples/%s, %s", (sample, _form, rewritten) => {
  it("survives kill -9 of its processes", async () => {
    const launched = await options(sample, rewritten);
    const system = await load<SystemDefinition>(launched.modulePath);
    const result = await launch(system, { ...launched, disturb: havoc });
    expect(result.processes.filter(({ failures }) => failures > 0)).toEqual([]);
    expect(result.commands).toBeGreaterThan(0);
  }, 120_000);
});

describe("the journals of samples/twopc", () => {
  it.each([
    ["as written", false, "main", "main", "main"],
    ["rewritten", true, "ender", "voter", "acker"],
  ])(
    "%s, say that what was ended was prepared and committed everywhere, and aborted nowhere",
    (_, rewritten, ender, voter, acker) => {
      const directory = join(data, `twopc-${String(rewritten)}`);
      const read = (
        role: string,
        id: string,
        component: string,
        journal: string,
      ): readonly { id: string; state?: string }[] =>
        readJournal(directory, { role, id, component, partition: 0 }, journal) as { id: string; state?: string }[];
      const ended = new Set(read("Coordinator", "coordinator", ender, "ends").map(({ id }) => id));
      expect(ended.size).toBeGreaterThan(0);
      for (const participant of ["participant-1", "participant-2", "participant-3"]) {
        const logged = new Set(
          [voter, acker].flatMap((component) =>
            read("Participant", participant, component, "log").map(({ id, state }) => `${state ?? ""} ${id}`),
          ),
        );
        const wrong = [...ended].filter(
          (id) => !logged.has(`prepared ${id}`) || !logged.has(`committed ${id}`) || logged.has(`aborted ${id}`),
        );
        expect([participant, wrong]).toEqual([participant, []]);
      }
    },
  );
});
