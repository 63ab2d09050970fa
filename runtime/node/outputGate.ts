import { describeMessage, type Description, type Rank } from "./description.ts";
import type { Outgoing } from "./message.ts";

/** Takes the messages of an activation, and its ordinal among the activations of the host. */
export type Emit = (messages: readonly Outgoing[], activation: number) => void;

interface Held {
  readonly position: number;
  readonly messages: readonly Outgoing[];
  readonly activation: number;
}

/**
 * Holds the messages of an activation back until the records that it depends on are on stable storage. Messages to one
 * instance leave in the order of the activations, so who depends on nothing overtakes nobody on the way to the same place.
 */
export class OutputGate {
  readonly #emit: Emit;
  #held: Held[] = [];
  /** How many messages are held back, by the number of the instance that they go to. */
  readonly #destinations = new Map<number, number>();
  #durable = 0;
  /** What waits for records, besides messages. */
  #callbacks: { readonly position: number; readonly call: () => void; readonly about: Description }[] = [];

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** How many activations wait. */
  get depth(): number {
    return this.#held.length;
  }

  /** @param position the record that the messages wait for; 0 for none */
  pass(position: number, messages: readonly Outgoing[], activation: number): void {
    if (messages.length === 0) return;
    if (position <= this.#durable && !this.#followsHeld(messages)) {
      this.#emit(messages, activation);
      return;
    }
    this.#held.push({ position, messages, activation });
    this.#count(messages, 1);
  }

  /**
   * Calls once the records up to this one are durable; at once when they are.
   *
   * @param about tells the call from others
   */
  whenDurable(position: number, call: () => void, about?: Description): void {
    if (position <= this.#durable) call();
    else this.#callbacks.push({ position, call, about });
  }

  /** All records up to this one are durable. */
  advance(position: number): void {
    this.#durable = position;
    const waiting = this.#held.findIndex((held) => held.position > position);
    const released = this.#held.splice(0, waiting < 0 ? this.#held.length : waiting);
    for (const { messages, activation } of released) {
      this.#count(messages, -1);
      this.#emit(messages, activation);
    }
    if (this.#callbacks.length > 0) this.#callBack();
  }

  /** How many records after the last durable one this is; 0 when it is durable. */
  distanceTo(position: number): number {
    return Math.max(0, position - this.#durable);
  }

  /** The activations whose messages wait. */
  get activations(): readonly number[] {
    return this.#held.map(({ activation }) => activation);
  }

  describe(rank: Rank): Description {
    return [
      this.#held.map(({ position, messages, activation }) => [
        this.distanceTo(position),
        messages.map(describeMessage),
        rank(activation),
      ]),
      this.#callbacks.map(({ position, about }) => [this.distanceTo(position), about]),
    ];
  }

  #callBack(): void {
    const callbacks = this.#callbacks;
    this.#callbacks = callbacks.filter(({ position }) => position > this.#durable);
    for (const { position, call } of callbacks) if (position <= this.#durable) call();
  }

  #followsHeld(messages: readonly Outgoing[]): boolean {
    return this.#held.length > 0 && messages.some(({ destination }) => this.#destinations.has(destination.number));
  }

  #count(messages: readonly Outgoing[], by: 1 | -1): void {
    for (const { destination } of messages) {
      const count = (this.#destinations.get(destination.number) ?? 0) + by;
      if (count === 0) this.#destinations.delete(destination.number);
      else this.#destinations.set(destination.number, count);
    }
  }
}
