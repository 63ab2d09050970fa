import type { HandlerRoute, RoleRoutes } from "../../runtime/routing/routingTable.ts";
import type { RewrittenSystem } from "../../runtime/system.ts";

/**
 * The same system with keys spread over the partitions in another way. Which keys share a partition is an accident of
 * the hash and of the ids in use: a rewrite that is right only for some of these accidents is wrong. Equal keys still
 * meet, and salt 0 changes nothing.
 */
export function saltRouting(rewritten: RewrittenSystem, salt: number): RewrittenSystem {
  if (salt === 0) return rewritten;
  const roles = mapValues(rewritten.routing.roles, (role: RoleRoutes) => ({
    ...role,
    handlers: mapValues(role.handlers, (route) => saltRoute(route, salt)),
  }));
  return { ...rewritten, routing: { roles } };
}

function saltRoute(route: HandlerRoute, salt: number): HandlerRoute {
  const { key } = route;
  return key === undefined ? route : { ...route, key: (payload, from) => [salt, key(payload, from)] };
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
