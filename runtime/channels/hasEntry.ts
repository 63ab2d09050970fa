import type { KeyValue } from "../routing/routingTable.ts";

/** Whether what a field holds (a Map, a Set, a container of the lattice library, a plain record) has an entry for a key. */
export function hasEntry(container: unknown, key: KeyValue): boolean {
  if (typeof container !== "object" || container === null) return false;
  return hasMethod(container) ? container.has(key) : Object.hasOwn(container, String(key));
}

function hasMethod(container: object): container is { has(key: unknown): boolean } {
  return typeof (container as { readonly has?: unknown }).has === "function";
}
