/** Whether one run of the rewritten system could have been a run of the original. */
import type { DeployedRole, Deployment } from "../../runtime/deployment.ts";
import { triggersOf } from "../../runtime/routing/roleHandlers.ts";
import type { DeployedNode } from "../../runtime/routing/address.ts";
import type { Activation, Fragment, PendingTimer, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { ExternalEvent, Invariant } from "../../runtime/system.ts";
import { ActivationGraph } from "./activationGraph.ts";
import { compareActivation, type Difference } from "./compareActivation.ts";
import { addConflicts } from "./conflictOrder.ts";
import { describeActivation, describeInstance, describeMessage } from "./describe.ts";
import { compareTimers, DurableHistory } from "./durableHistory.ts";
import { explainCycle } from "./explainCycle.ts";
import { findShortestCycle, topologicalOrder } from "./findCycle.ts";
import { addCauses, addChannelOrder, addComebacks, addExternalOrder, addRest, addStarts } from "./messageOrder.ts";
import { printPayload } from "./printPayload.ts";
import { ReplayedHistory, replayOriginal, type Act } from "./replayOriginal.ts";
import type { Violation } from "./verdict.ts";
import { findSeenThoughLost, visibleRun } from "./visibleRun.ts";

export type Problem = Omit<Violation, "seed">;

export interface RunVerdict {
  readonly problem: Problem | undefined;
  /** How many activations conflicted with another one. */
  readonly conflictingActivations: number;
}

/** Judges a run by itself: neither the compiler nor its reasons are asked. */
export function verifyRun(run: SimulatedRun, original: Deployment, invariants: readonly Invariant[]): RunVerdict {
  const broken = findBroken(
    invariants,
    run.external.map(({ event }) => event),
  );
  const { problem, conflictingActivations } = judge(run, original, invariants);
  if (problem === undefined) return { problem: blameProtocol(broken), conflictingActivations };
  const isNew = problem.kind !== "invariant" && broken !== undefined;
  return {
    problem: isNew ? { ...problem, trace: [...problem.trace, `What the clients saw: ${broken.summary}`] } : problem,
    conflictingActivations,
  };
}

function judge(run: SimulatedRun, original: Deployment, invariants: readonly Invariant[]): RunVerdict {
  const early = problemOutside(run) ?? explainSeenThoughLost(run);
  if (early !== undefined) return { problem: early, conflictingActivations: 0 };
  const visible = visibleRun(run);
  const graph = new ActivationGraph(visible);
  const conflictingActivations = addConflicts(graph, visible);
  addCauses(graph, visible);
  addExternalOrder(graph, visible);
  addChannelOrder(graph, visible);
  addStarts(graph, visible);
  addRest(graph, visible);
  addComebacks(graph, visible);
  const problem = findCycle(visible, graph) ?? replay(visible, graph, original, invariants);
  return { problem, conflictingActivations };
}

function explainSeenThoughLost(run: SimulatedRun): Problem | undefined {
  const found = findSeenThoughLost(run);
  if (found === undefined) return undefined;
  const what = describeActivation(run, found.activation, found.fragment.instance);
  const { sent } = found.fragment;
  return {
    kind: "durability",
    summary: `${what}; a crash lost what it had written down, or read of that, and ${sent.length === 0 ? "a forward" : "a message"} of it had already left.`,
    trace: [
      what,
      ...sent.map((message) => `sent ${describeMessage(message)} to ${message.to.id}`),
      "lost with a crash",
    ],
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
  const history = new ReplayedHistory(original, run);
  const durable = new DurableHistory(original);
  const handled: Activation[] = [];
  let problem: Problem | undefined;
  replayOriginal(original, actsInOrder(graph), {
    onActivation(activation, step) {
      history.add(activation);
      const difference = compareActivation(activation, step);
      if (difference !== undefined) problem = explainDifference(run, activation, difference, handled);
      else problem = explainDurability(run, activation, durable.add(activation, step), handled);
      handled.push(activation);
      return problem === undefined;
    },
    onCrash({ node }, writers) {
      const left = durable.crash(node, writers);
      if (typeof left === "number") return left;
      problem = explainDurability(run, left.activation, left.what, handled);
      return undefined;
    },
    onEnd(timersOf) {
      problem = compareAtRest(run, original, timersOf);
    },
  });
  return problem ?? blameProtocol(findBroken(invariants, history.events));
}

/** One-shot timers, when both systems have come to rest. */
function compareAtRest(
  run: SimulatedRun,
  original: Deployment,
  timersOf: (node: DeployedNode) => readonly PendingTimer[],
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

/** For a run that the original could have produced. */
function blameProtocol(broken: Problem | undefined): Problem | undefined {
  return (
    broken && { ...broken, summary: `${broken.summary} The original does so too: the protocol itself is at fault.` }
  );
}

function actsInOrder(graph: ActivationGraph): Act[] {
  return topologicalOrder(graph.successors).flatMap((number): Act[] => {
    const vertex = graph.vertices[number];
    return vertex === undefined || vertex.kind === "external" ? [] : [vertex];
  });
}

function explainDurability(
  run: SimulatedRun,
  activation: Activation,
  what: string | undefined,
  before: readonly Activation[],
): Problem | undefined {
  if (what === undefined) return undefined;
  const summary = `${describeActivation(run, activation)} ${what}.`;
  const fragments = activation.fragments.map((fragment) => describeDurability(run, activation, fragment));
  return { kind: "durability", summary, trace: [...contextOf(run, activation, before), ...fragments] };
}

function describeDurability(run: SimulatedRun, activation: Activation, fragment: Fragment): string {
  const { durability, sent, handler, instance } = fragment;
  const { wroteRecord, lost, stableAt } = durability;
  const fate = lost
    ? "and lost it with a crash"
    : stableAt === undefined
      ? "and never synced it"
      : `stable at step ${String(stableAt)}`;
  const name =
    handler === activation.handler
      ? describeActivation(run, activation, instance)
      : `${describeInstance(run, instance)} ran ${handler}`;
  const left = sent.map((message) => `${describeMessage(message)} left at step ${String(message.left)}`);
  return [name, wroteRecord ? `wrote a record, ${fate}` : "wrote no record", ...left].join("; ");
}

function contextOf(run: SimulatedRun, activation: Activation, before: readonly Activation[]): readonly string[] {
  return before
    .filter(({ node }) => node === activation.node)
    .slice(-3)
    .map((earlier) => `before: ${describeActivation(run, earlier)}`);
}

function explainDifference(
  run: SimulatedRun,
  activation: Activation,
  difference: Difference,
  before: readonly Activation[],
): Problem {
  const what = describeActivation(run, activation);
  const context = contextOf(run, activation, before);
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
