/** What the routing table says of components in which some of the state has a copy in every partition. */
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedInstance, LogicalAddress } from "../../runtime/routing/address.ts";
import type { ComponentRoute, ReplicatedRoute, SealedColumn } from "../../runtime/routing/routingTable.ts";
import type { Access, Activation, Fragment } from "../../runtime/simulator/index.ts";

/** There when every partition of a component handles what started the activation. */
export function replicationOf(
  { table }: Deployment,
  { node, handler }: Pick<Activation, "node" | "handler">,
): ReplicatedRoute | undefined {
  const routes = table.roles[node.role];
  return (routes?.handlers[handler] ?? routes?.timers[handler])?.replicated;
}

/** The columns of a message that an activation sends in fragments, one from each partition. */
export function sealedColumns(
  deployment: Deployment,
  activation: Pick<Activation, "node" | "handler">,
  to: LogicalAddress,
  handler: string,
): readonly SealedColumn[] {
  const send = replicationOf(deployment, activation)?.sends?.[`${to.role}.${handler}`];
  return typeof send === "object" ? send.sealed : [];
}

/** Whether an access is to state of which the partitions of a component have a part each, apart from what has copies. */
export function isSpread(deployment: Deployment, { cell, instance }: Access): boolean {
  const route = routeOf(deployment, instance);
  return route?.coordinator !== undefined && route.replicates?.includes(cell.field) !== true;
}

/** Whether every partition of the component has a copy of the field. */
export function isCopied(deployment: Deployment, instance: DeployedInstance, field: string): boolean {
  return routeOf(deployment, instance)?.replicates?.includes(field) === true;
}

/** Whether an instance is one of several that share the state of a component. */
export function isPartition(deployment: Deployment, instance: DeployedInstance): boolean {
  return (routeOf(deployment, instance)?.partitions ?? 1) > 1;
}

/** Whether an instance puts in order what partitions do, and does nothing that the original does. */
export function isCoordinator(deployment: Deployment, instance: DeployedInstance): boolean {
  return routeOf(deployment, instance)?.coordinates !== undefined;
}

/** What of an activation the original does. */
export function ownFragments(deployment: Deployment, fragments: readonly Fragment[]): readonly Fragment[] {
  return fragments.filter(({ instance }) => !isCoordinator(deployment, instance));
}

function routeOf({ table }: Deployment, { role, component }: DeployedInstance): ComponentRoute | undefined {
  return table.roles[role]?.components[component];
}
