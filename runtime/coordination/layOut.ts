/** What coordination adds to the layout of a role: the handlers by which coordinators and partitions talk. */
import type { DeployedComponent, DeployedHandler } from "../deployment.ts";
import type { HandlerRoute, ReplicatedRoute, RoleRoutes, RoutingTable, SealedColumn } from "../routing/routingTable.ts";
import { coordinationHandler, type CoordinationKind } from "./reservedHandlers.ts";

/** The columns in which parts of a message are put together, by `Role.handler` of the replicated handler that sends them. */
export type SealedColumns = ReadonlyMap<string, readonly SealedColumn[]>;

/** How a handler that every partition runs is reached, and what becomes of what it sends. */
export interface DeployedReplication {
  /** The component whose partitions run it, an index into the components of the role. */
  readonly component: number;
  /** By `Role.handler`; what is not here the first partition sends. */
  readonly sends: NonNullable<ReplicatedRoute["sends"]>;
}

/** The class of every coordinator: what it does is part of the runtime, and it has no state that a handler could see. */
export class CoordinatorOfPartitions {
  get [Symbol.toStringTag](): string {
    return "Coordinator";
  }
}

/** What in the coordination of a role does not fit; undefined when all of it does. */
export function findCoordinationProblem({ components, handlers, timers }: RoleRoutes): string | undefined {
  for (const [name, { coordinates, coordinator, partitions, partitioned }] of Object.entries(components)) {
    if (coordinates !== undefined) {
      if (components[coordinates]?.coordinator !== name) return `has a coordinator ${name} of no component`;
      if (partitions !== 1 || partitioned) return `has a coordinator ${name} in several partitions`;
    }
    if (coordinator !== undefined && components[coordinator]?.coordinates !== name)
      return `has a component ${name} whose coordinator ${coordinator} is none`;
  }
  const routes: readonly (readonly [string, HandlerRoute])[] = Object.entries({ ...timers, ...handlers });
  for (const [name, { component, replicated, parks, internal }] of routes) {
    if (components[component]?.coordinates !== undefined) return `routes ${name} to a coordinator`;
    if (replicated === undefined) continue;
    if (components[component]?.coordinator === undefined)
      return `replicates ${name}, and ${component} has no coordinator`;
    if (parks !== undefined) return `replicates ${name}, which waits for an entry`;
    if (internal === true) return `replicates ${name}, which other components forward to`;
  }
  return undefined;
}

/** Where a replicated handler is reached, and what runs it; undefined when it is not replicated. */
export function replicationOf(
  routes: RoleRoutes,
  { component, replicated }: { readonly component: string; readonly replicated?: ReplicatedRoute },
): (DeployedReplication & { readonly coordinator: number }) | undefined {
  if (replicated === undefined) return undefined;
  const names = Object.keys(routes.components);
  const coordinator = names.indexOf(routes.components[component]?.coordinator ?? "");
  return { component: names.indexOf(component), coordinator, sends: replicated.sends ?? {} };
}

/** The handlers that nobody wrote: replicated timers, which travel as messages, and those of the runtime. */
export function coordinationHandlers(
  routes: RoleRoutes,
  components: readonly DeployedComponent[],
): readonly DeployedHandler[] {
  const timers = Object.entries(routes.timers).flatMap(([name, route]) => {
    const replicated = replicationOf(routes, route);
    return replicated === undefined ? [] : [forward(name, replicated.coordinator, replicated)];
  });
  const own = components.flatMap(({ name, coordinator }, index) => {
    if (coordinator === undefined) return [];
    const to = (kind: CoordinationKind, component: number): DeployedHandler =>
      forward(coordinationHandler(kind, name), component, undefined);
    return [to("prepare", index), to("vote", coordinator), to("release", index)];
  });
  return [...timers, ...own];
}

/** Which replicated handlers of any role send parts of a message, and how these are put together. */
export function sealedColumns(table: RoutingTable, role: string, handler: string): SealedColumns | undefined {
  const found = Object.entries(table.roles).flatMap(([sender, { handlers, timers }]) =>
    Object.entries({ ...timers, ...handlers }).flatMap(([by, { replicated }]) => {
      const send = replicated?.sends?.[`${role}.${handler}`];
      return typeof send === "object" ? [[`${sender}.${by}`, send.sealed] as const] : [];
    }),
  );
  return found.length === 0 ? undefined : new Map(found);
}

function forward(name: string, component: number, replicated: DeployedReplication | undefined): DeployedHandler {
  const nothing = { key: undefined, above: undefined, parks: undefined, wakes: undefined, sealedBy: undefined };
  return { name, component, internal: true, channel: "ordered", replicated, ...nothing };
}
