import type { Component, Forward, Rewrite } from "../model/component.ts";
import { findHandler, findRole, type Handler, type Protocol, type Role } from "../model/protocol.ts";
import { LINE_WIDTH, printHeader, type EmittedFile } from "./emittedFile.ts";
import { filesOf } from "./outputClasses.ts";
import { findColumn, type ForwardShape } from "./forwardShape.ts";
import { printImports } from "./imports.ts";
import {
  FORWARD,
  printBy,
  printKeyFunction,
  printWaiting,
  readerOfForward,
  readerOfMessage,
  type KeyReader,
} from "./keyFunctions.ts";
import { printAccess, printPropertyName } from "./names.ts";
import { indented } from "./objects.ts";
import { printOwners } from "./owners.ts";
import { printCoordinator, printReplicated, printReplication } from "./replicatedRoutes.ts";
import { RoutingNames } from "./routingNames.ts";
import { shapesOf } from "./shapesOf.ts";
import type { ImportEnding } from "./specifiers.ts";

/**
 * `routing.ts`: which component takes each message, and by what it chooses the partition. External roles have none.
 *
 * @param membersOf The names of the members that the class of a component has.
 */
export function emitRouting(
  protocol: Protocol,
  rewrite: Rewrite,
  folder: string,
  ending: ImportEnding,
  membersOf: (role: Role, component: Component) => ReadonlySet<string>,
): EmittedFile {
  const names = new RoutingNames(protocol, folder, ending);
  const roles = rewrite.roles.flatMap(({ role: name, components }) => {
    const role = findRole(protocol, name);
    return role === undefined || role.external ? [] : printRole(role, components, names, membersOf);
  });
  const body = ["export const routing: RoutingTable = {", "  roles: {", ...roles, "  },", "};"].join("\n");
  const types = ["RoutingTable", ...["KeyValue", "Bound"].filter((name) => new RegExp(`\\b${name}\\b`).test(body))];
  const imports = printImports([
    ...types.map((name) => ({ specifier: "riven/runtime", name, local: name, typeOnly: true })),
    ...names.imports,
  ]);
  const header = printHeader(
    `from ${filesOf(protocol)}: which component takes each message, and by what it is partitioned`,
    [],
  );
  return { path: `${folder}/routing.ts`, text: `${header}${imports}\n${body}\n` };
}

function printRole(
  role: Role,
  components: readonly Component[],
  names: RoutingNames,
  membersOf: (role: Role, component: Component) => ReadonlySet<string>,
): readonly string[] {
  return [
    `    ${printPropertyName(role.name)}: {`,
    ...printProperty(
      "      ",
      "components",
      components.flatMap((component) => [
        ...printComponent(role, component, membersOf(role, component), names),
        ...printCoordinator(component),
      ]),
    ),
    ...printProperty(
      "      ",
      "handlers",
      components.flatMap((component) => printHandlers(role, component, names)),
    ),
    ...printProperty(
      "      ",
      "timers",
      components.flatMap((component) => printTimers(role, component, names)),
    ),
    "    },",
  ];
}

function printProperty(indent: string, name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? [`${indent}${name}: {},`]
    : [`${indent}${name}: {`, ...lines.map((line) => `${indent}  ${line}`), `${indent}},`];
}

function printComponent(
  role: Role,
  component: Component,
  members: ReadonlySet<string>,
  names: RoutingNames,
): readonly string[] {
  const { name, partitioning } = component;
  const fields = role.fields.filter(
    ({ name: field, is, durable }) => durable && is.kind === "state" && members.has(field),
  );
  return printEntry(name, [
    `partitions: ${String(partitioning?.partitions ?? 1)}`,
    `partitioned: ${String(partitioning !== undefined)}`,
    ...(fields.length === 0 ? [] : [`durable: [${fields.map((field) => JSON.stringify(field.name)).join(", ")}]`]),
    ...printOwners(role, component, fields, names),
    ...printReplication(partitioning?.replication),
  ]);
}

/** On one line where it fits. */
function printEntry(name: string, properties: readonly string[]): readonly string[] {
  const line = `${printPropertyName(name)}: { ${properties.join(", ")} },`;
  if (line.length + 8 <= LINE_WIDTH && !line.includes("\n")) return [line];
  return [
    `${printPropertyName(name)}: {`,
    ...properties.flatMap((property) => indented(`${breakArrow(property)},`)),
    "},",
  ];
}

/** A function that is too long for its line has its result on the next one. */
function breakArrow(property: string): string {
  return property.length + 11 <= LINE_WIDTH || property.includes("\n")
    ? property
    : property.replace(") => ", ") =>\n  ");
}

function printTimers(role: Role, component: Component, names: RoutingNames): readonly string[] {
  return component.handlers
    .filter((name) => findHandler(role, name)?.trigger.kind !== "message")
    .flatMap((name) =>
      printEntry(name, [
        `component: ${JSON.stringify(component.name)}`,
        ...printReplicated(role, component, name, names),
      ]),
    );
}

function printHandlers(role: Role, component: Component, names: RoutingNames): readonly string[] {
  const direct = component.handlers.flatMap((name) => {
    const handler = findHandler(role, name);
    if (handler?.trigger.kind !== "message") return [];
    const reader = readerOfMessage(handler, names);
    const parks = component.parks?.[name];
    return printRoute(name, component, reader, [
      ...(parks === undefined ? [] : [`parks: ${printWaiting(parks, reader)}`]),
      ...printReplicated(role, component, name, names),
    ]);
  });
  const forwarded = shapesOf(role, component).flatMap(({ shape, handler }) => {
    const reader = readerOfForward(shape, handler, names);
    return printRoute(shape.forward.name, component, reader, printInternal(shape, handler, reader));
  });
  return [...direct, ...forwarded];
}

/** What is said of a forward alone: how it travels, when it need not, and what may be waiting for it. */
function printInternal(shape: ForwardShape, handler: Handler, reader: KeyReader): readonly string[] {
  const { channel, above, wakes } = shape.forward;
  const waiting = wakes?.map((one) => printWaiting(one, reader)) ?? [];
  return [
    "internal: true",
    ...(channel === undefined || channel === "once" ? [] : [`channel: ${JSON.stringify(channel)}`]),
    ...(above === undefined ? [] : [`above: ${printBound(shape, handler, above)}`]),
    ...(waiting.length === 0 ? [] : [`wakes: [${waiting.join(", ")}]`]),
  ];
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

function printRoute(name: string, component: Component, reader: KeyReader, more: readonly string[]): readonly string[] {
  const key = component.partitioning?.keys[name] ?? [];
  return printEntry(name, [
    `component: ${JSON.stringify(component.name)}`,
    ...(key.length === 0
      ? []
      : [`key: ${printKeyFunction(key, reader)}`, `by: ${JSON.stringify(printBy(key, reader))}`]),
    ...more,
  ]);
}

/** The type of what is compared: as the author says it where that needs no imports, otherwise anything comparable. */
function printBoundType(type = "Bound"): string {
  const isPlain = type
    .replace(/^readonly\b|[[\](),]/g, "|")
    .split("|")
    .every((part) => /^\s*(?:number|bigint|string|readonly)?\s*$/.test(part));
  return isPlain ? type : "Bound";
}
