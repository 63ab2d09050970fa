/** What verification says, for people. */
import { count, wrap, type Colours } from "../../diagnostics/renderText.ts";
import type { Coverage, Problem, Verification, Violation } from "../../verify/index.ts";

/**
 * @param command What shows a violation again, given its seed.
 * @param shown The first violation as it happened; empty when there is no more to say than what is wrong.
 */
export function renderVerification(
  { verdict, violations, coverage }: Pick<Verification, "verdict" | "violations" | "coverage">,
  system: string,
  command: string,
  colours: Colours,
  shown = "",
): string {
  switch (verdict) {
    case "refines":
      return [
        `${colours.green("verified")} ${colours.bold(system)}: ${runs(coverage.runs - coverage.idleRuns)} of the rewritten system, ` +
          "and each could have been one of the original.",
        ...renderCoverage(coverage),
      ].join("\n");
    case "counterexample":
      return violations
        .map((violation, i) => renderViolation(violation, i === 0 ? shown : "", command, colours))
        .join("\n\n");
    case "bound reached":
      return [
        wrap(
          `${colours.red("not verified")} ${colours.bold(system)}: ${runs(coverage.unfinishedRuns)} of ${coverage.runs} had not come to rest ` +
            `when ${coverage.unfinishedRuns === 1 ? "it was" : "they were"} cut off, and so could not be judged. No other run was wrong.`,
        ),
        "What to do: see to it that nodes do not answer each other for ever; or ask for fewer operations, or allow for more steps.",
      ].join("\n\n");
    case "nothing exercised":
      return [
        wrap(
          `${colours.red("not verified")} ${colours.bold(system)}: no run completed an operation on a rewritten path, so nothing was shown.`,
        ),
        "What to do: see to it that the clients of run.ts issue operations that complete.",
      ].join("\n\n");
  }
}

function renderCoverage(coverage: Coverage): readonly string[] {
  const { activations, conflictingActivations, issuedOperations, completedOperations, forwards, distinctTraces } =
    coverage;
  return [
    `${completedOperations} of ${count(issuedOperations, "operation")} completed`,
    `${count(activations, "activation")}, ${conflictingActivations} of them in conflict with another`,
    `${count(forwards, "message")} between components of one node`,
    ...renderChannels(coverage),
    ...renderCoordination(coverage),
    `${coverage.partsTouched} of ${count(coverage.parts, "part")} of rewritten nodes took part`,
    `${count(distinctTraces, "run")} differed from all others`,
    ...renderFaults(coverage),
    ...(coverage.idleRuns === 0 ? [] : [`not counted: ${runs(coverage.idleRuns)} that showed nothing`]),
  ].map((line) => `  ${line}`);
}

function renderChannels({ channels, witnessRuns }: Coverage): readonly string[] {
  const kinds = (["repeatable", "ordered", "acknowledged"] as const).filter((kind) => channels[kind] > 0);
  if (kinds.length === 0) return [];
  const { held, parked, stalled, repeated } = channels;
  return [
    `of these ${kinds.map((kind) => `${channels[kind]} ${kind}`).join(", ")}; ` +
      `${stalled} waited for earlier ones, ${repeated} came again`,
    ...(held + parked === 0
      ? []
      : [`${count(held, "message")} were held until forwards had been applied, ${parked} waited for their other half`]),
    ...(witnessRuns === 0
      ? []
      : [`${runs(witnessRuns)} were another run of the original than the order of accesses suggests`]),
  ];
}

function renderCoordination({ coordination }: Coverage): readonly string[] {
  const { begun, decided, overlapping, repeated, stopped, merged } = coordination;
  if (begun === 0) return [];
  return [
    `${count(decided, "message")} of ${begun} that all partitions handle were decided, ${overlapping} of them began before the last one was` +
      (repeated === 0 ? "" : `, ${repeated} were said again after a crash`),
    `${count(stopped, "message")} waited for that; ${merged} were put together from what the partitions sent`,
  ];
}

function renderFaults(coverage: Coverage): readonly string[] {
  const { crashes, comebacks, replacements, losses, tornWrites, slowSyncs, partitions, omissions } = coverage;
  if (crashes + losses + slowSyncs + partitions === 0) return [];
  return [
    `${count(crashes, "process", "processes")} died and ${count(losses, "message")} got lost; ` +
      `${count(comebacks, "node")} came back, ${count(replacements, "process", "processes")} alone`,
    `${count(tornWrites, "write")} left a part of a record, ${count(slowSyncs, "sync")} took long; ` +
      `${count(partitions, "partition")} of the network, ${count(omissions, "omission")} of all that somebody sent or was sent`,
  ];
}

function renderViolation(violation: Violation, shown: string, command: string, colours: Colours): string {
  const { seed } = violation;
  return [
    renderProblem(violation, `in the run of seed ${seed}`, colours),
    ...(shown === "" ? [] : [shown]),
    colours.dim(`${command} --seed ${seed} shows it again.`),
  ].join("\n\n");
}

/** @param where In which run. */
export function renderProblem({ kind, summary, trace }: Problem, where: string, colours: Colours): string {
  return [
    `${colours.red("violated")} ${colours.bold(kind)} ${where}\n${wrap(summary)}`,
    ...(trace.length === 0 ? [] : [trace.map((line, i) => wrap(`${i + 1}. ${line}`, "  ", "     ")).join("\n")]),
  ].join("\n\n");
}

function runs(n: number): string {
  return count(n, "run");
}
