/**
 * One instance of a component: the object that the class constructs, and the activations that run on it. It knows no
 * network and no clock, so that processes and the simulator run the very same code.
 */
import { withBinding } from "../../decorators/binding.ts";
import type { Trigger } from "../../decorators/markers.ts";
import { MAX_PAYLOAD_BYTES } from "../codec/frame.ts";
import { decodeMessage, decodePayload } from "../codec/payloadDecoder.ts";
import { encodePayload } from "../codec/payloadEncoder.ts";
import { HostChannels, isEndOfChannels } from "../channels/hostChannels.ts";
import type { CoordinationPart } from "../coordination/coordinationPart.ts";
import { createCoordination } from "../coordination/createCoordination.ts";
import { coordinationKind } from "../coordination/reservedHandlers.ts";
import type { DeployedHandler, DeployedRole, Deployment } from "../deployment.ts";
import {
  printInstance,
  printLogical,
  type DeployedInstance,
  type DeployedNode,
  type LogicalAddress,
} from "../routing/address.ts";
import { partitionOf } from "../routing/partitionOf.ts";
import { constructComponent, findMethods, handlersOfTimers, isPromise, type Method } from "./componentObject.ts";
import type { Description, Rank } from "./description.ts";
import { Durability } from "./durability.ts";
import {
  createCounters,
  type ComponentHostOptions,
  type DeadLetter,
  type HostCounters,
  type HostTimer,
} from "./hostOptions.ts";
import { Journals } from "./journals.ts";
import { createMembrane, stateOf, type StateMembrane } from "./membrane.ts";
import { FieldSlot } from "./membraneFields.ts";
import type { Incoming, Outgoing } from "./message.ts";
import { OneShotTimers } from "./oneShotTimers.ts";
import type { Emit } from "./outputGate.ts";
import type { OwnState } from "./ownState.ts";
import { NodeReference, References, type Outbox, type Target } from "./references.ts";

export type { ActivationFailure, ComponentHostOptions, DeadLetter, HostCounters, HostTimer } from "./hostOptions.ts";

/** Drivers belong to the application, and coordinators have nothing: the runtime neither watches nor rolls back these. */
function unwatched(instance: object): StateMembrane {
  return {
    view: instance,
    begin: nothing,
    commit: nothing,
    rollback: nothing,
    forget: nothing,
    peek: nothing,
    look: () => instance,
    fields: () => stateOf(instance).map(([name, value]) => new FieldSlot(name, value)),
  };
}
const nothing = (): void => undefined;

/** What a host holds; see {@link ComponentHost.describe}. */
export interface HostDescription {
  /** The fields of the class that are state, as they are: not to be changed. */
  readonly fields: readonly FieldSlot[];
  /** What the runtime keeps beside them. */
  readonly runtime: Description;
}
const ORDERED = { channel: "ordered", above: undefined } as const;

export class ComponentHost {
  readonly instance: DeployedInstance;
  /** Whether this is a driver of an external role, which takes {@link request}. */
  readonly isDriver: boolean;
  /** What `fire` is to be called for, about so often. */
  readonly timers: readonly HostTimer[];
  readonly counters: HostCounters = createCounters();
  /**
   * There when this instance is an end of stateful channels, or messages may wait in it, or come in parts. Then what arrives is given to
   * its `accept`, and what that gives to {@link deliver}; after each of these what `takeWoken` gives as well.
   */
  readonly channels: HostChannels | undefined;
  /** There on a coordinator, and on the partitions of its component. */
  readonly coordination: CoordinationPart | undefined;
  /** Whether there was durable state of an earlier life. */
  readonly recovered: boolean;
  /** What `fire` is to be called for, in this order, before anything else: start handlers, or recovery handlers. */
  readonly startHandlers: readonly string[];
  /**
   * Whether a crash loses state: then it takes the whole node along. Constants count as state. One-shot timers are state
   * that no storage keeps, and start and recovery handlers run when the node comes back, and at no other time. What is
   * under way on stateful channels is lost with either end.
   */
  readonly hasVolatileState: boolean;

  readonly #options: ComponentHostOptions;
  readonly #references: References;
  readonly #membrane: StateMembrane;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #role: DeployedRole;
  /** The handlers that other components of the node forward to. */
  readonly #forwarded: ReadonlySet<string>;
  readonly #oneShotHandlers: ReadonlySet<string>;
  /** Takes what nothing in this host but channels can hold back. */
  readonly #emit: Emit;
  readonly #journals = new Journals();
  /** There when the class has such timers. */
  #oneShots: OneShotTimers | undefined;
  /** There when this component stores anything. */
  readonly #durability: Durability | undefined;

  /** The messages of the activation that is running; undefined between activations. */
  #outbox: Outgoing[] | undefined;
  #lost: DeadLetter[] = [];
  /** Whose message is being handled. Internal forwards carry it along. */
  #sender: DeployedNode;

  /**
   * Constructs the component's class, bound to its node, and puts its durable state back.
   *
   * @throws Error when the class lacks a method that the routing table sends to it, when what is stored is damaged or does
   *   not fit; whatever the constructor throws.
   */
  constructor(options: ComponentHostOptions) {
    const { deployment, instance } = options;
    const role = requireRole(deployment, instance);
    const component = role.components.findIndex(({ name }) => name === instance.component);
    const deployed = role.components[component];
    if (deployed === undefined) throw new Error(`${printInstance(instance)}: no such component.`);

    this.#options = options;
    this.#role = role;
    this.instance = instance;
    this.isDriver = role.external;
    this.#sender = instance.node;
    const outbox: Outbox = { send: (target, handler, payload) => this.#send(target, handler, payload) };
    this.#references = new References(deployment, instance.node, outbox);
    this.coordination = this.#coordinate(component);
    const triggers = [...role.timers].map(([handler, timer]) => ({ handler, ...timer }));
    const forwardsTo = new Set<string>();

    const object = withBinding(
      {
        selfId: instance.id,
        peers: (target) => this.#references.peers(target),
        component: (name) => {
          forwardsTo.add(name);
          return this.#references.component(name);
        },
        journal: () => this.#journals.create(),
        timers: () => {
          this.#oneShots ??= new OneShotTimers(options.clock, () => this.#durability?.timerChanged());
          return this.#oneShots.bind(role.name, handlersOfTimers(triggers, instance.component));
        },
      },
      () => constructComponent(deployed),
    );
    this.#journals.nameAfterFields(object);
    const here = triggers.filter((timer) => timer.component === instance.component);
    const handlersFor = (kind: Trigger["kind"]): readonly string[] =>
      here.filter(({ trigger }) => trigger.kind === kind).map(({ handler }) => handler);
    this.#oneShotHandlers = new Set(handlersFor("after"));
    const handlers = [...role.handlers.values()].filter(
      ({ name, component: to, replicated }) =>
        (replicated?.component ?? to) === component && coordinationKind(name) === undefined,
    );
    const hasChannels = isEndOfChannels(role, component, forwardsTo);
    const waits = handlers.some(({ parks, wakes, sealedBy }) => (parks ?? wakes ?? sealedBy) !== undefined);
    this.channels = hasChannels || waits ? this.#openChannels() : undefined;
    this.#emit = this.channels?.pass ?? options.emit;
    this.hasVolatileState =
      !role.external &&
      (hasChannels ||
        stateOf(object).some(([name]) => !deployed.durable.includes(name)) ||
        here.some(({ trigger: { kind } }) => kind === "after" || kind === "start" || kind === "recover"));
    const isFirst = instance.partition === 0;
    this.timers = here.flatMap(({ handler, trigger }) =>
      isFirst && trigger.kind === "every" ? [{ handler, milliseconds: trigger.milliseconds }] : [],
    );

    // A node that stores anything remembers that it started, wherever its start handlers are.
    const remembers =
      role.components.some(({ durable }) => durable.length > 0) &&
      here.some(({ trigger: { kind } }) => kind === "start" || kind === "recover");
    const own = this.coordination?.own ?? [];
    const stores =
      !role.external && (deployed.durable.length > 0 || this.#journals.exist || remembers || own.length > 0);
    this.#durability = stores ? this.#openStorage(deployed.durable, own) : undefined;
    const durable = this.#durability;
    this.#membrane =
      role.external || deployed.coordinates !== undefined
        ? unwatched(object)
        : createMembrane(object, { observer: options.observer, durable });
    this.recovered = durable?.recover() ?? false;
    this.coordination?.recover();
    this.startHandlers = [
      ...(this.coordination?.startHandlers ?? []),
      ...(this.recovered ? handlersFor("recover") : isFirst ? handlersFor("start") : []),
    ];
    this.#forwarded = new Set(handlers.filter(({ internal }) => internal).map(({ name }) => name));
    const named = [...handlers.map(({ name }) => name), ...here.map(({ handler }) => handler)];
    const names = deployed.coordinates !== undefined ? [] : role.external ? [...named, "request"] : named;
    this.#methods = new Map([...findMethods(object, instance, names), ...(this.coordination?.methods ?? [])]);
  }

  /**
   * Handles one message: one activation, from the decoding of its payload to the emission of what it sends.
   *
   * @returns what the handler returned (drivers say which operation is complete); undefined when it failed.
   */
  deliver(incoming: Incoming): unknown {
    const from = this.#references.find(incoming.from);
    const method = this.#methods.get(incoming.handler);
    const refusal = this.coordination?.refusalOf(incoming);
    if (from === undefined || method === undefined || refusal !== undefined) {
      const reason =
        from === undefined
          ? `it comes from ${printLogical(incoming.from)}, which is not part of this system`
          : (refusal ?? `${printInstance(this.instance)} does not handle it`);
      this.#reportDeadLetter({ instance: this.instance, to: this.instance.node, handler: incoming.handler, reason });
      return undefined;
    }
    const { channels, coordination } = this;
    if (channels === undefined) return this.#activate(incoming.handler, method, from, incoming.payload);
    const { failures } = this.counters;
    const running = coordination?.begin(incoming, method) ?? method;
    const result = this.#activate(incoming.handler, running, from, incoming.payload);
    coordination?.end(incoming);
    if (incoming.stamp !== undefined) this.#applied(channels, incoming);
    if (failures === this.counters.failures) channels.wake(incoming);
    return result;
  }

  /** The node as it is between two activations, to be looked at only. Whatever is done with that, nobody notices. */
  look(): object {
    return this.#membrane.look(this.instance.id);
  }

  /**
   * All that decides what this host does from now on, between two activations, besides what its storage and its clock hold.
   * Hosts of one instance that are described alike do the same with the same inputs, and are described alike afterwards.
   */
  describe(): HostDescription {
    const { channels, coordination } = this;
    const waiting = [...(channels?.activations ?? []), ...(this.#durability?.activations ?? [])].sort((a, b) => a - b);
    const rank: Rank = (activation) => waiting.indexOf(activation);
    const fields = [...this.#membrane.fields()];
    return {
      fields,
      runtime: [
        this.#options.incarnation ?? 0,
        channels?.describe(rank),
        coordination?.describe(),
        this.#durability?.describe(fields, rank),
      ],
    };
  }

  /** How many activations have messages that wait for a sync. */
  get held(): number {
    return this.#durability?.held ?? 0;
  }

  /** Runs the start handlers, or the recovery handlers, each as an activation of its own. Not while it is stopped. */
  start(): void {
    for (const handler of this.startHandlers) this.fire(handler);
  }

  /** Runs a repeated timer, a start or a recovery handler. */
  fire(handler: string): void {
    this.#run(handler);
  }

  /** Runs the handler of a one-shot timer. */
  expire(handler: string, key: string | undefined): void {
    this.#run(handler, key);
  }

  /** Has a driver send the messages of its n-th operation. Gives the operation's id, or undefined when that failed. */
  request(n: number): string | undefined {
    const operation = this.#run("request", n);
    return typeof operation === "string" ? operation : undefined;
  }

  #run(name: string, argument?: number | string): unknown {
    const method = this.#methods.get(name);
    if (method === undefined) throw new Error(`${printInstance(this.instance)} has no ${name}.`);
    return this.#activate(name, method, undefined, argument);
  }

  /**
   * All or nothing: either the changes and the messages of the handler happen, or none of them.
   *
   * @param argument an encoded payload when there is a sender, otherwise what the method is to be called with
   */
  #activate(
    handler: string,
    method: Method,
    from: NodeReference | undefined,
    argument: Uint8Array | number | string | undefined,
  ): unknown {
    const messages: Outgoing[] = [];
    const activation = ++this.counters.activations;
    this.#sender = (from && NodeReference.targetOf(from).node) ?? this.instance.node;
    this.#outbox = messages;
    this.#membrane.begin();
    this.#oneShots?.begin();
    if (this.#durability !== undefined) {
      this.#durability.begin();
      if (this.#oneShotHandlers.has(handler)) this.#durability.timerFired();
    }
    let result: unknown;
    try {
      const payload = argument instanceof Uint8Array ? this.#decode(handler, argument) : argument;
      result = method.call(this.#membrane.view, payload, from);
      if (isPromise(result))
        throw new TypeError("The handler is asynchronous. A handler runs to completion on one message.");
      this.#membrane.forget();
      this.#outbox = undefined;
      this.#durability?.prepare();
    } catch (error) {
      this.#outbox = undefined;
      this.#lost = [];
      this.#membrane.rollback();
      this.#oneShots?.rollback();
      this.#durability?.rollback();
      this.channels?.rollback();
      this.counters.failures++;
      this.#options.onFailure({ instance: this.instance, handler, error });
      return undefined;
    }
    this.#membrane.commit();
    this.#oneShots?.commit();
    if (this.#lost.length > 0) this.#reportLost();
    this.counters.sent += messages.length;
    this.channels?.commit(activation);
    if (this.#durability !== undefined) this.#durability.commit(messages, activation);
    else if (messages.length > 0) this.#emit(messages, activation);
    return result;
  }

  /** A forward is acknowledged when what applying it wrote, or saw, is on stable storage. */
  #applied(channels: HostChannels, forward: Incoming): void {
    const activation = this.counters.activations;
    if (this.#durability === undefined) channels.applied(forward, activation);
    else {
      const about = forward.stamp && [forward.stamp.channel, forward.stamp.sender, forward.stamp.sequence];
      this.#durability.whenStable(() => channels.applied(forward, activation), about);
    }
  }

  #coordinate(component: number): CoordinationPart | undefined {
    const { instance, incarnation = 0 } = this.#options;
    const find = (address: LogicalAddress): DeployedNode | undefined => {
      const reference = this.#references.find(address);
      return reference && NodeReference.targetOf(reference).node;
    };
    const forward = (message: Outgoing): void => {
      const stamped = this.channels?.stamp(message, ORDERED, undefined);
      if (stamped !== undefined) this.#outbox?.push(stamped);
    };
    const run = (handler: string, method: Method): unknown => this.#activate(handler, method, undefined, undefined);
    const onDecided = (): unknown => this.counters.rounds++;
    return createCoordination({ instance, role: this.#role, incarnation, find, forward, run, onDecided }, component);
  }

  #openChannels(): HostChannels {
    const { instance, emit, channels } = this.#options;
    return new HostChannels({
      instance,
      role: this.#role,
      counters: this.counters,
      emit,
      peek: (field) => this.#membrane.peek(field),
      gate: this.coordination?.gate,
      onAcknowledged: (forward) => this.coordination?.acknowledged(forward),
      onDue: nothing,
      onDrop: nothing,
      ...channels,
    });
  }

  #openStorage(fields: readonly string[], own: readonly OwnState[]): Durability {
    const { storage } = this.#options;
    if (storage === undefined)
      throw new Error(`${printInstance(this.instance)} has durable state, and was given no storage.`);
    return new Durability(fields, storage(), this.#journals, this.#emit, own);
  }

  /** What other components of the node forward has been computed there, and what clients do is theirs. */
  #decode(handler: string, payload: Uint8Array): unknown {
    if (this.coordination?.passesOn === true && coordinationKind(handler) === undefined) return payload;
    return this.isDriver || this.#forwarded.has(handler) ? decodePayload(payload) : decodeMessage(payload);
  }

  /** A send statement: the payload is encoded here and now, so later changes to it stay at the sender. */
  #send(target: Target, handler: DeployedHandler, payload: unknown): void {
    if (this.#outbox === undefined) {
      throw new Error(`${target.role}.${handler.name} was sent outside a handler. Messages belong to an activation.`);
    }
    const encoded = encodePayload(payload); // also when another partition sends it, for it may throw
    const { name, internal } = handler;
    const sending = this.coordination?.sendingOf(`${target.role}.${name}`);
    if (sending?.leaves === false) return;
    if (encoded.length > MAX_PAYLOAD_BYTES) {
      const reason = `it has ${String(encoded.length)} bytes, and no more than ${String(MAX_PAYLOAD_BYTES)} can be sent`;
      if (internal) throw new RangeError(`${name} is not forwarded, because ${reason}.`); // it must not be lost
      this.#lost.push({ instance: this.instance, to: target, handler: name, reason });
      return;
    }
    const from = internal ? this.#sender : this.instance.node;
    const partitions = target.instances[handler.component];
    const partition =
      partitions === undefined || partitions.length === 1 || handler.key === undefined
        ? 0
        : partitionOf(handler.key(payload as never, from), partitions.length);
    const destination = partitions?.[partition];
    if (destination === undefined) {
      const reason = `there is no ${printLogical(target)}`;
      this.#lost.push({ instance: this.instance, to: target, handler: name, reason });
      return;
    }
    const stamp = undefined;
    const fragment = sending?.fragment;
    const message: Outgoing = { destination, handler: name, from, payload: encoded, internal, stamp, fragment };
    const stamped = this.channels === undefined ? message : this.channels.stamp(message, handler, payload);
    if (stamped !== undefined) this.#outbox.push(stamped);
  }

  #reportLost(): void {
    const lost = this.#lost;
    this.#lost = [];
    for (const letter of lost) this.#reportDeadLetter(letter);
  }

  #reportDeadLetter(letter: DeadLetter): void {
    this.counters.deadLetters++;
    this.#options.onDeadLetter(letter);
  }
}

function requireRole(deployment: Deployment, instance: DeployedInstance): DeployedRole {
  const role = deployment.roles.get(instance.role);
  if (role === undefined) throw new Error(`${printInstance(instance)}: the system has no role ${instance.role}.`);
  return role;
}
