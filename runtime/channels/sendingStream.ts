import { describeMessage, type Description, type Rank } from "../node/description.ts";
import type { Outgoing } from "../node/message.ts";
import type { Bound, InternalChannel } from "../routing/routingTable.ts";
import { exceeds } from "./bound.ts";

/** A forward that its receiver has not acknowledged. */
export interface Unacknowledged {
  readonly message: Outgoing;
  readonly bound: Bound | undefined;
  /** The ordinal of the activation that forwarded it. */
  activation: number;
  /** Whether it has been given to the transport: what waits for stable storage must not be sent, nor sent again. */
  left: boolean;
}

/** A stream of which nothing has been acknowledged for a while. */
export interface Overdue {
  readonly channel: InternalChannel;
  readonly receiver: number;
  /** How many times in a row it has been found so. */
  readonly times: number;
  /** What has left and is not acknowledged, oldest first: to be sent again. */
  readonly messages: readonly Outgoing[];
}

/** The sending end of one stream. */
export class SendingStream {
  readonly channel: InternalChannel;
  readonly receiver: number;
  /** In the order of their sequence numbers, which follow each other. */
  readonly #unacknowledged: Unacknowledged[] = [];
  #last = 0;
  #acknowledged = 0;
  /** The oldest unacknowledged forward when {@link takeOverdue} was called last. */
  #oldestBefore = 0;
  #overdueTimes = 0;
  /** By handler: the last bound that is known to have been applied. */
  readonly #bounds = new Map<string, Bound>();

  constructor(channel: InternalChannel, receiver: number) {
    this.channel = channel;
    this.receiver = receiver;
  }

  /** The sequence number of the next forward. */
  get next(): number {
    return this.#last + 1;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The activation of the oldest forward that is not acknowledged; undefined when all are. */
  get oldestActivation(): number | undefined {
    return this.#unacknowledged[0]?.activation;
  }

  /** Whether a forward with this bound would do nothing at the receiver. */
  isCovered(handler: string, bound: Bound): boolean {
    const applied = this.#bounds.get(handler);
    return applied !== undefined && !exceeds(bound, applied);
  }

  add(forward: Unacknowledged): void {
    this.#last++;
    this.#unacknowledged.push(forward);
  }

  /** Takes the last forward back: its activation has failed. */
  removeLast(): void {
    this.#last--;
    this.#unacknowledged.pop();
  }

  markLeft(sequence: number): void {
    const forward = this.#unacknowledged[sequence - this.#acknowledged - 1];
    if (forward !== undefined) forward.left = true;
  }

  /**
   * Gives the forwards that are acknowledged by that, in order.
   *
   * @throws Error when the receiver acknowledges what it cannot have received.
   */
  acknowledge(sequence: number): readonly Unacknowledged[] {
    if (sequence <= this.#acknowledged) return []; // an earlier one, overtaken
    if (sequence > this.#last) {
      throw new Error(
        `Instance ${String(this.receiver)} acknowledges forward ${String(sequence)}, and there were ${String(this.#last)}.`,
      );
    }
    const done = this.#unacknowledged.splice(0, sequence - this.#acknowledged);
    for (const { message, bound } of done) {
      if (bound !== undefined && !this.isCovered(message.handler, bound)) this.#bounds.set(message.handler, bound);
    }
    this.#acknowledged = sequence;
    return done;
  }

  /** The forwards that have left and are not acknowledged, oldest first. */
  get underway(): readonly Outgoing[] {
    return this.#unacknowledged.filter(({ left }) => left).map(({ message }) => message);
  }

  /** The activations that forwarded what nobody has acknowledged, where it matters which came first. */
  get activations(): readonly number[] {
    return this.channel === "acknowledged" ? this.#unacknowledged.map(({ activation }) => activation) : [];
  }

  /** Without what {@link takeOverdue} knows: the pace at which a real sender sends again. */
  describe(rank: Rank): Description {
    const place = ({ activation }: Unacknowledged): number => (this.channel === "acknowledged" ? rank(activation) : 0);
    return [
      this.channel,
      this.receiver,
      this.#last,
      this.#acknowledged,
      this.#unacknowledged.map((forward) => [
        describeMessage(forward.message),
        forward.bound,
        place(forward),
        forward.left,
      ]),
      [...this.#bounds].sort(([a], [b]) => (a < b ? -1 : 1)),
    ];
  }

  /** Undefined unless there was something to acknowledge at the last call, and nothing has been acknowledged since. */
  takeOverdue(): Overdue | undefined {
    const before = this.#oldestBefore;
    this.#oldestBefore = this.#unacknowledged[0]?.left === true ? this.#acknowledged + 1 : 0;
    const isOverdue = before !== 0 && before === this.#oldestBefore;
    this.#overdueTimes = isOverdue ? this.#overdueTimes + 1 : 0;
    if (!isOverdue) return undefined;
    return { channel: this.channel, receiver: this.receiver, times: this.#overdueTimes, messages: this.underway };
  }
}
