/**
 * One instance of an explored system, alive: the real host of the real class, with its storage and its clock. It is a
 * function of its inputs, and tells all that it has become in a text.
 */
import type { Deployment } from "../../deployment.ts";
import { decodePayload } from "../../codec/payloadDecoder.ts";
import { ComponentHost } from "../../node/componentHost.ts";
import { describeMessage } from "../../node/description.ts";
import { decodeRecord } from "../../node/durableRecord.ts";
import { DurableReplay } from "../../node/durableReplay.ts";
import type { Incoming, Outgoing } from "../../node/message.ts";
import { printInstance, type DeployedInstance } from "../../routing/address.ts";
import type { ExternalEvent } from "../../system.ts";
import { SimulatedClock, nameOf } from "../host/simulatedClock.ts";
import { SimulatedStorage } from "../host/simulatedStorage.ts";
import { canonicalText } from "./canonicalText.ts";
import type { Input } from "./input.ts";
import type { Departure } from "./wire.ts";

/** What limits what an instance does by itself. */
export interface LocalLimits {
  /** How many operations a client issues, and how many of them at a time. */
  readonly operations: number;
  readonly window: number;
  /** Whether clients issue whenever they may, at once, or some time later. */
  readonly issuesAtOnce: boolean;
  /** How often each timer fires; Infinity for any number of times. */
  readonly firings: number;
  /** Whether processes may die. If not, when a sync ends makes no difference: messages are late as well. */
  readonly mayCrash: boolean;
}

/** What an instance did with an input. */
export interface Performance {
  readonly departures: readonly Departure[];
  /** What external nodes saw and did, in order. */
  readonly events: readonly ExternalEvent[];
  /** What went wrong: handlers that threw, messages that nobody takes. */
  readonly failures: readonly string[];
}

export class LocalHost {
  readonly instance: DeployedInstance;
  readonly isExternal: boolean;
  readonly #deployment: Deployment;
  readonly #limits: LocalLimits;
  readonly #storage = new SimulatedStorage<undefined>(undefined);
  #clock: SimulatedClock;
  #host: ComponentHost;
  #incarnation = 0;
  /** Start or recovery handlers that have not run. */
  #unstarted: readonly string[];
  /** How often each timer has fired. */
  readonly #fired = new Map<string, number>();
  #issued = 0;
  readonly #inFlight = new Set<string>();
  /** Of what is being performed. */
  #departures: Departure[] = [];
  #events: ExternalEvent[] = [];
  #failures: string[] = [];

  /** @throws Error when the class cannot be constructed. */
  constructor(deployment: Deployment, instance: DeployedInstance, limits: LocalLimits) {
    this.#deployment = deployment;
    this.#limits = limits;
    this.instance = instance;
    this.isExternal = deployment.roles.get(instance.role)?.external === true;
    [this.#host, this.#clock] = this.#live();
    this.#unstarted = this.#host.startHandlers;
  }

  /** What it does before anything else. It has not heard of anybody, so it might as well do that at once. */
  start(): Performance {
    this.#ensureStarted();
    return this.#end();
  }

  perform(input: Input): Performance {
    switch (input.kind) {
      case "arrival":
        this.#ensureStarted();
        for (const incoming of this.#host.channels?.accept(input.message) ?? [input.message]) this.#handle(incoming);
        break;
      case "acknowledgement":
        this.#host.channels?.acknowledge(input.acknowledgement);
        break;
      case "request":
        this.#request();
        break;
      case "fire":
        this.#count(input.handler);
        this.#host.fire(input.handler);
        break;
      case "expire":
        this.#count(nameOf(input.timer));
        this.#clock.take(input.timer);
        this.#host.expire(input.timer.handler, input.timer.key);
        break;
      case "sync":
        this.#storage.endSync(this.#storage.stable + input.records);
        break;
      case "crash":
        this.#crash(input.left);
    }
    return this.#end();
  }

  /** What it may do next by itself, but for dying. */
  get moves(): readonly Input[] {
    const moves: Input[] = [];
    if (!this.#limits.issuesAtOnce && this.#mayIssue) moves.push({ kind: "request" });
    if (this.#host.coordination?.isStopped !== true) {
      for (const { handler } of this.#host.timers) if (this.#mayFire(handler)) moves.push({ kind: "fire", handler });
      const pending = this.#clock.pending.map((timer) => ({ timer, name: nameOf(timer) }));
      pending.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const { timer, name } of pending) if (this.#mayFire(name)) moves.push({ kind: "expire", timer });
    }
    const { stable, syncPoints } = this.#storage;
    for (const point of syncPoints) moves.push({ kind: "sync", records: point - stable });
    return moves;
  }

  /** How many records no sync has covered. */
  get unsynced(): number {
    return this.#storage.length - this.#storage.stable;
  }

  /** Whether it can die: it has lived, or is coming back. */
  get isMortal(): boolean {
    return !this.isExternal && (this.#unstarted.length === 0 || this.#incarnation > 0);
  }

  /** Whether a timer is set that would fire, if it had not fired as often as it may. */
  get isCutOff(): boolean {
    return this.#clock.pending.some((timer) => !this.#mayFire(nameOf(timer)));
  }

  /** Of a client: whether all of its operations have been issued, and are complete. */
  get isDone(): boolean {
    return !this.isExternal || (this.#issued === this.#limits.operations && this.#inFlight.size === 0);
  }

  /** All that it has become: instances with equal texts do the same with the same inputs. */
  describe(): string {
    const { fields, runtime } = this.#host.describe();
    const gate = this.#host.channels?.stopped.map(describeMessage);
    return canonicalText([
      fields.flatMap(({ name, value }) => [name, value]),
      runtime,
      gate,
      this.#clock.pending.map(nameOf).sort(),
      this.#unstarted,
      [...this.#fired].map(([timer, times]) => `${timer} ${String(times)}`).sort(),
      this.#issued,
      [...this.#inFlight].sort(),
      this.#limits.mayCrash ? this.#describeLog() : 0,
    ]);
  }

  /** The node as invariants see it. What it looks like later does not show. */
  look(): object {
    const view = this.#host.look();
    for (const name of Object.keys(view)) Reflect.get(view, name);
    return view;
  }

  /** What each crash that could strike now would leave. */
  #describeLog(): unknown {
    const { stable, length } = this.#storage;
    const records = this.#storage.recordsFrom(0);
    return Array.from({ length: length - stable + 1 }, (_, unsynced) => {
      const replay = new DurableReplay();
      for (const record of records.slice(0, stable + unsynced)) replay.apply(decodeRecord(record));
      return canonicalText(replay.fields);
    });
  }

  #live(): [ComponentHost, SimulatedClock] {
    const clock = new SimulatedClock(() => undefined);
    const host = new ComponentHost({
      deployment: this.#deployment,
      instance: this.instance,
      storage: () => this.#storage,
      clock,
      incarnation: this.#incarnation,
      emit: (sent) => {
        this.#send(sent);
      },
      onFailure: ({ handler, error }) => this.#failures.push(`${handler} threw ${String(error)}`),
      onDeadLetter: ({ to, handler, reason }) => {
        // A message to an id that nobody has is lost in every system.
        if (to === this.instance.node) this.#failures.push(`Nobody handles ${handler}: ${reason}`);
      },
    });
    // A process is up when the first thing that it writes down is stable.
    this.#storage.endSync(this.#storage.length);
    return [host, clock];
  }

  #end(): Performance {
    for (const acknowledgement of this.#host.channels?.takeAcknowledgements() ?? [])
      this.#departures.push({ kind: "acknowledgement", acknowledgement });
    const performance = { departures: this.#departures, events: this.#events, failures: this.#failures };
    [this.#departures, this.#events, this.#failures] = [[], [], []];
    return performance;
  }

  #ensureStarted(): void {
    const { coordination } = this.#host;
    if (coordination?.isStopped === true) return;
    const handlers = this.#unstarted;
    this.#unstarted = [];
    if (handlers.length > 0) for (const round of [...(coordination?.repeats ?? [])]) coordination?.repeat(round);
    for (const handler of handlers) this.#host.fire(handler);
    this.#settle();
  }

  /** Handles what it was given, and then what has waited for that. */
  #handle(incoming: Incoming): void {
    if (this.isExternal) this.#receive(incoming);
    else this.#host.deliver(incoming);
    this.#settle();
    this.#ensureStarted(); // it may have been stopped until now
    for (const woken of this.#host.channels?.takeWoken() ?? []) this.#handle(woken);
  }

  #receive(incoming: Incoming): void {
    const { from, handler, payload } = incoming;
    this.#events.push({
      kind: "received",
      node: this.instance.node,
      other: from,
      message: handler,
      payload: decodePayload(payload),
    });
    const completed = this.#host.deliver(incoming);
    if (typeof completed === "string") this.#inFlight.delete(completed);
  }

  /** What can only be late is not. */
  #settle(): void {
    if (!this.#limits.mayCrash) this.#storage.endSync(this.#storage.length);
    if (this.#limits.issuesAtOnce) while (this.#mayIssue) this.#request();
  }

  #request(): void {
    const operation = this.#host.request(this.#issued++);
    if (operation !== undefined) this.#inFlight.add(operation);
  }

  get #mayIssue(): boolean {
    const { operations, window } = this.#limits;
    return this.#host.isDriver && this.#issued < operations && this.#inFlight.size < window;
  }

  #mayFire(timer: string): boolean {
    return (this.#fired.get(timer) ?? 0) < this.#limits.firings;
  }

  #count(timer: string): void {
    if (this.#limits.firings !== Infinity) this.#fired.set(timer, (this.#fired.get(timer) ?? 0) + 1);
  }

  #crash(left: number): void {
    if (this.isExternal) throw new Error(`${printInstance(this.instance)} is external, and does not crash.`);
    this.#storage.crash(this.#storage.stable + left);
    this.#incarnation++;
    [this.#host, this.#clock] = this.#live();
    this.#unstarted = this.#host.startHandlers;
    this.#ensureStarted();
  }

  #send(sent: readonly Outgoing[]): void {
    for (const outgoing of sent) {
      this.#departures.push({ kind: "message", outgoing });
      if (!this.isExternal) continue;
      this.#events.push({
        kind: "sent",
        node: this.instance.node,
        other: outgoing.destination.node,
        message: outgoing.handler,
        payload: decodePayload(outgoing.payload),
      });
    }
  }
}
