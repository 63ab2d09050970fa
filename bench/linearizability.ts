/**
 * How fast histories are checked for linearizability: those of a register without keys, which is the hardest that models come,
 * by how many operations they have and how many processes issue them. Right ones, and ones whose last read is wrong, so that
 * everything before it has to be tried; what it takes to find a small proof is part of it.
 * `npm run bench:linearizability` prints the table and writes bench/results/linearizability.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { checkLinearizability, register } from "../runtime/linearizability/index.ts";
import { registerHistory } from "./linearizability/registerHistory.ts";
import { describeMachine } from "./machine.ts";
import { median } from "./statistics.ts";

/** Each size is checked until so many operations have been. */
const OPERATIONS = Number(process.env["BENCH_OPERATIONS"] ?? 100_000);
const SIZES = [100, 1000, 10_000, 100_000, 1_000_000];
const PROCESSES = [1, 4, 8, 16];

interface Row {
  readonly size: number;
  readonly processes: number;
  readonly wrong: boolean;
  readonly histories: number;
  /** CPU time of one history: the median. */
  readonly milliseconds: number;
  readonly stepsPerOperation: number;
  readonly bytesPerOperation: number;
  readonly verdicts: readonly string[];
}

function measure(size: number, processes: number, wrong: boolean): Row {
  const histories = Math.max(1, Math.min(20, Math.floor(OPERATIONS / size)));
  const times: number[] = [];
  const verdicts = new Set<string>();
  let [steps, bytes] = [0, 0];
  for (let seed = 1; seed <= histories; seed++) {
    const history = registerHistory(size, processes, seed, wrong);
    const before = process.cpuUsage();
    const { verdict, effort } = checkLinearizability(history, register<number>());
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    verdicts.add(verdict);
    steps += effort.steps;
    bytes += effort.bytes;
  }
  const operations = histories * size;
  return {
    size,
    processes,
    wrong,
    histories,
    milliseconds: median(times),
    stepsPerOperation: steps / operations,
    bytesPerOperation: bytes / operations,
    verdicts: [...verdicts],
  };
}

function printTable(rows: readonly Row[]): string {
  const header = [
    "operations",
    "processes",
    "wrong",
    "ms CPU",
    "histories/s",
    "operations/s",
    "steps/op",
    "bytes/op",
    "verdict",
  ];
  const cells = rows.map((row) => [
    String(row.size),
    String(row.processes),
    row.wrong ? "yes" : "no",
    row.milliseconds.toFixed(row.milliseconds < 10 ? 2 : 0),
    (1000 / row.milliseconds).toFixed(row.milliseconds < 100 ? 0 : 2),
    ((1000 * row.size) / row.milliseconds).toFixed(0),
    row.stepsPerOperation.toFixed(1),
    row.bytesPerOperation.toFixed(0),
    row.verdicts.join(", "),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [header, ...cells]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "))
    .join("\n");
}

// For the just-in-time compiler, and thrown away.
for (const wrong of [false, true]) measure(1000, 4, wrong);
const rows = [false, true].flatMap((wrong) =>
  SIZES.filter((size) => !wrong || size <= 10_000).flatMap((size) =>
    PROCESSES.filter((processes) => processes <= 8 || size <= 100_000).map((processes) =>
      measure(size, processes, wrong),
    ),
  ),
);
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: "checking histories of a register for linearizability",
  ...describeMachine("npm run bench:linearizability"),
  rows,
};
writeFileSync(new URL("linearizability.json", folder), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${printTable(rows)}\n`);
