import type { RoleClass } from "../../decorators/binding.ts";
import { describeDurable } from "../../decorators/markers.ts";
import type { SystemDefinition } from "../system.ts";
import { roleOf, triggersOf } from "./roleHandlers.ts";
import type { RoleRoutes, RoutingTable } from "./routingTable.ts";

/** The component of a role that was not rewritten, and what stays at the role's address of one that was. */
export const MAIN = "main";

/** The table of the system as written: every role, the clients' too, is one component in one partition. */
export function defaultRouting(system: SystemDefinition): RoutingTable {
  const classes: readonly RoleClass[] = [...system.roles.map(({ role }) => role), system.clients.driver];
  return { roles: Object.fromEntries(classes.map((target) => [roleOf(target).name, defaultRoutes(target)])) };
}

function defaultRoutes(target: RoleClass): RoleRoutes {
  const triggers = [...triggersOf(target)];
  const durable = describeDurable(target);
  const routesOf = (message: boolean): { readonly [handler: string]: { readonly component: string } } =>
    Object.fromEntries(
      triggers.filter(([, { kind }]) => (kind === "message") === message).map(([name]) => [name, { component: MAIN }]),
    );
  return {
    components: { [MAIN]: { partitions: 1, partitioned: false, ...(durable.length > 0 && { durable }) } },
    handlers: routesOf(true),
    timers: routesOf(false),
  };
}
