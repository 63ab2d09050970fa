/**
 * What it costs to find the partition of a message: the same message to the same component of five partitions, with and
 * without a key, sent by a client (`client`) and by a handler that got a message itself (`inside`), up to the moment at
 * which it is handed to a transport. `npm run bench:routing` prints the table and writes bench/results/routing-cost.json.
 *
 * Everything happens in one process, and the ways take turns, so that what else the machine does hits all of them. A
 * ratio is that of neighbouring windows, with a key over without.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { encodePayload } from "../runtime/codec/payloadEncoder.ts";
import { deploy } from "../runtime/deployment.ts";
import { ComponentHost } from "../runtime/node/componentHost.ts";
import { describeMachine } from "./machine.ts";
import { createParcel, rewrittenRouted, routedSystem, Sender, WAYS, type Way } from "./routingCost/routedSystem.ts";
import { median } from "./statistics.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 21);
const MESSAGES = 40_000;
const POSITIONS = ["client", "inside"] as const;
type Position = (typeof POSITIONS)[number];

interface Sample {
  readonly position: Position;
  readonly way: Way;
  /** CPU time for each message. */
  readonly nanoseconds: number;
}

const deployment = deploy(routedSystem, { rewritten: rewrittenRouted });
/** How many messages each partition would have got. */
const taken = new Map<string, number>();

function createHost(role: string): ComponentHost {
  const instance = deployment.instances.find((one) => one.role === role);
  if (instance === undefined) throw new Error(`There is no ${role}.`);
  return new ComponentHost({
    deployment,
    instance,
    emit: (messages) => {
      for (const { handler, destination } of messages) {
        const name = `${handler} ${String(destination.partition)}`;
        taken.set(name, (taken.get(name) ?? 0) + 1);
      }
    },
    onFailure: ({ error }) => {
      throw error;
    },
    onDeadLetter: ({ reason }) => {
      throw new Error(reason);
    },
  });
}

const client = createHost("Client");
const runner = createHost("Runner");
const [from] = deployment.roles.get("Client")?.nodes ?? [];
if (from === undefined) throw new Error("There is no client.");
const sender = from;

const send: Readonly<Record<Position, (way: Way) => void>> = {
  client: (way) => {
    Sender.way = way;
    for (let n = 0; n < MESSAGES; n++) client.request(n);
  },
  inside: (way) => {
    for (const payload of errands(way)) runner.deliver({ handler: "run", from: sender, payload });
  },
};

const encoded = new Map<Way, readonly Uint8Array[]>();

function errands(way: Way): readonly Uint8Array[] {
  const known = encoded.get(way);
  if (known !== undefined) return known;
  const made = Array.from({ length: MESSAGES }, (_, n) => encodePayload({ way, parcel: createParcel(n) }));
  encoded.set(way, made);
  return made;
}

function measure(position: Position, way: Way): Sample {
  const before = process.cpuUsage();
  send[position](way);
  const { user, system } = process.cpuUsage(before);
  return { position, way, nanoseconds: (1000 * (user + system)) / MESSAGES };
}

interface Row {
  readonly position: Position;
  readonly way: Way;
  readonly nanoseconds: number;
  /** Over the same without a key, in neighbouring windows: the median, and the quarter and three quarters of the samples. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

function summarise(samples: readonly Sample[], position: Position, way: Way): Row {
  const of = (wanted: Way): readonly number[] =>
    samples
      .filter((sample) => sample.position === position && sample.way === wanted)
      .map(({ nanoseconds }) => nanoseconds);
  const without = of("nothing");
  const ratios = of(way)
    .map((nanoseconds, round) => nanoseconds / (without[round] ?? Number.NaN))
    .sort((a, b) => a - b);
  const at = (share: number): number => ratios[Math.floor(share * (ratios.length - 1))] ?? Number.NaN;
  return {
    position,
    way,
    nanoseconds: median(of(way)),
    ratio: median(ratios),
    ratioLow: at(0.25),
    ratioHigh: at(0.75),
  };
}

function printTable(rows: readonly Row[]): string {
  const header = ["sent", "routed by", "ns CPU", "ratio", "from", "to"];
  const cells = rows.map(({ position, way, nanoseconds, ratio, ratioLow, ratioHigh }) => [
    position,
    way,
    nanoseconds.toFixed(0),
    ...[ratio, ratioLow, ratioHigh].map((value) => value.toFixed(2)),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [header, ...cells]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "))
    .join("\n");
}

// For the just-in-time compiler, and thrown away.
for (let i = 0; i < 3; i++) for (const position of POSITIONS) for (const way of WAYS) measure(position, way);
const samples: Sample[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const position of POSITIONS) for (const way of WAYS) samples.push(measure(position, way));
}
const rows = POSITIONS.flatMap((position) => WAYS.map((way) => summarise(samples, position, way)));
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const result = {
  benchmark: "finding the partition of a message, of five, up to the transport",
  ...describeMachine("npm run bench:routing"),
  rounds: ROUNDS,
  messagesPerWindow: MESSAGES,
  rows,
  samples,
};
writeFileSync(new URL("routing-cost.json", folder), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${printTable(rows)}\n`);
