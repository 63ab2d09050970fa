/**
 * How fast systems are explored, and how much memory a state takes: `npm run bench:exploration` prints the table and writes
 * bench/results/exploration.json. Every model runs in a process of its own, one after another, with as much memory for
 * objects as the engine takes by itself.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explore, type Exploration, type ExploreOptions } from "../runtime/simulator/index.ts";
import type { SystemDefinition } from "../runtime/system.ts";
import { paxosRegister } from "../test/fixtures/explorer/paxosRegister.ts";
import { linearizabilityTester } from "../test/fixtures/explorer/registerClient.ts";
import { sharedRegister } from "../test/fixtures/explorer/sharedRegister.ts";
import { twoPhaseCommit } from "../test/fixtures/explorer/twoPhaseCommit.ts";
import { rewrittenVoting, voting } from "../test/fixtures/verify/voting.ts";
import { describeMachine } from "./machine.ts";

/** As Stateright counts; see test/runtime/simulator/explorer/counts.test.ts. */
const PUBLISHED: ExploreOptions = {
  operations: 2,
  issue: "at once",
  deliveries: "effective",
  history: linearizabilityTester,
};

const MODELS: readonly (readonly [name: string, system: SystemDefinition, options: ExploreOptions])[] = [
  ["Paxos, 2 clients, 3 servers", paxosRegister(3), { ...PUBLISHED, clients: 2 }],
  ["Paxos, 3 clients, 3 servers", paxosRegister(3), { ...PUBLISHED, clients: 3 }],
  ["ABD, 2 clients, 3 servers", sharedRegister(3), { ...PUBLISHED, clients: 2 }],
  ["voting as written, 2 clients, 2 operations", voting, { clients: 2, operations: 2 }],
  ["voting rewritten, 2 clients, 2 operations", voting, { clients: 2, operations: 2, rewritten: rewrittenVoting }],
  // The worst case: one instance, so that every state is a local one, and is run.
  ["two-phase commit in one node, 4 managers", twoPhaseCommit(4), { clients: 1, operations: 0, firings: Infinity }],
];

interface Result extends Pick<Exploration, "verdict" | "distinct" | "generated" | "depth" | "seconds" | "bytes"> {
  readonly model: string;
  readonly reactions: number;
  readonly residentBytes: number;
}

function run(index: number): Result {
  const [model, system, options] = MODELS[index] ?? failsAt(index);
  const { verdict, distinct, generated, depth, seconds, bytes, parts } = explore(system, {
    ...options,
    bound: { states: 5_000_000 },
    onProgress: ({ distinct: states, statesPerSecond, queue, depth: at }) =>
      process.stderr.write(
        `${model}: ${String(states)} states, ${statesPerSecond.toFixed(0)} per second, ${String(queue)} waiting, depth ${String(at)}\n`,
      ),
  });
  const residentBytes = process.memoryUsage.rss();
  return { model, verdict, distinct, generated, depth, seconds, bytes, reactions: parts.reactions, residentBytes };
}

async function measure(index: number): Promise<Result> {
  const child = fork(fileURLToPath(new URL(import.meta.url)), [String(index)], { execArgv: ["--import", "tsx"] });
  const [result] = (await once(child, "message")) as [Result];
  return result;
}

function print(results: readonly Result[]): void {
  console.table(
    Object.fromEntries(
      results.map(({ model, distinct, generated, depth, seconds, bytes, reactions, residentBytes }) => [
        model,
        {
          distinct,
          generated,
          depth,
          reactions,
          seconds: seconds.toFixed(1),
          "states/s": Math.round(distinct / seconds),
          "bytes/state": Math.round(bytes / distinct),
          "MB resident": Math.round(residentBytes / 1e6),
        },
      ]),
    ),
  );
}

function failsAt(index: number): never {
  throw new Error(`There is no model ${String(index)}.`);
}

const [own] = process.argv.slice(2);
if (own !== undefined) {
  process.send?.(run(Number(own)));
} else {
  const results: Result[] = [];
  for (const index of MODELS.keys()) results.push(await measure(index));
  print(results);
  const directory = new URL("results/", import.meta.url);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    new URL("exploration.json", directory),
    `${JSON.stringify({ machine: describeMachine("npm run bench:exploration"), results }, null, 2)}\n`,
  );
}
