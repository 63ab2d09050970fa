/** How messages leave a process and arrive in it. One interface; in-process queues and sockets behind it. */
import type { Acknowledgement } from "../channels/stamp.ts";
import type { Incoming, Outgoing } from "../node/message.ts";

/** A message that has arrived for one of the instances of this process. */
export interface Delivery extends Incoming {
  /** The number of the instance. */
  readonly to: number;
}

/** What is sent, as it arrives when it stays in its process. */
export function deliveryOf({ destination, handler, from, payload, stamp, round, fragment }: Outgoing): Delivery {
  return { to: destination.number, handler, from, payload, stamp, round, fragment };
}

export interface TransportCounters {
  /** Bytes that wait to be sent, over all peers. */
  queuedBytes: number;
  /** Messages dropped because a peer's queue was full, or there was no connection to it; not what is sent again. */
  dropped: number;
  /** Messages that were sent, and the writes that carried them: their ratio is the batch size. */
  messages: number;
  writes: number;
}

/** What a transport tells the channels inside nodes. */
export interface ChannelEvents {
  /** An acknowledgement has arrived for one of the instances of this process. */
  onAcknowledgement(acknowledgement: Acknowledgement): void;
  /** There is a connection with these instances, by their numbers, where there may have been another one before. */
  onConnected(instances: readonly number[]): void;
}

export interface Transport {
  readonly counters: Readonly<TransportCounters>;
  /** Queues messages. They leave at the next {@link flush}. */
  send(messages: readonly Outgoing[]): void;
  /** Queues an acknowledgement. It leaves at the next {@link flush}. */
  acknowledge(acknowledgement: Acknowledgement): void;
  /** Sends what is queued: one write for each peer. Called once per turn of the event loop. */
  flush(): void;
  close(): Promise<void>;
}

/** Takes one line about something that went wrong and was contained. */
export type Log = (line: string) => void;
