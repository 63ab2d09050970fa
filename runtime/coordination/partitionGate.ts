/**
 * What keeps a partition still between its vote and the message that it has voted for. A state machine that knows no
 * network: what arrives is shown to it, in order, and it says what is to be handled now, and keeps everything else in the
 * order of its arrival.
 *
 * A request for the next vote that comes meanwhile is answered at once when nothing waits, so that rounds overlap, and
 * otherwise in its turn: so replicated messages that come without end do not keep others waiting without end.
 */

import type { Description } from "../node/description.ts";

/** How many messages may wait at one partition. One more, and the oldest that may be lost is: an omission. */
const STOPPED_LIMIT = 65_536;

/** What something that arrives means to a partition. */
export type Arrival =
  /** A request to vote. */
  | "prepare"
  /** From the coordinator, to a partition that stands still: the message of a round, or the end of the wait after a start. */
  | "order"
  /** A forward that is sent again until it is applied: it must not be lost here. */
  | "forward"
  /** Anything else. */
  | "message";

export interface PartitionGateOptions<M> {
  readonly kindOf: (message: M) => Arrival;
  /** Whether it stands still from the beginning, until {@link PartitionGate.release}. */
  readonly stopped: boolean;
  readonly limit?: number;
}

export class PartitionGate<M> {
  readonly #kindOf: (message: M) => Arrival;
  readonly #limit: number;
  #kept: M[] = [];
  /** Votes that were given, or are about to be, and whose messages have not been applied. */
  #open = 0;
  #released: boolean;

  constructor({ kindOf, stopped, limit = STOPPED_LIMIT }: PartitionGateOptions<M>) {
    this.#kindOf = kindOf;
    this.#limit = limit;
    this.#released = !stopped;
  }

  /** Whether nothing is handled but what the coordinator says. */
  get isStopped(): boolean {
    return this.#open > 0 || !this.#released;
  }

  /** What waits, in the order of its arrival. */
  get kept(): readonly M[] {
    return this.#kept;
  }

  /**
   * Whether something that arrives is to be handled now. If not it is kept, and `dropped` is what had to go for it, which
   * is never a forward, for these must not be skipped.
   *
   * @param keep makes of a message one that can be kept for long; the message itself unless said
   */
  admit(
    message: M,
    keep: (message: M) => M = (kept) => kept,
  ): { readonly now: boolean; readonly dropped?: M | undefined } {
    const kind = this.#kindOf(message);
    if (kind === "order") return { now: true };
    if (this.#kept.length === 0 && (kind === "prepare" ? this.#released : !this.isStopped)) {
      if (kind === "prepare") this.#open++;
      return { now: true };
    }
    this.#kept.push(keep(message));
    return { now: false, dropped: this.#kept.length > this.#limit ? this.#dropOldest() : undefined };
  }

  /** The message of a round has been handled. */
  applied(): void {
    if (this.#open > 0) this.#open--;
  }

  /** The coordinator has said all that was decided in earlier lives. */
  release(): void {
    this.#released = true;
  }

  /** Takes what need not wait any longer, in order: up to the next request to vote, and including it. */
  takeReady(): readonly M[] {
    if (this.isStopped || this.#kept.length === 0) return [];
    const next = this.#kept.findIndex((message) => this.#kindOf(message) === "prepare");
    const ready = this.#kept.splice(0, next < 0 ? this.#kept.length : next + 1);
    if (next >= 0) this.#open++;
    return ready;
  }

  describe(describeMessage: (message: M) => string): Description {
    return [this.#kept.map(describeMessage), this.#open, this.#released];
  }

  #dropOldest(): M | undefined {
    const oldest = this.#kept.findIndex((message) => this.#kindOf(message) === "message");
    return oldest < 0 ? undefined : this.#kept.splice(oldest, 1)[0];
  }
}
