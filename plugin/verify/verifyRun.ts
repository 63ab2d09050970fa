/** Whether one run of the rewritten system could have been a run of the original. */
import type { DeployedRole, Deployment } from "../../runtime/deployment.ts";
import { triggersOf } from "../../runtime/routing/roleHandlers.ts";
import type { Activation, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { ExternalEvent, Invariant } from "../../runtime/system.ts";
import { ActivationGraph } from "./activationGraph.ts";
import { compareActivation, type Difference } from "./compareActivation.ts";
import { addConflicts } from "./conflictOrder.ts";
import { describeActivation } from "./describe.ts";
import { explainCycle } from "./explainCycle.ts";
import { findShortestCycle, topologicalOrder } from "./findCycle.ts";
import { addCauses, addChannelOrder, addExternalOrder, addRest, addStarts } from "./messageOrder.ts";
import { printPayload } from "./printPayload.ts";
import { ReplayedHistory, replayOriginal } from "./replayOriginal.ts";
import type { Violation } from "./verdict.ts";

export type Problem = Omit<Violation, "seed">;

export interface RunVerdict {
  readonly problem: Problem | undefined;
  /** How many activations conflicted with another one. */
  readonly conflictingActivations: number;
}

/** Judges a run by itself: neither the compiler nor its reasons are asked. */
export function verifyRun(run: SimulatedRun, original: Deployment, invariants: readonly Invariant[]): RunVerdict {
  const graph = new ActivationGraph(run);
  const conflictingActivations = addConflicts(graph, run);
  addCauses(graph, run);
  addExternalOrder(graph, run);
  addChannelOrder(graph, run);
  addStarts(graph, run);
  addRest(graph, run);
  const broken = findBroken(
    invariants,
    run.external.map(({ event }) => event),
  );
  const problem =
    problemOutside(run) ?? findCycle(run, graph) ?? replay(run, graph, original, invariants) ?? blameProtocol(broken);
  const isNew = problem !== undefined && problem.kind !== "invariant" && broken !== undefined;
  return {
    problem: isNew ? { ...problem, trace: [...problem.trace, `What the clients saw: ${broken.summary}`] } : problem,
    conflictingActivations,
  };
}

function problemOutside({ problems, deployment }: SimulatedRun): Problem | undefined {
  const [first] = problems;
  if (first !== undefined) return { kind: "crash", summary: first, trace: problems };
  const forgotten = [...deployment.roles.values()].flatMap(forgottenTimers)[0];
  if (forgotten === undefined) return undefined;
  return { kind: "lost wake-up", summary: `${forgotten} runs in no component of the rewritten system.`, trace: [] };
}

/** Timers and start handlers of a role that the routing table gives to nobody. The replay would not miss them. */
function forgottenTimers({ name, roleClass, timers }: DeployedRole): string[] {
  return [...triggersOf(roleClass)]
    .filter(([handler, { kind }]) => kind !== "message" && !timers.has(handler))
    .map(([handler]) => `${name}.${handler}`);
}

function findCycle(run: SimulatedRun, graph: ActivationGraph): Problem | undefined {
  const isTime = (from: number, to: number): boolean => graph.successors[from]?.get(to)?.kind === "time";
  const cycle = findShortestCycle(graph.successors, (from, to) => !isTime(from, to));
  if (cycle === undefined) return undefined;
  const trace = explainCycle(run, graph, cycle);
  const summary = `No run of the original is like this one: in it, each of these ${String(trace.length)} activations would have to come before the next, and the last before the first.`;
  return { kind: "cycle", summary, trace };
}

function replay(
  run: SimulatedRun,
  graph: ActivationGraph,
  original: Deployment,
  invariants: readonly Invariant[],
): Problem | undefined {
  const history = new ReplayedHistory(original);
  const handled: Activation[] = [];
  let problem: Problem | undefined;
  replayOriginal(original, activationsInOrder(graph), (replayed) => {
    const { activation, step } = replayed;
    history.add(replayed);
    const difference = compareActivation(activation, step);
    if (difference !== undefined) problem = explainDifference(run, activation, difference, handled);
    handled.push(activation);
    return difference === undefined;
  });
  return problem ?? blameProtocol(findBroken(invariants, history.events));
}

/** For a run that the original could have produced. */
function blameProtocol(broken: Problem | undefined): Problem | undefined {
  return (
    broken && { ...broken, summary: `${broken.summary} The original does so too: the protocol itself is at fault.` }
  );
}

function activationsInOrder(graph: ActivationGraph): Activation[] {
  return topologicalOrder(graph.successors).flatMap((number) => {
    const vertex = graph.vertices[number];
    return vertex?.kind === "activation" ? [vertex.activation] : [];
  });
}

function explainDifference(
  run: SimulatedRun,
  activation: Activation,
  difference: Difference,
  before: readonly Activation[],
): Problem {
  const what = describeActivation(run, activation);
  const context = before
    .filter(({ node }) => node === activation.node)
    .slice(-3)
    .map((earlier) => `before: ${describeActivation(run, earlier)}`);
  switch (difference.kind) {
    case "crash":
      return {
        kind: "crash",
        summary:
          difference.at === undefined
            ? `${what}; the original throws: ${String(difference.error)}`
            : `${describeActivation(run, activation, difference.at)} and threw ${String(difference.error)}; the original does not throw.`,
        trace: [...context, what],
      };
    case "missing":
      return {
        kind: "lost wake-up",
        summary: `${what}; the original then sends ${difference.messages.join(", ")}, the rewritten system never did.`,
        trace: [...context, what, ...difference.messages.map((message) => `the original sends ${message}`)],
      };
    case "messages":
      return {
        kind: "replay mismatch",
        summary: `${what} and sent something else than the original.`,
        trace: [
          ...context,
          what,
          ...difference.extra.map((message) => `the rewritten system sent ${message}`),
          ...difference.missing.map((message) => `the original sends ${message}`),
        ],
      };
    case "read":
      return {
        kind: "replay mismatch",
        summary: `${what} and read ${difference.rewritten} in ${difference.cell}; the original reads ${difference.original}.`,
        trace: [...context, what],
      };
  }
}

/** The first invariant that a history breaks. One that throws is broken as well. */
function findBroken(invariants: readonly Invariant[], history: readonly ExternalEvent[]): Problem | undefined {
  for (const { name, holds } of invariants) {
    const reason = reasonAgainst(holds, history);
    if (reason !== undefined) {
      return {
        kind: "invariant",
        summary: `The invariant ${JSON.stringify(name)} does not hold.${reason}`,
        trace: printHistory(history),
      };
    }
  }
  return undefined;
}

function reasonAgainst(holds: Invariant["holds"], history: readonly ExternalEvent[]): string | undefined {
  try {
    return holds(history) ? undefined : "";
  } catch (error) {
    return ` ${String(error)}`;
  }
}

function printHistory(history: readonly ExternalEvent[]): string[] {
  return history.map(({ kind, node, other, message, payload }) =>
    kind === "sent"
      ? `${node.id} sent ${message}(${printPayload(payload)}) to ${other.id}`
      : `${node.id} received ${message}(${printPayload(payload)}) from ${other.id}`,
  );
}
