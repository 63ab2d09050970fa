/**
 * The receiving side of the stateful channels of one instance: what to apply now, in which order, and what to say about
 * it. It knows no clock and no network.
 */
import { describeMessage, type Description } from "../node/description.ts";
import type { Incoming } from "../node/message.ts";
import { Contiguous } from "./contiguous.ts";
import type { Acknowledgement, Stamp } from "./stamp.ts";

/**
 * How many forwards of one stream may wait for an earlier one. One that comes when there are so many is dropped: it has
 * not been acknowledged, so it comes again. Nothing is ever skipped.
 */
export const STASH_LIMIT = 16_384;

export type Stamped<M extends Incoming> = M & { readonly stamp: Stamp };

interface ReceivingStream<M extends Incoming> {
  readonly stamp: Stamp;
  /** The forwards that were given out to be applied. */
  readonly accepted: Contiguous;
  /** Those that were applied, and stay so. */
  readonly applied: Contiguous;
  readonly stash: Map<number, M>;
  /** Whether an acknowledgement is due. */
  due: boolean;
}

export interface ChannelReceiverOptions<M extends Incoming> {
  /** Hears of forwards that were dropped because too many waited. They have to be sent again. */
  readonly onOverflow: (stamp: Stamp) => void;
  /** Makes of a message one that can be kept for long; the message itself unless said. */
  readonly keep?: ((message: M) => M) | undefined;
}

/** `M` is a message as whoever runs the instance knows it: what goes in comes out. */
export class ChannelReceiver<M extends Incoming = Incoming> {
  readonly #receiver: number;
  readonly #options: ChannelReceiverOptions<M>;
  readonly #streams: ReceivingStream<M>[] = [];
  #due = false;

  /** @param receiver the number of the instance */
  constructor(receiver: number, options: ChannelReceiverOptions<M>) {
    this.#receiver = receiver;
    this.#options = options;
  }

  /** How many forwards wait for an earlier one. */
  get stashed(): number {
    return this.#streams.reduce((sum, { stash }) => sum + stash.size, 0);
  }

  /** Whether {@link takeAcknowledgements} has something to give. */
  get isAcknowledgementDue(): boolean {
    return this.#due;
  }

  /**
   * Takes a forward that has arrived, and gives those that are to be applied now, in this order. Whoever applies one says
   * so with {@link applied}.
   */
  accept(message: Stamped<M>): readonly M[] {
    const { stamp } = message;
    const stream = this.#streamOf(stamp);
    if (stamp.channel === "repeatable") return this.#acceptRepeatable(stream, message);
    const { accepted, stash } = stream;
    if (stamp.sequence <= accepted.upTo) {
      this.#makeDue(stream);
      return [];
    }
    if (stamp.sequence > accepted.upTo + 1) {
      this.#stash(stash, message);
      return [];
    }
    accepted.add(stamp.sequence);
    if (stash.size === 0) return [message];
    const batch: M[] = [message];
    for (let next = stash.get(accepted.upTo + 1); next !== undefined; next = stash.get(accepted.upTo + 1)) {
      stash.delete(accepted.upTo + 1);
      accepted.add(accepted.upTo + 1);
      batch.push(next);
    }
    return batch;
  }

  /** A forward has been applied (or has failed, which is final too), and what that wrote is on stable storage. */
  applied(stamp: Stamp): void {
    const stream = this.#streamOf(stamp);
    // What repeatable forwards have beyond a gap need not be remembered: without it they are applied once more.
    const { applied } = stream;
    if (stamp.channel === "repeatable" && applied.beyond >= STASH_LIMIT && stamp.sequence !== applied.upTo + 1) return;
    applied.add(stamp.sequence);
    this.#makeDue(stream);
  }

  /** What there is to say, once for each stream. To be called once per turn. */
  takeAcknowledgements(): readonly Acknowledgement[] {
    if (!this.#due) return NOTHING;
    this.#due = false;
    const acknowledgements: Acknowledgement[] = [];
    for (const stream of this.#streams) {
      if (!stream.due) continue;
      stream.due = false;
      const { channel, sender } = stream.stamp;
      const sequence = stream.applied.upTo;
      if (sequence > 0) acknowledgements.push({ channel, sender, receiver: this.#receiver, sequence });
    }
    return acknowledgements;
  }

  /** Streams do not know of each other, so their order makes no difference. */
  describe(): Description {
    const streams = [...this.#streams].sort(
      (a, b) => a.stamp.sender - b.stamp.sender || (a.stamp.channel < b.stamp.channel ? -1 : 1),
    );
    return streams.map(({ stamp: { sender, channel }, accepted, applied, stash, due }) => [
      sender,
      channel,
      accepted.describe(),
      applied.describe(),
      [...stash].sort(([a], [b]) => a - b).map(([, message]) => describeMessage(message)),
      due,
    ]);
  }

  /** Applied when it comes, whatever is missing; also twice. */
  #acceptRepeatable(stream: ReceivingStream<M>, message: Stamped<M>): readonly M[] {
    if (stream.applied.has(message.stamp.sequence)) this.#makeDue(stream);
    return [message];
  }

  #stash(stash: Map<number, M>, message: Stamped<M>): void {
    const { sequence } = message.stamp;
    if (stash.has(sequence)) return;
    if (stash.size >= STASH_LIMIT) this.#options.onOverflow(message.stamp);
    else stash.set(sequence, this.#options.keep?.(message) ?? message);
  }

  #makeDue(stream: ReceivingStream<M>): void {
    stream.due = true;
    this.#due = true;
  }

  #streamOf(stamp: Stamp): ReceivingStream<M> {
    for (const stream of this.#streams) {
      if (stream.stamp.sender === stamp.sender && stream.stamp.channel === stamp.channel) return stream;
    }
    const created: ReceivingStream<M> = {
      stamp,
      accepted: new Contiguous(),
      applied: new Contiguous(),
      stash: new Map(),
      due: false,
    };
    this.#streams.push(created);
    return created;
  }
}

const NOTHING: readonly Acknowledgement[] = [];
