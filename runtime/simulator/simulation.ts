/** One simulated run: what can happen next, and what happens when it does. */
import { decodePayload } from "../codec/payloadDecoder.ts";
import type { Deployment } from "../deployment.ts";
import type { Outgoing } from "../node/message.ts";
import { printInstance, printLogical, type DeployedInstance, type DeployedNode } from "../routing/address.ts";
import type { Chooser } from "./chooser.ts";
import { Disasters } from "./disasters.ts";
import { Faults } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { Lives } from "./lives.ts";
import { Network, type Travelling } from "./network.ts";
import { OneShots } from "./oneShots.ts";
import type { Activation, Cause, ExternalStep, Fragment, LogicalMessage, SimulatedRun } from "./run.ts";
import type { Flaws, SimulationOptions } from "./simulate.ts";
import { SimulatedClient } from "./simulatedClient.ts";
import type { PendingTimer } from "./simulatedClock.ts";
import { SimulatedTimer } from "./simulatedTimer.ts";
import { Stage, type Order, type Step } from "./stage.ts";
import { Trace } from "./trace.ts";

/** One thing that can happen next. */
type Move =
  | { readonly kind: "arrival" }
  | { readonly kind: "operation"; readonly client: SimulatedClient }
  | { readonly kind: "sync"; readonly instance: DeployedInstance }
  | { readonly kind: "timer"; readonly timer: SimulatedTimer; readonly atRest: boolean }
  | {
      readonly kind: "oneShot";
      readonly instance: DeployedInstance;
      readonly timer: PendingTimer;
      readonly atRest: boolean;
    }
  | { readonly kind: "start"; readonly instance: DeployedInstance };

/** Arrivals are more frequent than the rest, so that a run is more than its beginning. */
const ARRIVAL_WEIGHT = 3;
/** Timers are considered in one step of so many. */
const TIMER_RARITY = 4;

/** What a step was part of: nothing, when an external node did it. */
interface Work {
  readonly activation: Activation | undefined;
  fragment: Fragment | undefined;
}

const OUTSIDE: Work = { activation: undefined, fragment: undefined };

export class Simulation {
  readonly #deployment: Deployment;
  readonly #chooser: Chooser;
  readonly #maxSteps: number;
  readonly #flaws: Flaws;
  readonly #stage: Stage<Work>;
  readonly #network: Network;
  readonly #lives: Lives;
  readonly #ledger = new Ledger();
  /** There while something can go wrong, or has to be put right. */
  readonly #disasters: Disasters | undefined;
  readonly #clients: readonly SimulatedClient[];
  readonly #timers: readonly SimulatedTimer[];
  readonly #oneShots = new OneShots();
  readonly #hasTimers: boolean;
  /** Those that store anything. */
  readonly #storing: readonly DeployedInstance[];
  readonly #trace = new Trace();
  readonly #activations: Activation[] = [];
  /** Activations of the start and recovery handlers of nodes that have just started. */
  readonly #starting = new Map<string, Activation>();
  readonly #external: ExternalStep[] = [];
  readonly #problems: string[] = [];
  #forwards = 0;
  #lastId = 0;
  #now = 0;

  constructor({ deployment, operations, chooser, maxSteps, faults, flaws }: SimulationOptions) {
    this.#deployment = deployment;
    this.#chooser = chooser;
    this.#maxSteps = maxSteps ?? 100_000;
    this.#flaws = flaws ?? {};
    this.#stage = new Stage(deployment, deployment.instances, this.#flaws.hasty);
    this.#network = new Network(deployment, chooser);
    this.#lives = new Lives(deployment, this.#stage, this.#flaws.alone ?? (() => false));
    this.#clients = deployment.instances
      .filter(({ role }) => deployment.roles.get(role)?.external === true)
      .map((instance) => new SimulatedClient(instance, operations, 1 + chooser.choose(2, "workload")));
    this.#timers = timersOf(deployment);
    this.#storing = deployment.instances.filter((instance) => this.#stage.storageOf(instance).length > 0);
    this.#hasTimers = [...deployment.roles.values()].some(({ timers }) =>
      [...timers.values()].some(({ trigger: { kind } }) => kind === "every" || kind === "after"),
    );
    if (faults !== undefined && faults !== false) {
      const [stage, network, lives, ledger] = [this.#stage, this.#network, this.#lives, this.#ledger];
      this.#disasters = new Disasters({ faults: new Faults(chooser, faults), stage, network, lives, ledger });
    }
  }

  run(): SimulatedRun {
    for (; ; this.#now++) {
      if (this.#now === this.#maxSteps)
        throw new Error(`The run has not come to rest after ${String(this.#now)} steps.`);
      for (const event of this.#disasters?.strike(this.#now) ?? []) this.#trace.note(event);
      const move = this.#chooseMove();
      if (move !== undefined) this.#make(move);
      else if (this.#disasters?.heal(this.#now) !== true) break;
    }
    return this.#summary();
  }

  #summary(): SimulatedRun {
    for (const { fragments, undone } of this.#activations) {
      const remaining = fragments.filter((fragment) => !fragment.durability.undone || !undone.push(fragment));
      fragments.splice(0, fragments.length, ...remaining);
    }
    const sum = (count: (client: SimulatedClient) => number): number =>
      this.#clients.reduce((total, client) => total + count(client), 0);
    return {
      deployment: this.#deployment,
      activations: this.#activations,
      parked: [],
      external: this.#external,
      comebacks: this.#disasters?.comebacks ?? [],
      operations: { issued: sum(({ issued }) => issued), completed: sum(({ completed }) => completed) },
      faults: this.#disasters?.counts ?? { crashes: 0, comebacks: 0, replacements: 0, losses: 0 },
      forwards: this.#forwards,
      pendingTimers: this.#pendingTimers(),
      problems: this.#problems,
      hash: this.#trace.digest(),
    };
  }

  #pendingTimers(): ReadonlyMap<DeployedNode, readonly PendingTimer[]> {
    const pending = new Map<DeployedNode, PendingTimer[]>();
    for (const instance of this.#deployment.instances) {
      const timers = this.#stage.pendingTimers(instance);
      if (timers.length > 0) pending.set(instance.node, [...(pending.get(instance.node) ?? []), ...timers]);
    }
    return pending;
  }

  #chooseMove(): Move | undefined {
    const moves: Move[] = [];
    if (!this.#network.isEmpty) for (let i = 0; i < ARRIVAL_WEIGHT; i++) moves.push({ kind: "arrival" });
    for (const client of this.#clients) if (client.mayIssue) moves.push({ kind: "operation", client });
    for (const instance of this.#lives.unstarted) moves.push({ kind: "start", instance });
    for (const instance of this.#syncing) moves.push({ kind: "sync", instance });
    if (moves.length === 0 && this.#disasters !== undefined) this.#giveUp(moves);
    const atRest = moves.length === 0 && this.#disasters?.areOver !== false;
    if (atRest || (this.#hasTimers && this.#chooser.choose(TIMER_RARITY, "schedule") === 0)) {
      this.#addTimers(moves, atRest);
    }
    return moves.length === 0 ? undefined : moves[this.#chooser.choose(moves.length, "schedule")];
  }

  get #syncing(): readonly DeployedInstance[] {
    return this.#storing.filter(
      (instance) => this.#lives.isUp(instance) && this.#stage.storageOf(instance).syncPoints.length > 0,
    );
  }

  /** A client whose operations have been lost waits no longer, and issues the next one. */
  #giveUp(moves: Move[]): void {
    for (const client of this.#clients) if (client.isStuck) moves.push({ kind: "operation", client });
  }

  #addTimers(moves: Move[], atRest: boolean): void {
    for (const timer of this.#timers)
      if (timer.mayFire(atRest) && this.#lives.isUp(timer.instance)) moves.push({ kind: "timer", timer, atRest });
    for (const instance of this.#deployment.instances) {
      if (!this.#lives.isUp(instance)) continue;
      for (const timer of this.#stage.pendingTimers(instance))
        if (this.#oneShots.mayFire(instance, timer, atRest)) moves.push({ kind: "oneShot", instance, timer, atRest });
    }
  }

  #make(move: Move): void {
    switch (move.kind) {
      case "arrival":
        return this.#arrive(this.#network.take());
      case "operation":
        return this.#issue(move.client);
      case "sync":
        return this.#sync(move.instance);
      case "timer":
        move.timer.fired++;
        this.#ensureStarted(move.timer.instance);
        return this.#fire(move.timer.instance, move.timer.handler, { kind: "timer", atRest: move.atRest });
      case "oneShot":
        return this.#expire(move.instance, move.timer, move.atRest);
      case "start":
        return this.#ensureStarted(move.instance);
    }
  }

  #arrive(travelling: Travelling): void {
    const { outgoing, carries, origin, incarnation } = travelling;
    const { destination } = outgoing;
    const isStale =
      carries.kind === "forward" &&
      incarnation !== this.#lives.incarnationOf(origin.node) &&
      this.#flaws.staleForwards !== true;
    if (this.#disasters?.losesMessage(destination, isStale) === true) {
      this.#trace.note(`lost ${outgoing.handler}`);
      if (carries.kind === "forward") carries.activation.lostForwards++;
      return;
    }
    const client = this.#clients.find(({ instance }) => instance === destination);
    if (client !== undefined && carries.kind === "message") return this.#receive(client, outgoing, carries.message);
    this.#ensureStarted(destination);
    const activation =
      carries.kind === "forward"
        ? carries.activation
        : this.#begin(carries.message.id, destination, outgoing.handler, { kind: "message", message: carries.message });
    this.#runFragment(activation, destination, outgoing.handler, { kind: "deliver", incoming: outgoing });
  }

  #fire(instance: DeployedInstance, handler: string, cause: Cause): void {
    this.#runFragment(this.#begin(++this.#lastId, instance, handler, cause), instance, handler, {
      kind: "fire",
      handler,
    });
  }

  #expire(instance: DeployedInstance, timer: PendingTimer, atRest: boolean): void {
    this.#ensureStarted(instance);
    if (!this.#stage.pendingTimers(instance).includes(timer)) return; // it was cleared by what ran at the start
    this.#oneShots.countFiring(instance, timer);
    const activation = this.#begin(++this.#lastId, instance, timer.handler, { kind: "timer", atRest, timer });
    this.#runFragment(activation, instance, timer.handler, { kind: "expire", timer });
  }

  /** A process handles nothing before its start handlers have run. */
  #ensureStarted(instance: DeployedInstance): void {
    for (const handler of this.#lives.takeStartHandlers(instance)) {
      this.#runFragment(this.#starts(instance, handler), instance, handler, { kind: "fire", handler });
    }
  }

  /** A start or recovery handler runs on several instances of a node, for each its part: one activation. */
  #starts(instance: DeployedInstance, handler: string): Activation {
    const { node, role } = instance;
    const name = `${String(node.number)} ${String(this.#lives.incarnationOf(node))} ${handler}`;
    const known = this.#starting.get(name);
    if (known !== undefined) return known;
    const kind =
      this.#deployment.roles.get(role)?.timers.get(handler)?.trigger.kind === "recover" ? "recover" : "start";
    const activation = this.#begin(++this.#lastId, instance, handler, { kind });
    this.#starting.set(name, activation);
    return activation;
  }

  #begin(id: number, { node }: DeployedInstance, handler: string, cause: Cause): Activation {
    const incarnation = this.#lives.incarnationOf(node);
    const activation: Activation = {
      id,
      node,
      incarnation,
      handler,
      cause,
      fragments: [],
      undone: [],
      lostForwards: 0,
    };
    this.#activations.push(activation);
    return activation;
  }

  #runFragment(activation: Activation, instance: DeployedInstance, handler: string, order: Order): void {
    const work: Work = { activation, fragment: undefined };
    const step = this.#perform(instance, handler, activation.id, order, work);
    const fragment: Fragment = {
      instance,
      incarnation: this.#lives.incarnationOf(instance.node),
      handler,
      at: this.#now,
      accesses: step.accesses,
      sent: [],
      failure: step.failure,
      durability: this.#ledger.open(step),
    };
    work.fragment = fragment;
    activation.fragments.push(fragment);
    this.#release(work, instance, step.sent);
    this.#ledger.watch(fragment, this.#stage.storageOf(instance).stable, this.#now);
  }

  #sync(instance: DeployedInstance): void {
    const points = this.#stage.storageOf(instance).syncPoints;
    const point = points[this.#chooser.choose(points.length, "schedule")];
    if (point === undefined) return;
    this.#trace.note(`${printInstance(instance)} is stable up to ${String(point)}`);
    const releases = this.#stage.sync(instance, point);
    this.#ledger.settle(instance, this.#stage.storageOf(instance).stable, this.#now);
    for (const { owner, sent } of releases) {
      if (owner.fragment !== undefined) owner.fragment.durability.held -= sent.length;
      this.#release(owner, instance, sent);
    }
  }

  /** What a fragment sent leaves. */
  #release({ activation, fragment }: Work, instance: DeployedInstance, sent: readonly Outgoing[]): void {
    if (sent.length === 0 || fragment === undefined) return;
    fragment.durability.left = true;
    fragment.sent.push(...this.#send(sent, instance, activation));
  }

  #issue(client: SimulatedClient): void {
    const operation = client.begin();
    const { instance } = client;
    const step = this.#performExternal(instance, "request", 0, { kind: "request", operation });
    if (typeof step.returned === "string") client.issuedAs(step.returned);
    this.#sendExternal(step.sent, instance);
  }

  #receive(client: SimulatedClient, incoming: Outgoing, message: LogicalMessage): void {
    const { node } = client.instance;
    const payload = decodePayload(message.payload);
    const event = { kind: "received", node, other: message.from, message: message.handler, payload } as const;
    this.#external.push({ event, message, at: this.#now });
    const step = this.#performExternal(client.instance, message.handler, message.id, { kind: "deliver", incoming });
    client.complete(step.returned);
    this.#sendExternal(step.sent, client.instance);
  }

  #performExternal(instance: DeployedInstance, handler: string, id: number, order: Order): Step {
    const step = this.#perform(instance, handler, id, order, OUTSIDE);
    if (step.failure !== undefined)
      this.#problems.push(`${instance.id} threw in ${handler}: ${String(step.failure.error)}`);
    return step;
  }

  #perform(instance: DeployedInstance, handler: string, id: number, order: Order, work: Work): Step {
    this.#trace.step(instance, handler, id);
    const step = this.#stage.perform(instance, order, work);
    for (const { to, reason } of step.deadLetters) {
      // A message to an id that nobody has is lost in every run of the original as well.
      if (to === instance.node) this.#problems.push(`Nobody handled ${printLogical(to)}.${handler}: ${reason}.`);
    }
    return step;
  }

  #sendExternal(sent: readonly Outgoing[], origin: DeployedInstance): void {
    for (const message of this.#send(sent, origin, undefined)) {
      const payload = decodePayload(message.payload);
      const event = { kind: "sent", node: origin.node, other: message.to, message: message.handler, payload } as const;
      this.#external.push({ event, message, at: this.#now });
    }
  }

  /** Puts messages on their way, and gives those that go to other nodes. */
  #send(sent: readonly Outgoing[], origin: DeployedInstance, sender: Activation | undefined): LogicalMessage[] {
    const messages: LogicalMessage[] = [];
    const incarnation = this.#lives.incarnationOf(origin.node);
    for (const outgoing of sent) {
      this.#trace.sent(outgoing);
      if (outgoing.internal) {
        if (sender === undefined) throw new Error(`${printInstance(origin)} cannot forward ${outgoing.handler}.`);
        this.#forwards++;
        this.#network.send({ outgoing, origin, incarnation, carries: { kind: "forward", activation: sender } });
      } else {
        const { from, destination, handler, payload } = outgoing;
        const [id, left] = [++this.#lastId, this.#now];
        const message = { id, from, to: destination.node, handler, payload, sender, origin, left };
        messages.push(message);
        this.#network.send({ outgoing, origin, incarnation, carries: { kind: "message", message } });
      }
    }
    return messages;
  }
}

/** The repeated timers of every node, with the instance that runs each. */
function timersOf(deployment: Deployment): SimulatedTimer[] {
  return deployment.instances
    .filter(({ partition }) => partition === 0)
    .flatMap((instance) =>
      [...(deployment.roles.get(instance.role)?.timers ?? [])]
        .filter(([, { component, trigger }]) => component === instance.component && trigger.kind === "every")
        .map(([handler]) => new SimulatedTimer(instance, handler)),
    );
}
