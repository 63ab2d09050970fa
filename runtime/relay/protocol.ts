/** The lines between a client and a relay: what they mean, and what is wrong with them. */
import type { Deployment } from "../deployment.ts";
import type { LogicalAddress } from "../routing/address.ts";
import type { ClientMessage } from "./relayDriver.ts";
import { fromTaggedJson, TaggedJsonError } from "./taggedJson.ts";

/** The version of the protocol, which a client may insist on. */
export const RELAY_VERSION = 1;

/** What is wrong with a line. The client is told, and nothing else happens. */
export class BadLine extends Error {
  override readonly name = "BadLine";
}

/** Who a client wants to be: `{"hello": {"role": "Client", "id": "client-1"}, "riven": 1}`. @throws BadLine */
export function readHello(deployment: Deployment, line: string): LogicalAddress {
  const json = readObject(line);
  if (!("hello" in json)) throw new BadLine("the first line has to be a hello");
  const version = json["riven"];
  if (version !== undefined && version !== RELAY_VERSION) {
    throw new BadLine(`this relay speaks version ${String(RELAY_VERSION)}, and you ask for ${JSON.stringify(version)}`);
  }
  const address = readAddress(json["hello"], "hello");
  const role = deployment.roles.get(address.role);
  if (role?.external !== true) throw new BadLine(`${JSON.stringify(address.role)} is no external role`);
  if (!role.nodes.some(({ id }) => id === address.id)) {
    const ids = role.nodes.map(({ id }) => id);
    throw new BadLine(
      `there is no ${address.role} ${JSON.stringify(address.id)}; there are ${String(ids.length)}, the first is ${String(ids[0])}`,
    );
  }
  return address;
}

/** `{"to": {"role": "Leader", "id": "leader"}, "handler": "propose", "payload": {…}}` @throws BadLine */
export function readMessage(deployment: Deployment, line: string): ClientMessage {
  const json = readObject(line);
  const to = readAddress(json["to"], "to");
  const role = deployment.roles.get(to.role);
  if (role === undefined || role.external) throw new BadLine(`there is no role ${JSON.stringify(to.role)} to send to`);
  if (!role.nodes.some(({ id }) => id === to.id)) {
    throw new BadLine(`there is no ${to.role} ${JSON.stringify(to.id)}`);
  }
  const handler = json["handler"];
  if (typeof handler !== "string" || role.handlers.get(handler)?.internal !== false) {
    throw new BadLine(`${to.role} takes no message ${JSON.stringify(handler)}`);
  }
  try {
    return { to, handler, payload: fromTaggedJson(json["payload"]) };
  } catch (error) {
    if (error instanceof TaggedJsonError) throw new BadLine(`the payload has ${error.message}`);
    throw error;
  }
}

function readAddress(json: unknown, name: string): LogicalAddress {
  if (isObject(json)) {
    const { role, id } = json;
    if (typeof role === "string" && typeof id === "string") return { role, id };
  }
  throw new BadLine(`"${name}" has to be {"role": "...", "id": "..."}`);
}

function readObject(line: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw new BadLine(`the line is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isObject(json)) return json;
  throw new BadLine("the line is not a JSON object");
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
