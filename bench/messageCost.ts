/**
 * What a message costs: the runtime beside a bare hand-written loop, in the same run, over TCP loopback between two
 * processes. `npm run bench:messages` prints the table and writes bench/results/message-cost.json.
 *
 * A message is one that a side received, handled and answered: its cost on a side is the CPU time of that process
 * over the messages that it answered. The two kinds alternate, so that what else the machine does hits both.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as elapse } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describeMachine } from "./machine.ts";
import type { FromPlayer, Reading, ToPlayer } from "./messageCost/player.ts";
import type { SideKind } from "./messageCost/side.ts";
import { median } from "./statistics.ts";

const IN_FLIGHT = (process.env["BENCH_IN_FLIGHT"] ?? "1,8,64,512").split(",").map(Number);
const KINDS: readonly SideKind[] = ["runtime", "bare"];
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const WARM_UP_MILLISECONDS = 300;
const WINDOW_MILLISECONDS = 1_000;

interface Sample {
  readonly kind: SideKind;
  readonly inFlight: number;
  readonly messagesPerSecond: number;
  /** CPU microseconds for each message, of the side that connects and of the side that listens. */
  readonly serverMicroseconds: number;
  readonly receiverMicroseconds: number;
}

class Player {
  readonly #child: ChildProcess;

  constructor(kind: SideKind, position: "server" | "receiver") {
    const program = fileURLToPath(new URL("./messageCost/player.ts", import.meta.url));
    const profile =
      process.env["BENCH_PROFILE"] === kind ? ["--cpu-prof", `--cpu-prof-dir=${process.env["TMPDIR"] ?? "/tmp"}`] : [];
    this.#child = fork(program, [kind, position], { execArgv: ["--import", "tsx", ...profile] });
  }

  tell(message: ToPlayer): void {
    this.#child.send(message);
  }

  async hear(): Promise<FromPlayer> {
    const [message] = (await once(this.#child, "message")) as [FromPlayer];
    return message;
  }

  async read(): Promise<Reading> {
    const answer = this.hear();
    this.tell({ kind: "read" });
    const reading = await answer;
    if (reading.kind !== "reading") throw new Error(`A player said ${reading.kind} when it was read.`);
    return reading;
  }

  leave(): void {
    this.#child.disconnect();
  }
}

class Pair {
  readonly kind: SideKind;
  readonly server: Player;
  readonly receiver: Player;

  constructor(kind: SideKind) {
    this.kind = kind;
    this.server = new Player(kind, "server");
    this.receiver = new Player(kind, "receiver");
  }

  async connect(): Promise<void> {
    const [atServer, atReceiver] = await Promise.all([this.server.hear(), this.receiver.hear()]);
    if (atServer.kind !== "listening" || atReceiver.kind !== "listening") throw new Error("The players do not listen.");
    const connected = [this.server.hear()];
    if (this.kind === "runtime") connected.push(this.receiver.hear());
    this.server.tell({ kind: "connect", port: atReceiver.port });
    if (this.kind === "runtime") this.receiver.tell({ kind: "connect", port: atServer.port });
    await Promise.all(connected);
  }

  async measure(inFlight: number): Promise<Sample> {
    this.server.tell({ kind: "serve", balls: inFlight });
    await elapse(WARM_UP_MILLISECONDS);
    const before = await Promise.all([this.server.read(), this.receiver.read()]);
    await elapse(WINDOW_MILLISECONDS);
    const after = await Promise.all([this.server.read(), this.receiver.read()]);
    this.server.tell({ kind: "drop" });
    await elapse(50);
    const answered = after[0].returned - before[0].returned;
    return {
      kind: this.kind,
      inFlight,
      messagesPerSecond: (2 * answered * 1000) / (after[0].milliseconds - before[0].milliseconds),
      serverMicroseconds: cost(before[0], after[0]),
      receiverMicroseconds: cost(before[1], after[1]),
    };
  }
}

function cost(before: Reading, after: Reading): number {
  return (after.cpuMicroseconds - before.cpuMicroseconds) / (after.returned - before.returned);
}

interface Row {
  readonly inFlight: number;
  readonly runtime: Figures;
  readonly bare: Figures;
  /** The runtime's CPU per message over the bare loop's: the median of the ratios of neighbouring windows. */
  readonly ratio: number;
}

interface Figures {
  readonly messagesPerSecond: number;
  readonly serverMicroseconds: number;
  readonly receiverMicroseconds: number;
}

function summarise(samples: readonly Sample[], inFlight: number): Row {
  const of = (kind: SideKind): Sample[] =>
    samples.filter((sample) => sample.kind === kind && sample.inFlight === inFlight);
  const figures = (kind: SideKind): Figures => ({
    messagesPerSecond: Math.round(median(of(kind).map((sample) => sample.messagesPerSecond))),
    serverMicroseconds: median(of(kind).map((sample) => sample.serverMicroseconds)),
    receiverMicroseconds: median(of(kind).map((sample) => sample.receiverMicroseconds)),
  });
  const bare = of("bare");
  const ratios = of("runtime").map((sample, round) => both(sample) / both(bare[round] ?? sample));
  return { inFlight, runtime: figures("runtime"), bare: figures("bare"), ratio: median(ratios) };
}

function both(sample: Sample): number {
  return sample.serverMicroseconds + sample.receiverMicroseconds;
}

function printTable(rows: readonly Row[]): string {
  const cells = rows.map(({ inFlight, runtime, bare, ratio }) => [
    String(inFlight),
    ...[runtime, bare].flatMap((figures) => [
      String(figures.messagesPerSecond),
      figures.serverMicroseconds.toFixed(2),
      figures.receiverMicroseconds.toFixed(2),
    ]),
    ratio.toFixed(2),
  ]);
  const header = [
    "in flight",
    "runtime msg/s",
    "µs server",
    "µs receiver",
    "bare msg/s",
    "µs server",
    "µs receiver",
    "ratio",
  ];
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [header, ...cells]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "))
    .join("\n");
}

const pairs = KINDS.map((kind) => new Pair(kind));
const samples: Sample[] = [];
try {
  await Promise.all(pairs.map((pair) => pair.connect()));
  for (const pair of pairs) await pair.measure(64); // once for the just-in-time compiler, and thrown away
  for (let round = 0; round < ROUNDS; round++) {
    for (const inFlight of IN_FLIGHT) {
      for (const pair of pairs) samples.push(await pair.measure(inFlight));
    }
  }
} finally {
  for (const { server, receiver } of pairs) {
    server.leave();
    receiver.leave();
  }
}
const rows = IN_FLIGHT.map((inFlight) => summarise(samples, inFlight));
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: "message cost over TCP loopback, two processes",
  ...describeMachine("npm run bench:messages"),
  rounds: ROUNDS,
  windowMilliseconds: WINDOW_MILLISECONDS,
  rows,
  samples,
};
writeFileSync(new URL("message-cost.json", folder), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${printTable(rows)}\n`);
