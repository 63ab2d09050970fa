/** A client of a relay, from its hello to its end. */
import type { Socket } from "node:net";
import type { Deployment } from "../deployment.ts";
import type { LogicalAddress } from "../routing/address.ts";
import { LineReader } from "./lineReader.ts";
import { BadLine, readHello, readMessage, RELAY_VERSION } from "./protocol.ts";
import type { ClientMessage } from "./relayDriver.ts";

export interface RelayConnectionOptions {
  readonly deployment: Deployment;
  readonly longestLine: number;
  /** What may wait for a client that does not read. Beyond this, messages to it are dropped. Bytes. */
  readonly longestQueue: number;
  /** The client has said who it is. */
  readonly onHello: (client: LogicalAddress) => void;
  /** @throws BadLine when the message cannot be sent. */
  readonly onMessage: (client: LogicalAddress, message: ClientMessage) => void;
}

export class RelayConnection {
  /** How many messages to this client were dropped, because it does not read. */
  dropped = 0;
  readonly #socket: Socket;
  readonly #options: RelayConnectionOptions;
  #client: LogicalAddress | undefined;
  #lines = 0;

  constructor(socket: Socket, options: RelayConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const reader = new LineReader(options.longestLine, {
      onLine: (line) => {
        this.#lines++;
        this.#answering(() => {
          this.#read(line);
        });
      },
      onBadLine: (problem) => {
        this.#lines++;
        this.#complain(problem);
      },
    });
    socket.on("data", (bytes: Buffer) => {
      if (!socket.writableEnded) reader.push(bytes);
    });
    socket.on("drain", () => {
      if (this.dropped > this.#reported) this.#reportDropped();
    });
  }

  /** Hands a message over, as a line. */
  tell(line: object): void {
    if (this.#socket.writableLength > this.#options.longestQueue) this.dropped++;
    else this.#write(line);
  }

  /** Hangs up, and says why. */
  end(reason: string): void {
    this.#socket.end(`${JSON.stringify({ error: reason })}\n`);
  }

  #reported = 0;

  #reportDropped(): void {
    const lost = this.dropped - this.#reported;
    this.#reported = this.dropped;
    this.#write({ error: `you did not read, and ${String(lost)} messages to you were dropped` });
  }

  #read(line: string): void {
    const { deployment, onHello, onMessage } = this.#options;
    if (this.#client !== undefined) {
      onMessage(this.#client, readMessage(deployment, line));
      return;
    }
    const client = readHello(deployment, line);
    this.#client = client;
    onHello(client);
    this.#write({ welcome: client, riven: RELAY_VERSION, system: deployment.system.name, version: deployment.version });
  }

  #answering(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.#complain(error.message);
    }
  }

  #complain(problem: string): void {
    this.tell({ error: problem, line: this.#lines });
  }

  #write(line: object): void {
    this.#socket.write(`${JSON.stringify(line)}\n`);
  }
}
