/** Whether one run of the rewritten system could have been a run of the original. */
import type { DeployedRole, Deployment } from "../../runtime/deployment.ts";
import { triggersOf } from "../../runtime/routing/roleHandlers.ts";
import type { SimulatedRun } from "../../runtime/simulator/index.ts";
import type { SnapshotInvariant } from "../../runtime/snapshot.ts";
import type { Invariant } from "../../runtime/system.ts";
import type { ActivationGraph } from "./activationGraph.ts";
import { blameProtocol, findBroken } from "./brokenInvariant.ts";
import { findConsumedTwice } from "./consumedTwice.ts";
import { describeActivation, describeInstance, describeMessage } from "./describe.ts";
import { explainShortestCycle } from "./explainCycle.ts";
import { findWitness } from "./findWitness.ts";
import { actsInOrder, impliedOrder } from "./impliedOrder.ts";
import type { JudgeObserver } from "./judgeObserver.ts";
import { findFalsifiedPromise } from "./promises.ts";
import { replayStrictly, type StrictReplay } from "./replayStrictly.ts";
import type { Problem } from "./verdict.ts";
import { findSeenThoughLost, visibleRun } from "./visibleRun.ts";

export interface RunVerdict {
  readonly problem: Problem | undefined;
  /** Whether the run was accepted only because some other run of the original has the same history. */
  readonly neededWitness: boolean;
  /** How many activations conflicted with another one. */
  readonly conflictingActivations: number;
}

/** Judges a run by itself: neither the compiler nor its reasons are asked. */
export function verifyRun(
  run: SimulatedRun,
  original: Deployment,
  invariants: readonly (Invariant | SnapshotInvariant)[],
  observer?: JudgeObserver,
): RunVerdict {
  const broken = findBroken(
    invariants.filter((one) => "holds" in one),
    run.external.map(({ event }) => event),
  );
  const verdict = judge(run, original, invariants, observer);
  const { problem } = verdict;
  if (problem === undefined) return { ...verdict, problem: blameProtocol(broken) };
  if (problem.kind === "invariant" || broken === undefined) return verdict;
  return { ...verdict, problem: { ...problem, trace: [...problem.trace, `What the clients saw: ${broken.summary}`] } };
}

function judge(
  run: SimulatedRun,
  original: Deployment,
  invariants: readonly (Invariant | SnapshotInvariant)[],
  observer: JudgeObserver | undefined,
): RunVerdict {
  const ofNodes = invariants.filter((one) => "always" in one);
  const early =
    problemOutside(run) ?? findConsumedTwice(run) ?? findFalsifiedPromise(run) ?? explainSeenThoughLost(run);
  if (early !== undefined) return { problem: early, conflictingActivations: 0, neededWitness: false };
  const visible = visibleRun(run);
  const { graph, conflictingActivations } = impliedOrder(visible);
  const strict = judgeStrictly(visible, graph, original, ofNodes, observer);
  if (strict.problem === undefined) {
    const ofHistory = invariants.filter((one) => "holds" in one);
    const problem = blameProtocol(findBroken(ofHistory, strict.events) ?? strict.broken);
    return { problem, conflictingActivations, neededWitness: false };
  }
  const search = findWitness(visible, original, ofNodes, observer);
  if (search.kind === "found")
    return { problem: blameProtocol(search.broken), conflictingActivations, neededWitness: true };
  const problem = search.kind === "none" ? preferred(strict.problem, search) : strict.problem;
  return { problem, conflictingActivations, neededWitness: false };
}

function judgeStrictly(
  run: SimulatedRun,
  graph: ActivationGraph,
  original: Deployment,
  invariants: readonly SnapshotInvariant[],
  observer: JudgeObserver | undefined,
): StrictReplay {
  const problem = explainShortestCycle(run, graph, observer);
  if (problem !== undefined) return { problem, events: [], broken: undefined };
  return replayStrictly(run, original, actsInOrder(run, graph, "first fragment"), invariants, observer);
}

/**
 * The strict judgement names two things that happened, which explains more than the failure of a search; but what is
 * wrong in every order has nothing to do with the strict one.
 */
function preferred(
  strict: Problem,
  { inAnyOrder, why }: { readonly inAnyOrder?: Problem; readonly why: string },
): Problem {
  return inAnyOrder ?? { ...strict, trace: [...strict.trace, `Nor does it help to reorder what may commute: ${why}`] };
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

function problemOutside(run: SimulatedRun): Problem | undefined {
  const { problems, deployment, stopped } = run;
  const [first] = problems;
  if (first !== undefined) return { kind: "crash", summary: first, trace: problems };
  const [still] = stopped;
  if (still !== undefined) {
    const summary = `${describeInstance(run, still)} waits for its coordinator to this day, and handles nothing else.`;
    return {
      kind: "lost wake-up",
      summary,
      trace: stopped.map((instance) => `${describeInstance(run, instance)} waits`),
    };
  }
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
