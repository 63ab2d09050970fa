/**
 * The sending side of the stateful channels of one instance: numbers its forwards, keeps them until they have been
 * acknowledged, and holds back what must not leave before its acknowledged forwards have been applied.
 *
 * It knows no clock and no network. Who runs the instance decides when to send again.
 */
import { describeMessage, type Description, type Rank } from "../node/description.ts";
import type { Outgoing } from "../node/message.ts";
import type { Emit } from "../node/outputGate.ts";
import type { Bound, InternalChannel } from "../routing/routingTable.ts";
import { copyBound } from "./bound.ts";
import { SendingStream, type Overdue, type Unacknowledged } from "./sendingStream.ts";
import type { Acknowledgement } from "./stamp.ts";

/**
 * How many forwards of one instance may be without acknowledgement before it takes no more messages. None can be given up:
 * each is a change of state that the other half has to make. A message that is not taken is one that the network has lost.
 */
export const WINDOW_LIMIT = 65_536;

/** What the sender has to know of the handler that a forward goes to. */
export interface ForwardRoute {
  readonly channel: InternalChannel;
  readonly above?: ((payload: never) => Bound) | undefined;
}

interface Held {
  readonly messages: readonly Outgoing[];
  readonly activation: number;
  /** What else happens then, and what that is about. */
  readonly call?: () => void;
  readonly about?: Description;
}

export class ChannelSender {
  readonly #sender: number;
  readonly #emit: Emit;
  readonly #onAcknowledged: (forward: Outgoing) => void;
  readonly #streams: SendingStream[] = [];
  /** The forwards of the running activation, and their streams. */
  #pending: { readonly stream: SendingStream; readonly forward: Unacknowledged }[] = [];
  #held: Held[] = [];
  #heldMessages = 0;
  #unacknowledged = 0;
  /** The oldest activation with an acknowledged forward that has not been applied. What is as old, or younger, waits. */
  #oldest = Number.POSITIVE_INFINITY;

  /**
   * @param sender the number of the instance
   * @param emit takes what may leave, as a host's `emit` does
   * @param onAcknowledged hears of each forward that has been applied, in the order of its stream
   */
  constructor(sender: number, emit: Emit, onAcknowledged: (forward: Outgoing) => void = () => undefined) {
    this.#sender = sender;
    this.#emit = emit;
    this.#onAcknowledged = onAcknowledged;
  }

  /** How many messages wait until forwards have been applied. */
  get held(): number {
    return this.#heldMessages;
  }

  /** How many forwards are not acknowledged. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** Whether so many are not that the instance should take nothing that may make it forward more. */
  get isFull(): boolean {
    return this.#unacknowledged >= WINDOW_LIMIT;
  }

  /**
   * Stamps a forward of the running activation. Gives undefined when it need not be sent: its bound does not exceed one
   * that is known to have been applied.
   *
   * @param payload what `above` looks at
   */
  stamp(message: Outgoing, { channel, above }: ForwardRoute, payload: unknown): Outgoing | undefined {
    const stream = this.#streamTo(message.destination.number, channel);
    const bound = above === undefined ? undefined : copyBound(above(payload as never));
    if (bound !== undefined && stream.isCovered(message.handler, bound)) return undefined;
    const stamped = { ...message, stamp: { channel, sender: this.#sender, sequence: stream.next } };
    const forward: Unacknowledged = { message: stamped, bound, activation: 0, left: false };
    stream.add(forward);
    this.#unacknowledged++;
    this.#pending.push({ stream, forward });
    return stamped;
  }

  /** The activation has failed: it has forwarded nothing. */
  rollback(): void {
    for (const { stream } of this.#pending) stream.removeLast();
    this.#unacknowledged -= this.#pending.length;
    this.#pending = [];
  }

  /** The activation has succeeded. From here on what it sends waits for what it has forwarded. */
  commit(activation: number): void {
    if (this.#pending.length === 0) return;
    for (const { stream, forward } of this.#pending) {
      forward.activation = activation;
      if (stream.channel === "acknowledged" && activation < this.#oldest) this.#oldest = activation;
    }
    this.#pending = [];
  }

  /**
   * Lets the messages of an activation go, which has been committed and whose records are on stable storage.
   * Acknowledged forwards leave; so does everything else, unless acknowledged forwards of this activation or of earlier
   * ones have not been applied.
   */
  pass(messages: readonly Outgoing[], activation: number): void {
    if (activation < this.#oldest) {
      this.#leave(messages, activation);
      return;
    }
    const forwards = messages.filter(isAcknowledgedForward);
    if (forwards.length > 0) this.#leave(forwards, activation);
    if (forwards.length === messages.length) return;
    const waiting = messages.filter((message) => !isAcknowledgedForward(message));
    this.#held.push({ messages: waiting, activation });
    this.#heldMessages += waiting.length;
  }

  /**
   * Calls once the acknowledged forwards of an activation, and of all earlier ones, have been applied: when messages of
   * the activation may leave. To acknowledge a forward is to tell somebody of it, so it waits like a message. Nobody waits
   * for himself: components that forward like this do so in one direction.
   *
   * @param about tells the call from others
   */
  whenApplied(activation: number, call: () => void, about?: Description): void {
    if (activation < this.#oldest) call();
    else this.#held.push({ messages: [], activation, call, about });
  }

  /**
   * Takes what a receiver says, and lets go what waited for it.
   *
   * @throws Error when it acknowledges what was never forwarded.
   */
  acknowledge({ receiver, channel, sequence }: Acknowledgement): void {
    const done = this.#streamTo(receiver, channel).acknowledge(sequence);
    this.#unacknowledged -= done.length;
    for (const { message } of done) this.#onAcknowledged(message);
    if (channel !== "acknowledged") return;
    this.#oldest = this.#findOldest();
    const waiting = this.#held.findIndex(({ activation }) => activation >= this.#oldest);
    const released = this.#held.splice(0, waiting < 0 ? this.#held.length : waiting);
    for (const { messages, activation, call } of released) {
      this.#heldMessages -= messages.length;
      if (messages.length > 0) this.#leave(messages, activation);
      call?.();
    }
  }

  /** What has been sent to an instance (or to any) and not been acknowledged: to be sent again over a new connection. */
  underway(receiver?: number): readonly Outgoing[] {
    return this.#streams.flatMap((stream) =>
      receiver === undefined || stream.receiver === receiver ? stream.underway : [],
    );
  }

  /**
   * The streams of which nothing has been acknowledged since the last call. To be called about as often as forwards may
   * be sent again.
   */
  takeOverdue(): readonly Overdue[] {
    return this.#streams.flatMap((stream) => stream.takeOverdue() ?? []);
  }

  /** The activations that something waits for. */
  get activations(): readonly number[] {
    return [
      ...this.#held.map(({ activation }) => activation),
      ...this.#streams.flatMap(({ activations }) => activations),
    ];
  }

  /** Between activations. Streams do not know of each other, so their order makes no difference. */
  describe(rank: Rank): Description {
    const streams = [...this.#streams].sort((a, b) => a.receiver - b.receiver || (a.channel < b.channel ? -1 : 1));
    return [
      streams.map((stream) => stream.describe(rank)),
      this.#held.map(({ messages, activation, about }) => [messages.map(describeMessage), rank(activation), about]),
    ];
  }

  #leave(messages: readonly Outgoing[], activation: number): void {
    for (const { stamp, destination } of messages) {
      if (stamp !== undefined) this.#streamTo(destination.number, stamp.channel).markLeft(stamp.sequence);
    }
    this.#emit(messages, activation);
  }

  #findOldest(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { channel, oldestActivation } of this.#streams) {
      if (channel === "acknowledged" && oldestActivation !== undefined) oldest = Math.min(oldest, oldestActivation);
    }
    return oldest;
  }

  /** An instance has few streams: one for each instance that it forwards to. */
  #streamTo(receiver: number, channel: InternalChannel): SendingStream {
    for (const stream of this.#streams) {
      if (stream.receiver === receiver && stream.channel === channel) return stream;
    }
    const created = new SendingStream(channel, receiver);
    this.#streams.push(created);
    return created;
  }
}

function isAcknowledgedForward({ stamp }: Outgoing): boolean {
  return stamp?.channel === "acknowledged";
}
