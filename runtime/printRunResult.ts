import type { RunResult } from "./runResult.ts";

/** A run, for people: a few lines, ending in a line break. */
export function printRunResult(result: RunResult): string {
  const { load, latency, busiest } = result;
  const components = result.topology
    .map(({ component, instances }) => `${component} x ${String(instances)}`)
    .join(", ");
  const troubles = result.processes.reduce(
    (sum, { failures, deadLetters, dropped, parkedDropped = 0, turnedAway = 0 }) =>
      sum + failures + deadLetters + dropped + parkedDropped + turnedAway,
    0,
  );
  const held = result.processes.reduce((sum, process) => sum + (process.held ?? 0), 0);
  const parked = result.processes.reduce((sum, process) => sum + (process.parked ?? 0), 0);
  const lines = [
    `${result.system}, ${result.rewritten ? "rewritten" : "as written"}, ${result.transport}: ${components}`,
    `load       ${String(load.clients)} clients x ${String(load.inflight)} in flight, ${result.seconds.toFixed(1)} s`,
    `commands   ${Math.round(result.commandsPerSecond).toString()} per second`,
    `latency    p50 ${milliseconds(latency.p50Microseconds)}, p99 ${milliseconds(latency.p99Microseconds)}`,
    `CPU        ${busiest.cpuMicrosecondsPerCommand.toFixed(1)} µs per command ${result.transport === "memory" ? "in all, clients included" : `in ${busiest.name}`}`,
    ...(held + parked === 0
      ? []
      : [`waited     ${String(held)} messages for what was forwarded, ${String(parked)} for an entry`]),
    ...(troubles === 0 ? [] : [`trouble    ${String(troubles)} failures, dead letters and dropped messages`]),
  ];
  return `${lines.join("\n")}\n`;
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(2)} ms`;
}
