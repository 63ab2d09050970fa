/**
 * What it costs that all partitions do something together: operations of which none, some or all concern all partitions,
 * as the partitions grow, in one process and as processes over TCP. `npm run bench:coordination` prints the table and
 * writes bench/results/coordination-cost.json.
 *
 * The load is a closed loop. What is reported: operations per second, the median latency, and CPU for each operation, of
 * all processes of the protocol together and of the busiest, which bounds a cluster of machines with a core each. The
 * mixes alternate, so that what else the machine does hits all of them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runInMemory } from "../runtime/runInMemory.ts";
import type { RunResult } from "../runtime/runResult.ts";
import { launch } from "../runtime/supervisor/launch.ts";
import { createSystem, rewrittenRegister } from "./coordinationCost/register.ts";
import { describeMachine } from "./machine.ts";
import { median } from "./statistics.ts";

const PARTITIONS = (process.env["BENCH_PARTITIONS"] ?? "1,2,3,5,8").split(",").map(Number);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 2);
const TRANSPORTS = ["memory", "tcp"] as const;
type TransportKind = (typeof TRANSPORTS)[number];
/** How many in a hundred operations concern all partitions. Each has a module of its own, which processes import. */
const MIXES = [0, 1, 10, 100] as const;
type Mix = (typeof MIXES)[number];

interface Sample {
  readonly transport: TransportKind;
  readonly partitions: number;
  readonly mix: Mix;
  readonly operationsPerSecond: number;
  readonly medianLatencyMicroseconds: number;
  /** CPU for each operation. In one process those of the clients are in it. */
  readonly cpuMicroseconds: number;
  readonly busiestMicroseconds: number;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`./coordinationCost/${file}`, import.meta.url));
}

async function measure(transport: TransportKind, partitions: number, mix: Mix): Promise<Sample> {
  const system = createSystem(mix);
  const options = {
    rewritten: rewrittenRegister,
    partitions,
    clients: 4,
    inflight: 32,
    seconds: SECONDS,
    warmUpSeconds: 1,
  };
  const result =
    transport === "memory"
      ? await runInMemory(system, options)
      : await launch(system, {
          ...options,
          modulePath: pathOf(`mix${String(mix)}.run.ts`),
          rewrittenPath: pathOf("rewritten.ts"),
        });
  return { transport, partitions, mix, ...figuresOf(result) };
}

function figuresOf({
  commandsPerSecond,
  latency,
  processes,
  busiest,
}: RunResult): Omit<Sample, "transport" | "partitions" | "mix"> {
  const failed = processes.find(({ failures, dropped }) => failures + dropped > 0);
  if (failed !== undefined) throw new Error(`${failed.name} failed: what was measured is something else.`);
  return {
    operationsPerSecond: Math.round(commandsPerSecond),
    medianLatencyMicroseconds: latency.p50Microseconds,
    cpuMicroseconds: processes
      .filter(({ kind }) => kind !== "clients")
      .reduce((sum, { cpuMicrosecondsPerCommand }) => sum + cpuMicrosecondsPerCommand, 0),
    busiestMicroseconds: busiest.cpuMicrosecondsPerCommand,
  };
}

interface Row extends Sample {
  /** CPU over that of the same without operations that concern all partitions, in neighbouring windows. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

function summarise(samples: readonly Sample[], transport: TransportKind, partitions: number, mix: Mix): Row {
  const of = (wanted: Mix): readonly Sample[] =>
    samples.filter((one) => one.transport === transport && one.partitions === partitions && one.mix === wanted);
  const middle = (what: Exclude<keyof Sample, "transport">): number => median(of(mix).map((sample) => sample[what]));
  const without = of(0);
  const ratios = of(mix).map(
    ({ cpuMicroseconds }, round) => cpuMicroseconds / (without[round]?.cpuMicroseconds ?? Number.NaN),
  );
  return {
    transport,
    partitions,
    mix,
    operationsPerSecond: middle("operationsPerSecond"),
    medianLatencyMicroseconds: middle("medianLatencyMicroseconds"),
    cpuMicroseconds: middle("cpuMicroseconds"),
    busiestMicroseconds: middle("busiestMicroseconds"),
    ratio: median(ratios),
    ratioLow: Math.min(...ratios),
    ratioHigh: Math.max(...ratios),
  };
}

function printTable(rows: readonly Row[]): string {
  const header = ["transport", "partitions", "% of all", "op/s", "p50 µs", "µs CPU", "busiest", "ratio", "from", "to"];
  const cells = rows.map((row) => [
    row.transport,
    String(row.partitions),
    String(row.mix),
    String(row.operationsPerSecond),
    row.medianLatencyMicroseconds.toFixed(0),
    row.cpuMicroseconds.toFixed(2),
    row.busiestMicroseconds.toFixed(2),
    ...[row.ratio, row.ratioLow, row.ratioHigh].map((value) => value.toFixed(2)),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [header, ...cells]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "))
    .join("\n");
}

// For the just-in-time compiler, and thrown away.
for (const mix of MIXES) await measure("memory", 2, mix);
const samples: Sample[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const transport of TRANSPORTS) {
    for (const partitions of PARTITIONS) {
      for (const mix of MIXES) samples.push(await measure(transport, partitions, mix));
    }
  }
}
const rows = TRANSPORTS.flatMap((transport) =>
  PARTITIONS.flatMap((partitions) => MIXES.map((mix) => summarise(samples, transport, partitions, mix))),
);
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: "operations of which some concern all partitions",
  ...describeMachine("npm run bench:coordination"),
  rounds: ROUNDS,
  windowSeconds: SECONDS,
  rows,
  samples,
};
writeFileSync(new URL("coordination-cost.json", folder), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${printTable(rows)}\n`);
