import type { Acknowledgement } from "../channels/stamp.ts";
import type { Outgoing } from "../node/message.ts";
import type { ChannelEvents, Delivery, Transport, TransportCounters } from "./transport.ts";

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
    for (const { destination, handler, from, payload, stamp } of messages) {
      this.#receive({ to: destination.number, handler, from, payload, stamp });
    }
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
