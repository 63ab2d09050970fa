/**
 * Runs the original on the messages of a run of the rewritten system, one activation after another. When every
 * activation reads what it read there and sends what it sent there, this run is the proof that the original has the
 * same history.
 *
 * With faults, this is how the run of the original mirrors that of the rewritten system.
 *
 * *A lost message* is lost there too: nobody handles it. The original is allowed to lose any message (an omission), so
 * this needs no argument; who receives less than was sent is no judge of who sent it. A message that the rewritten
 * system never sent, because the fragment that would have sent it was lost with its forward, or because the process
 * died that held it back, is one that the original sent and the network lost. Such an activation may therefore send
 * less than the original, never more. One of which nothing remains never began: its own message was lost
 * (visibleRun.ts).
 *
 * *A node that comes back* does so in the original at the moment when its processes do, for all of them together. What
 * components did in between, some dead and some alive, is what an omitting node does that then crashes: what the dead
 * ones would have handled was lost, and nothing that they held in memory is ever read again, since all of the node begins
 * the next incarnation with what is durable. Forwards of the old incarnation are refused, so every activation belongs to
 * one incarnation, and the crash comes after all of the one and before all of the next.
 *   Volatile state is gone on both sides. Durable state has to be the same on both sides: the original keeps a prefix of
 * its log, and the records in it are of exactly those activations whose records survived in the rewritten system
 * (durableHistory.ts). An activation whose record was lost stays in this run, before the crash, for others may have read
 * what it wrote to volatile state; but nothing that it sent may have left, which is checked apart from the replay
 * (visibleRun.ts), and what it wrote to durable state is gone in the original as well. What the node reads when it
 * recovers is compared like everything else.
 *   The recovery handler is one activation of the original, and has a fragment on each partition. Each partition sees
 * its part of a collection, so that sizes and orders of whole collections differ; what is sent must be the same together.
 *
 * *A forward that keeps state* is sent again until it is applied, so it is lost only when a crash takes its node along,
 * and both ends with it. An activation that is cut short like that may have done visible things where it began. In the
 * original it happened as a whole, as late as the order allows in its incarnation (impliedOrder.ts): what it did at the
 * place that its forward never reached is lost in the crash, nobody there saw it, and what it sent from there the network
 * lost. Where somebody did handle something there who should have seen it, the order has the activation come earlier, and
 * the replay shows the difference.
 *
 * *A message that waits for an entry* is one that is slow. At the end of a run it arrives in the original, after everything
 * else, and may do nothing there: if it did, what it waited for was there, and nobody woke it.
 *
 * *A process that is replaced alone* is nothing that happens in the original. It had no state but durable state, so what it
 * has forgotten is exactly what it had not yet written down; activations that wrote or read that are undone, nobody has
 * heard of them, and in the original their messages were lost. What it had written down but not yet sent was lost on its
 * way. All that it does afterwards it does with the state that the original has.
 */
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedInstance, DeployedNode, LogicalAddress } from "../../runtime/routing/address.ts";
import {
  changesOf,
  Stage,
  withoutHostCalls,
  type Activation,
  type Comeback,
  type ExternalStep,
  type LogicalMessage,
  type Order,
  type PendingTimer,
  type SimulatedRun,
  type Step,
} from "../../runtime/simulator/index.ts";
import type { ExternalEvent } from "../../runtime/system.ts";
import type { StoredByOriginal } from "./durableAtRest.ts";
import type { SealedMessages } from "./sealedMessages.ts";
import { Starts } from "./starts.ts";

/** What happens in a run of the original. */
export type Act =
  | { readonly kind: "activation"; readonly activation: Activation }
  | { readonly kind: "external"; readonly step: ExternalStep }
  | { readonly kind: "comeback"; readonly comeback: Comeback }
  /** What waits in the rewritten system to the end arrives in the original, in the end. */
  | { readonly kind: "parked"; readonly activation: Activation };

/** Is shown what the nodes of the original hold, and told when that may have changed. */
export interface NodeWatch {
  /** Nothing has happened yet. */
  begin(look: (instance: DeployedInstance) => object): void;
  /** Something has. @param changed the node that may have changed, undefined when only external nodes did something */
  after(act: Act, changed: DeployedInstance | undefined): void;
}

export interface ReplayObserver {
  readonly watch?: NodeWatch | undefined;
  /** What a message says in the original, where that may differ from the rewritten system. Asked before it is handled. */
  payloadOf(message: LogicalMessage): Uint8Array;
  /** What the original did for an activation. Gives whether to go on. */
  onActivation(activation: Activation, step: Step): boolean;
  /** An external node did or saw something. Gives whether to go on. */
  onExternal?(step: ExternalStep): boolean;
  /** What the original did with a message that the rewritten system keeps waiting to the end. Gives whether to go on. */
  onParked(activation: Activation, step: Step): boolean;
  /**
   * A node crashes. Who wrote the records of its log, in order (nobody in particular: those that a new process begins
   * with). Gives how many are left, or undefined to stop.
   */
  onCrash(comeback: Comeback, writers: readonly (Activation | undefined)[]): number | undefined;
  /** Everything has happened. */
  onEnd(rest: OriginalAtRest): void;
}

/** What the nodes of the original hold in the end. */
export interface OriginalAtRest {
  readonly timersOf: (node: DeployedNode) => readonly PendingTimer[];
  readonly storedBy: (node: DeployedNode) => StoredByOriginal;
  readonly starts: Starts;
}

/** Has the original do all of this, in the order given, on fresh nodes. Stops early when the observer has seen enough. */
export function replayOriginal(original: Deployment, acts: readonly Act[], observer: ReplayObserver): void {
  withoutHostCalls(() => {
    const inside = original.instances.filter(({ role }) => original.roles.get(role)?.external !== true);
    // What the original sends is compared at once; what it would have had to wait for is judged elsewhere.
    const stage = new Stage<Activation>(original, inside, { hasty: true });
    const initially = new Map(inside.map((instance) => [instance, stage.durableFields(instance)]));
    const starts = new Starts();
    for (const instance of inside) starts.begin(instance, stage.startHandlers(instance));
    observer.watch?.begin((instance) => stage.look(instance));
    for (const act of acts) if (!perform(act, stage, starts, original, observer)) return;
    observer.onEnd({
      starts,
      timersOf: (node) => stage.pendingTimers(instanceOf(original, node)),
      storedBy: (node) => {
        const instance = instanceOf(original, node);
        return { now: stage.durableFields(instance), initially: initially.get(instance) ?? new Map() };
      },
    });
  });
}

function perform(
  act: Act,
  stage: Stage<Activation>,
  starts: Starts,
  original: Deployment,
  observer: ReplayObserver,
): boolean {
  const { watch } = observer;
  switch (act.kind) {
    case "activation":
    case "parked": {
      const { activation } = act;
      const instance = instanceOf(original, activation.node);
      const { cause, handler } = activation;
      if (cause.kind === "start" || cause.kind === "recover") starts.note(instance, handler);
      const step = stage.perform(instance, orderOf(activation, observer), activation);
      const goesOn =
        act.kind === "parked" ? observer.onParked(activation, step) : observer.onActivation(activation, step);
      if (goesOn) watch?.after(act, changesOf(step.accesses).length > 0 ? instance : undefined);
      return goesOn;
    }
    case "external": {
      const goesOn = observer.onExternal?.(act.step) ?? true;
      if (goesOn) watch?.after(act, undefined);
      return goesOn;
    }
    case "comeback": {
      const instance = instanceOf(original, act.comeback.node);
      const left = observer.onCrash(act.comeback, stage.storageOf(instance).ownersFrom(0));
      if (left === undefined) return false;
      stage.crash(instance, left);
      starts.begin(instance, stage.startHandlers(instance));
      watch?.after(act, instance);
      return true;
    }
  }
}

function orderOf({ cause, handler }: Activation, observer: ReplayObserver): Order {
  switch (cause.kind) {
    case "message": {
      const { message } = cause;
      return { kind: "deliver", incoming: { handler, from: message.from, payload: observer.payloadOf(message) } };
    }
    case "timer":
      return cause.timer === undefined ? { kind: "fire", handler } : { kind: "expire", timer: cause.timer };
    case "start":
    case "recover":
      return { kind: "fire", handler };
  }
}

/** As written, a node is one instance. */
function instanceOf(original: Deployment, { role, id }: LogicalAddress): DeployedInstance {
  const instance = original.roles.get(role)?.instances.get(id)?.[0]?.[0];
  if (instance === undefined) throw new Error(`The original has no ${role} called ${id}.`);
  return instance;
}

/**
 * The external history of a replay: each input is sent when it is consumed, and each output that arrived at all is
 * received when it is sent.
 */
export class ReplayedHistory {
  readonly events: ExternalEvent[] = [];
  readonly #arrived: ReadonlySet<number>;

  constructor(
    private readonly original: Deployment,
    { external }: SimulatedRun,
    private readonly sealed: SealedMessages,
  ) {
    this.#arrived = new Set(external.flatMap(({ event, message }) => (event.kind === "received" ? [message.id] : [])));
  }

  add({ cause, node, fragments }: Activation): void {
    if (cause.kind === "message" && this.#isExternal(cause.message.from)) {
      const { from, handler, payload } = cause.message;
      this.events.push({ kind: "sent", node: from, other: node, message: handler, payload: decodePayload(payload) });
    }
    for (const message of fragments.flatMap(({ sent }) => sent)) {
      const { id, to, handler } = message;
      if (!this.#isExternal(to) || !this.#arrived.has(id)) continue;
      const event = { kind: "received", node: to, other: node, message: handler } as const;
      this.events.push({ ...event, payload: decodePayload(this.sealed.payloadOf(message)) });
    }
  }

  #isExternal({ role }: LogicalAddress): boolean {
    return this.original.roles.get(role)?.external === true;
  }
}
