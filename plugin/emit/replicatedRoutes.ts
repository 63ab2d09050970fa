/** What the routing table says of components that are spread in part: who coordinates them, and what every partition does. */
import type { Component, Replication, SealedColumn } from "../model/component.ts";
import type { Role } from "../model/protocol.ts";
import { printList, printObject } from "./objects.ts";
import { printPropertyName } from "./names.ts";
import type { RoutingNames } from "./routingNames.ts";

/** Further properties of the component: `coordinator: "acceptorCoordinator", replicates: ["ballot"]`. */
export function printReplication(replication: Replication | undefined): readonly string[] {
  if (replication === undefined) return [];
  const fields = replication.fields.map((field) => JSON.stringify(field)).join(", ");
  return [`coordinator: ${JSON.stringify(replication.coordinator)}`, `replicates: [${fields}]`];
}

/** The coordinator of a component, as one more component of the role; none when nothing is replicated. */
export function printCoordinator({ name, partitioning }: Component): readonly string[] {
  const coordinator = partitioning?.replication?.coordinator;
  if (coordinator === undefined) return [];
  const properties = ["partitions: 1", "partitioned: false", `coordinates: ${JSON.stringify(name)}`];
  return [`${printPropertyName(coordinator)}: { ${properties.join(", ")} },`];
}

/** `replicated: { sends: { "Leader.promised": { sealed: [{ path: ["log"] }] } } }`; nothing for what one partition handles. */
export function printReplicated(
  role: Role,
  { partitioning }: Component,
  handler: string,
  names: RoutingNames,
): readonly string[] {
  const handled = partitioning?.replication?.handlers[handler];
  if (handled === undefined) return [];
  const sends = Object.entries(handled.sends).flatMap(([message, send]) => {
    switch (send.kind) {
      case "once":
        return [];
      case "each":
        return [`${JSON.stringify(message)}: "each"`];
      case "sealed": {
        const columns = send.columns.map((column) => printColumn(role, message, column, names));
        return [`${JSON.stringify(message)}: ${printObject([`sealed: ${printList(columns)}`])}`];
      }
    }
  });
  return [sends.length === 0 ? "replicated: {}" : `replicated: ${printObject([`sends: ${printObject(sends)}`])}`];
}

function printColumn(role: Role, message: string, { path, order }: SealedColumn, names: RoutingNames): string {
  const steps = path.map((step) => JSON.stringify(step)).join(", ");
  if (order === undefined) return `{ path: [${steps}] }`;
  const [receiver = "", handler = ""] = message.split(".");
  const list = path.reduce(
    (type, step) => `NonNullable<${type}[${JSON.stringify(step)}]>`,
    names.messageType(receiver, handler),
  );
  const comparison = names.expression(order, role);
  const entry = `${list}[number]`;
  return printObject([`path: [${steps}]`, `order: (${comparison}) satisfies (...entries: ${entry}[]) => number`]);
}
