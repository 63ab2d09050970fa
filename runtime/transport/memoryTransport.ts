import type { Acknowledgement } from "../channels/stamp.ts";
import type { Outgoing } from "../node/message.ts";
import { deliveryOf, type ChannelEvents, type Delivery, type Transport, type TransportCounters } from "./transport.ts";

/** All instances in one process. Payloads are encoded and decoded as on any other transport. */
export class MemoryTransport implements Transport {
  readonly counters: TransportCounters = { queuedBytes: 0, dropped: 0, messages: 0, writes: 0 };
  readonly #receive: (delivery: Delivery) => void;

  readonly #events: ChannelEvents | undefined;

  /** @param events hears of channels; needed when there are any */
  constructor(receive: (delivery: Delivery) => void, events?: ChannelEvents) {
    this.#receive = receive;
    this.#events = events;
  }

  send(messages: readonly Outgoing[]): void {
    this.counters.messages += messages.length;
    for (const message of messages) this.#receive(deliveryOf(message));
  }

  acknowledge(acknowledgement: Acknowledgement): void {
    if (this.#events === undefined) throw new Error("There are channels inside nodes, and nobody hears of them.");
    this.#events.onAcknowledgement(acknowledgement);
  }

  flush(): void {
    this.counters.writes++;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
