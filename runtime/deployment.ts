/**
 * A system laid out for a run: which nodes there are, which instances they consist of, what class each instance
 * constructs, and how messages find it. Every process of a run computes the same layout, so numbers can travel
 * instead of names.
 */
import type { RoleClass } from "../decorators/binding.ts";
import type { Trigger } from "../decorators/markers.ts";
import {
  coordinationHandlers,
  CoordinatorOfPartitions,
  findCoordinationProblem,
  replicationOf,
  sealedColumns,
  type DeployedReplication,
  type SealedColumns,
} from "./coordination/layOut.ts";
import { printInstance, type DeployedInstance, type DeployedNode } from "./routing/address.ts";
import { defaultRouting } from "./routing/defaultRouting.ts";
import { roleOf, triggersOf } from "./routing/roleHandlers.ts";
import type { HandlerRoute, KeyFunction, RoleRoutes, RoutingTable } from "./routing/routingTable.ts";
import { digest, tableVersion } from "./routing/tableVersion.ts";
import { withPartitions } from "./routing/withPartitions.ts";
import { defaultIds, type NodeClass, type RewrittenSystem, type SystemDefinition } from "./system.ts";

export interface DeploymentOptions {
  /** Absent: the system runs as written. */
  readonly rewritten?: RewrittenSystem | undefined;
  /** How many logical clients; 1 unless said. */
  readonly clients?: number | undefined;
  /** The number of partitions of every partitioned component, instead of what the routing table says. */
  readonly partitions?: number | undefined;
}

/** A message handler, as senders see it. */
export interface DeployedHandler {
  readonly name: string;
  /** Where it goes, an index into {@link DeployedRole.components}. What is replicated goes to the coordinator. */
  readonly component: number;
  readonly key: KeyFunction | undefined;
  readonly internal: boolean;
  /** How forwards to it travel, what suppresses them, what it waits for and what it wakes; see {@link HandlerRoute}. */
  readonly channel: HandlerRoute["channel"];
  readonly above: HandlerRoute["above"];
  readonly parks: HandlerRoute["parks"];
  readonly wakes: HandlerRoute["wakes"];
  /** There when every partition of a component runs it. */
  readonly replicated: DeployedReplication | undefined;
  /** There when it may arrive in parts. */
  readonly sealedBy: SealedColumns | undefined;
}

export interface DeployedComponent {
  readonly name: string;
  readonly componentClass: NodeClass;
  /** What its constructor takes: that of the role. */
  readonly configuration: readonly unknown[];
  readonly partitions: number;
  /** The fields whose values survive a crash. */
  readonly durable: readonly string[];
  /** The component that coordinates the partitions of this one, an index into {@link DeployedRole.components}. */
  readonly coordinator: number | undefined;
  /** On a coordinator: the component that it coordinates. */
  readonly coordinates: number | undefined;
}

export interface DeployedRole {
  readonly name: string;
  /** The unrewritten class; for an external role the class that extends it. */
  readonly roleClass: RoleClass;
  readonly external: boolean;
  readonly components: readonly DeployedComponent[];
  readonly handlers: ReadonlyMap<string, DeployedHandler>;
  /**
   * Timers, start and recovery handlers: what starts them, and the component where that happens. Those that are replicated
   * start at the coordinator.
   */
  readonly timers: ReadonlyMap<string, { readonly component: string; readonly trigger: Trigger }>;
  /** The configured membership, in the same order everywhere. */
  readonly nodes: readonly DeployedNode[];
  /** By node id: its instances, by component index, then partition. */
  readonly instances: ReadonlyMap<string, readonly (readonly DeployedInstance[])[]>;
}

export interface Deployment {
  readonly system: SystemDefinition;
  readonly rewritten: boolean;
  readonly table: RoutingTable;
  /** What two ends of a connection must agree on: the version of the routing table, and the membership. */
  readonly version: string;
  readonly roles: ReadonlyMap<string, DeployedRole>;
  /** By their number. */
  readonly nodes: readonly DeployedNode[];
  /** By their number. */
  readonly instances: readonly DeployedInstance[];
  /** Every handler name of every role, by the number under which it travels. */
  readonly handlers: readonly string[];
}

/**
 * Lays a system out.
 *
 * @throws Error when the rewritten system does not fit: a role, component class or timer is missing or unknown.
 */
export function deploy(system: SystemDefinition, options: DeploymentOptions = {}): Deployment {
  const table = completeTable(system, options);
  const numbering: Numbering = { nodes: [], instances: [] };
  const roles = new Map<string, DeployedRole>();
  for (const members of membership(system, options.clients ?? 1)) {
    const role = deployRole(members, table, options.rewritten, numbering);
    roles.set(role.name, role);
  }
  return {
    system,
    rewritten: options.rewritten !== undefined,
    table,
    version: digest([tableVersion(table), numbering.instances.map(printInstance)]),
    roles,
    ...numbering,
    handlers: [...new Set([...roles.values()].flatMap((role) => [...role.handlers.keys()]))].sort(),
  };
}

interface Numbering {
  readonly nodes: DeployedNode[];
  readonly instances: DeployedInstance[];
}

/** The table to run with: what was rewritten over what was not, with the partitions that were asked for. */
function completeTable(system: SystemDefinition, options: DeploymentOptions): RoutingTable {
  const unrewritten = defaultRouting(system);
  for (const name of Object.keys(options.rewritten?.routing.roles ?? {})) {
    if (unrewritten.roles[name] === undefined) {
      throw new Error(
        `The rewritten system routes to ${name}, and ${system.name} has no such role. Build it again: riven build.`,
      );
    }
  }
  // Clients are not rewritten, and their handlers are known only from the class that extends the external role.
  const clients = roleOf(system.clients.driver).name;
  const { [clients]: clientRoutes, ...roles } = unrewritten.roles;
  const complete = {
    roles: { ...roles, ...options.rewritten?.routing.roles, ...(clientRoutes && { [clients]: clientRoutes }) },
  };
  return options.partitions === undefined ? complete : withPartitions(complete, options.partitions);
}

interface Members {
  readonly roleClass: RoleClass;
  readonly ids: readonly string[];
  readonly configuration: readonly unknown[];
}

function membership(system: SystemDefinition, clients: number): readonly Members[] {
  const { driver } = system.clients;
  return [
    ...system.roles.map(({ role, ids, configuration = [] }) => ({ roleClass: role, ids, configuration })),
    { roleClass: driver, ids: defaultIds(roleOf(driver).name, clients), configuration: [] },
  ];
}

function deployRole(
  { roleClass, ids, configuration }: Members,
  table: RoutingTable,
  rewritten: RewrittenSystem | undefined,
  numbering: Numbering,
): DeployedRole {
  const { name, external } = roleOf(roleClass);
  const routes = table.roles[name] ?? fail(`There is no route to ${name}.`);
  const classes = external ? undefined : rewritten?.components[name];
  const problem = findCoordinationProblem(routes);
  if (problem !== undefined) throw new Error(`The routing table of ${name} ${problem}. Build it again: riven build.`);
  const classOf = (component: string): NodeClass => {
    if (routes.components[component]?.coordinates !== undefined) return CoordinatorOfPartitions;
    const componentClass = classes === undefined ? (roleClass as NodeClass) : classes[component];
    if (componentClass !== undefined) return componentClass;
    throw new Error(
      `The rewritten system has no class for ${name}'s component ${component}. Build it again: riven build.`,
    );
  };
  const names = Object.keys(routes.components);
  const indexOf = (component: string | undefined): number | undefined =>
    component === undefined ? undefined : names.indexOf(component);
  const components = Object.entries(routes.components).map(([component, route]): DeployedComponent => ({
    name: component,
    componentClass: classOf(component),
    configuration,
    partitions: route.partitions,
    durable: route.durable ?? [],
    coordinator: indexOf(route.coordinator),
    coordinates: indexOf(route.coordinates),
  }));
  const nodes = ids.map((id): DeployedNode => register(numbering.nodes, (number) => ({ role: name, id, number })));
  return {
    name,
    roleClass,
    external,
    components,
    handlers: deployHandlers(name, table, components),
    timers: deployTimers(name, routes, roleClass),
    nodes,
    instances: new Map(nodes.map((node) => [node.id, deployInstances(node, components, numbering)])),
  };
}

function deployHandlers(
  role: string,
  table: RoutingTable,
  components: readonly DeployedComponent[],
): ReadonlyMap<string, DeployedHandler> {
  const routes = table.roles[role] ?? fail(`There is no route to ${role}.`);
  const indexes = new Map(components.map(({ name }, index) => [name, index]));
  const written = Object.entries(routes.handlers).map(([name, route]): DeployedHandler => {
    const { component, key, channel, above, parks, wakes, internal = false } = route;
    const index = indexes.get(component) ?? fail(`${role}.${name} is routed to ${component}, which is no component.`);
    const replicated = replicationOf(routes, route);
    const sealedBy = sealedColumns(table, role, name);
    const problem = findChannelProblem(route, sealedBy);
    if (problem !== undefined) throw new Error(`${role}.${name} ${problem}. Build it again: riven build.`);
    const to = replicated?.coordinator ?? index;
    return { name, component: to, key, internal, channel, above, parks, wakes, replicated, sealedBy };
  });
  const handlers = [...written, ...coordinationHandlers(routes, components)];
  return new Map(handlers.map((handler) => [handler.name, handler]));
}

/** What no channel can do. A forward that waited for an entry would hold up those behind it. */
function findChannelProblem(
  { internal, channel, above, parks, wakes }: HandlerRoute,
  sealedBy: SealedColumns | undefined,
): string | undefined {
  if (internal !== true && channel !== undefined) return "has a channel, and is not internal";
  if (internal !== true && wakes !== undefined) return "wakes messages, and is not internal";
  if (channel !== "acknowledged" && above !== undefined) return "has a bound, and its channel is not acknowledged";
  if (channel !== undefined && parks !== undefined) return "waits for an entry, and has a channel";
  if (channel !== undefined && sealedBy !== undefined) return "arrives in parts, and has a channel";
  return undefined;
}

function deployTimers(role: string, routes: RoleRoutes, roleClass: RoleClass): DeployedRole["timers"] {
  const triggers = triggersOf(roleClass);
  return new Map(
    Object.entries(routes.timers).map(([name, { component, replicated }]) => {
      const trigger =
        triggers.get(name) ?? fail(`${role}.${name} is in the routing table as a timer, and has no marker.`);
      if (replicated !== undefined && trigger.kind === "after")
        throw new Error(`${role}.${name} is replicated, and fires on the partition that has set its timer.`);
      const coordinator = replicated === undefined ? undefined : routes.components[component]?.coordinator;
      return [name, { component: coordinator ?? component, trigger }];
    }),
  );
}

function deployInstances(
  node: DeployedNode,
  components: readonly DeployedComponent[],
  numbering: Numbering,
): readonly (readonly DeployedInstance[])[] {
  return components.map(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) =>
      register(numbering.instances, (number) => ({
        role: node.role,
        id: node.id,
        component: name,
        partition,
        number,
        node,
      })),
    ),
  );
}

function register<T>(list: T[], create: (number: number) => T): T {
  const created = create(list.length);
  list.push(created);
  return created;
}

function fail(message: string): never {
  throw new Error(message);
}
