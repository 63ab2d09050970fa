import type { Delivery } from "../transport/transport.ts";

/**
 * The messages that wait for the instances of one process, and the turn in which they are handled.
 *
 * A turn handles everything that waited when it began, and then lets the transport write: so all that one turn sends to
 * a peer travels together, and input and output are served between turns. What memory transports add during a turn
 * waits for the next one.
 */
export class Mailbox {
  readonly #handle: (delivery: Delivery) => void;
  readonly #endTurn: () => void;
  #waiting: Delivery[] = [];
  #scheduled = false;
  #running = false;
  #open = false;

  constructor(handle: (delivery: Delivery) => void, endTurn: () => void) {
    this.#handle = handle;
    this.#endTurn = endTurn;
  }

  get depth(): number {
    return this.#waiting.length;
  }

  /** Until then everything waits: a node handles nothing before it has started. */
  open(): void {
    this.#open = true;
    this.wake();
  }

  /** What waits, and what comes, is not handled any more. */
  close(): void {
    this.#open = false;
    this.#waiting = [];
  }

  push(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.wake();
  }

  /** Makes sure that a turn follows: there is something to handle, or to send. */
  wake(): void {
    if (this.#scheduled || this.#running || !this.#open) return;
    this.#scheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    this.#running = true;
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      for (const delivery of batch) this.#handle(delivery);
      this.#endTurn();
    } finally {
      this.#running = false;
    }
    if (this.#waiting.length > 0) this.wake();
  };
}
