/**
 * The search for a witness: a run of the original with the history of a run of the rewritten system, which need not be
 * the run that the conflict order suggests.
 *
 * The conflict order asks that every activation reads what it read. Parts that are told things in any order (joins that
 * commute, thresholds that fire once) read other sizes than the original does, and the threshold fires in another
 * activation, though nobody outside can tell. So where the strict judgement fails, this looks for another order, and
 * judges it by what a run *is*.
 *
 * **The argument.** The replay runs the original on a network that is a multiset of messages, one step after another. A
 * step of the original is taken only if it could be: an activation consumes a message that an earlier step sent and that
 * nobody has consumed yet (in the order of sending where a handler relies on it); an external node receives only what
 * is in the network; a timer fires only if it is set; a node that comes back finds a beginning of its log. The steps
 * of external nodes are steps of this run, in the order of real time, with the same content. So what has been
 * replayed is a run of the original, step by step, and its history is the history of the rewritten one. Whatever made
 * the search try this order, and whatever the reads were, adds nothing and takes nothing from that: a witness is a proof.
 * In the end both have to be at rest with the same: all that the one has sent the other has sent, less what faults have
 * kept from leaving; the same timers, the same journals, and whatever still waits in the rewritten system has no
 * effect when the original consumes it now.
 *
 * The boundary inside holds as well: neighbours of the rewritten node are nodes of the same replay. Each consumes what was
 * sent, with that content, in an order that has all of its own conflicts; only the order in which two of them are told,
 * where none of them has sent anything in between, may be another one, and that nobody can tell.
 *
 * The search is incomplete: it tries few orders. They are topological orders of the strict order, without what orders
 * lenient parts among themselves. Where there is no lenient part no other order can be expected, and none is tried:
 * that a difference in what was read has had no consequence within one run is luck.
 */
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedInstance } from "../../runtime/routing/address.ts";
import type { Activation, LogicalMessage, SimulatedRun, Step } from "../../runtime/simulator/index.ts";
import type { SnapshotInvariant } from "../../runtime/snapshot.ts";
import type { ExternalEvent } from "../../runtime/system.ts";
import { describeActivation, describeMessage } from "./describe.ts";
import { compareJournals, DurableHistory, hasWritten } from "./durableHistory.ts";
import { explainShortestCycle } from "./explainCycle.ts";
import { actsInOrder, impliedOrder, type Moment } from "./impliedOrder.ts";
import { InFlight, printMessage, type Message } from "./inFlight.ts";
import { InvariantWatch } from "./invariantWatch.ts";
import { lenientParts } from "./lenientParts.ts";
import { watched, type JudgeObserver } from "./judgeObserver.ts";
import { isFifo } from "./messageOrder.ts";
import { replayOriginal, type Act, type ReplayObserver } from "./replayOriginal.ts";
import { compareAtRest, findForgotten } from "./restState.ts";
import { SealedMessages } from "./sealedMessages.ts";
import type { Problem } from "./verdict.ts";
import { isSilenced } from "./visibleRun.ts";

export type Search =
  /** There is no reason to expect one. */
  | { readonly kind: "not tried" }
  | {
      readonly kind: "found";
      /** The invariant over all nodes that is broken in it. */ readonly broken: Problem | undefined;
    }
  /** Why an order failed; `inAnyOrder` when that does not depend on what was tried. */
  | { readonly kind: "none"; readonly why: string; readonly inAnyOrder?: Problem };

const MOMENTS: readonly Moment[] = ["first fragment", "last fragment"];

export function findWitness(
  run: SimulatedRun,
  original: Deployment,
  invariants: readonly SnapshotInvariant[],
  observer?: JudgeObserver,
): Search {
  const lenient = lenientParts(run.deployment);
  if (lenient.size === 0) return { kind: "not tried" };
  const { graph } = impliedOrder(run, lenient);
  const cycle = explainShortestCycle(run, graph, observer);
  if (cycle !== undefined) return { kind: "none", why: cycle.summary, inAnyOrder: cycle };
  let best: Search = { kind: "not tried" };
  for (const moment of MOMENTS) {
    const found = new Witness(run, original, invariants, lenient).replay(actsInOrder(run, graph, moment), observer);
    if (found.kind === "found") return found;
    if (best.kind !== "none" || best.inAnyOrder === undefined) best = found;
  }
  return best;
}

/** One attempt. */
class Witness {
  readonly #run: SimulatedRun;
  readonly #original: Deployment;
  readonly #network = new InFlight();
  readonly #sealed: SealedMessages;
  readonly #durable: DurableHistory;
  readonly #silenced: readonly Activation[];
  readonly #lenient: ReadonlySet<DeployedInstance>;
  readonly #appended: Step["appended"][number][] = [];
  /** By content: for each message that the original has sent, the activation that sent it there. */
  readonly #sent = new Map<string, Activation[]>();
  readonly #history: ExternalEvent[] = [];
  readonly #watch: InvariantWatch;
  #why: string | undefined;
  #inAnyOrder: Problem | undefined;

  constructor(
    run: SimulatedRun,
    original: Deployment,
    invariants: readonly SnapshotInvariant[],
    lenient: ReadonlySet<DeployedInstance>,
  ) {
    this.#run = run;
    this.#lenient = lenient;
    this.#original = original;
    this.#sealed = new SealedMessages(run.deployment);
    this.#durable = new DurableHistory(original, run.deployment, false);
    this.#watch = new InvariantWatch(run, original, invariants, this.#history);
    this.#silenced = run.activations.filter(isSilenced);
  }

  replay(acts: readonly Act[], observer: JudgeObserver | undefined): Search {
    observer?.onReplay(acts);
    const replay: ReplayObserver = {
      watch: this.#watch,
      payloadOf: (message) =>
        (this.#sealed.isSealed(message) ? this.#network.peek(this.#contentOf(message, message.sender)) : undefined) ??
        message.payload,
      onActivation: (activation, step) => this.#goesOn(this.#perform(activation, step)),
      onExternal: ({ event, message }) => {
        if (event.kind === "sent") this.#network.send(message, this.#contentOf(message));
        else if (!this.#take(message))
          return this.#goesOn(tooEarly(`${message.to.id} received ${describeMessage(message)}`));
        this.#history.push(event);
        return true;
      },
      onParked: (activation, step) => {
        this.#inAnyOrder ??= findForgotten(this.#run, activation, step);
        return true;
      },
      onCrash: ({ node }, writers) => {
        const left = this.#durable.crash(node, writers);
        if (typeof left === "number") return left;
        this.#goesOn(`${describeActivation(this.#run, left.activation)} ${left.what}.`);
        return undefined;
      },
      onEnd: (rest) => {
        this.#inAnyOrder ??=
          this.#compareSent() ?? compareAtRest(this.#run, this.#original, rest) ?? this.#compareJournals();
      },
    };
    replayOriginal(this.#original, acts, watched(replay, observer));
    observer?.onReplayed(this.#inAnyOrder);
    if (this.#inAnyOrder !== undefined)
      return { kind: "none", why: this.#inAnyOrder.summary, inAnyOrder: this.#inAnyOrder };
    return this.#why === undefined ? { kind: "found", broken: this.#watch.broken } : { kind: "none", why: this.#why };
  }

  #goesOn(problem: string | undefined): boolean {
    this.#why = problem;
    return problem === undefined;
  }

  /** What is wrong when the original does this now. */
  #perform(activation: Activation, step: Step): string | undefined {
    const { cause } = activation;
    const name = describeActivation(this.#run, activation);
    if (cause.kind === "message" && !this.#take(cause.message)) return tooEarly(name);
    if (cause.kind === "timer" && cause.timer !== undefined && step.accesses[0]?.value !== "set")
      return `${name}, which is not set in the original.`;
    const failed = activation.fragments.some(({ failure }) => failure !== undefined);
    if (failed !== (step.failure !== undefined)) return `${name}, and only one of the two systems throws.`;
    for (const { from, destination, handler, payload } of step.sent) {
      const message: Message = { from, to: destination, handler, payload };
      const content = this.#contentOf(message, activation);
      this.#network.send(message, content);
      this.#sent.set(content, [...(this.#sent.get(content) ?? []), activation]);
    }
    if (hasWritten(activation)) this.#appended.push(...step.appended);
    const durability = this.#durable.add(activation, step);
    if (durability === undefined) return undefined;
    // What an activation wrote or read itself does not depend on the order of others.
    this.#inAnyOrder = { kind: "durability", summary: `${name} ${durability}.`, trace: [name] };
    return this.#inAnyOrder.summary;
  }

  #take(message: LogicalMessage): boolean {
    const content = this.#contentOf(message, message.sender);
    return this.#network.take(message, content, isFifo(this.#run, message.to.role, message.handler));
  }

  #contentOf(message: Message, sender?: Activation): string {
    return printMessage(message, this.#sealed.print(sender, message));
  }

  /**
   * What was lost before it left would have been sent by this activation; or, where parts that are told things in any order
   * come to another conclusion without what was lost, by one of those that they were told of. Who never got to such a part
   * has done there what it does in any order, and has sent what it sends.
   */
  #isExcused(activation: Activation): boolean {
    if (isSilenced(activation)) return true;
    const { node, incarnation, fragments } = activation;
    if (!fragments.some(({ instance }) => this.#lenient.has(instance))) return false;
    return this.#silenced.some((other) => other.node === node && other.incarnation === incarnation);
  }

  #compareSent(): Problem | undefined {
    const missing = new Map(
      [...this.#sent].map(([content, senders]) => {
        const excused = senders.filter((sender) => this.#isExcused(sender));
        return [content, [...senders.filter((sender) => !excused.includes(sender)), ...excused]];
      }),
    );
    for (const message of this.#run.activations.flatMap(({ fragments }) => fragments.flatMap(({ sent }) => sent))) {
      if (missing.get(this.#contentOf(message, message.sender))?.shift() !== undefined) continue;
      const summary = `${message.from.id} sent ${describeMessage(message)} to ${message.to.id}; the original has never sent it.`;
      return { kind: "replay mismatch", summary, trace: [] };
    }
    for (const [content, senders] of missing) {
      const sender = senders.find((one) => !this.#isExcused(one));
      if (sender === undefined) continue;
      const what = describeActivation(this.#run, sender);
      const summary = `${what}; the original then sends ${content}, the rewritten system never did.`;
      return { kind: "lost wake-up", summary, trace: [what, `the original sends ${content}`] };
    }
    return undefined;
  }

  #compareJournals(): Problem | undefined {
    const difference = compareJournals(this.#run.activations, this.#appended);
    return difference === undefined
      ? undefined
      : { kind: "durability", summary: `The nodes ran to the end ${difference}.`, trace: [] };
  }
}

function tooEarly(what: string): string {
  return `${what}, which the original had not sent by then.`;
}
