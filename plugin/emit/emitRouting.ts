import type { Component, Forward, KeyPart, RoutingKey, Rewrite, Waiting } from "../model/component.ts";
import { findHandler, findRole, type Handler, type Protocol, type Role } from "../model/protocol.ts";
import { LINE_WIDTH, printHeader, type EmittedFile } from "./emittedFile.ts";
import { filesOf } from "./outputClasses.ts";
import { findColumn, pathInForward, type ForwardShape } from "./forwardShape.ts";
import { printImports } from "./imports.ts";
import { printAccess, printPropertyName } from "./names.ts";
import { shapesOf } from "./shapesOf.ts";

/** How senders read a message: the expression's root, and the columns with their types. */
interface KeyReader {
  readonly root: string;
  /** Where a column of the handler's message is, below the root. */
  readonly locate: (path: readonly string[]) => readonly string[];
  readonly handler: Handler;
}

/**
 * `routing.ts`: which component takes each message, and by what it chooses the partition. External roles have none.
 *
 * @param membersOf The names of the members that the class of a component has.
 */
export function emitRouting(
  protocol: Protocol,
  rewrite: Rewrite,
  folder: string,
  membersOf: (role: Role, component: Component) => ReadonlySet<string>,
): EmittedFile {
  const roles = rewrite.roles.flatMap(({ role: name, components }) => {
    const role = findRole(protocol, name);
    return role === undefined || role.external ? [] : printRole(role, components, membersOf);
  });
  const body = ["export const routing: RoutingTable = {", "  roles: {", ...roles, "  },", "};"].join("\n");
  const types = ["RoutingTable", ...["KeyValue", "Bound"].filter((name) => new RegExp(`\\b${name}\\b`).test(body))];
  const imports = printImports(
    types.map((name) => ({ specifier: "riven/runtime", name, local: name, typeOnly: true })),
  );
  const header = printHeader(
    `from ${filesOf(protocol)}: which component takes each message, and by what it is partitioned`,
    [],
  );
  return { path: `${folder}/routing.ts`, text: `${header}${imports}\n${body}\n` };
}

function printRole(
  role: Role,
  components: readonly Component[],
  membersOf: (role: Role, component: Component) => ReadonlySet<string>,
): readonly string[] {
  return [
    `    ${printPropertyName(role.name)}: {`,
    ...printProperty(
      "      ",
      "components",
      components.map((component) => printComponent(role, component, membersOf(role, component))),
    ),
    ...printProperty(
      "      ",
      "handlers",
      components.flatMap((component) => printHandlers(role, component)),
    ),
    ...printProperty(
      "      ",
      "timers",
      components.flatMap((component) => printTimers(role, component)),
    ),
    "    },",
  ];
}

function printProperty(indent: string, name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? [`${indent}${name}: {},`]
    : [`${indent}${name}: {`, ...lines.map((line) => `${indent}  ${line}`), `${indent}},`];
}

function printComponent(role: Role, component: Component, members: ReadonlySet<string>): string {
  const { name, partitioning } = component;
  const fields = role.fields.filter(
    ({ name: field, is, durable }) => durable && is.kind === "state" && members.has(field),
  );
  const properties = [
    `partitions: ${String(partitioning?.partitions ?? 1)}`,
    `partitioned: ${String(partitioning !== undefined)}`,
    ...(fields.length === 0 ? [] : [`durable: [${fields.map((field) => JSON.stringify(field.name)).join(", ")}]`]),
  ];
  return `${printPropertyName(name)}: { ${properties.join(", ")} },`;
}

function printTimers(role: Role, component: Component): readonly string[] {
  return component.handlers
    .filter((name) => findHandler(role, name)?.trigger.kind !== "message")
    .map((name) => `${printPropertyName(name)}: { component: ${JSON.stringify(component.name)} },`);
}

function printHandlers(role: Role, component: Component): readonly string[] {
  const direct = component.handlers.flatMap((name) => {
    const handler = findHandler(role, name);
    if (handler?.trigger.kind !== "message") return [];
    const reader: KeyReader = { root: "m", locate: (path) => path, handler };
    const parks = component.parks?.[name];
    return printRoute(name, component, reader, parks === undefined ? [] : [`parks: ${printWaiting(parks, reader)}`]);
  });
  const forwarded = shapesOf(role, component).flatMap(({ shape, handler }) =>
    printRoute(shape.forward.name, component, readerOf(shape, handler), printInternal(shape, handler)),
  );
  return [...direct, ...forwarded];
}

/** What is said of a forward alone: how it travels, when it need not, and what may be waiting for it. */
function printInternal(shape: ForwardShape, handler: Handler): readonly string[] {
  const { channel, above, wakes } = shape.forward;
  const waiting = wakes?.map((one) => printWaiting(one, readerOf(shape, handler))) ?? [];
  return [
    "internal: true",
    ...(channel === undefined || channel === "once" ? [] : [`channel: ${JSON.stringify(channel)}`]),
    ...(above === undefined ? [] : [`above: ${printBound(shape, handler, above)}`]),
    ...(waiting.length === 0 ? [] : [`wakes: [${waiting.join(", ")}]`]),
  ];
}

function printWaiting({ field, key }: Waiting, reader: KeyReader): string {
  return `{ field: ${JSON.stringify(field)}, key: ${printKeyFunction(key, reader)} }`;
}

/** `(f: { m: { ballot: number } }) => f.m.ballot` */
function printBound(shape: ForwardShape, handler: Handler, { name, path }: NonNullable<Forward["above"]>): string {
  const value = shape.values.find((one) => one.name === name);
  const column = value?.path === undefined ? undefined : findColumn(handler, [...value.path, ...path]);
  const hoisted = shape.forward.hoisted.find((one) => one.name === name)?.operand.type;
  const known = column?.type ?? (path.length === 0 ? (hoisted ?? value?.type) : undefined);
  const type = [...path].reduceRight(
    (inner, part) => `{ ${printPropertyName(part)}: ${inner} }`,
    printBoundType(known),
  );
  const access = path.reduce((object, part) => printAccess(object, part), printAccess(FORWARD, name));
  return `(${FORWARD}: { ${printPropertyName(name)}: ${type} }) => ${access}`;
}

/** What a forward is called in its key function. */
const FORWARD = "f";

function readerOf(shape: ForwardShape, handler: Handler): KeyReader {
  return { root: FORWARD, locate: (path) => pathInForward(shape, path), handler };
}

function printRoute(name: string, component: Component, reader: KeyReader, more: readonly string[]): readonly string[] {
  const key = component.partitioning?.keys[name] ?? [];
  const properties = [
    `component: ${JSON.stringify(component.name)}`,
    ...(key.length === 0
      ? []
      : [`key: ${printKeyFunction(key, reader)}`, `by: ${JSON.stringify(printBy(key, reader))}`]),
    ...more,
  ];
  const line = `${printPropertyName(name)}: { ${properties.join(", ")} },`;
  if (line.length + 8 <= LINE_WIDTH) return [line];
  return [`${printPropertyName(name)}: {`, ...properties.map((property) => `  ${property},`), "},"];
}

/** The key as people read it: `m.id`, `from.id`, `[m.shop, m.sku]`; of a forward, by the names that travel in it. */
function printBy(key: RoutingKey, { root, locate }: KeyReader): string {
  const parts = key.map((part) => {
    if (part.kind === "sender") return "from.id";
    const [first = "", ...rest] = root === FORWARD ? locate(part.path) : [root, ...locate(part.path)];
    return rest.reduce((object, name) => printAccess(object, name), first);
  });
  return parts.length === 1 ? parts.join() : `[${parts.join(", ")}]`;
}

function printKeyFunction(key: RoutingKey, reader: KeyReader): string {
  const columns = key.flatMap((part) => (part.kind === "column" ? [part.path] : []));
  const parts = key.map((part) => printKeyPart(part, reader));
  const payload = columns.length === 0 ? "_: unknown" : `${reader.root}: ${printPayloadType(columns, reader)}`;
  const sender = key.length > columns.length ? ", from: { id: string }" : "";
  return `(${payload}${sender}) => ${parts.length === 1 ? parts.join() : `[${parts.join(", ")}]`}`;
}

function printKeyPart(part: KeyPart, { root, locate, handler }: KeyReader): string {
  if (part.kind === "sender") return "from.id";
  const path = locate(part.path);
  // The payload's columns are the last steps of the path; what comes before them is a value that always travels.
  const before = path.length - part.path.length;
  return path.reduce((object, name, i) => {
    const missing = i > before && findColumn(handler, part.path.slice(0, i - before))?.optional === true;
    return printAccess(object, name, missing);
  }, root);
}

/** The type of an object that has these columns and nothing else. */
interface TypeNode {
  readonly optional: boolean;
  readonly type: string;
  readonly children: Map<string, TypeNode>;
}

function printPayloadType(columns: readonly (readonly string[])[], { locate, handler }: KeyReader): string {
  const top = new Map<string, TypeNode>();
  for (const column of columns) {
    const path = locate(column);
    const before = path.length - column.length;
    let level = top;
    for (const [i, name] of path.entries()) {
      const found = i < before ? undefined : findColumn(handler, column.slice(0, i - before + 1));
      const node = level.get(name) ?? {
        optional: found?.optional === true,
        type: printKeyType(found?.type),
        children: new Map(),
      };
      level.set(name, node);
      level = node.children;
    }
  }
  return printLevel(top);
}

function printLevel(level: ReadonlyMap<string, TypeNode>): string {
  const properties = [...level].map(([name, { optional, type, children }]) => {
    const inside = children.size === 0 ? type : printLevel(children);
    return `${printPropertyName(name)}${optional ? "?" : ""}: ${inside}${optional ? " | undefined" : ""}`;
  });
  return `{ ${properties.join("; ")} }`;
}

const PRIMITIVE = /^(?:string|number|bigint|boolean|null|undefined|true|false|-?[\d.]+n?|"[^"]*"|'[^']*')$/;

/** The type of what is compared: as the author says it where that needs no imports, otherwise anything comparable. */
function printBoundType(type = "Bound"): string {
  const isPlain = type
    .replace(/^readonly\b|[[\](),]/g, "|")
    .split("|")
    .every((part) => /^\s*(?:number|bigint|string|readonly)?\s*$/.test(part));
  return isPlain ? type : "Bound";
}

/** The type of a key column: as the author says it where that needs no imports, otherwise any key. */
function printKeyType(type = "KeyValue"): string {
  return type.split("|").every((part) => PRIMITIVE.test(part.trim())) ? type : "KeyValue";
}
