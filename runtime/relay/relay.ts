/**
 * Speaks for clients in any language: takes lines of JSON from them on a socket, and sends what they say under their
 * logical ids, by the routing table, which they need not know. To the system it is a process of clients.
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { MAX_FRAME_BYTES } from "../codec/frame.ts";
import type { Deployment } from "../deployment.ts";
import type { ComponentHost } from "../node/componentHost.ts";
import type { LogicalAddress } from "../routing/address.ts";
import type { BackPressure } from "../transport/backPressure.ts";
import { BadLine } from "./protocol.ts";
import { RelayConnection } from "./relayConnection.ts";
import { deployRelay, type ClientMessage } from "./relayDriver.ts";
import { toTaggedJson } from "./taggedJson.ts";

export interface RelayLimits {
  /** A longer line is not read. Bytes. */
  readonly longestLine: number;
  /** Beyond this, messages to a client that does not read them are dropped. Bytes. */
  readonly longestQueue: number;
}

export const RELAY_LIMITS: RelayLimits = { longestLine: MAX_FRAME_BYTES, longestQueue: 16 * 1024 * 1024 };

const HOST = "127.0.0.1";

export class Relay {
  /** What to run the external nodes of this process with. */
  readonly deployment: Deployment;
  readonly #limits: RelayLimits;
  readonly #hosts = new Map<string, ComponentHost>();
  /** By the id of the client. */
  readonly #connections = new Map<string, RelayConnection>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #message: ClientMessage | undefined;
  #problem: string | undefined;

  /** @throws Error when the system has no external role. */
  constructor(deployment: Deployment, limits: Partial<RelayLimits> = {}) {
    this.#limits = { ...RELAY_LIMITS, ...limits };
    this.deployment = deployRelay({
      deployment,
      next: () => {
        if (this.#message === undefined) throw new Error("A relay sends what its clients say, and nothing else.");
        return this.#message;
      },
      onProblem: (problem) => {
        this.#problem = problem;
      },
      onMessage: (to, handler, payload, from) => {
        this.#connections.get(to)?.tell({ from, handler, payload: toTaggedJson(payload) });
      },
    });
  }

  /**
   * Takes clients.
   *
   * @param hosts those of the external nodes, made with {@link deployment}
   * @param backPressure makes clients wait while what they say is not taken
   * @param port 0 for any that is free
   * @returns the port
   * @throws Error when the port cannot be had.
   */
  listen(hosts: readonly ComponentHost[], backPressure: BackPressure, port: number): Promise<number> {
    for (const host of hosts) this.#hosts.set(host.instance.id, host);
    const server = createServer({ noDelay: true }, (socket) => {
      this.#take(socket, backPressure);
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", (error) => {
        reject(new Error(`The relay cannot listen on ${HOST}:${String(port)}: ${error.message}.`));
      });
      server.listen(port, HOST, () => {
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Hangs up on all clients. */
  close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(socket: Socket, backPressure: BackPressure): void {
    this.#sockets.add(socket);
    backPressure.addClient(socket);
    let id: string | undefined;
    const connection = new RelayConnection(socket, {
      ...this.#limits,
      deployment: this.deployment,
      onHello: (client) => {
        id = client.id;
        this.#connections.get(id)?.end(`another connection has said that it is ${client.id}`);
        this.#connections.set(id, connection);
      },
      onMessage: (client, message) => {
        this.#send(client, message);
      },
    });
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => {
      backPressure.removeClient(socket);
      this.#sockets.delete(socket);
      if (id !== undefined && this.#connections.get(id) === connection) this.#connections.delete(id);
    });
  }

  /** @throws BadLine when the payload cannot be sent. */
  #send(client: LogicalAddress, message: ClientMessage): void {
    this.#message = message;
    this.#hosts.get(client.id)?.request(0);
    this.#message = undefined;
    const problem = this.#takeProblem();
    if (problem !== undefined) throw new BadLine(`the message cannot be sent: ${problem}`);
  }

  #takeProblem(): string | undefined {
    const problem = this.#problem;
    this.#problem = undefined;
    return problem;
  }
}
