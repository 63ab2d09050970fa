/** A cycle as sentences in the names of the protocol. */
import type { Access, LogicalMessage, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { ActivationGraph, Reason, Touch, Vertex } from "./activationGraph.ts";
import { describeActivation, describeInstance, describeMessage } from "./describe.ts";
import { findShortestCycle } from "./findCycle.ts";
import type { JudgeObserver } from "./judgeObserver.ts";
import type { Problem } from "./verdict.ts";

/** Why there is no order that the graph allows; undefined when there is one. */
export function explainShortestCycle(
  run: SimulatedRun,
  graph: ActivationGraph,
  observer?: JudgeObserver,
): Problem | undefined {
  const isTime = (from: number, to: number): boolean => graph.successors[from]?.get(to)?.kind === "time";
  const cycle = findShortestCycle(graph.successors, (from, to) => !isTime(from, to));
  if (cycle === undefined) return undefined;
  const edges = explainCycle(run, graph, cycle);
  const trace = edges.map(({ text }) => text);
  const summary = `No run of the original is like this one: in it, each of these ${String(trace.length)} activations would have to come before the next, and the last before the first.`;
  const problem: Problem = { kind: "cycle", summary, trace };
  observer?.onCycle(problem, edges);
  return problem;
}

/** Why one activation (or comeback of a node) has to come before another one. */
export interface CycleEdge {
  readonly from: Vertex;
  readonly to: Vertex;
  readonly text: string;
}

/** One sentence for each edge between activations; the steps of external nodes in between are part of the sentence. */
function explainCycle(run: SimulatedRun, graph: ActivationGraph, cycle: readonly number[]): readonly CycleEdge[] {
  const start = cycle.findIndex((vertex) => graph.vertices[vertex]?.kind === "activation");
  const turned = [...cycle.slice(start), ...cycle.slice(0, start), cycle[start] ?? 0];
  const edges: CycleEdge[] = [];
  let output: { readonly message: LogicalMessage; readonly from: Vertex } | undefined;
  for (let i = 0; i + 1 < turned.length; i++) {
    const [from, to] = [turned[i] ?? 0, turned[i + 1] ?? 0];
    const reason = graph.successors[from]?.get(to);
    const [first, second] = [graph.vertices[from], graph.vertices[to]];
    if (reason === undefined || first === undefined || second === undefined) continue;
    if (reason.kind === "output") output = { message: reason.message, from: first };
    else if (reason.kind === "input" && output !== undefined)
      edges.push({ from: output.from, to: second, text: explainExternal(run, output.message, reason.message, second) });
    else if (reason.kind !== "time")
      edges.push({ from: first, to: second, text: explainEdge(run, reason, first, second) });
  }
  return edges;
}

function explainEdge(run: SimulatedRun, reason: Reason, first: Vertex, second: Vertex): string {
  switch (reason.kind) {
    case "conflict":
      return explainConflict(run, reason.first, reason.second, reason.seen);
    case "cause":
      return `${describeVertex(run, first)} and sent ${describeMessage(reason.message)}, which ${describePlace(run, second)} handled`;
    case "channel":
      return `${reason.first.to.id} relies on the order of what ${reason.first.from.id} sends, and ${describeMessage(reason.first)} came before ${describeMessage(reason.second)}`;
    case "start":
      return `${describeVertex(run, first)}, before everything else there: ${describeVertex(run, second)}`;
    case "rest":
      return `${describeVertex(run, first)}, and when nothing was left to do ${describeVertex(run, second)}`;
    case "comeback":
      return `${describeVertex(run, first)}, and then ${describeVertex(run, second)}`;
    case "survived":
      return `${describeVertex(run, first)}, which a crash left on stable storage, when it lost that ${describeVertex(run, second)}`;
    case "output":
    case "time":
    case "input":
      return `${describeVertex(run, first)}, before ${describeVertex(run, second)}`;
  }
}

function explainConflict(run: SimulatedRun, first: Touch, second: Touch, seen: boolean): string {
  const [a, b] = [first.access, second.access];
  const before = `${describeActivation(run, first.activation, a.instance)} and ${describeAccess(a)}`;
  const other = describeActivation(run, second.activation, b.instance);
  const what = a.cell === b.cell ? "it" : b.cell.name;
  if (!seen) return `${before}, without seeing that ${other} and ${describeAccess(b)}`;
  return `${before}, before ${other} and ${b.kind === "read" ? `read ${what}` : `changed ${what}`}`;
}

function describeAccess({ cell, kind, value }: Access): string {
  switch (kind) {
    case "read":
      return `read ${cell.name} (${value})`;
    case "write":
      return cell.aspect === "order" ? `changed ${cell.name}` : `set ${cell.name} to ${value}`;
    case "commute":
      return `changed ${cell.name}`;
  }
}

function explainExternal(run: SimulatedRun, output: LogicalMessage, input: LogicalMessage, second: Vertex): string {
  const sender = output.sender === undefined ? output.from.id : describeActivation(run, output.sender, output.origin);
  return (
    `${sender} and sent ${describeMessage(output)} to ${output.to.id}; after it had arrived, ` +
    `${input.from.id} sent ${describeMessage(input)}, which ${describePlace(run, second)} handled`
  );
}

/** Where a message was handled first. */
function describePlace(run: SimulatedRun, vertex: Vertex): string {
  if (vertex.kind === "external") return vertex.step.event.node.id;
  if (vertex.kind === "comeback") return vertex.comeback.node.id;
  const instance = vertex.activation.fragments[0]?.instance;
  return instance === undefined ? vertex.activation.node.id : describeInstance(run, instance);
}

function describeVertex(run: SimulatedRun, vertex: Vertex): string {
  if (vertex.kind === "activation") return describeActivation(run, vertex.activation);
  if (vertex.kind === "comeback") return `${vertex.comeback.node.id} crashed and came back`;
  const { event, message } = vertex.step;
  return event.kind === "sent"
    ? `${event.node.id} sent ${describeMessage(message)}`
    : `${event.node.id} received ${describeMessage(message)}`;
}
