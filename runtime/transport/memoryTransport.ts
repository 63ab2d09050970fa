import type { Outgoing } from "../node/message.ts";
import type { Delivery, Transport, TransportCounters } from "./transport.ts";

/** All instances in one process. Payloads are encoded and decoded as on any other transport. */
export class MemoryTransport implements Transport {
  readonly counters: TransportCounters = { queuedBytes: 0, dropped: 0, messages: 0, writes: 0 };
  readonly #receive: (delivery: Delivery) => void;

  constructor(receive: (delivery: Delivery) => void) {
    this.#receive = receive;
  }

  send(messages: readonly Outgoing[]): void {
    this.counters.messages += messages.length;
    for (const { destination, handler, from, payload } of messages) {
      this.#receive({ to: destination.number, handler, from, payload });
    }
  }

  flush(): void {
    this.counters.writes++;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
