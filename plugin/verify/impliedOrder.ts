/** The order of activations that a run implies, from all of its sources. */
import type { DeployedInstance } from "../../runtime/routing/address.ts";
import type { Activation, SimulatedRun } from "../../runtime/simulator/index.ts";
import { ActivationGraph } from "./activationGraph.ts";
import { addConflicts } from "./conflictOrder.ts";
import { contributorsOf } from "./contributors.ts";
import { topologicalOrder } from "./findCycle.ts";
import { addCauses, addChannelOrder, addComebacks, addExternalOrder, addRest, addStarts } from "./messageOrder.ts";
import type { Act } from "./replayOriginal.ts";
import { replicationOf } from "./replication.ts";

export interface ImpliedOrder {
  readonly graph: ActivationGraph;
  readonly conflictingActivations: number;
}

/** @param lenient parts whose accesses are not ordered among each other; what one of them sends, all that led to it sent */
export function impliedOrder(run: SimulatedRun, lenient?: ReadonlySet<DeployedInstance>): ImpliedOrder {
  const graph = new ActivationGraph(run);
  const isLenient = (instance: DeployedInstance): boolean => lenient?.has(instance) === true;
  const conflictingActivations = addConflicts(graph, run, isLenient);
  const sendersOf = lenient && contributorsOf(run, isLenient);
  addCauses(graph, run, sendersOf);
  addExternalOrder(graph, run, sendersOf);
  addChannelOrder(graph, run);
  addStarts(graph, run);
  addRest(graph, run);
  addComebacks(graph, run);
  return { graph, conflictingActivations };
}

/** The moment of a run at which an activation counts as having happened, where the order leaves it open. */
export type Moment = "first fragment" | "last fragment";

/**
 * When an activation counts as having happened, where the order leaves that open. One that a crash cut short before a
 * forward with state was applied happened last: who handled something at the place that it never reached did so without
 * it, whatever it would have touched there. Where the order has somebody wait for it, that is a contradiction, and shows.
 * One that all partitions of a component take part in happened when the first of them had applied it, for then all of them
 * stood still; and before its node came back, if it was decided before.
 */
function timeOfActivation(
  { incarnation, fragments, isCutShort, node, handler }: Activation,
  run: SimulatedRun,
  moment: Moment,
): number {
  const isReplicated = replicationOf(run.deployment, { node, handler }) !== undefined;
  const crash =
    (isCutShort || isReplicated) &&
    run.comebacks.find((comeback) => comeback.node === node && comeback.ended === incarnation);
  if (isReplicated) {
    const applied = fragments.find(({ accesses, sent }) => accesses.length > 0 || sent.length > 0) ?? fragments.at(-1);
    return Math.min(applied?.at ?? 0, crash ? crash.at : Infinity);
  }
  if (crash) return crash.at;
  return fragments.at(moment === "first fragment" ? 0 : -1)?.at ?? 0;
}

/** What the original is to do, in a topological order of the graph; in the end what waits to the end. */
export function actsInOrder(run: SimulatedRun, graph: ActivationGraph, moment: Moment): readonly Act[] {
  const timeOf = (number: number): number => {
    const vertex = graph.vertices[number];
    switch (vertex?.kind) {
      case "activation":
        return timeOfActivation(vertex.activation, run, moment);
      case "external":
        return vertex.step.at;
      case "comeback":
        return vertex.comeback.at;
      case undefined:
        return 0;
    }
  };
  const vertices = topologicalOrder(graph.successors, timeOf).flatMap((number) => graph.vertices[number] ?? []);
  return [...vertices, ...run.parked.map((activation): Act => ({ kind: "parked", activation }))];
}
