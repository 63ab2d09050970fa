/**
 * The replay in which every activation has to send what it sent in the rewritten system, and read what it read there.
 * Design: "One criterion for every rule" in the correctness page.
 */
import type { Deployment } from "../../runtime/deployment.ts";
import type { Activation, Fragment, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { SnapshotInvariant } from "../../runtime/snapshot.ts";
import type { ExternalEvent } from "../../runtime/system.ts";
import { compareActivation, type Difference } from "./compareActivation.ts";
import { describeActivation, describeInstance, describeMessage } from "./describe.ts";
import { DurableHistory } from "./durableHistory.ts";
import { watched, type JudgeObserver } from "./judgeObserver.ts";
import { InvariantWatch } from "./invariantWatch.ts";
import { LooseOrders } from "./looseOrders.ts";
import { ReplayedHistory, replayOriginal, type Act, type ReplayObserver } from "./replayOriginal.ts";
import { compareAtRest, findForgotten } from "./restState.ts";
import { SealedMessages } from "./sealedMessages.ts";
import type { Problem } from "./verdict.ts";

export interface StrictReplay {
  readonly problem: Problem | undefined;
  /** What the clients of the original saw. */
  readonly events: readonly ExternalEvent[];
  /** The invariant over all nodes that was broken on the way. */
  readonly broken: Problem | undefined;
}

export function replayStrictly(
  run: SimulatedRun,
  original: Deployment,
  acts: readonly Act[],
  invariants: readonly SnapshotInvariant[],
  observer?: JudgeObserver,
): StrictReplay {
  const sealed = new SealedMessages(run.deployment);
  const loose = new LooseOrders(sealed);
  const history = new ReplayedHistory(original, run, sealed);
  const durable = new DurableHistory(original, run.deployment, true);
  const watch = new InvariantWatch(run, original, invariants, history.events);
  const handled: Activation[] = [];
  let problem: Problem | undefined;
  observer?.onReplay(acts);
  const replay: ReplayObserver = {
    watch,
    payloadOf: (message) => sealed.payloadOf(message),
    onActivation(activation, step) {
      loose.add(activation, step);
      const difference = compareActivation(run.deployment, activation, step, sealed, loose);
      history.add(activation);
      if (difference !== undefined) observer?.onDifference(difference);
      if (difference !== undefined) problem = explainDifference(run, activation, difference, handled);
      else problem = explainDurability(run, activation, durable.add(activation, step), handled);
      handled.push(activation);
      return problem === undefined;
    },
    onParked(activation, step) {
      problem = findForgotten(run, activation, step);
      return problem === undefined;
    },
    onCrash({ node }, writers) {
      const left = durable.crash(node, writers);
      if (typeof left === "number") return left;
      problem = explainDurability(run, left.activation, left.what, handled);
      return undefined;
    },
    onEnd(rest) {
      problem = compareAtRest(run, original, rest);
    },
  };
  replayOriginal(original, acts, watched(replay, observer));
  observer?.onReplayed(problem);
  return { problem, events: history.events, broken: watch.broken };
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
