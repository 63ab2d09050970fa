/**
 * What durability costs, and what group commit gives back: transactions per second and syncs per transaction, as more of
 * them are in flight, of a durable handler and of two-phase commit (samples/twopc), beside the same records written by hand
 * with bare `fs` calls, in the same run. `npm run bench:commit` prints the tables and writes bench/results/group-commit.json.
 * The kinds alternate, so that what else the machine and its disk do hits all of them. docs/reference/benchmarks.md says
 * what is compared.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as elapse } from "node:timers/promises";
import { BareContender } from "./groupCommit/bareContender.ts";
import type { Contender } from "./groupCommit/contender.ts";
import { RuntimeContender } from "./groupCommit/runtimeContender.ts";
import { store } from "./groupCommit/store.ts";
import { twoPhaseCommit } from "./groupCommit/twoPhaseCommit.ts";
import type { Workload } from "./groupCommit/workload.ts";
import { describeMachine } from "./machine.ts";
import { median } from "./statistics.ts";

const IN_FLIGHT = (process.env["BENCH_IN_FLIGHT"] ?? "1,4,16,64,256,1024").split(",").map(Number);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const WARM_UP_MILLISECONDS = 200;
const WINDOW_MILLISECONDS = 1_000;
const WORKLOADS: readonly Workload[] = [store, twoPhaseCommit];
/** A runtime, a hand-written group commit, and a hand-written sync for each record. */
const KINDS = ["runtime", "grouped", "single"] as const;
type Kind = (typeof KINDS)[number];

interface Sample {
  readonly workload: string;
  readonly kind: Kind;
  readonly inFlight: number;
  readonly transactionsPerSecond: number;
  readonly syncsPerTransaction: number;
}

function contender(kind: Kind, { system, bare, logs }: Workload, directory: string): Contender {
  const paths = Array.from({ length: logs }, (_, i) => join(directory, `${i}.log`));
  switch (kind) {
    case "runtime":
      return new RuntimeContender(directory, system);
    case "grouped":
      return new BareContender(paths, true, bare);
    case "single":
      return new BareContender(paths, false, bare);
  }
}

async function measure(workload: Workload, kind: Kind, inFlight: number): Promise<Sample> {
  const directory = mkdtempSync(join(tmpdir(), "riven-bench-"));
  const one = contender(kind, workload, directory);
  try {
    one.begin(inFlight);
    await elapse(WARM_UP_MILLISECONDS);
    const before = one.counts;
    const begun = performance.now();
    await elapse(WINDOW_MILLISECONDS);
    const after = one.counts;
    const seconds = (performance.now() - begun) / 1000;
    const transactions = after.transactions - before.transactions;
    return {
      workload: workload.name,
      kind,
      inFlight,
      transactionsPerSecond: transactions / seconds,
      syncsPerTransaction: (after.syncs - before.syncs) / transactions,
    };
  } finally {
    await one.end();
    rmSync(directory, { recursive: true });
  }
}

interface Row {
  readonly workload: string;
  readonly inFlight: number;
  readonly transactionsPerSecond: Readonly<Record<Kind, number>>;
  readonly syncsPerTransaction: Readonly<Record<Kind, number>>;
  /** The runtime's transactions per second over those of the group commit by hand: the median of neighbouring windows. */
  readonly ratio: number;
}

function summarise(samples: readonly Sample[], workload: string, inFlight: number): Row {
  const of = (kind: Kind): Sample[] =>
    samples.filter((one) => one.workload === workload && one.kind === kind && one.inFlight === inFlight);
  const figures = (value: (sample: Sample) => number): Record<Kind, number> => ({
    runtime: median(of("runtime").map(value)),
    grouped: median(of("grouped").map(value)),
    single: median(of("single").map(value)),
  });
  const grouped = of("grouped");
  return {
    workload,
    inFlight,
    transactionsPerSecond: figures((sample) => Math.round(sample.transactionsPerSecond)),
    syncsPerTransaction: figures((sample) => sample.syncsPerTransaction),
    ratio: median(
      of("runtime").map((one, round) => one.transactionsPerSecond / (grouped[round] ?? one).transactionsPerSecond),
    ),
  };
}

function printTable(rows: readonly Row[]): string {
  const header = ["in flight", ...KINDS.flatMap((kind) => [`${kind} tx/s`, "syncs/tx"]), "runtime/grouped"];
  const cells = rows.map(({ inFlight, transactionsPerSecond, syncsPerTransaction, ratio }) => [
    String(inFlight),
    ...KINDS.flatMap((kind) => [String(transactionsPerSecond[kind]), syncsPerTransaction[kind].toFixed(4)]),
    ratio.toFixed(2),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [header, ...cells]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "))
    .join("\n");
}

const samples: Sample[] = [];
for (const workload of WORKLOADS) {
  for (const kind of KINDS) await measure(workload, kind, 64); // once for the just-in-time compiler, and thrown away
  for (let round = 0; round < ROUNDS; round++) {
    for (const inFlight of IN_FLIGHT) {
      for (const kind of KINDS) samples.push(await measure(workload, kind, inFlight));
    }
  }
}
const rows = WORKLOADS.flatMap(({ name }) => IN_FLIGHT.map((inFlight) => summarise(samples, name, inFlight)));
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: "durable transactions, all nodes in one process",
  workloads: Object.fromEntries(WORKLOADS.map(({ name, transaction }) => [name, transaction])),
  ...describeMachine("npm run bench:commit"),
  /** The number that statfs gives: 61267 is ext4, 16914836 is tmpfs, where a sync costs nothing. */
  filesystem: statfsSync(tmpdir()).type,
  rounds: ROUNDS,
  windowMilliseconds: WINDOW_MILLISECONDS,
  rows,
  samples,
};
writeFileSync(new URL("group-commit.json", folder), `${JSON.stringify(result, null, 2)}\n`);
for (const { name, transaction } of WORKLOADS) {
  process.stdout.write(`${name}: ${transaction}\n${printTable(rows.filter(({ workload }) => workload === name))}\n\n`);
}
