import type { RunResult } from "./runResult.ts";

/** A run, for people: a few lines, ending in a line break. */
export function printRunResult(result: RunResult): string {
  const { load, latency, busiest } = result;
  const components = result.topology
    .map(({ component, instances }) => `${component} x ${String(instances)}`)
    .join(", ");
  const troubles = result.processes.reduce(
    (
      sum,
      { failures, deadLetters, dropped, parkedDropped = 0, turnedAway = 0, stoppedDropped = 0, fragmentsDropped = 0 },
    ) => sum + failures + deadLetters + dropped + parkedDropped + turnedAway + stoppedDropped + fragmentsDropped,
    0,
  );
  const total = (name: "held" | "parked" | "rounds" | "stopped" | "fragments"): number =>
    result.processes.reduce((sum, process) => sum + (process[name] ?? 0), 0);
  const [held, parked, rounds] = [total("held"), total("parked"), total("rounds")];
  const lines = [
    `${result.system}, ${result.rewritten ? "rewritten" : "as written"}, ${result.transport}: ${components}`,
    `load       ${String(load.clients)} clients x ${String(load.inflight)} in flight, ${result.seconds.toFixed(1)} s`,
    `commands   ${Math.round(result.commandsPerSecond).toString()} per second`,
    `latency    p50 ${milliseconds(latency.p50Microseconds)}, p99 ${milliseconds(latency.p99Microseconds)}`,
    `CPU        ${busiest.cpuMicrosecondsPerCommand.toFixed(1)} µs per command ${result.transport === "memory" ? "in all, clients included" : `in ${busiest.name}`}`,
    ...(held + parked === 0
      ? []
      : [`waited     ${String(held)} messages for what was forwarded, ${String(parked)} for an entry`]),
    ...(rounds === 0
      ? []
      : [
          `rounds     ${String(rounds)} by all partitions, ${String(total("stopped"))} messages waited for these, ${String(total("fragments"))} came in parts`,
        ]),
    ...(troubles === 0 ? [] : [`trouble    ${String(troubles)} failures, dead letters and dropped messages`]),
  ];
  return `${lines.join("\n")}\n`;
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(2)} ms`;
}
