/**
 * How fast runs are simulated and judged, and how the time for one run grows with its operations and with the nodes:
 * `npm run bench:verification` prints the tables and writes bench/results/verification.json.
 *
 * A step is a handler that runs, or a client that issues or receives. Systems take turns, so that what else the machine does hits all
 * of them; times are CPU of the one process, medians of windows with the quartiles beside them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { planRuns } from "../plugin/verify/plannedRun.ts";
import type { VerifyOptions } from "../plugin/verify/verifySystem.ts";
import { verifyRun } from "../plugin/verify/verifyRun.ts";
import { simulate, type SimulatedRun } from "../runtime/simulator/index.ts";
import { allInvariants } from "../runtime/snapshot.ts";
import { instances, type RewrittenSystem, type SystemDefinition } from "../runtime/system.ts";
import lockServerRewritten from "../samples/lock-server/rewritten/index.ts";
import lockServer from "../samples/lock-server/run.ts";
import paxosRewritten from "../samples/paxos/rewritten/index.ts";
import paxos from "../samples/paxos/run.ts";
import twopcRewritten from "../samples/twopc/rewritten/index.ts";
import twopc from "../samples/twopc/run.ts";
import { Leader, Participant } from "../samples/voting/protocol.ts";
import votingRewritten from "../samples/voting/rewritten/index.ts";
import voting from "../samples/voting/run.ts";
import { describeMachine } from "./machine.ts";
import { median } from "./statistics.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 9);
const RUNS_IN_A_WINDOW = 12;

interface Case {
  readonly name: string;
  readonly options: VerifyOptions;
}

/** Of one window. */
interface Window {
  readonly steps: number;
  readonly simulateMilliseconds: number;
  readonly judgeMilliseconds: number;
}

interface Row {
  readonly name: string;
  readonly stepsPerRun: number;
  readonly stepsPerSecond: number;
  readonly from: number;
  readonly to: number;
  readonly millisecondsPerRun: { readonly simulate: number; readonly judge: number };
}

const samples: readonly (readonly [SystemDefinition, RewrittenSystem])[] = [
  [voting, votingRewritten],
  [twopc, twopcRewritten],
  [lockServer, lockServerRewritten],
  [paxos, paxosRewritten],
];

const speed: readonly Case[] = samples.flatMap(([system, rewritten]) => [
  { name: `${system.name}, as written`, options: { system, faults: false } },
  { name: `${system.name}, rewritten`, options: { system, rewritten, faults: false } },
  { name: `${system.name}, rewritten, with faults`, options: { system, rewritten, faults: true } },
]);

const growth: readonly Case[] = [
  ...[4, 8, 16, 32, 64].map((operations) => ({
    name: `voting, 2 clients with ${String(operations)} operations each`,
    options: { system: voting, rewritten: votingRewritten, operations },
  })),
  ...[3, 6, 12, 24].map((participants) => ({
    name: `voting, ${String(participants)} participants`,
    options: {
      system: { ...voting, roles: [instances(Leader, ["leader"]), instances(Participant, participants)] },
      rewritten: votingRewritten,
    },
  })),
];

function measure({ options }: Case, firstSeed: number): Window {
  const plan = planRuns(options);
  const invariants = allInvariants(options.system);
  let [steps, simulated, judged] = [0, 0, 0];
  for (let seed = firstSeed; seed < firstSeed + RUNS_IN_A_WINDOW; seed++) {
    const { simulation } = plan.planRun(seed);
    const began = cpuMilliseconds();
    const run = simulate(simulation);
    const ended = cpuMilliseconds();
    const { problem } = verifyRun(run, plan.original, invariants);
    judged += cpuMilliseconds() - ended;
    if (problem !== undefined) throw new Error(`Seed ${String(seed)}: ${problem.summary}`);
    simulated += ended - began;
    steps += stepsOf(run);
  }
  return { steps, simulateMilliseconds: simulated, judgeMilliseconds: judged };
}

function stepsOf({ activations, external }: SimulatedRun): number {
  return activations.reduce((sum, { fragments }) => sum + fragments.length, external.length);
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function measureAll(cases: readonly Case[]): readonly Row[] {
  const windows = cases.map((): Window[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, one] of cases.entries()) {
      const window = measure(one, 1 + (round + 1) * RUNS_IN_A_WINDOW);
      if (round >= 0) windows[index]?.push(window); // the first round is for the just-in-time compiler
    }
    process.stderr.write(`\r${String(round + 1)} of ${String(ROUNDS)} rounds`);
  }
  process.stderr.write("\n");
  return cases.map(({ name }, index) => rowOf(name, windows[index] ?? []));
}

function rowOf(name: string, windows: readonly Window[]): Row {
  const rates = windows.map(({ steps, simulateMilliseconds }) => (1000 * steps) / simulateMilliseconds);
  const sorted = [...rates].sort((a, b) => a - b);
  const perRun = (of: (window: Window) => number): number => median(windows.map(of)) / RUNS_IN_A_WINDOW;
  return {
    name,
    stepsPerRun: perRun(({ steps }) => steps),
    stepsPerSecond: median(rates),
    from: sorted[Math.floor(sorted.length / 4)] ?? 0,
    to: sorted[Math.floor((3 * sorted.length) / 4)] ?? 0,
    millisecondsPerRun: {
      simulate: perRun(({ simulateMilliseconds }) => simulateMilliseconds),
      judge: perRun(({ judgeMilliseconds }) => judgeMilliseconds),
    },
  };
}

function print(rows: readonly Row[]): void {
  console.table(
    Object.fromEntries(
      rows.map(({ name, stepsPerRun, stepsPerSecond, from, to, millisecondsPerRun: { simulate: run, judge } }) => [
        name,
        {
          "steps/run": Math.round(stepsPerRun),
          "steps/s": Math.round(stepsPerSecond),
          from: Math.round(from),
          to: Math.round(to),
          "ms/run": run.toFixed(2),
          "ms/judgement": judge.toFixed(2),
        },
      ]),
    ),
  );
}

const result = {
  benchmark: "simulating and judging runs",
  ...describeMachine("npm run bench:verification"),
  rounds: ROUNDS,
  speed: measureAll(speed),
  growth: measureAll(growth),
};
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("verification.json", folder), `${JSON.stringify(result, null, 2)}\n`);
print(result.speed);
print(result.growth);
