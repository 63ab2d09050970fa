/**
 * The first frame in each direction of a connection. Two ends that disagree about the protocol, the routing table or
 * the membership must not exchange a single message: half a system would be served by one table, half by another.
 */
import { decodePayload } from "../codec/payloadDecoder.ts";
import { encodePayload } from "../codec/payloadEncoder.ts";
import type { Deployment } from "../deployment.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";

/** Changes with the format of frames or of payloads. */
export const PROTOCOL_VERSION = 4;

/** Which start of itself a process is. */
export interface Life {
  /** How often the process has been started before in this run. */
  readonly life: number;
  /** How often its node has lost its volatile state in this run: its components must not talk across that. */
  readonly incarnation: number;
}

export const FIRST_LIFE: Life = { life: 0, incarnation: 0 };

/** Who is at the other end. */
export interface Peer extends Life {
  /** For people: `Leader/leader#main.0`, or `Client/client-1#main.0 and 3 more`. */
  readonly name: string;
  readonly instances: readonly DeployedInstance[];
  /** The numbers of the nodes that its instances belong to. */
  readonly nodes: ReadonlySet<number>;
  /** Outside the system: a process of clients. */
  readonly external: boolean;
  /** How often this life of it has dialled us before; 0 when it does not dial us. */
  readonly connection: number;
}

export type HandshakeResult =
  { readonly accepted: true; readonly peer: Peer } | { readonly accepted: false; readonly reason: string };

/**
 * The frame by which a process that runs `instances` introduces itself.
 *
 * @param connection how often this life of it has dialled the other end before
 */
export function encodeHello(
  deployment: Deployment,
  instances: readonly DeployedInstance[],
  life: Life,
  connection = 0,
): Uint8Array {
  return encodePayload({
    riven: PROTOCOL_VERSION,
    version: deployment.version,
    instances: instances.map(printInstance),
    life: life.life,
    incarnation: life.incarnation,
    connection,
  });
}

/** The frame by which a process says why it hangs up. */
export function encodeRefusal(reason: string): Uint8Array {
  return encodePayload({ riven: PROTOCOL_VERSION, refused: reason });
}

/** Who is at the other end, by its first frame, or why we do not talk to it. */
export function readHello(deployment: Deployment, body: Uint8Array): HandshakeResult {
  const hello = decodeHello(body);
  if (hello === undefined) return refuse("its first frame is not a Riven handshake");
  if (typeof hello.refused === "string") return refuse(`it refuses: ${hello.refused}`);
  if (hello.riven !== PROTOCOL_VERSION) {
    return refuse(
      `it speaks version ${String(hello.riven)} of the wire protocol, and we speak ${String(PROTOCOL_VERSION)}`,
    );
  }
  if (hello.version !== deployment.version) {
    return refuse(
      `its routing table and membership are ${String(hello.version)}, and ours are ${deployment.version}; ` +
        "build and deploy both ends together",
    );
  }
  const instances = findInstances(deployment, hello.instances);
  const [first] = instances;
  if (first === undefined) return refuse("it does not say which instances it runs");
  const name =
    instances.length === 1 ? printInstance(first) : `${printInstance(first)} and ${String(instances.length - 1)} more`;
  const external = instances.some(({ role }) => deployment.roles.get(role)?.external === true);
  const nodes = new Set(instances.map(({ node }) => node.number));
  const { life, incarnation, connection } = hello;
  if (typeof life !== "number" || typeof incarnation !== "number" || typeof connection !== "number") {
    return refuse("it does not say which life it leads");
  }
  return { accepted: true, peer: { name, instances, nodes, external, life, incarnation, connection } };
}

/** The first frame as it came: nothing about it is certain yet. */
interface UncheckedHello {
  readonly riven: unknown;
  readonly version?: unknown;
  readonly instances?: unknown;
  readonly life?: unknown;
  readonly incarnation?: unknown;
  readonly connection?: unknown;
  readonly refused?: unknown;
}

function decodeHello(body: Uint8Array): UncheckedHello | undefined {
  try {
    const hello = decodePayload(body);
    return typeof hello === "object" && hello !== null && "riven" in hello ? hello : undefined;
  } catch {
    return undefined;
  }
}

/** The instances of these names; none when one of them is unknown. */
function findInstances(deployment: Deployment, names: unknown): readonly DeployedInstance[] {
  if (!Array.isArray(names)) return [];
  const wanted = new Set<unknown>(names);
  const found = deployment.instances.filter((instance) => wanted.has(printInstance(instance)));
  return found.length === wanted.size ? found : [];
}

function refuse(reason: string): HandshakeResult {
  return { accepted: false, reason };
}
