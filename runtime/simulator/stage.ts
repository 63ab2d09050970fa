/** The hosts of a deployment, in one process, run step by step by somebody who wants to know what each step did. */
import type { Acknowledgement } from "../channels/stamp.ts";
import type { HostCoordination } from "../coordination/hostCoordination.ts";
import type { Deployment } from "../deployment.ts";
import { ComponentHost, type DeadLetter } from "../node/componentHost.ts";
import { decodeRecord } from "../node/durableRecord.ts";
import { DurableReplay } from "../node/durableReplay.ts";
import type { JournalEntry } from "../node/journals.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import type { DeployedInstance } from "../routing/address.ts";
import { changesOf, type Access } from "./access.ts";
import { Recorder } from "./recorder.ts";
import type { Flaws } from "./simulate.ts";
import { SimulatedClock, type PendingTimer } from "./host/simulatedClock.ts";
import { SimulatedStorage } from "./host/simulatedStorage.ts";

/** What an instance is to do: handle a message, run a handler, expire a one-shot timer, or (drivers) issue an operation. */
export type Order =
  | { readonly kind: "deliver"; readonly incoming: Incoming }
  | { readonly kind: "fire"; readonly handler: string }
  /** A coordinator forwards once more what was decided in an earlier life. */
  | { readonly kind: "repeat"; readonly round: number }
  | { readonly kind: "expire"; readonly timer: PendingTimer }
  | { readonly kind: "request"; readonly operation: number };

/** What a step did. One that failed changed nothing and sent nothing. */
export interface Step {
  readonly accesses: readonly Access[];
  /** What left at once. What has to wait for stable storage leaves in {@link Stage.sync}. */
  readonly sent: readonly Outgoing[];
  /** How many messages have to wait. */
  readonly held: number;
  readonly deadLetters: readonly DeadLetter[];
  /** What the handler returned. */
  readonly returned: unknown;
  readonly failure: { readonly error: unknown } | undefined;
  /**
   * Up to where the log of the instance has to survive, that what the step wrote and read of durable state does: to the
   * last record of every durable field that it touched. Undefined when it touched none.
   */
  readonly position: number | undefined;
  /** Whether it wrote a record: durable state that it changed, or entries of journals. */
  readonly wroteRecord: boolean;
  readonly appended: readonly JournalEntry[];
}

/** What a sync has let go: messages of an earlier step. */
export interface Release<Owner> {
  readonly owner: Owner;
  readonly sent: readonly Outgoing[];
}

/** Durable fields with what they hold, plain; without those that are not durable. */
export type DurableFields = ReadonlyMap<string, unknown>;

type StageFlaws = Pick<Flaws, "hasty" | "hastyWhenSlow" | "keepsTimers">;

interface Part<Owner> {
  readonly storage: SimulatedStorage<Owner | undefined>;
  /** The process of the day. */
  life: Life<Owner>;
  /** The durable fields, and where the last record of each ends. */
  readonly durable: Map<string, number>;
}

interface Life<Owner> {
  readonly host: ComponentHost;
  readonly clock: SimulatedClock;
  /** Who performed which activation of the host, by its ordinal. */
  readonly owners: Map<number, Owner>;
}

/** `Owner` is what those who run steps want to be reminded of when messages of a step leave later. */
export class Stage<Owner> {
  readonly #deployment: Deployment;
  readonly #parts: ReadonlyMap<DeployedInstance, Part<Owner>>;
  readonly #recorder = new Recorder();
  #running: Owner | undefined;
  #released: Release<Owner>[] = [];
  #deadLetters: DeadLetter[] = [];
  #failure: { readonly error: unknown } | undefined;

  readonly #flaws: StageFlaws;
  /** By processes that are no more. */
  readonly #countedBefore = { held: 0, parked: 0 };

  /**
   * Constructs the chosen instances of a deployment.
   *
   * @param flaws what the processes do wrong
   */
  constructor(deployment: Deployment, instances: readonly DeployedInstance[], flaws: StageFlaws = {}) {
    this.#deployment = deployment;
    this.#flaws = flaws;
    this.#parts = new Map(instances.map((instance) => [instance, this.#createPart(instance)]));
    this.#recorder.take();
  }

  perform(instance: DeployedInstance, order: Order, owner: Owner): Step {
    const { life, storage, durable } = this.#partOf(instance);
    this.#running = owner;
    this.#released = [];
    this.#deadLetters = [];
    this.#failure = undefined;
    storage.owner = owner;
    const before = storage.length;
    const others = storage.isAwaited;
    const sentBefore = life.host.counters.sent;
    if (order.kind === "expire") this.#expire(instance, life.clock, order.timer);
    const firing = this.#recorder.take();
    const returned = carryOut(life.host, order);
    life.owners.set(life.host.counters.activations, owner);
    this.#running = undefined;
    const { hasty, hastyWhenSlow } = this.#flaws;
    if (hasty === true || (hastyWhenSlow === true && storage.isBusy && !others)) storage.callBack(storage.length);
    const accesses = this.#recorder.take();
    const failure = this.#failure as { readonly error: unknown } | undefined;
    const sent = this.#released.flatMap((release) => release.sent);
    const wroteRecord = storage.length > before;
    return {
      accesses: [...firing, ...(failure === undefined ? accesses : accesses.filter(({ kind }) => kind === "read"))],
      sent,
      held: life.host.counters.sent - sentBefore - sent.length,
      deadLetters: this.#deadLetters,
      returned,
      failure,
      position: positionOf(accesses, durable, wroteRecord ? storage.length : undefined),
      wroteRecord,
      appended: storage.recordsFrom(before).flatMap(journalEntries),
    };
  }

  storageOf(instance: DeployedInstance): SimulatedStorage<Owner | undefined> {
    return this.#partOf(instance).storage;
  }

  /** Takes what has arrived at an instance, and gives what it is to handle now, one after another. */
  accept(instance: DeployedInstance, incoming: Incoming): readonly Incoming[] {
    return this.#partOf(instance).life.host.channels?.accept(incoming) ?? [incoming];
  }

  /** What has waited at an instance, and is to be handled now that something else was. */
  takeWoken(instance: DeployedInstance): readonly Incoming[] {
    return this.#partOf(instance).life.host.channels?.takeWoken() ?? [];
  }

  /** What waits at an instance for an entry that nobody has made yet. */
  parked(instance: DeployedInstance): readonly Incoming[] {
    return this.#partOf(instance).life.host.channels?.parked ?? [];
  }

  /** What a host says of coordination; undefined when it takes no part in any. */
  coordinationOf(instance: DeployedInstance): HostCoordination | undefined {
    return this.#partOf(instance).life.host.coordination;
  }

  /** Whether an instance handles nothing but what its coordinator says. */
  isStopped(instance: DeployedInstance): boolean {
    return this.coordinationOf(instance)?.isStopped === true;
  }

  /** What waits at an instance because it is stopped. */
  kept(instance: DeployedInstance): readonly Incoming[] {
    return this.#partOf(instance).life.host.channels?.stopped ?? [];
  }

  /** The repeated timers that an instance runs. */
  repeatedTimers(instance: DeployedInstance): readonly string[] {
    return this.#partOf(instance).life.host.timers.map(({ handler }) => handler);
  }

  /** What channels have made wait, in all lives. */
  get channelCounters(): { readonly held: number; readonly parked: number } {
    const lives = [...this.#parts.values()].map(({ life }) => life.host.counters);
    const sum = (count: "held" | "parked"): number =>
      lives.reduce((total, counters) => total + counters[count], this.#countedBefore[count]);
    return { held: sum("held"), parked: sum("parked") };
  }

  takeAcknowledgements(instance: DeployedInstance): readonly Acknowledgement[] {
    return this.#partOf(instance).life.host.channels?.takeAcknowledgements() ?? [];
  }

  /** An instance hears that its forwards were applied. Gives what may leave now. */
  acknowledge(instance: DeployedInstance, acknowledgement: Acknowledgement): readonly Release<Owner>[] {
    this.#released = [];
    this.#partOf(instance).life.host.channels?.acknowledge(acknowledgement);
    return this.#released;
  }

  /** A sync of an instance has ended: everything up to a position is stable. Gives what may leave now. */
  sync(instance: DeployedInstance, position: number): readonly Release<Owner>[] {
    this.#released = [];
    this.#partOf(instance).storage.endSync(position);
    return this.#released;
  }

  /** What the log of an instance says of its durable fields. */
  durableFields(instance: DeployedInstance): DurableFields {
    const { storage, durable } = this.#partOf(instance);
    const replay = new DurableReplay();
    for (const record of storage.recover()) replay.apply(decodeRecord(record));
    return new Map([...durable.keys()].map((field) => [field, replay.fields.get(field)]));
  }

  /** An instance as it is between two steps, to be looked at only. */
  look(instance: DeployedInstance): object {
    return this.#partOf(instance).life.host.look();
  }

  /** What an instance has to run before anything else. */
  startHandlers(instance: DeployedInstance): readonly string[] {
    return this.#partOf(instance).life.host.startHandlers;
  }

  hasVolatileState(instance: DeployedInstance): boolean {
    return this.#partOf(instance).life.host.hasVolatileState;
  }

  /** The timers of an instance that are set. */
  pendingTimers(instance: DeployedInstance): readonly PendingTimer[] {
    return this.#partOf(instance).life.clock.pending;
  }

  /** Has an instance crash, and come back with so many records. */
  crash(instance: DeployedInstance, left: number): void {
    this.#partOf(instance).storage.crash(left);
    this.restart(instance);
  }

  /**
   * A new process takes the place of one that died: it has what the storage has, and nothing else.
   *
   * @param incarnation how often its node has lost its volatile state
   */
  restart(instance: DeployedInstance, incarnation = 0): void {
    const part = this.#partOf(instance);
    this.#countedBefore.held += part.life.host.counters.held;
    this.#countedBefore.parked += part.life.host.counters.parked;
    part.storage.owner = undefined;
    for (const field of part.durable.keys()) part.durable.set(field, 0);
    const { pending } = part.life.clock;
    part.life = this.#createLife(instance, part.storage, incarnation);
    if (this.#flaws.keepsTimers === true) for (const { handler, key } of pending) part.life.clock.set(handler, key);
    // A process is up when the first thing that it writes down is stable.
    part.storage.endSync(part.storage.length);
    this.#recorder.take();
  }

  /** A process that is to take the place of one that died has recovered, and what it writes down is not stable yet. */
  beginRestart(instance: DeployedInstance, incarnation: number): void {
    const { storage } = this.#partOf(instance);
    storage.owner = undefined;
    this.#createLife(instance, storage, incarnation);
    this.#recorder.take();
  }

  #partOf(instance: DeployedInstance): Part<Owner> {
    const part = this.#parts.get(instance);
    if (part === undefined) throw new Error(`Instance ${String(instance.number)} is not on this stage.`);
    return part;
  }

  #createPart(instance: DeployedInstance): Part<Owner> {
    const storage = new SimulatedStorage<Owner | undefined>(undefined);
    const components = this.#deployment.roles.get(instance.role)?.components ?? [];
    const durable = components.find(({ name }) => name === instance.component)?.durable ?? [];
    const life = this.#createLife(instance, storage, 0);
    storage.endSync(storage.length);
    return { storage, life, durable: new Map(durable.map((field) => [field, 0])) };
  }

  /** Firing is an access like any other: it observes that the timer is set, and makes it one that is not. */
  #expire(instance: DeployedInstance, clock: SimulatedClock, timer: PendingTimer): void {
    this.#recorder.timer(instance, timer, "read", clock.isSet(timer) ? "set" : "not set");
    this.#recorder.timer(instance, timer, "write", "fired");
    clock.take(timer);
  }

  #createLife(
    instance: DeployedInstance,
    storage: SimulatedStorage<Owner | undefined>,
    incarnation: number,
  ): Life<Owner> {
    const owners = new Map<number, Owner>();
    const clock = new SimulatedClock((timer, change) => this.#recorder.timer(instance, timer, "write", change));
    const host = new ComponentHost({
      deployment: this.#deployment,
      instance,
      observer: this.#recorder.observerFor(instance),
      storage: () => storage,
      clock,
      incarnation,
      emit: (sent, activation) => this.#release(owners.get(activation) ?? this.#running, sent),
      onFailure: ({ error }) => (this.#failure = { error }),
      onDeadLetter: (letter) => this.#deadLetters.push(letter),
    });
    return { host, clock, owners };
  }

  #release(owner: Owner | undefined, sent: readonly Outgoing[]): void {
    if (owner === undefined) throw new Error("Messages leave, and nobody knows whose they are.");
    this.#released.push({ owner, sent });
  }
}

function positionOf(
  accesses: readonly Access[],
  durable: Map<string, number>,
  written: number | undefined,
): number | undefined {
  let position = written;
  for (const { cell } of accesses) {
    const last = durable.get(cell.field);
    if (last !== undefined) position = Math.max(position ?? 0, last);
  }
  if (written !== undefined)
    for (const { cell } of changesOf(accesses)) if (durable.has(cell.field)) durable.set(cell.field, written);
  return position;
}

function journalEntries(record: Uint8Array): readonly JournalEntry[] {
  const decoded = decodeRecord(record);
  return decoded.kind === "changes" ? decoded.journals : [];
}

function carryOut(host: ComponentHost, order: Order): unknown {
  switch (order.kind) {
    case "deliver":
      return host.deliver(order.incoming);
    case "fire":
      host.fire(order.handler);
      return undefined;
    case "expire":
      host.expire(order.timer.handler, order.timer.key);
      return undefined;
    case "repeat":
      host.coordination?.repeat(order.round);
      return undefined;
    case "request":
      return host.request(order.operation);
  }
}
