/** What both systems hold when they have come to rest. */
import type { Deployment } from "../../runtime/deployment.ts";
import type { Activation, SimulatedRun, Step } from "../../runtime/simulator/index.ts";
import { describeActivation } from "./describe.ts";
import { compareDurableAtRest } from "./durableAtRest.ts";
import { compareTimers } from "./durableHistory.ts";
import { printMessage } from "./inFlight.ts";
import type { OriginalAtRest } from "./replayOriginal.ts";
import type { Problem } from "./verdict.ts";

/** What has run at starts, one-shot timers, and what is stored, when both systems have come to rest. */
export function compareAtRest(run: SimulatedRun, original: Deployment, rest: OriginalAtRest): Problem | undefined {
  return (
    compareStarts(rest) ??
    compareTimersAtRest(run, original, rest) ??
    compareDurableAtRest(run, original, rest.storedBy)
  );
}

function compareStarts({ starts: { missing, uncalledFor } }: OriginalAtRest): Problem | undefined {
  if (missing !== undefined) {
    const summary = `${missing.instance.id} has never run ${missing.handler}, which comes before all else, since it started or came back.`;
    return { kind: "lost wake-up", summary, trace: [] };
  }
  if (uncalledFor !== undefined) {
    const summary = `${uncalledFor.instance.id} ran ${uncalledFor.handler} when it started or came back; the original has no cause to.`;
    return { kind: "replay mismatch", summary, trace: [] };
  }
  return undefined;
}

function compareTimersAtRest(
  run: SimulatedRun,
  original: Deployment,
  { timersOf }: OriginalAtRest,
): Problem | undefined {
  const inside = original.nodes.filter(({ role }) => original.roles.get(role)?.external !== true);
  for (const node of inside) {
    const twin = run.deployment.nodes.find(({ role, id }) => role === node.role && id === node.id);
    const pending = (twin && run.pendingTimers.get(twin)) ?? [];
    const { missing, extra } = compareTimers(pending, timersOf(node));
    if (missing.length > 0) {
      const summary = `At rest, the timer ${missing.join(", ")} of ${node.id} is set in the original, and not in the rewritten system.`;
      return { kind: "lost wake-up", summary, trace: [] };
    }
    if (extra.length > 0) {
      const summary = `At rest, the timer ${extra.join(", ")} of ${node.id} is set in the rewritten system, and not in the original.`;
      return { kind: "replay mismatch", summary, trace: [] };
    }
  }
  return undefined;
}

/**
 * A message that waits to the end in the rewritten system is a message that is slow, unless the original does something
 * with it once everything else has happened: then what it waits for is there, and nobody woke it.
 */
export function findForgotten(run: SimulatedRun, activation: Activation, step: Step): Problem | undefined {
  const sent = step.sent.map((message) => printMessage({ ...message, to: message.destination }));
  const changed = step.accesses.filter(({ kind }) => kind !== "read").map(({ cell }) => `changes ${cell.name}`);
  const effects = [...sent.map((message) => `sends ${message}`), ...changed];
  if (effects.length === 0 && step.failure === undefined) return undefined;
  const what = describeActivation(run, activation);
  const first = effects[0] ?? `throws ${String(step.failure?.error)}`;
  return {
    kind: "lost wake-up",
    summary: `${what} only in the original, which then ${first}; in the rewritten system it waits to this day.`,
    trace: [what, ...effects.map((effect) => `the original ${effect}`)],
  };
}
