/**
 * One instance of a component: the object that the class constructs, and the activations that run on it. It knows no
 * network and no clock, so that processes and the simulator run the very same code.
 */
import { withBinding } from "../../decorators/binding.ts";
import { decodePayload } from "../codec/payloadDecoder.ts";
import { encodePayload } from "../codec/payloadEncoder.ts";
import type { DeployedComponent, DeployedHandler, DeployedRole, Deployment } from "../deployment.ts";
import {
  printInstance,
  printLogical,
  type DeployedInstance,
  type DeployedNode,
  type LogicalAddress,
} from "../routing/address.ts";
import { partitionOf } from "../routing/partitionOf.ts";
import { createMembrane, type Membrane } from "./membrane.ts";
import type { Incoming, Outgoing } from "./message.ts";
import { NodeReference, References, type Outbox, type Target } from "./references.ts";
import type { StateObserver } from "./stateObserver.ts";

/** An activation that threw. Its changes were rolled back, and nothing of it was sent. */
export interface ActivationFailure {
  readonly instance: DeployedInstance;
  readonly handler: string;
  readonly error: unknown;
}

/** A message that nobody will ever handle. */
export interface DeadLetter {
  /** Where it was noticed: at the sender when nobody answers to the id, at the receiver when it has no such handler. */
  readonly instance: DeployedInstance;
  readonly to: LogicalAddress;
  readonly handler: string;
  readonly reason: string;
}

export interface ComponentHostOptions {
  readonly deployment: Deployment;
  /** One of `deployment.instances`. */
  readonly instance: DeployedInstance;
  /** Takes the messages of an activation, in the order of the send statements, when its handler has returned. Not called without messages. */
  readonly emit: (messages: readonly Outgoing[]) => void;
  readonly onFailure: (failure: ActivationFailure) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  /** Sees what handlers read and write. External roles have no state that anybody may see. */
  readonly observer?: StateObserver | undefined;
}

export interface HostTimer {
  readonly handler: string;
  readonly milliseconds: number;
}

export interface HostCounters {
  activations: number;
  failures: number;
  sent: number;
  deadLetters: number;
}

type Method = (this: object, payload?: unknown, from?: NodeReference) => unknown;

/** Drivers belong to the application: the runtime neither watches nor rolls back what is outside the system. */
function unwatched(instance: object): Membrane {
  return { view: instance, begin: nothing, commit: nothing, rollback: nothing };
}
const nothing = (): void => undefined;

export class ComponentHost {
  readonly instance: DeployedInstance;
  /** Whether this is a driver of an external role, which takes {@link request}. */
  readonly isDriver: boolean;
  /** What `fire` is to be called for, about so often. */
  readonly timers: readonly HostTimer[];
  readonly counters: HostCounters = { activations: 0, failures: 0, sent: 0, deadLetters: 0 };

  readonly #options: ComponentHostOptions;
  readonly #references: References;
  readonly #membrane: Membrane;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #startHandlers: readonly string[];

  /** The messages of the activation that is running; undefined between activations. */
  #outbox: Outgoing[] | undefined;
  #lost: DeadLetter[] = [];
  /** Whose message is being handled. Internal forwards carry it along. */
  #sender: DeployedNode;

  /**
   * Constructs the component's class, bound to its node.
   *
   * @throws Error when the class lacks a method that the routing table sends to it; whatever its constructor throws.
   */
  constructor(options: ComponentHostOptions) {
    const { deployment, instance } = options;
    const role = requireRole(deployment, instance);
    const component = role.components.findIndex(({ name }) => name === instance.component);
    const deployed = role.components[component];
    if (deployed === undefined) throw new Error(`${printInstance(instance)}: no such component.`);

    this.#options = options;
    this.instance = instance;
    this.isDriver = role.external;
    this.#sender = instance.node;
    const outbox: Outbox = { send: (target, handler, payload) => this.#send(target, handler, payload) };
    this.#references = new References(deployment, instance.node, outbox);

    const object = withBinding(
      {
        selfId: instance.id,
        peers: (target) => this.#references.peers(target),
        component: (name) => this.#references.component(name),
      },
      () => construct(deployed),
    );
    this.#membrane = role.external ? unwatched(object) : createMembrane(object, { ...pickObserver(options) });

    const timers = [...role.timers].filter(
      ([, timer]) => timer.component === instance.component && instance.partition === 0,
    );
    this.timers = timers.flatMap(([handler, { trigger }]) =>
      trigger.kind === "every" ? [{ handler, milliseconds: trigger.milliseconds }] : [],
    );
    this.#startHandlers = timers.flatMap(([handler, { trigger }]) => (trigger.kind === "start" ? [handler] : []));
    const handlers = [...role.handlers.values()].filter((handler) => handler.component === component);
    this.#methods = findMethods(object, instance, [
      ...handlers.map(({ name }) => name),
      ...timers.map(([name]) => name),
      ...(role.external ? ["request"] : []),
    ]);
  }

  /**
   * Handles one message: one activation, from the decoding of its payload to the emission of what it sends.
   *
   * @returns what the handler returned (drivers say which operation is complete); undefined when it failed.
   */
  deliver(incoming: Incoming): unknown {
    const from = this.#references.find(incoming.from);
    const method = this.#methods.get(incoming.handler);
    if (from === undefined || method === undefined) {
      const reason =
        from === undefined
          ? `it comes from ${printLogical(incoming.from)}, which is not part of this system`
          : `${printInstance(this.instance)} does not handle it`;
      this.#reportDeadLetter({ instance: this.instance, to: this.instance.node, handler: incoming.handler, reason });
      return undefined;
    }
    return this.#activate(incoming.handler, method, from, incoming.payload);
  }

  /** Runs the start handlers, each as an activation of its own. */
  start(): void {
    for (const handler of this.#startHandlers) this.fire(handler);
  }

  /** Runs a timer or a start handler. */
  fire(handler: string): void {
    this.#run(handler);
  }

  /** Has a driver send the messages of its n-th operation. Gives the operation's id, or undefined when that failed. */
  request(n: number): string | undefined {
    const operation = this.#run("request", n);
    return typeof operation === "string" ? operation : undefined;
  }

  #run(name: string, argument?: number): unknown {
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
    argument: Uint8Array | number | undefined,
  ): unknown {
    const messages: Outgoing[] = [];
    this.counters.activations++;
    this.#sender = (from && NodeReference.targetOf(from).node) ?? this.instance.node;
    this.#outbox = messages;
    this.#membrane.begin();
    let result: unknown;
    try {
      const payload = argument instanceof Uint8Array ? decodePayload(argument) : argument;
      result = method.call(this.#membrane.view, payload, from);
      if (isPromise(result))
        throw new TypeError("The handler is asynchronous. A handler runs to completion on one message.");
    } catch (error) {
      this.#outbox = undefined;
      this.#lost = [];
      this.#membrane.rollback();
      this.counters.failures++;
      this.#options.onFailure({ instance: this.instance, handler, error });
      return undefined;
    }
    this.#outbox = undefined;
    this.#membrane.commit();
    if (this.#lost.length > 0) this.#reportLost();
    if (messages.length > 0) {
      this.counters.sent += messages.length;
      this.#options.emit(messages);
    }
    return result;
  }

  /** A send statement: the payload is encoded here and now, so later changes to it stay at the sender. */
  #send(target: Target, handler: DeployedHandler, payload: unknown): void {
    if (this.#outbox === undefined) {
      throw new Error(`${target.role}.${handler.name} was sent outside a handler. Messages belong to an activation.`);
    }
    const encoded = encodePayload(payload);
    const from = handler.internal ? this.#sender : this.instance.node;
    const partitions = target.instances[handler.component];
    const partition =
      partitions === undefined || partitions.length === 1 || handler.key === undefined
        ? 0
        : partitionOf(handler.key(payload as never, from), partitions.length);
    const destination = partitions?.[partition];
    if (destination === undefined) {
      this.#lost.push({
        instance: this.instance,
        to: target,
        handler: handler.name,
        reason: `there is no ${printLogical(target)}`,
      });
      return;
    }
    this.#outbox.push({ destination, handler: handler.name, from, payload: encoded, internal: handler.internal });
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

function pickObserver({ observer }: ComponentHostOptions): { readonly observer?: StateObserver } {
  return observer === undefined ? {} : { observer };
}

function findMethods(
  object: object,
  instance: DeployedInstance,
  names: readonly string[],
): ReadonlyMap<string, Method> {
  return new Map(
    names.map((name) => {
      const method: unknown = Reflect.get(object, name);
      if (typeof method !== "function") {
        throw new Error(
          `${printInstance(instance)}: its class ${object.constructor.name} has no method ${name}, which the routing table sends to it.`,
        );
      }
      return [name, method as Method];
    }),
  );
}

function isPromise(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && typeof (value as { readonly then?: unknown }).then === "function"
  );
}

function construct({ componentClass, configuration }: DeployedComponent): object {
  const constructor = componentClass as new (...configuration: readonly unknown[]) => object;
  return new constructor(...configuration);
}
