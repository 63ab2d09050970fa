/** Instances in processes of their own, on sockets. One connection between two processes, for both directions. */
import { createServer, connect, type Server, type Socket } from "node:net";
import {
  FrameBuffer,
  FrameError,
  FrameReader,
  MAX_FRAME_BYTES,
  MAX_HANDLERS,
  readFrame,
  type Frame,
} from "../codec/frame.ts";
import type { Acknowledgement } from "../channels/stamp.ts";
import type { Deployment } from "../deployment.ts";
import type { Outgoing } from "../node/message.ts";
import type { DeployedInstance } from "../routing/address.ts";
import { BackPressure } from "./backPressure.ts";
import { Dialling, RefusedError } from "./dialling.ts";
import {
  encodeHello,
  encodeRefusal,
  FIRST_LIFE,
  readHello,
  type HandshakeResult,
  type Life,
  type Peer,
} from "./handshake.ts";
import { HOST, listenOn } from "./listenOn.ts";
import { readAcknowledgement, readDelivery } from "./readArrival.ts";
import { TcpLink, type TcpLimits } from "./tcpLink.ts";
import { UnreachableError } from "./unreachableError.ts";
import {
  deliveryOf,
  type ChannelEvents,
  type Delivery,
  type Log,
  type Transport,
  type TransportCounters,
} from "./transport.ts";

export const DEFAULT_LIMITS: TcpLimits = {
  frameBytes: MAX_FRAME_BYTES,
  softQueueBytes: 1024 * 1024,
  hardQueueBytes: 64 * 1024 * 1024,
};

/** Where a process of the run listens; clients have no port, they are the ones that connect. */
export interface ProcessAddress {
  /** The numbers of the instances that it runs. */
  readonly instances: readonly number[];
  readonly port: number | undefined;
  /** How often it has been started before in this run; 0 unless said. */
  readonly life?: number;
}

export interface TcpTransportOptions {
  readonly deployment: Deployment;
  /** The instances of this process. */
  readonly instances: readonly DeployedInstance[];
  readonly receive: (delivery: Delivery) => void;
  readonly log: Log;
  readonly limits?: Partial<TcpLimits>;
  /** The first life unless said. */
  readonly life?: Life;
  /** Hears of channels; needed when there are any. */
  readonly events?: ChannelEvents | undefined;
  /** Shared with whoever else takes messages from outside. */
  readonly backPressure?: BackPressure | undefined;
}

/** A process that this one dials. */
interface Dialled {
  readonly life: number;
  readonly dialling: Dialling;
}

/** A connection that has not introduced itself by then is closed. */
const HANDSHAKE_MILLISECONDS = 10_000;
/** How long a peer may take to hang up when we do. */
const GOODBYE_MILLISECONDS = 1_000;

export class TcpTransport implements Transport {
  readonly counters: TransportCounters = { queuedBytes: 0, dropped: 0, messages: 0, writes: 0 };
  readonly #options: TcpTransportOptions;
  readonly #limits: TcpLimits;
  readonly #backPressure: BackPressure;
  readonly #handlerNumbers: ReadonlyMap<string, number>;
  readonly #here: ReadonlySet<number>;
  readonly #nodes: ReadonlySet<number>;
  readonly #life: Life;
  /** By instance number. */
  readonly #links: (TcpLink | undefined)[] = [];
  /** Links with something to send in this turn. */
  readonly #waiting: TcpLink[] = [];
  readonly #sockets = new Set<Socket>();
  /** By the number of the first instance of each process. */
  readonly #dialled = new Map<number, Dialled>();
  #server: Server | undefined;
  #onLinked: () => void = () => undefined;
  #closing = false;

  constructor(options: TcpTransportOptions) {
    if (options.deployment.handlers.length > MAX_HANDLERS) throw new Error("There are too many handlers.");
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#handlerNumbers = new Map(options.deployment.handlers.map((name, number) => [name, number]));
    this.#here = new Set(options.instances.map(({ number }) => number));
    this.#nodes = new Set(options.instances.map(({ node }) => node.number));
    this.#life = options.life ?? FIRST_LIFE;
    this.#backPressure = options.backPressure ?? new BackPressure();
  }

  /** Whether clients are being made to wait. */
  get engaged(): boolean {
    return this.#backPressure.engaged;
  }

  /**
   * Listens for the other processes.
   *
   * @param port 0 for any that is free
   * @returns the port
   * @throws Error when the port is taken, or not ours to take.
   */
  listen(port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.#greet(socket, undefined);
    });
    this.#server = server;
    return listenOn(server, port);
  }

  /**
   * Connects with every other process of the run, and waits until all are connected. Of two processes the one with the
   * smaller instance numbers connects; clients always do, and not with each other. Called again, when processes were
   * started anew, it connects with those, and keeps the connections with the others. A connection that is lost is made
   * again, by whoever made it.
   *
   * @throws Error when a process cannot be reached, or one end refuses the other.
   */
  async join(processes: readonly ProcessAddress[]): Promise<void> {
    const others = processes.filter(
      ({ instances, port }) => !instances.some((number) => this.#here.has(number)) && this.#meets(port),
    );
    for (const other of others) this.#abandonEarlierLife(other);
    const isLinked = ({ instances }: ProcessAddress): boolean =>
      instances.every((number) => this.#links[number] !== undefined);
    const complete = new Promise<void>((resolve) => {
      this.#onLinked = () => {
        if (others.every(isLinked)) resolve();
      };
    });
    const missing = others.filter((other) => this.#dials(other) && !isLinked(other));
    await Promise.all(missing.map((other) => this.#dialledAs(other).connect()));
    this.#onLinked();
    await complete;
  }

  send(messages: readonly Outgoing[]): void {
    for (const message of messages) {
      const { destination, stamp } = message;
      const link = this.#links[destination.number];
      if (link !== undefined) {
        this.counters.messages++;
        if (link.isEmpty) this.#waiting.push(link);
        this.#write(link, message);
      } else if (this.#here.has(destination.number)) {
        this.#options.receive(deliveryOf(message));
      } else if (stamp === undefined) {
        this.counters.dropped++; // the loss of the connection was logged when it happened
      }
    }
  }

  #write(link: TcpLink, { destination, handler, from, payload, stamp, round, fragment }: Outgoing): void {
    const number = this.#handlerNumbers.get(handler) ?? 0;
    if (stamp !== undefined) {
      link.forward(number, destination.number, from.number, payload, stamp, round);
    } else if (fragment !== undefined) {
      const by = this.#handlerNumbers.get(fragment.by) ?? 0;
      link.sendFragment(number, destination.number, from.number, payload, { ...fragment, by });
    } else {
      link.send(number, destination.number, from.number, payload);
    }
  }

  acknowledge(acknowledgement: Acknowledgement): void {
    const link = this.#links[acknowledgement.sender];
    if (link !== undefined) {
      if (link.isEmpty) this.#waiting.push(link);
      link.acknowledge(acknowledgement);
    } else if (this.#here.has(acknowledgement.sender)) {
      this.#options.events?.onAcknowledgement(acknowledgement);
    }
  }

  flush(): void {
    for (const link of this.#waiting) link.flush();
    this.#waiting.length = 0;
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const { dialling } of this.#dialled.values()) dialling.stop();
    for (const link of new Set(this.#links)) link?.end();
    const server = this.#server;
    if (server === undefined) return;
    const reaper = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, GOODBYE_MILLISECONDS);
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    clearTimeout(reaper);
  }

  /** The messages that wait for a process which has been replaced are lost. */
  #abandonEarlierLife({ instances, life = 0 }: ProcessAddress): void {
    const dialled = this.#dialled.get(instances[0] ?? 0);
    if (dialled !== undefined && dialled.life < life) {
      dialled.dialling.stop();
      this.#dialled.delete(instances[0] ?? 0);
    }
    for (const number of instances) {
      const link = this.#links[number];
      if (link !== undefined && link.peer.life < life) this.#unlink(link);
    }
  }

  #unlink(link: TcpLink): void {
    for (const { number } of link.peer.instances) if (this.#links[number] === link) this.#links[number] = undefined;
    link.destroy();
  }

  #meets(port: number | undefined): boolean {
    return port !== undefined || this.#server !== undefined;
  }

  #dials(other: ProcessAddress): boolean {
    if (this.#server === undefined) return true;
    return other.port !== undefined && Math.min(...this.#here) < Math.min(...other.instances);
  }

  #dialledAs({ instances, port = 0, life = 0 }: ProcessAddress): Dialling {
    const [first = 0] = instances;
    const known = this.#dialled.get(first);
    if (known !== undefined) return known.dialling;
    const dialling = new Dialling((connection) => this.#dial(port, connection));
    this.#dialled.set(first, { life, dialling });
    return dialling;
  }

  #dial(port: number, connection: number): Promise<void> {
    const address = `${HOST}:${String(port)}`;
    return new Promise((resolve, reject) => {
      const socket = connect({ host: HOST, port, noDelay: true });
      const explain = (reason: string): string => `Cannot join the process at ${address}: ${reason}.`;
      const fail = (reason: string): void => {
        reject(new UnreachableError(explain(reason)));
      };
      socket.once("error", (error) => {
        fail(error.message);
      });
      socket.once("close", () => {
        fail("it hung up");
      });
      socket.once("connect", () => {
        this.#introduce(socket, connection);
        this.#greet(socket, (result) => {
          if (result.accepted) resolve();
          else reject(new RefusedError(explain(result.reason)));
        });
      });
    });
  }

  #introduce(socket: Socket, connection: number): void {
    writeFrame(socket, encodeHello(this.#options.deployment, this.#options.instances, this.#life, connection));
  }

  /** Reads a connection: first the peer's handshake, then its messages. `onAnswer` is there when we have introduced ourselves first. */
  #greet(socket: Socket, onAnswer: ((result: HandshakeResult) => void) | undefined): void {
    this.#sockets.add(socket);
    let link: TcpLink | undefined;
    let refused = false;
    const refuse = (reason: string): void => {
      if (refused) return;
      refused = true;
      this.#options.log(`Refused a connection with ${describeSocket(socket)}: ${reason}.`);
      onAnswer?.({ accepted: false, reason });
      writeFrame(socket, encodeRefusal(reason));
      socket.destroySoon();
    };
    const reader = new FrameReader(this.#limits.frameBytes, (bytes, start, end) => {
      if (refused) return;
      if (link !== undefined) {
        this.#receive(link.peer, readFrame(bytes, start, end));
        return;
      }
      const result = this.#check(readHello(this.#options.deployment, bytes.subarray(start, end)));
      if (!result.accepted) {
        refuse(result.reason);
        return;
      }
      clearTimeout(deadline);
      if (onAnswer === undefined) this.#introduce(socket, 0);
      link = this.#createLink(socket, result.peer);
      onAnswer?.(result);
    });
    const deadline = setTimeout(() => {
      refuse(`it did not introduce itself within ${String(HANDSHAKE_MILLISECONDS / 1000)} seconds`);
    }, HANDSHAKE_MILLISECONDS);
    socket.on("error", () => undefined); // before the handshake there is nobody to miss; afterwards the link reports it
    socket.on("close", () => {
      clearTimeout(deadline);
      this.#sockets.delete(socket);
    });
    socket.on("data", (bytes: Buffer) => {
      if (refused || socket.destroyed) return;
      try {
        reader.push(bytes);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        if (link === undefined) refuse(`it sent ${error.message}`);
        else link.fail(`it sent ${error.message}`);
      }
    });
  }

  /**
   * A second connection with the same instances would split their messages over two queues; one from a later life, or
   * one that was dialled later because the first is lost, replaces the first. Components of one node talk within one incarnation only: what an earlier one sent is refused
   * with its connection.
   */
  #check(result: HandshakeResult): HandshakeResult {
    if (!result.accepted) return result;
    const { peer } = result;
    if (this.#closing) return { accepted: false, reason: "this process is stopping" };
    if (peer.incarnation !== this.#life.incarnation && [...peer.nodes].some((node) => this.#nodes.has(node))) {
      return { accepted: false, reason: `${peer.name} belongs to another incarnation of this node` };
    }
    for (const { number } of peer.instances) {
      const link = this.#links[number];
      if (link !== undefined && isLater(peer, link.peer)) this.#unlink(link);
    }
    const taken = peer.instances.some(({ number }) => this.#links[number] !== undefined || this.#here.has(number));
    return taken ? { accepted: false, reason: `${peer.name} is connected already` } : result;
  }

  #createLink(socket: Socket, peer: Peer): TcpLink {
    const link = new TcpLink(socket, peer, {
      limits: this.#limits,
      counters: this.counters,
      backPressure: this.#backPressure,
      log: this.#options.log,
      onClose: () => {
        const isLost = peer.instances.some(({ number }) => this.#links[number] === link);
        for (const { number } of peer.instances) if (this.#links[number] === link) this.#links[number] = undefined;
        if (isLost) this.#dialled.get(peer.instances[0]?.number ?? 0)?.dialling.reconnect();
      },
    });
    for (const { number } of peer.instances) this.#links[number] = link;
    this.#onLinked();
    this.#options.events?.onConnected(peer.instances.map(({ number }) => number));
    return link;
  }

  #receive(peer: Peer, frame: Frame): void {
    const { deployment, receive, events } = this.#options;
    if (frame.kind === "message") {
      receive(readDelivery(deployment, this.#here, peer, frame));
      return;
    }
    const acknowledgement = readAcknowledgement(deployment, this.#here, peer, frame);
    events?.onAcknowledgement(acknowledgement);
  }
}

function isLater(one: Peer, other: Peer): boolean {
  return one.life === other.life ? one.connection > other.connection : one.life > other.life;
}

function writeFrame(socket: Socket, body: Uint8Array): void {
  const frame = new FrameBuffer(body.length + 16);
  frame.appendBody(body);
  socket.write(frame.contents());
}

function describeSocket(socket: Socket): string {
  return `${socket.remoteAddress ?? "somebody"}:${String(socket.remotePort ?? "")}`;
}
