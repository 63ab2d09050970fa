/** The stateful channels of all instances of one process, between its turns, its transport and its clock. */
import type { ComponentHost } from "../node/componentHost.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import { printInstance } from "../routing/address.ts";
import type { ChannelEvents, Log, Transport } from "../transport/transport.ts";
import type { HostChannels } from "./hostChannels.ts";
import type { Acknowledgement } from "./stamp.ts";

/** How often it is looked whether something has to be sent again. */
const RESEND_MILLISECONDS = 1_000;
/** How many of the forwards of a stream are sent again at once; the rest follows when these have been acknowledged. */
const RESEND_LIMIT = 1_024;
/** For so long nothing has been acknowledged when a line is logged, in {@link RESEND_MILLISECONDS}. */
const STALLED_TIMES = 5;

interface Part {
  readonly host: ComponentHost;
  readonly channels: HostChannels;
}

export interface ProcessChannelsOptions {
  readonly transport: () => Transport;
  /** Makes sure that a turn follows. */
  readonly wake: () => void;
  readonly log: Log;
}

export class ProcessChannels implements ChannelEvents {
  readonly #options: ProcessChannelsOptions;
  readonly #parts: Part[] = [];
  readonly #byNumber = new Map<number, HostChannels>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProcessChannelsOptions) {
    this.#options = options;
  }

  /** An instance of this process; without effect when it has no channels. */
  add(host: ComponentHost): void {
    const { channels, instance } = host;
    if (channels === undefined) return;
    this.#parts.push({ host, channels });
    this.#byNumber.set(instance.number, channels);
  }

  start(): void {
    if (this.#parts.length > 0) this.#timer = setInterval(() => this.resend(), RESEND_MILLISECONDS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** To be called at the end of every turn, before the transport writes. */
  acknowledge(): void {
    for (const { channels } of this.#parts) {
      for (const acknowledgement of channels.takeAcknowledgements()) {
        this.#options.transport().acknowledge(acknowledgement);
      }
    }
  }

  onAcknowledgement(acknowledgement: Acknowledgement): void {
    this.#byNumber.get(acknowledgement.sender)?.acknowledge(acknowledgement);
  }

  /** What went over an earlier connection may not have arrived. */
  onConnected(instances: readonly number[]): void {
    for (const { channels } of this.#parts) {
      const lost = instances.flatMap((instance) => channels.underway(instance));
      if (lost.length === 0) continue;
      this.#options.transport().send(lost);
      this.#options.wake();
    }
  }

  /** Sends again what should have been acknowledged by now. */
  resend(): void {
    for (const { host, channels } of this.#parts) {
      for (const { times, messages } of channels.takeOverdue()) {
        if (times === STALLED_TIMES) this.#complain(host, messages.length, nameOf(messages[0]));
        this.#options.transport().send(messages.slice(0, RESEND_LIMIT));
        this.#options.wake();
      }
    }
  }

  #complain({ instance, channels }: ComponentHost, forwards: number, to: string): void {
    const seconds = (STALLED_TIMES * RESEND_MILLISECONDS) / 1000;
    this.#options.log(
      `${printInstance(instance)}: ${to} has not acknowledged ${String(forwards)} forwards for ${String(seconds)} seconds; ` +
        `${String(channels?.held ?? 0)} messages wait for that. They are sent again until it does.`,
    );
  }
}

function nameOf(message: Outgoing | undefined): string {
  return message === undefined ? "nobody" : printInstance(message.destination);
}

/** A message that holds on to nothing but itself: as it arrives it is a view of all that came with it. */
export function detach<M extends Incoming>(message: M): M {
  return { ...message, payload: message.payload.slice() };
}
