import type { Deployment } from "../deployment.ts";
import { printInstance } from "../routing/address.ts";
import { FIRST_LIFE } from "../transport/handshake.ts";
import type { ProcessPlan } from "./ipc.ts";

/**
 * One process for each instance of the protocol, and the clients shared out over some more.
 *
 * @param basePort the port of the first process, the next one for the second and so on; undefined for any free ones
 * @param relayPort where one relay takes all clients instead; undefined for clients of our own
 */
export function planProcesses(
  deployment: Deployment,
  clientProcesses: number,
  basePort: number | undefined,
  relayPort?: number,
): readonly ProcessPlan[] {
  const isClient = (role: string): boolean => deployment.roles.get(role)?.external === true;
  const protocol = deployment.instances
    .filter(({ role }) => !isClient(role))
    .map((instance, index): ProcessPlan => ({
      name: printInstance(instance),
      kind: "protocol",
      instances: [instance.number],
      port: basePort === undefined ? 0 : basePort + index,
      ...FIRST_LIFE,
    }));
  const clients = deployment.instances.filter(({ role }) => isClient(role)).map(({ number }) => number);
  if (relayPort !== undefined) {
    const relay: ProcessPlan = {
      name: "relay",
      kind: "relay",
      instances: clients,
      port: undefined,
      relayPort,
      ...FIRST_LIFE,
    };
    return [...protocol, relay];
  }
  const processes = Math.min(clientProcesses, clients.length);
  return [
    ...protocol,
    ...Array.from({ length: processes }, (_, index): ProcessPlan => ({
      name: `clients.${String(index + 1)}`,
      kind: "clients",
      instances: clients.filter((__, client) => client % processes === index),
      port: undefined,
      ...FIRST_LIFE,
    })),
  ];
}
