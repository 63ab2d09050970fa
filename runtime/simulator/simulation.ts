/** One simulated run: what can happen next, and what happens when it does. */
import { decodePayload } from "../codec/payloadDecoder.ts";
import type { Deployment } from "../deployment.ts";
import type { Acknowledgement } from "../channels/stamp.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import { printInstance, printLogical, type DeployedInstance, type DeployedNode } from "../routing/address.ts";
import { coordinationKind } from "../coordination/reservedHandlers.ts";
import { Activations } from "./activations.ts";
import { Arrivals } from "./arrivals.ts";
import type { Chooser } from "./chooser.ts";
import { Departures } from "./departures.ts";
import { Disasters } from "./faults/disasters.ts";
import { EventIds } from "./eventIds.ts";
import { Faults } from "./faults/faults.ts";
import { Forwards } from "./forwards.ts";
import { Ledger } from "./faults/ledger.ts";
import { Lives } from "./faults/lives.ts";
import { Moves, type Move } from "./moves.ts";
import { Network, type Travelling } from "./network.ts";
import { OneShots } from "./host/oneShots.ts";
import { Rounds } from "./rounds.ts";
import {
  NO_FAULTS,
  type Activation,
  type Cause,
  type ExternalStep,
  type Fragment,
  type LogicalMessage,
  type SimulatedRun,
} from "./run.ts";
import type { Flaws, SimulationOptions } from "./simulate.ts";
import { SimulatedClient } from "./simulatedClient.ts";
import type { PendingTimer } from "./host/simulatedClock.ts";
import { Stage, type Order, type Release, type Step } from "./stage.ts";
import { Trace } from "./trace.ts";

/** What a step was part of: nothing, when an external node did it. */
interface Work {
  readonly activation: Activation | undefined;
  fragment: Fragment | undefined;
}

const OUTSIDE: Work = { activation: undefined, fragment: undefined };

/** Faults are over after so many steps, for who never chooses to repair anything may keep a run from ending. */
const FAULTY_STEPS = 5_000;

export class Simulation {
  readonly #deployment: Deployment;
  readonly #chooser: Chooser;
  readonly #ids = new EventIds();
  readonly #maxSteps: number;
  readonly #flaws: Flaws;
  readonly #stage: Stage<Work>;
  readonly #network: Network;
  readonly #lives: Lives;
  readonly #ledger = new Ledger();
  readonly #forwards: Forwards;
  /** There while something can go wrong, or has to be put right. */
  readonly #disasters: Disasters | undefined;
  readonly #clients: readonly SimulatedClient[];
  readonly #moves: Moves;
  readonly #arrivals: Arrivals;
  readonly #oneShots = new OneShots();
  readonly #trace = new Trace();
  readonly #activations: Activations;
  readonly #departures: Departures;
  readonly #rounds: Rounds;
  readonly #external: ExternalStep[] = [];
  readonly #problems: string[] = [];
  #now = 0;

  constructor({ deployment, operations, chooser, maxSteps, faults, flaws }: SimulationOptions) {
    this.#deployment = deployment;
    this.#chooser = chooser;
    this.#maxSteps = maxSteps ?? 100_000;
    this.#flaws = flaws ?? {};
    this.#stage = new Stage(deployment, deployment.instances, this.#flaws);
    this.#network = new Network(deployment, this.#ids, this.#flaws.overtakes);
    this.#lives = new Lives(deployment, this.#stage, this.#flaws);
    this.#forwards = new Forwards(deployment, chooser, this.#lives, this.#flaws.neverResends === true);
    this.#clients = deployment.instances
      .filter(({ role }) => deployment.roles.get(role)?.external === true)
      .map((instance) => new SimulatedClient(instance, operations, 1 + chooser.choose(2, "workload")));
    const [stage, network, lives, forwards] = [this.#stage, this.#network, this.#lives, this.#forwards];
    const [trace, ledger, rounds] = [this.#trace, this.#ledger, new Rounds(deployment, stage)];
    const activations = new Activations(deployment, lives);
    [this.#rounds, this.#activations] = [rounds, activations];
    const shared = { deployment, network, forwards, lives, trace, flaws: this.#flaws };
    this.#arrivals = new Arrivals({ ...shared, chooser, stage, rounds });
    this.#departures = new Departures({
      ...shared,
      activations,
      hear: (instance, acknowledgement) => this.#hear(instance, acknowledgement),
      onProblem: (problem) => this.#problems.push(problem),
    });
    if (faults !== undefined && faults !== false) {
      const onComeback = (node: DeployedNode): void => {
        forwards.noteComeback(node);
        rounds.noteComeback(node);
        for (const instance of lives.partsOf(node)) this.#arrivals.forget(instance);
      };
      this.#disasters = new Disasters({
        faults: new Faults(chooser, faults),
        deployment,
        stage,
        network,
        lives,
        ledger,
        flaws: this.#flaws,
        onComeback,
      });
    }
    const [clients, oneShots, disasters] = [this.#clients, this.#oneShots, this.#disasters];
    this.#moves = new Moves({
      deployment,
      chooser,
      ids: this.#ids,
      stage,
      network,
      forwards,
      lives,
      clients,
      oneShots,
      disasters,
    });
  }

  run(): SimulatedRun {
    for (; this.#now < this.#maxSteps; this.#now++) {
      if (this.#now >= FAULTY_STEPS) this.#disasters?.heal(this.#now);
      for (const event of this.#disasters?.strike(this.#now) ?? []) this.#trace.note(event);
      const move = this.#moves.choose();
      if (move === undefined) return this.#summary(true);
      this.#make(move);
    }
    return this.#summary(false);
  }

  #summary(isAtRest: boolean): SimulatedRun {
    const sum = (count: (client: SimulatedClient) => number): number =>
      this.#clients.reduce((total, client) => total + count(client), 0);
    const { once, repeatable, ordered, acknowledged } = this.#forwards.counts;
    return {
      deployment: this.#deployment,
      isAtRest,
      steps: this.#now,
      activations: this.#activations.settle(),
      parked: this.#parked(),
      stopped: this.#deployment.instances.filter((instance) => this.#stage.isStopped(instance)),
      external: this.#external,
      comebacks: this.#disasters?.comebacks ?? [],
      operations: { issued: sum(({ issued }) => issued), completed: sum(({ completed }) => completed) },
      faults: this.#disasters?.counts ?? NO_FAULTS,
      forwards: once + repeatable + ordered + acknowledged,
      channels: { ...this.#forwards.counts, ...this.#stage.channelCounters },
      coordination: this.#rounds.counts,
      pendingTimers: this.#gather((instance) => this.#stage.pendingTimers(instance)),
      durable: this.#gather((instance) => {
        const fields = this.#stage.durableFields(instance);
        return fields.size > 0 ? [{ instance, fields }] : [];
      }),
      problems: this.#problems,
      hash: this.#trace.digest(),
    };
  }

  /** What the instances of each node have; without nodes that have nothing. */
  #gather<T>(having: (instance: DeployedInstance) => readonly T[]): ReadonlyMap<DeployedNode, readonly T[]> {
    const gathered = new Map<DeployedNode, readonly T[]>();
    for (const instance of this.#deployment.instances) {
      const found = having(instance);
      if (found.length > 0) gathered.set(instance.node, [...(gathered.get(instance.node) ?? []), ...found]);
    }
    return gathered;
  }

  /** Messages that wait to the end, for an entry or for a stopped partition, as activations that have not begun. */
  #parked(): readonly Activation[] {
    return this.#deployment.instances.flatMap((instance) =>
      [...this.#arrivals.parked(instance), ...this.#stage.kept(instance)].flatMap((incoming) => {
        const message = this.#messageOf(incoming);
        if (message === undefined) return [];
        return [this.#activations.create(message.id, instance, message.handler, { kind: "message", message })];
      }),
    );
  }

  #make(move: Move): void {
    switch (move.kind) {
      case "arrival":
        return this.#arrive(this.#network.take(move));
      case "resend":
        return this.#resend();
      case "heal":
        this.#disasters?.heal(this.#now);
        return;
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
    const { carries, destination } = travelling;
    if (this.#disasters?.losesMessage(travelling, this.#isStale(travelling)) === true) {
      this.#trace.note(`lost ${carries.kind === "acknowledgement" ? carries.kind : carries.outgoing.handler}`);
      this.#forwards.noteLost(travelling);
      return;
    }
    if (carries.kind === "acknowledgement") return this.#hear(destination, carries.acknowledgement);
    this.#ensureStarted(destination);
    for (const incoming of this.#arrivals.accept(travelling, carries.outgoing)) this.#handle(destination, incoming);
    this.#arrivals.acknowledge(destination);
  }

  /** Whether it comes from an earlier life of the node, and has to be refused. */
  #isStale({ carries, origin, incarnation }: Travelling): boolean {
    if (
      carries.kind === "message" ||
      carries.kind === "fragment" ||
      incarnation === this.#lives.incarnationOf(origin.node)
    )
      return false;
    return carries.kind === "acknowledgement" || this.#flaws.staleForwards !== true;
  }

  /** An instance handles what it was given, and then what has waited for that. */
  #handle(instance: DeployedInstance, incoming: Incoming): void {
    const carries = this.#forwards.carried(incoming);
    const message = this.#messageOf(incoming);
    if (carries.kind === "fragment") this.#rounds.noteMerged();
    const client = this.#clients.find((one) => one.instance === instance);
    if (client !== undefined && message !== undefined) this.#receive(client, incoming, message);
    else if (carries.kind === "forward") this.#deliver(carries.activation, instance, incoming);
    else if (message !== undefined) {
      const cause = { kind: "message", message } as const;
      this.#deliver(this.#begin(message.id, instance, message.handler, cause), instance, incoming);
    }
    this.#ensureStarted(instance); // it may have been stopped until now
    for (const woken of this.#arrivals.takeWoken(instance)) this.#handle(instance, woken);
  }

  #deliver(activation: Activation, instance: DeployedInstance, incoming: Incoming): void {
    this.#runFragment(activation, instance, incoming.handler, { kind: "deliver", incoming });
    this.#forwards.noteHandled(incoming);
  }

  /** The message that a host gives out to be handled; undefined for forwards. */
  #messageOf(incoming: Incoming): LogicalMessage | undefined {
    const carries = this.#forwards.carried(incoming);
    if (carries.kind === "message") return carries.message;
    if (carries.kind !== "fragment") return undefined;
    const { message } = carries.send;
    if (message === undefined) this.#problems.push(`${carries.outgoing.handler} was put together too early.`);
    else if (message.payload !== incoming.payload) message.payload = incoming.payload;
    return message;
  }

  /** An instance hears that others have applied what it forwarded. */
  #hear(instance: DeployedInstance, acknowledgement: Acknowledgement): void {
    this.#trace.note(`${printInstance(instance)} hears of ${String(acknowledgement.sequence)}`);
    this.#releaseAll(instance, this.#stage.acknowledge(instance, acknowledgement));
    this.#arrivals.acknowledge(instance);
  }

  #resend(): void {
    const { resendable } = this.#forwards;
    const chosen = resendable[this.#chooser.choose(resendable.length, "network")];
    if (chosen === undefined) return;
    this.#trace.note("something is sent again");
    this.#forwards.noteResent(chosen);
    this.#network.send(chosen);
  }

  #fire(instance: DeployedInstance, handler: string, cause: Cause): void {
    const activation = this.#begin(this.#activations.nextId(), instance, handler, cause);
    this.#runFragment(activation, instance, handler, { kind: "fire", handler });
  }

  #expire(instance: DeployedInstance, timer: PendingTimer, atRest: boolean): void {
    this.#ensureStarted(instance);
    if (!this.#stage.pendingTimers(instance).includes(timer)) return; // it was cleared by what ran at the start
    this.#oneShots.countFiring(instance, timer);
    const activation = this.#begin(this.#activations.nextId(), instance, timer.handler, {
      kind: "timer",
      atRest,
      timer,
    });
    this.#runFragment(activation, instance, timer.handler, { kind: "expire", timer });
  }

  /** A process handles nothing before its start handlers have run, and a coordinator has repeated what was decided. */
  #ensureStarted(instance: DeployedInstance): void {
    if (this.#stage.isStopped(instance)) return;
    const handlers = this.#lives.takeStartHandlers(instance);
    if (handlers.length === 0) return;
    for (const round of [...(this.#stage.coordinationOf(instance)?.repeats ?? [])]) {
      const activation = this.#rounds.repeated(instance, round);
      this.#runFragment(activation, instance, activation.handler, { kind: "repeat", round });
    }
    for (const handler of handlers) {
      this.#runFragment(this.#starts(instance, handler), instance, handler, { kind: "fire", handler });
    }
  }

  /** What a coordinator says to partitions that have just started is no activation of the protocol. */
  #starts(instance: DeployedInstance, handler: string): Activation {
    if (coordinationKind(handler) !== undefined)
      return this.#activations.create(this.#activations.nextId(), instance, handler, { kind: "start" });
    return this.#activations.ofStart(instance, handler);
  }

  #begin(id: number, instance: DeployedInstance, handler: string, cause: Cause): Activation {
    this.#rounds.noteBegun(instance);
    return this.#activations.begin(id, instance, handler, cause);
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
    this.#rounds.noteFragment(instance, activation);
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
    this.#releaseAll(instance, releases);
    this.#arrivals.acknowledge(instance);
  }

  /** What fragments sent earlier leaves now. */
  #releaseAll(instance: DeployedInstance, releases: readonly Release<Work>[]): void {
    for (const { owner, sent } of releases) {
      if (owner.fragment !== undefined) owner.fragment.durability.held -= sent.length;
      this.#release(owner, instance, sent);
    }
  }

  /** What a fragment sent leaves. */
  #release({ activation, fragment }: Work, instance: DeployedInstance, sent: readonly Outgoing[]): void {
    if (sent.length === 0 || fragment === undefined) return;
    fragment.durability.left = true;
    fragment.sent.push(...this.#departures.send(sent, instance, activation, this.#now));
  }

  #issue(client: SimulatedClient): void {
    const operation = client.begin();
    const { instance } = client;
    const step = this.#performExternal(instance, "request", 0, { kind: "request", operation });
    if (typeof step.returned === "string") client.issuedAs(step.returned);
    this.#sendExternal(step.sent, instance);
  }

  #receive(client: SimulatedClient, incoming: Incoming, message: LogicalMessage): void {
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
    for (const message of this.#departures.send(sent, origin, undefined, this.#now)) {
      const payload = decodePayload(message.payload);
      const event = { kind: "sent", node: origin.node, other: message.to, message: message.handler, payload } as const;
      this.#external.push({ event, message, at: this.#now });
    }
  }
}
