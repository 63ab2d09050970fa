/** Two runs of one protocol side by side: as written, and rewritten. */
import { renderTable } from "../../plugin/diagnostics/renderTable.ts";
import type { RunResult } from "../../runtime/runResult.ts";

export function renderComparison(base: RunResult, rewritten: RunResult): string {
  const row = (title: string, print: (run: RunResult) => string): readonly string[] => [
    title,
    print(base),
    print(rewritten),
  ];
  return renderTable([
    ["", "as written", "rewritten"],
    row("processes of the protocol", (run) => String(run.protocolProcesses)),
    row("commands per second", (run) => String(Math.round(run.commandsPerSecond))),
    row("latency p50", (run) => milliseconds(run.latency.p50Microseconds)),
    row("latency p99", (run) => milliseconds(run.latency.p99Microseconds)),
    row("busiest process", (run) => run.busiest.name),
    row("its messages per write", (run) => batchSize(run).toFixed(0)),
    row("its CPU per command", (run) => `${run.busiest.cpuMicrosecondsPerCommand.toFixed(1)} µs`),
  ]);
}

/** How many times less the busiest process of the rewritten system does for a command. */
export function reliefOfBusiest(base: RunResult, rewritten: RunResult): number {
  return base.busiest.cpuMicrosecondsPerCommand / rewritten.busiest.cpuMicrosecondsPerCommand;
}

/** Messages that leave together cost less each, and a busy machine lets more of them gather. */
function batchSize(run: RunResult): number {
  return run.processes.find(({ name }) => name === run.busiest.name)?.messagesPerWrite ?? 0;
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(1)} ms`;
}
