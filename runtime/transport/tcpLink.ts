import type { Socket } from "node:net";
import type { Acknowledgement, Stamp } from "../channels/stamp.ts";
import { FrameBuffer, type FrameFragment } from "../codec/frame.ts";
import type { BackPressure } from "./backPressure.ts";
import type { Peer } from "./handshake.ts";
import type { Log, TransportCounters } from "./transport.ts";

/** What a process allows its connections. Sizes in bytes. */
export interface TcpLimits {
  /** A larger frame closes the connection that it came on. */
  readonly frameBytes: number;
  /** Beyond this, clients are not read from until the queue has drained to half of it. */
  readonly softQueueBytes: number;
  /** Beyond this, messages are dropped: an omission, which the fault model allows. */
  readonly hardQueueBytes: number;
}

export interface TcpLinkOptions {
  readonly limits: TcpLimits;
  readonly counters: TransportCounters;
  readonly backPressure: BackPressure;
  readonly log: Log;
  readonly onClose: () => void;
}

const BUFFER_BYTES = 64 * 1024;
/** A buffer that a burst has blown up beyond this is not kept. */
const LARGEST_KEPT_BYTES = 1024 * 1024;
/** How much may be with the operating system and the socket before we hold back, so that the queue is ours to see. */
const WRITE_AHEAD_BYTES = 256 * 1024;

/** The sending half of a connection whose two ends have agreed to talk. */
export class TcpLink {
  readonly peer: Peer;
  readonly #socket: Socket;
  readonly #options: TcpLinkOptions;
  #buffer = new FrameBuffer(BUFFER_BYTES);
  #spare: FrameBuffer | undefined;
  /** Bytes that were written and of which the system has not yet said that it took them. */
  #unconfirmed = 0;
  #congested = false;
  #dropping = false;
  #closing = false;
  #gone = false;

  constructor(socket: Socket, peer: Peer, options: TcpLinkOptions) {
    this.peer = peer;
    this.#socket = socket;
    this.#options = options;
    if (peer.external) options.backPressure.addClient(socket);
    socket.on("error", (error) => {
      this.fail(error.message);
    });
    socket.on("close", () => {
      this.#complain("the other end hung up");
      this.#closed();
    });
  }

  /** Bytes that wait: not yet written, or written and not yet taken. */
  get queuedBytes(): number {
    return this.#buffer.length + this.#unconfirmed;
  }

  /** Whether there is nothing for {@link flush} to write. */
  get isEmpty(): boolean {
    return this.#buffer.length === 0;
  }

  /** Closes the connection: what came on it makes no sense. Costs the peer this connection, and nobody else anything. */
  fail(reason: string): void {
    this.#complain(reason);
    this.destroy();
  }

  /** Queues a message. Beyond the hard limit it is dropped, counted and, once for each burst, logged. */
  send(handler: number, to: number, from: number, payload: Uint8Array): void {
    const before = this.queuedBytes;
    if (this.#isFull(before)) {
      this.#options.counters.dropped++;
      return;
    }
    this.#buffer.appendMessage(handler, to, from, payload);
    this.#grown(before);
  }

  /** Queues a part of a message. Beyond the hard limit it is dropped, as a message is. */
  sendFragment(handler: number, to: number, from: number, payload: Uint8Array, fragment: FrameFragment): void {
    const before = this.queuedBytes;
    if (this.#isFull(before)) {
      this.#options.counters.dropped++;
      return;
    }
    this.#buffer.appendFragment(handler, to, from, payload, fragment);
    this.#grown(before);
  }

  /** Queues a forward. Beyond the hard limit it is not sent now: it comes again. */
  forward(
    handler: number,
    to: number,
    from: number,
    payload: Uint8Array,
    stamp: Stamp,
    round: number | undefined,
  ): void {
    const before = this.queuedBytes;
    if (this.#isFull(before)) return;
    this.#buffer.appendForward(handler, to, from, payload, stamp, round);
    this.#grown(before);
  }

  /** Queues an acknowledgement, always: it is small, and the peer may wait for nothing else. */
  acknowledge(acknowledgement: Acknowledgement): void {
    const before = this.queuedBytes;
    this.#buffer.appendAcknowledgement(acknowledgement);
    this.#grown(before);
  }

  #isFull(queued: number): boolean {
    if (queued < this.#options.limits.hardQueueBytes) return false;
    if (!this.#dropping) {
      this.#dropping = true;
      this.#options.log(
        `The queue to ${this.peer.name} is full (${String(queued)} bytes); messages to it are dropped until it drains.`,
      );
    }
    return true;
  }

  #grown(before: number): void {
    const { limits, counters, backPressure } = this.#options;
    const queued = this.queuedBytes;
    counters.queuedBytes += queued - before;
    if (!this.#congested && queued > limits.softQueueBytes) {
      this.#congested = true;
      backPressure.engage(this);
    }
  }

  /** Writes what is queued, as one buffer; holds it back while the last ones are still under way. */
  flush(): void {
    const buffer = this.#buffer;
    const { length } = buffer;
    if (length === 0 || this.#unconfirmed >= WRITE_AHEAD_BYTES || this.#closing) return;
    this.#buffer = this.#spare ?? new FrameBuffer(BUFFER_BYTES);
    this.#spare = undefined;
    this.#unconfirmed += length;
    this.#options.counters.writes++;
    this.#socket.write(buffer.contents(), () => {
      this.#confirm(buffer, length);
    });
  }

  /** Lets the peer have what is queued, then hangs up. */
  end(): void {
    this.#closing = true;
    const rest = this.#buffer.contents();
    if (rest.length > 0) this.#socket.end(rest);
    else this.#socket.end();
  }

  /** Hangs up at once. */
  destroy(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #confirm(buffer: FrameBuffer, length: number): void {
    if (this.#gone) return;
    this.#unconfirmed -= length;
    this.#options.counters.queuedBytes -= length;
    buffer.clear();
    if (buffer.capacity <= LARGEST_KEPT_BYTES) this.#spare = buffer;
    if (this.queuedBytes <= this.#options.limits.softQueueBytes / 2) this.#relieve();
    this.flush();
  }

  #relieve(): void {
    this.#dropping = false;
    if (!this.#congested) return;
    this.#congested = false;
    this.#options.backPressure.release(this);
  }

  #closed(): void {
    this.#closing = true;
    this.#gone = true;
    this.#options.counters.queuedBytes -= this.queuedBytes;
    this.#buffer.clear();
    this.#unconfirmed = 0;
    this.#relieve();
    this.#options.backPressure.removeClient(this.#socket);
    this.#options.onClose();
  }

  #complain(reason: string): void {
    if (!this.#closing) this.#options.log(`The connection to ${this.peer.name} is closed: ${reason}.`);
  }
}
