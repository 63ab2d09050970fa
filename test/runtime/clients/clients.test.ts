import { LoadMeter, mergeMeasurements } from "../../../runtime/clients/loadMeter.ts";
import { printRunResult } from "../../../runtime/printRunResult.ts";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import { banking, rewrittenBanking } from "../node/banking.ts";

const quick = { clients: 3, inflight: 5, warmUpSeconds: 0.05, seconds: 0.2 };

describe("runInMemory", () => {
  it("runs a system as written, and measures it", async () => {
    const lines: string[] = [];
    const result = await runInMemory(banking, { ...quick, log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
    expect(result).toMatchObject({
      system: "banking",
      transport: "memory",
      rewritten: false,
      load: { clients: 3, inflight: 5 },
      topology: [
        { component: "Bank.main", instances: 1 },
        { component: "Auditor.main", instances: 2 },
      ],
      processes: [{ name: "everything", failures: 0, deadLetters: 0, dropped: 0 }],
    });
    expect(result.commands).toBeGreaterThan(0);
    // A command is two activations: the deposit and its confirmation.
    expect(result.processes[0]?.activations).toBeGreaterThanOrEqual(2 * result.commands - 2 * 15);
    expect(result.latency.p50Microseconds).toBeLessThanOrEqual(result.latency.p99Microseconds);
    expect(printRunResult(result)).toMatch(/banking, as written, memory: Bank\.main x 1, Auditor\.main x 2\n/);
  });

  it("runs it rewritten", async () => {
    const result = await runInMemory(banking, { ...quick, rewritten: rewrittenBanking, partitions: 2 });
    expect(result).toMatchObject({ rewritten: true, processes: [{ failures: 0, deadLetters: 0 }] });
    expect(result.topology).toContainEqual({ component: "Bank.clerk", instances: 2 });
    expect(result.commands).toBeGreaterThan(0);
  });

  it("says what went wrong, and goes on", async () => {
    const failing = {
      ...rewrittenBanking,
      components: {
        Bank: {
          ...rewrittenBanking.components["Bank"],
          clerk: class {
            confirm(): never {
              throw new Error("no paper");
            }
            opening(): void {
              // Nobody is told.
            }
          },
        },
      },
    };
    const lines: string[] = [];
    const result = await runInMemory(banking, { ...quick, rewritten: failing, log: (line) => lines.push(line) });
    expect(result.commands).toBe(0);
    expect(result.processes[0]?.failures).toBe(15);
    expect(lines[0]).toMatch(
      /^Bank\/bank#clerk\.\d: confirm failed, was rolled back and sent nothing\. Error: no paper/,
    );
  });
});

describe("load measurements", () => {
  function measured(...milliseconds: number[]) {
    const meter = new LoadMeter();
    meter.record(1); // warm-up
    meter.begin();
    for (const latency of milliseconds) meter.record(latency);
    return meter.end();
  }

  it("merge over processes", () => {
    const merged = mergeMeasurements([measured(1, 2, 3), measured(100)]);
    expect(merged.commands).toBe(4);
    expect(merged.latency.p50Microseconds).toBe(2000);
    expect(merged.latency.maxMicroseconds / 100_000).toBeCloseTo(1, 2);
  });

  it("are nothing when nothing happened", () => {
    expect(mergeMeasurements([measured()])).toMatchObject({ commands: 0, commandsPerSecond: 0 });
  });

  it("record what took too long as the longest there is", () => {
    expect(mergeMeasurements([measured(1e9)]).latency.maxMicroseconds / 60e6).toBeCloseTo(1, 2);
  });
});
