/** The orders that messages imply: causes before effects, real time between external nodes, and ordered channels. */
import { triggersOf } from "../../runtime/routing/roleHandlers.ts";
import type { Activation, Fragment, LogicalMessage, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { ActivationGraph } from "./activationGraph.ts";

/** The activations that a message could not have been sent without. */
export type SendersOf = (message: LogicalMessage) => Iterable<Activation>;

export function soleSender({ sender }: LogicalMessage): readonly Activation[] {
  return sender === undefined ? [] : [sender];
}

/** An activation comes before those that consume what it sent. */
export function addCauses(
  graph: ActivationGraph,
  { activations }: SimulatedRun,
  sendersOf: SendersOf = soleSender,
): void {
  for (const { activation, message } of consumptions(activations)) {
    for (const sender of sendersOf(message)) graph.order(sender, activation, { kind: "cause", message });
  }
}

/**
 * An activation whose output some external node received comes before those that consume what any external node
 * sent afterwards: external nodes may talk to each other. The external steps form a chain, so that this takes as many
 * edges as there are steps.
 */
export function addExternalOrder(
  graph: ActivationGraph,
  { activations, external }: SimulatedRun,
  sendersOf: SendersOf = soleSender,
): void {
  const consumers = new Map(consumptions(activations).map(({ activation, message }) => [message, activation]));
  external.forEach(({ event, message }, index) => {
    const vertex = graph.numberOfExternal(index);
    if (index > 0) graph.add(vertex - 1, vertex, { kind: "time" });
    if (event.kind === "received") {
      for (const sender of sendersOf(message)) graph.add(graph.numberOf(sender), vertex, { kind: "output", message });
    }
    const consumer = event.kind === "sent" ? consumers.get(message) : undefined;
    if (consumer !== undefined) graph.add(vertex, graph.numberOf(consumer), { kind: "input", message });
  });
}

/**
 * `@Fifo` handlers of one node consume the messages of one sender in the order in which they were sent. Where one
 * instance sent them all, this is the order in which it did. Where several parts of a node sent them there is no such
 * order: then the senders have to come in the order in which their messages were consumed, and an activation that sent
 * two messages in the other order contradicts itself.
 */
export function addChannelOrder(graph: ActivationGraph, run: SimulatedRun): void {
  for (const consumed of fifoChannels(run)) {
    const origin = consumed[0]?.message.origin;
    const inOrder = consumed.every(({ message }) => message.origin === origin)
      ? [...consumed].sort((a, b) => a.message.id - b.message.id)
      : consumed;
    inOrder.slice(1).forEach((second, index) => {
      const first = inOrder[index];
      if (first !== undefined) addChannelEdges(graph, first, second);
    });
  }
}

function addChannelEdges(graph: ActivationGraph, first: Consumption, second: Consumption): void {
  const reason = { kind: "channel", first: first.message, second: second.message } as const;
  graph.order(first.activation, second.activation, reason);
  const [earlier, later] = [first.message.sender, second.message.sender];
  if (earlier === undefined || later === undefined) return;
  const isReversed = earlier === later && first.message.id > second.message.id;
  if (earlier !== later || isReversed) graph.add(graph.numberOf(earlier), graph.numberOf(later), reason);
}

/** What `@Fifo` handlers of one node consumed from one sender, in the order in which they did. */
function fifoChannels(run: SimulatedRun): Iterable<readonly Consumption[]> {
  const channels = new Map<string, Consumption[]>();
  for (const consumption of consumptions(run.activations)) {
    const { from, to, handler } = consumption.message;
    if (!isFifo(run, to.role, handler)) continue;
    const name = `${String(from.number)} ${String(to.number)}`;
    channels.set(name, [...(channels.get(name) ?? []), consumption]);
  }
  return channels.values();
}

/** A node starts, or recovers, before it does anything else. */
export function addStarts(graph: ActivationGraph, { activations }: SimulatedRun): void {
  for (const start of activations.filter(isStart)) {
    for (const other of activations) {
      if (!isStart(other) && isOneLife(other, start)) graph.order(start, other, { kind: "start" });
    }
  }
}

/** A node that comes back has done everything that it did before its crash, and does everything else afterwards. */
export function addComebacks(graph: ActivationGraph, { activations, comebacks }: SimulatedRun): void {
  comebacks.forEach(({ node, ended }, index) => {
    const comeback = graph.numberOfComeback(index);
    for (const activation of activations) {
      if (activation.node !== node) continue;
      const number = graph.numberOf(activation);
      if (activation.incarnation === ended) graph.add(number, comeback, { kind: "comeback" });
      if (activation.incarnation === ended + 1) graph.add(comeback, number, { kind: "comeback" });
    }
    const next = comebacks.findIndex((other) => other.node === node && other.ended === ended + 1);
    if (next >= 0) graph.add(comeback, graph.numberOfComeback(next), { kind: "comeback" });
    addSurvivors(
      graph,
      activations.filter((activation) => activation.node === node && activation.incarnation === ended),
    );
  });
}

/**
 * The original has one log, and a crash leaves the beginning of it: what wrote a record that survived comes before what
 * wrote one that did not. Components have logs of their own, and lose the ends of these independently.
 */
function addSurvivors(graph: ActivationGraph, lived: readonly Activation[]): void {
  const writers = lived.filter(({ fragments }) => fragments.some(wroteDown));
  const isLost = ({ fragments }: Activation): boolean =>
    fragments.some((fragment) => wroteDown(fragment) && fragment.durability.lost);
  const lost = writers.filter(isLost);
  if (lost.length === 0) return;
  for (const survivor of writers) {
    if (isLost(survivor)) continue;
    for (const loser of lost) graph.order(survivor, loser, { kind: "survived" });
  }
}

/** Whether it wrote a record of what the original writes down; the machinery writes records of its own. */
function wroteDown({ accesses, durability: { wroteRecord, appended } }: Fragment): boolean {
  return wroteRecord && (appended.length > 0 || accesses.some(({ kind }) => kind !== "read"));
}

function isStart({ cause }: Activation): boolean {
  return cause.kind === "start" || cause.kind === "recover";
}

/** Whether no crash of their node came between them. */
function isOneLife(a: Activation, b: Activation): boolean {
  return a.node === b.node && a.incarnation === b.incarnation;
}

/**
 * A timer that fires when everything has come to rest sees everything: what it has not seen by then it will never see.
 * This is the part of quiescence that timers need; without it a rewrite that never answers would pass, as its timers
 * could always be thought to have fired too early.
 */
export function addRest(graph: ActivationGraph, { activations }: SimulatedRun): void {
  activations.forEach((timer, index) => {
    if (timer.cause.kind !== "timer" || !timer.cause.atRest) return;
    for (const earlier of activations.slice(0, index)) {
      if (isOneLife(earlier, timer)) graph.order(earlier, timer, { kind: "rest" });
    }
  });
}

interface Consumption {
  readonly activation: Activation;
  readonly message: LogicalMessage;
}

function consumptions(activations: readonly Activation[]): Consumption[] {
  return activations.flatMap((activation) =>
    activation.cause.kind === "message" ? [{ activation, message: activation.cause.message }] : [],
  );
}

export function isFifo({ deployment }: SimulatedRun, role: string, handler: string): boolean {
  const deployed = deployment.roles.get(role);
  const trigger = deployed && triggersOf(deployed.roleClass).get(handler);
  return trigger?.kind === "message" && trigger.fifo;
}
