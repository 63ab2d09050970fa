/**
 * What a hop inside a node costs: a forward over each kind of channel beside a message to another role, in the same run,
 * over TCP loopback between two processes. `npm run bench:hop` prints the table and writes
 * bench/results/channel-hop.json.
 *
 * Every round trip is a message that is passed on (or not, for comparison) and answered. The cost of a hop is what a
 * round trip with it takes more than one without: CPU time of both processes, and time until the answer is there. The
 * ways alternate, so that what else the machine does hits all of them.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as elapse } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FromEnd, Reading, ToEnd } from "./channelHop/end.ts";
import { WAYS, type Way } from "./channelHop/hopSystem.ts";
import { describeMachine } from "./machine.ts";
import { median } from "./statistics.ts";

const IN_FLIGHT = (process.env["BENCH_IN_FLIGHT"] ?? "1,64,512").split(",").map(Number);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const WARM_UP_MILLISECONDS = 150;
const WINDOW_MILLISECONDS = 500;

interface Sample {
  readonly way: Way;
  readonly inFlight: number;
  readonly roundTripsPerSecond: number;
  /** CPU microseconds of both processes for each round trip. */
  readonly cpuMicroseconds: number;
  /** Mean time of a round trip: what is in flight over what returns. */
  readonly latencyMicroseconds: number;
}

class End {
  readonly #child: ChildProcess;

  constructor(position: "front" | "back") {
    const program = fileURLToPath(new URL("./channelHop/end.ts", import.meta.url));
    this.#child = fork(program, [position], { execArgv: ["--import", "tsx"] });
  }

  tell(message: ToEnd): void {
    this.#child.send(message);
  }

  async hear(): Promise<FromEnd> {
    const [message] = (await once(this.#child, "message")) as [FromEnd];
    return message;
  }

  async read(): Promise<Reading> {
    const answer = this.hear();
    this.tell({ kind: "read" });
    const reading = await answer;
    if (reading.kind !== "reading") throw new Error(`A process said ${reading.kind} when it was read.`);
    return reading;
  }

  leave(): void {
    this.#child.disconnect();
  }
}

async function connect(front: End, back: End): Promise<void> {
  const [atFront, atBack] = await Promise.all([front.hear(), back.hear()]);
  if (atFront.kind !== "listening" || atBack.kind !== "listening") throw new Error("The processes do not listen.");
  const connected = [front.hear(), back.hear()];
  front.tell({ kind: "connect", port: atBack.port });
  back.tell({ kind: "connect", port: atFront.port });
  await Promise.all(connected);
}

async function measure(front: End, back: End, way: Way, inFlight: number): Promise<Sample> {
  back.tell({ kind: "serve", balls: inFlight, way });
  await elapse(WARM_UP_MILLISECONDS);
  const before = await Promise.all([back.read(), front.read()]);
  await elapse(WINDOW_MILLISECONDS);
  const after = await Promise.all([back.read(), front.read()]);
  back.tell({ kind: "drop" });
  await elapse(50);
  const roundTrips = after[0].answered - before[0].answered;
  const milliseconds = after[0].milliseconds - before[0].milliseconds;
  const cpu = (end: 0 | 1): number => after[end].cpuMicroseconds - before[end].cpuMicroseconds;
  return {
    way,
    inFlight,
    roundTripsPerSecond: (1000 * roundTrips) / milliseconds,
    cpuMicroseconds: (cpu(0) + cpu(1)) / roundTrips,
    latencyMicroseconds: (1000 * milliseconds * inFlight) / roundTrips,
  };
}

interface Row {
  readonly inFlight: number;
  readonly way: Way;
  readonly roundTripsPerSecond: number;
  /** Of a hop: the medians of the differences to the neighbouring window without one. */
  readonly cpuMicroseconds: number;
  readonly addedLatencyMicroseconds: number;
}

function summarise(samples: readonly Sample[], inFlight: number, way: Way): Row {
  const of = (wanted: Way): Sample[] =>
    samples.filter((sample) => sample.way === wanted && sample.inFlight === inFlight);
  const without = of("nothing");
  const more = (what: "cpuMicroseconds" | "latencyMicroseconds"): number =>
    median(of(way).map((sample, round) => sample[what] - (without[round]?.[what] ?? Number.NaN)));
  return {
    inFlight,
    way,
    roundTripsPerSecond: Math.round(median(of(way).map((sample) => sample.roundTripsPerSecond))),
    cpuMicroseconds: more("cpuMicroseconds"),
    addedLatencyMicroseconds: more("latencyMicroseconds"),
  };
}

function printTable(rows: readonly Row[]): string {
  const header = ["in flight", "hop", "round trips/s", "µs CPU of the hop", "µs added latency"];
  const cells = rows.map((row) => [
    String(row.inFlight),
    row.way,
    String(row.roundTripsPerSecond),
    row.cpuMicroseconds.toFixed(2),
    row.addedLatencyMicroseconds.toFixed(1),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [header, ...cells]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "))
    .join("\n");
}

const [front, back] = [new End("front"), new End("back")];
const samples: Sample[] = [];
try {
  await connect(front, back);
  for (const way of WAYS) await measure(front, back, way, 64); // for the just-in-time compiler, and thrown away
  for (let round = 0; round < ROUNDS; round++) {
    for (const inFlight of IN_FLIGHT) {
      for (const way of WAYS) samples.push(await measure(front, back, way, inFlight));
    }
  }
} finally {
  front.leave();
  back.leave();
}
const rows = IN_FLIGHT.flatMap((inFlight) => WAYS.map((way) => summarise(samples, inFlight, way)));
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: "cost of a hop inside a node over TCP loopback, two processes",
  ...describeMachine("npm run bench:hop"),
  rounds: ROUNDS,
  windowMilliseconds: WINDOW_MILLISECONDS,
  rows,
  samples,
};
writeFileSync(new URL("channel-hop.json", folder), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${printTable(rows)}\n`);
