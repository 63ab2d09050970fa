/** Processes of a run, all in this one, on real sockets. */
import { connect, type Socket } from "node:net";
import type { Deployment } from "../../../runtime/deployment.ts";
import type { Outgoing } from "../../../runtime/node/message.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { printInstance, type DeployedInstance } from "../../../runtime/routing/address.ts";
import { FIRST_LIFE, type Life } from "../../../runtime/transport/handshake.ts";
import { TcpTransport, type ProcessAddress } from "../../../runtime/transport/tcpTransport.ts";
import type { TcpLimits } from "../../../runtime/transport/tcpLink.ts";
import type { Delivery } from "../../../runtime/transport/transport.ts";

export interface Station {
  readonly transport: TcpTransport;
  readonly instances: readonly DeployedInstance[];
  readonly received: Delivery[];
  readonly log: string[];
  readonly port: number | undefined;
  readonly life: number;
}

/** Stations of one test, all closed when it is over. */
export class Network {
  readonly #stations: Station[] = [];
  readonly #sockets: Socket[] = [];

  async station(
    deployment: Deployment,
    part: string,
    limits?: Partial<TcpLimits>,
    life: Life = FIRST_LIFE,
  ): Promise<Station> {
    const instances = deployment.instances.filter(
      (instance) => instance.role === part || printInstance(instance) === part,
    );
    const received: Delivery[] = [];
    const log: string[] = [];
    const transport = new TcpTransport({
      deployment,
      instances,
      receive: (delivery) => received.push({ ...delivery, payload: new Uint8Array(delivery.payload) }),
      log: (line) => log.push(line),
      ...(limits !== undefined && { limits }),
      life,
    });
    const external = instances.some(({ role }) => deployment.roles.get(role)?.external === true);
    const station = {
      transport,
      instances,
      received,
      log,
      life: life.life,
      port: external ? undefined : await transport.listen(0),
    };
    this.#stations.push(station);
    return station;
  }

  /** Connects all stations with each other. */
  async join(): Promise<void> {
    const processes = this.#stations.map(addressOf);
    await Promise.all(this.#stations.map(({ transport }) => transport.join(processes)));
  }

  /** A connection by somebody who need not keep to the protocol. */
  async intruder(station: Station): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port: station.port ?? 0 });
    this.#sockets.push(socket);
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#stations.map(({ transport }) => transport.close()));
  }
}

export function addressOf({ instances, port, life }: Station): ProcessAddress {
  return { instances: instances.map(({ number }) => number), port, life };
}

/** A message between the first instances of two stations. */
export function outgoing(from: Station, to: Station, handler: string, payload: unknown): Outgoing {
  const [sender] = from.instances;
  const [destination] = to.instances;
  if (sender === undefined || destination === undefined) throw new Error("A station has an instance.");
  return { destination, handler, from: sender.node, payload: encodePayload(payload), internal: false };
}

/** Waits until `condition` holds; Jest's own time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

export function frame(...body: number[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from(body)]);
}
