/**
 * What can be under way in an explored system, by number: equal messages have equal numbers, so that the network is a
 * multiset of numbers. What keeps its order on the way from one instance to another is under way as one thing, a queue.
 */
import type { Acknowledgement } from "../../channels/stamp.ts";
import type { Deployment } from "../../deployment.ts";
import { describeMessage } from "../../node/description.ts";
import type { Outgoing } from "../../node/message.ts";
import type { DeployedInstance } from "../../routing/address.ts";
import { triggersOf } from "../../routing/roleHandlers.ts";
import type { Input } from "./input.ts";

/** Something that leaves an instance. */
export type Departure =
  | { readonly kind: "message"; readonly outgoing: Outgoing }
  | { readonly kind: "acknowledgement"; readonly acknowledgement: Acknowledgement };

/** What the explorer has to know of something that is under way, by its number. */
export interface Parcel {
  /** The number of the instance that it goes to. */
  readonly destination: number;
  /** The number of what arrives first: of itself, but for queues. */
  readonly head: number;
  /** What is under way when that has arrived; undefined when nothing is. */
  readonly rest: number | undefined;
  /** The link that it keeps its order on; -1 for none. */
  readonly link: number;
  /** The number of the node that it never leaves; -1 when it goes from one node to another. */
  readonly inside: number;
  /** Whether it is sent again until it has arrived, and may so arrive twice: forwards that are acknowledged, and that. */
  readonly isStateful: boolean;
  /** What arrives; of queues what arrives first. */
  readonly input: Input;
}

export class Wire {
  readonly #deployment: Deployment;
  readonly #fifoHandlers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #numbers = new Map<string, number>();
  readonly #parcels: Parcel[] = [];
  /** By number, of queues: what is in them. */
  readonly #queues = new Map<number, readonly number[]>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.#fifoHandlers = findFifoHandlers(deployment);
  }

  /** How many things have been under way so far. Numbers are below. */
  get size(): number {
    return this.#parcels.length;
  }

  parcel(number: number): Parcel {
    const parcel = this.#parcels[number];
    if (parcel === undefined) throw new Error(`Nothing under way is number ${String(number)}.`);
    return parcel;
  }

  /** The number of something that leaves `origin`. */
  numberOf(departure: Departure, origin: DeployedInstance): number {
    return departure.kind === "message"
      ? this.#numberOfMessage(departure.outgoing, origin)
      : this.#numberOfAcknowledgement(departure.acknowledgement, origin);
  }

  /** The queue that there is when a message follows a queue on the same link. */
  enqueue(queue: number, message: number): number {
    return this.#numberOfQueue([...(this.#queues.get(queue) ?? [queue]), message]);
  }

  #numberOfMessage(outgoing: Outgoing, origin: DeployedInstance): number {
    const { destination, internal, stamp, handler } = outgoing;
    const isFifo = this.#fifoHandlers.get(destination.role)?.has(handler) === true;
    const link = isFifo ? origin.number * this.#deployment.instances.length + destination.number : -1;
    return this.#intern(`${String(link)} ${internal ? "i" : "m"} ${describeMessage(outgoing)}`, (number) => ({
      destination: destination.number,
      head: number,
      rest: undefined,
      link,
      inside: internal ? origin.node.number : -1,
      isStateful: stamp !== undefined,
      input: { kind: "arrival", message: outgoing },
    }));
  }

  #numberOfAcknowledgement(acknowledgement: Acknowledgement, origin: DeployedInstance): number {
    const { channel, sender, receiver, sequence } = acknowledgement;
    return this.#intern(`a ${channel} ${String(sender)} ${String(receiver)} ${String(sequence)}`, (number) => ({
      destination: sender,
      head: number,
      rest: undefined,
      link: -1,
      inside: origin.node.number,
      isStateful: true,
      input: { kind: "acknowledgement", acknowledgement },
    }));
  }

  /** A queue of one is that one. */
  #numberOfQueue(messages: readonly number[]): number {
    const [first, ...others] = messages;
    if (first === undefined) throw new Error("A queue is empty.");
    if (others.length === 0) return first;
    const rest = this.#numberOfQueue(others);
    const number = this.#intern(`q ${messages.join(" ")}`, () => ({ ...this.parcel(first), rest }));
    this.#queues.set(number, messages);
    return number;
  }

  #intern(text: string, create: (number: number) => Parcel): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#parcels.length;
    this.#parcels.push(create(number));
    this.#numbers.set(text, number);
    return number;
  }
}

/** By role: the handlers that rely on order. Rewritten components carry no markers, their roles do. */
function findFifoHandlers(deployment: Deployment): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    [...deployment.roles.values()].map(({ name, roleClass }) => {
      const fifo = [...triggersOf(roleClass)].filter(([, trigger]) => trigger.kind === "message" && trigger.fifo);
      return [name, new Set(fifo.map(([handler]) => handler))];
    }),
  );
}
