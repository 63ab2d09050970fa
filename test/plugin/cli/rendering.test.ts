/** What commands print about runs, without running anything. */
import { renderRun } from "../../../plugin/cli/run/renderRun.ts";
import { renderVerification } from "../../../plugin/cli/verify/renderVerification.ts";
import { coloursFor } from "../../../plugin/diagnostics/renderText.ts";
import type { Coverage } from "../../../plugin/verify/index.ts";
import type { ProcessResult, RunResult } from "../../../runtime/runResult.ts";
import { reliefOfBusiest, renderComparison } from "../../../scripts/demo/comparison.ts";

const plain = coloursFor(false);

const process = (name: string, cpu: number, trouble: Partial<ProcessResult> = {}): ProcessResult => ({
  name,
  kind: "protocol",
  cpuMicroseconds: cpu * 1000,
  cpuMicrosecondsPerCommand: cpu,
  activations: 2000,
  failures: 0,
  deadLetters: 0,
  dropped: 0,
  messages: 1234,
  writes: 100,
  messagesPerWrite: 12.34,
  ...trouble,
});

const run = (rewritten: boolean, processes: readonly ProcessResult[]): RunResult => {
  const [busiest = process("none", 1)] = processes;
  return {
    system: "echo",
    transport: "tcp",
    rewritten,
    version: "v",
    protocolProcesses: processes.length,
    topology: [{ component: "Server.main", instances: processes.length }],
    load: { clients: 2, inflight: 8 },
    seconds: 1,
    commands: 1000,
    commandsPerSecond: 1000,
    latency: { p50Microseconds: 1500, p99Microseconds: 20_000, maxMicroseconds: 50_000 },
    processes,
    busiest: { name: busiest.name, cpuMicrosecondsPerCommand: busiest.cpuMicrosecondsPerCommand },
  };
};

test("a run, with what a healthy one has none of", () => {
  const troubled = process("Server/b#main.0", 5, { failures: 1, deadLetters: 2, dropped: 3 });
  expect(renderRun(run(false, [process("Server/a#main.0", 10), troubled]), plain))
    .toBe(`echo, as written, tcp: Server.main x 2
load       2 clients x 8 in flight, 1.0 s
commands   1000 per second
latency    p50 1.50 ms, p99 20.00 ms
CPU        10.0 µs per command in Server/a#main.0
trouble    6 failures, dead letters and dropped messages

process           CPU µs per command   activations   messages per write
Server/a#main.0                 10.0          2000                 12.3
Server/b#main.0                  5.0          2000                 12.3
Server/b#main.0: 1 activation failed and had no effect
Server/b#main.0: 2 messages to nobody
Server/b#main.0: 3 messages dropped`);
});

test("two runs compared", () => {
  const [base, rewritten] = [run(false, [process("base", 12)]), run(true, [process("part", 4), process("other", 3)])];
  expect(reliefOfBusiest(base, rewritten)).toBe(3);
  expect(renderComparison(base, rewritten)).toBe(`                            as written   rewritten
processes of the protocol            1           2
commands per second               1000        1000
latency p50                     1.5 ms      1.5 ms
latency p99                    20.0 ms     20.0 ms
busiest process                   base        part
its messages per write              12          12
its CPU per command            12.0 µs      4.0 µs`);
});

const coverage: Coverage = {
  runs: 3,
  runsByChooser: { random: 2, pos: 1 },
  steps: 60,
  unfinishedRuns: 0,
  idleRuns: 1,
  activations: 20,
  conflictingActivations: 6,
  issuedOperations: 8,
  completedOperations: 7,
  forwards: 1,
  channels: { once: 1, repeatable: 0, ordered: 0, acknowledged: 0, stalled: 0, repeated: 0, held: 0, parked: 0 },
  coordination: { begun: 0, decided: 0, overlapping: 0, repeated: 0, stopped: 0, merged: 0 },
  witnessRuns: 0,
  distinctTraces: 3,
  partsTouched: 2,
  parts: 4,
  pathsTaken: 3,
  losses: 0,
  crashes: 0,
  comebacks: 0,
  replacements: 0,
  tornWrites: 0,
  slowSyncs: 0,
  partitions: 0,
  omissions: 0,
};

test("a verification that holds, with what it rests on", () => {
  expect(renderVerification({ verdict: "refines", violations: [], coverage }, "echo", ".", plain)).toBe(
    `verified echo: 2 runs of the rewritten system, and each could have been one of the original.
  7 of 8 operations completed
  20 activations, 6 of them in conflict with another
  1 message between components of one node
  2 of 4 parts of rewritten nodes took part
  3 runs differed from all others
  not counted: 1 run that showed nothing`,
  );
});

test("a verification of partitions that do some things together", () => {
  const coordination = { begun: 5, decided: 4, overlapping: 2, repeated: 1, stopped: 3, merged: 6 };
  const verification = { verdict: "refines", violations: [], coverage: { ...coverage, coordination } } as const;
  expect(renderVerification(verification, "echo", ".", plain)).toContain(`
  4 messages of 5 that all partitions handle were decided, 2 of them began before the last one was, 1 were said again after a crash
  3 messages waited for that; 6 were put together from what the partitions sent
`);
});

test("a verification of channels that keep state together", () => {
  const channels = { once: 1, repeatable: 2, ordered: 0, acknowledged: 3, stalled: 4, repeated: 1, held: 5, parked: 6 };
  const verification = {
    verdict: "refines",
    violations: [],
    coverage: { ...coverage, channels, witnessRuns: 2 },
  } as const;
  expect(renderVerification(verification, "echo", ".", plain)).toContain(`
  1 message between components of one node
  of these 2 repeatable, 3 acknowledged; 4 waited for earlier ones, 1 came again
  5 messages were held until forwards had been applied, 6 waited for their other half
  2 runs were another run of the original than the order of accesses suggests
`);
});

test("a violation", () => {
  const violation = {
    kind: "cycle",
    seed: 17,
    chooser: "pos",
    runs: 17,
    summary: "A comes before itself.",
    trace: ["A before B", "B before A"],
  } as const;
  const verification = { verdict: "counterexample", violations: [violation], coverage } as const;
  expect(renderVerification(verification, "echo", "riven verify samples/echo", plain))
    .toBe(`violated cycle in the run of seed 17
A comes before itself.

  1. A before B
  2. B before A

riven verify samples/echo --seed 17 shows it again.`);
});

test("runs that did not come to rest are no verification", () => {
  const cutOff = { ...coverage, unfinishedRuns: 1 };
  const text = renderVerification({ verdict: "bound reached", violations: [], coverage: cutOff }, "echo", ".", plain);
  expect(text).toMatch(/^not verified echo: 1 run of 3 had not come to rest/);
});

test("runs that showed nothing are no verification", () => {
  const text = renderVerification({ verdict: "nothing exercised", violations: [], coverage }, "echo", ".", plain);
  expect(text).toMatch(/^not verified echo: no run completed an operation/);
});
