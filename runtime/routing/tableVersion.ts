/** What two ends of a connection must agree on before they talk. */
import { createHash } from "node:crypto";
import { ROUTING_HASH } from "./partitionOf.ts";
import type { ReplicatedRoute, RoleRoutes, RoutingTable } from "./routingTable.ts";

/**
 * A digest of everything in a table that decides where a message goes: names, components, partition counts, handlers
 * and what they are keyed by. Equal tables have equal versions, whatever the order they were written in.
 */
export function tableVersion(table: RoutingTable): string {
  return digest([ROUTING_HASH, sorted(table.roles, canonicalRole)]);
}

/** A short, stable name for plain data. */
export function digest(data: unknown): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 16);
}

function canonicalRole(routes: RoleRoutes): unknown {
  return [
    sorted(routes.components, ({ partitions, partitioned, coordinator, coordinates, replicates }) => [
      partitions,
      partitioned,
      ...(coordinator === undefined ? [] : ["coordinator", coordinator, [...(replicates ?? [])].sort()]),
      ...(coordinates === undefined ? [] : ["coordinates", coordinates]),
    ]),
    sorted(routes.handlers, (route) => [
      route.component,
      route.by ?? null,
      route.internal === true,
      ...(route.channel === undefined ? [] : [route.channel]),
      ...canonicalReplication(route.replicated),
    ]),
    sorted(routes.timers, (timer) =>
      timer.replicated === undefined ? timer.component : [timer.component, ...canonicalReplication(timer.replicated)],
    ),
  ];
}

function canonicalReplication(replicated: ReplicatedRoute | undefined): readonly unknown[] {
  if (replicated === undefined) return [];
  const sends = sorted(replicated.sends ?? {}, (send) =>
    send === "each" ? send : send.sealed.map(({ path, order }) => [path, order !== undefined]),
  );
  return [["replicated", sends]];
}

function sorted<T>(entries: Readonly<Record<string, T>>, canonical: (value: T) => unknown): unknown {
  return Object.entries(entries)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, canonical(value)]);
}
