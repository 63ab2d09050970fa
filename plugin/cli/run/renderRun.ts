/** A measured run, for people. */
import { count, type Colours } from "../../diagnostics/renderText.ts";
import { renderTable } from "../../diagnostics/renderTable.ts";
import { printRunResult } from "../../../runtime/printRunResult.ts";
import type { ProcessResult, RunResult } from "../../../runtime/runResult.ts";

export function renderRun(run: RunResult, colours: Colours): string {
  return [
    printRunResult(run),
    renderTable([COLUMNS, ...run.processes.map(processRow)]),
    ...complaints(run.processes).map((line) => colours.red(line)),
  ].join("\n");
}

const COLUMNS = ["process", "CPU µs per command", "activations", "messages per write"];

function processRow(process: ProcessResult): readonly string[] {
  return [
    process.name,
    process.cpuMicrosecondsPerCommand.toFixed(1),
    String(process.activations),
    process.messagesPerWrite.toFixed(1),
  ];
}

/** What a healthy run has none of. */
function complaints(processes: readonly ProcessResult[]): readonly string[] {
  return processes.flatMap(({ name, failures, deadLetters, dropped }) => [
    ...(failures > 0 ? [`${name}: ${count(failures, "activation")} failed and had no effect`] : []),
    ...(deadLetters > 0 ? [`${name}: ${count(deadLetters, "message")} to nobody`] : []),
    ...(dropped > 0 ? [`${name}: ${count(dropped, "message")} dropped`] : []),
  ]);
}
