/** Which partition keeps an entry of a durable field, as functions of the keys that lead to it. */
import { columnsOf } from "../model/keyColumns.ts";
import type { Component, Partitioning, RoutingKey } from "../model/component.ts";
import { printKeyPart } from "../model/printKeyPart.ts";
import { findHandler, type Field, type Role } from "../model/protocol.ts";
import { findColumn } from "./forwardShape.ts";
import { printObject } from "./objects.ts";
import { printPropertyName } from "./names.ts";
import type { RoutingNames } from "./routingNames.ts";

/** `owners: { log: (keys: readonly [number]) => keys[0] }`; nothing when none of the fields is spread. */
export function printOwners(
  role: Role,
  { partitioning }: Component,
  durable: readonly Field[],
  names: RoutingNames,
): readonly string[] {
  if (partitioning === undefined) return [];
  const owners = durable.flatMap((field) => {
    const owner = ownerOf(field, partitioning);
    if (owner === undefined || owner.length === 0) return [];
    return [`${printPropertyName(field.name)}: ${printOwner(role, partitioning, field, owner, names)}`];
  });
  return owners.length === 0 ? [] : [`owners: ${printObject(owners)}`];
}

function ownerOf({ name }: Field, { owners, positions, replication }: Partitioning): RoutingKey | undefined {
  if (replication?.fields.includes(name) === true) return undefined;
  return owners?.[name] ?? positions[name]?.map((position) => ({ kind: "column", path: [String(position)] }));
}

function printOwner(
  role: Role,
  partitioning: Partitioning,
  field: Field,
  owner: RoutingKey,
  names: RoutingNames,
): string {
  const used = owner.flatMap(columnsOf).map(([position]) => Number(position));
  const types = keyTypes(field.type);
  const width = Math.max(-1, ...used) + 1;
  const keys = Array.from({ length: width }, (_, i) => (used.includes(i) ? (types[i] ?? "never") : "unknown"));
  // Plain objects make strings of their keys, also of those that messages are routed by as numbers; functions know it.
  const numbers = owner.map(
    ({ kind }, part) => kind === "column" && !isMap(field.type) && isRoutedByNumbers(role, partitioning, part),
  );
  const parts = owner.map((part, i) =>
    printKeyPart(part, {
      column: ([position = "0"]) => (numbers[i] === true ? `Number(keys[${position}])` : `keys[${position}]`),
      declared: names.declared,
    }),
  );
  const value = parts.length === 1 ? parts.join() : `[${parts.join(", ")}]`;
  return `(keys: readonly [${keys.join(", ")}]) => ${value}`;
}

function isRoutedByNumbers(role: Role, { keys }: Partitioning, part: number): boolean {
  const columns = Object.entries(keys).flatMap(([name, key]) => {
    const handler = findHandler(role, name);
    const column = key[part];
    return handler === undefined || column?.kind !== "column" ? [] : [findColumn(handler, column.path)?.type];
  });
  return columns.length > 0 && columns.every((type) => type === "number");
}

/** What keeps keys as they are: maps and sets, and the lattices. */
const KEEPS_KEYS = "Map|Set|GrowMap|GrowSet|Counter|Tally|Once";

function isMap(type: string): boolean {
  return new RegExp(`^(?:Readonly)?(?:${KEEPS_KEYS})<`).test(type);
}

/** The types of the keys of nested maps, sets and lattices, outermost first, as far as they need no imports. */
function keyTypes(type: string): readonly (string | undefined)[] {
  const [, kind, inside] = new RegExp(`^(?:Readonly)?(${KEEPS_KEYS}|Record)<(.*)>$`).exec(type) ?? [];
  if (inside === undefined) return [];
  const key = /^(?:string|number|bigint|boolean|"[^"]*"|[\s|])+/.exec(inside)?.[0] ?? "";
  const rest = inside.slice(key.length);
  if (rest === "") return [key.trim()]; // a set, or a lattice whose members are keyed by one thing
  if (kind === "Set" || kind === "GrowSet") return [undefined];
  const isWhole = rest.startsWith(",");
  const value = isWhole ? rest.slice(1).trim() : "";
  return [isWhole ? key.trim() : undefined, ...keyTypes(value)];
}
