import type { RoutingTable } from "./routingTable.ts";

/**
 * The same table with every partitioned component in `partitions` partitions; the others stay as they are.
 *
 * @throws RangeError when `partitions` is not a positive integer.
 */
export function withPartitions(table: RoutingTable, partitions: number): RoutingTable {
  if (!Number.isSafeInteger(partitions) || partitions < 1) {
    throw new RangeError(`The number of partitions is a positive integer, not ${String(partitions)}.`);
  }
  return {
    roles: mapValues(table.roles, (role) => ({
      ...role,
      components: mapValues(role.components, (component) =>
        component.partitioned ? { ...component, partitions } : component,
      ),
    })),
  };
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
