/**
 * What travels in a forward. The sending component, the receiving one and the routing table each need to know, so it
 * is decided once: the values that the moved statement uses, narrowed to their columns, plus the columns that the
 * forward is routed by.
 */
import type { Forward, RoutingKey } from "../model/component.ts";
import { columnsOf } from "../model/keyColumns.ts";
import type { LocalUse, Region } from "../model/effect.ts";
import type { Column, Handler } from "../model/protocol.ts";
import { contains } from "../model/span.ts";
import { EmissionError } from "./emissionError.ts";
import { printAccess, printPropertyName } from "./names.ts";
import { propertiesOf } from "./typeLiteral.ts";

/** A local name whose value travels. */
export interface Travelling {
  readonly name: string;
  readonly type: string;
  /** The properties that travel; undefined when the value travels whole. */
  readonly columns: readonly TravellingColumn[] | undefined;
  /** The payload path that the value is known to be; undefined when it is something else. */
  readonly path: readonly string[] | undefined;
  /** The moved statement uses it; otherwise it travels for the sake of the route alone. */
  readonly used: boolean;
}

export interface TravellingColumn {
  readonly name: string;
  /** It may be missing; undefined: not known, because the value is not part of a payload. */
  readonly optional: boolean | undefined;
  /** Its type, where that is narrower at the moved statement than its declaration. */
  readonly type: string | undefined;
}

/** A node under a local name: its id travels, and is looked up again among the peers of `field`. */
export interface TravellingNode {
  readonly name: string;
  readonly idName: string;
  readonly field: string;
}

export interface ForwardShape {
  readonly forward: Forward;
  readonly values: readonly Travelling[];
  readonly nodes: readonly TravellingNode[];
  /** The original sender, when the moved statement uses it. It travels with every forward anyway. */
  readonly sender: { readonly name: string; readonly type: string } | undefined;
}

/**
 * @param handler The handler that the forward was cut out of.
 * @param key What the forward is routed by, in columns of the handler's message.
 * @throws EmissionError when a routing column is out of reach of the moved statement.
 */
export function shapeForward(handler: Handler, forward: Forward, key: RoutingKey): ForwardShape {
  for (const { name, type } of [
    ...forward.live,
    ...forward.hoisted.map(({ name, operand: { type } }) => ({ name, type })),
  ]) {
    if (!type.includes("import(")) continue;
    throw new EmissionError(
      `The type of ${name}, which has to be forwarded, is not imported here: ${type}. Import it.`,
      forward.region,
    );
  }
  const nodes = travellingNodes(handler, forward);
  const uses = forward.live.filter(
    ({ binding, name }) => binding !== "sender" && !nodes.some((node) => node.name === name),
  );
  const values = key.flatMap(columnsOf).reduce<readonly Travelling[]>(
    (found, path) => withRoutingColumn(found, path, handler, forward),
    uses.map((use) => travelling(use, handler)),
  );
  return { forward, values, nodes, sender: senderOf(handler, forward) };
}

function travellingNodes(handler: Handler, forward: Forward): readonly TravellingNode[] {
  const taken = new Set([...forward.live, ...forward.hoisted].map(({ name }) => name));
  for (const name of statementsOf(handler, forward).flatMap(namesWithin)) taken.add(name);
  return (forward.references ?? []).map(({ name, field }) => {
    let idName = `${name}Id`;
    while (taken.has(idName)) idName = `${idName}_`;
    taken.add(idName);
    return { name, idName, field };
  });
}

/** The local names that occur in a region, whether bound inside or outside of it. */
function namesWithin({ declares, uses, children }: Region): readonly string[] {
  return [...declares, ...uses.map(({ name }) => name), ...children.flatMap(namesWithin)];
}

function travelling(use: LocalUse, handler: Handler): Travelling {
  const path = payloadPath(use, handler);
  return {
    name: use.name,
    type: use.type,
    columns: use.columns?.map((name) => ({
      name,
      optional: isOptional(handler, path, name),
      type: use.columnTypes?.[name],
    })),
    path,
    used: true,
  };
}

function payloadPath(use: LocalUse, handler: Handler): readonly string[] | undefined {
  if (use.term?.kind === "payload") return use.term.path;
  return use.binding === "payload" && use.name === handler.payload?.name ? [] : undefined;
}

function isOptional(handler: Handler, path: readonly string[] | undefined, name: string): boolean | undefined {
  return path === undefined ? undefined : findColumn(handler, [...path, name])?.optional;
}

/** The column of a handler's message at this path, or undefined. */
export function findColumn(handler: Handler, path: readonly string[]): Column | undefined {
  return handler.payload?.columns.find(
    (column) => column.path.length === path.length && column.path.every((part, i) => part === path[i]),
  );
}

/** The sender as the moved statement calls it: what it uses is said by what is live, and by the statement itself. */
function senderOf(handler: Handler, forward: Forward): ForwardShape["sender"] {
  const uses = [...forward.live, ...statementsOf(handler, forward).flatMap((region) => region.uses)];
  const use = uses.find(({ binding }) => binding === "sender");
  return use === undefined ? undefined : { name: use.name, type: use.type };
}

/** The statements that leave: the largest regions within the place that the forward names. */
function statementsOf(handler: Handler, forward: Forward): readonly Region[] {
  const search = (candidate: Region): readonly Region[] =>
    contains(forward.region, candidate.span) ? [candidate] : candidate.children.flatMap(search);
  return handler.body === undefined ? [] : search(handler.body.root);
}

/** The values, extended so that the payload column at `path` is among them. */
function withRoutingColumn(
  values: readonly Travelling[],
  path: readonly string[],
  handler: Handler,
  forward: Forward,
): readonly Travelling[] {
  if (values.some((value) => carries(value, path))) return values;
  const partial = values.find((value) => value.path !== undefined && beginsWith(path, value.path));
  if (partial?.path !== undefined) {
    const name = path[partial.path.length] as string; // it does not carry the path, so the path goes on
    const column = { name, optional: isOptional(handler, partial.path, name), type: undefined };
    return values.map((value) =>
      value === partial ? { ...value, columns: [...(value.columns ?? []), column] } : value,
    );
  }
  const { payload } = handler;
  const [name] = path;
  if (payload === undefined || name === undefined || !isInReach(handler, forward)) {
    throw new EmissionError(
      `${forward.name} is routed by ${path.join(".")}, which is out of reach of the statement that moves.`,
      forward.region,
    );
  }
  const columns = [{ name, optional: isOptional(handler, [], name), type: undefined }];
  return [{ name: payload.name, type: payload.type, columns, path: [], used: false }, ...values];
}

/** Whether the payload's parameter is visible at the moved statement: it is not in a helper, and nothing hides the name. */
function isInReach(handler: Handler, { region }: Forward): boolean {
  const name = handler.payload?.name ?? "";
  if (!/^[\p{ID_Start}$_]/u.test(name)) return false; // a destructured payload has no name
  if (region.file !== handler.span.file || region.start < handler.span.start || handler.span.end < region.end)
    return false;
  const hides = (candidate: Region): boolean =>
    candidate.span.start <= region.start &&
    region.end <= candidate.span.end &&
    (candidate.declares.includes(name) || candidate.children.some(hides));
  return handler.body === undefined || !hides(handler.body.root);
}

function carries({ path: prefix, columns }: Travelling, path: readonly string[]): boolean {
  if (prefix === undefined || !beginsWith(path, prefix)) return false;
  if (columns === undefined) return true;
  return columns.some(({ name }) => name === path[prefix.length]);
}

function beginsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((part, i) => part === path[i]);
}

/** Where in the forwarded object the payload column at `path` is: `["m", "id"]`. */
export function pathInForward({ values, forward }: ForwardShape, path: readonly string[]): readonly string[] {
  const carrier = values.find((value) => carries(value, path));
  if (carrier?.path === undefined) {
    throw new EmissionError(`${forward.name} does not carry ${path.join(".")}.`, forward.region);
  }
  return [carrier.name, ...path.slice(carrier.path.length)];
}

/** The properties of the object that the sender makes: `m: { id: m.id }`, `total`. Hoisted values are the caller's. */
export function printTravellingValues({ values, nodes }: ForwardShape): readonly string[] {
  return [...values.map(printTravellingValue), ...nodes.map(({ name, idName }) => `${idName}: ${name}.id`)];
}

function printTravellingValue({ name, columns }: Travelling): string {
  if (columns === undefined) return name;
  const properties = columns.map((column) => `${printPropertyName(column.name)}: ${printAccess(name, column.name)}`);
  return `${name}: { ${properties.join(", ")} }`;
}

/** The type of the object that travels: `{ m: Pick<Ballot, "id">; total: number }`. */
export function printForwardType({ values, nodes, forward }: ForwardShape): string {
  const properties = new Map([
    ...values.map((value) => [value.name, printTravellingType(value)] as const),
    ...nodes.map(({ idName }) => [idName, "string"] as const),
    ...forward.hoisted.map(({ name, operand }) => [name, operand.type] as const),
  ]);
  if (properties.size === 0) return "object";
  return `{ ${[...properties].map(([name, type]) => `${name}: ${type}`).join("; ")} }`;
}

function printTravellingType({ type, columns }: Travelling): string {
  if (columns === undefined) return type;
  const isPicked = (column: TravellingColumn): boolean => column.optional === false && column.type === undefined;
  const certain = columns.filter(isPicked).map(({ name }) => name);
  // A property that may be missing is sent as undefined, which is the same value of the language. The type says so too,
  // because under exactOptionalPropertyTypes undefined does not fit where a property may only be missing.
  const others = columns
    .filter((column) => !isPicked(column))
    .map(
      ({ name, type: own = `${parenthesise(type)}[${JSON.stringify(name)}]` }) => `${printPropertyName(name)}: ${own}`,
    );
  const written = propertiesOf(type);
  const copied = certain.flatMap((name) => written?.get(name) ?? []);
  if (copied.length === certain.length) return `{ ${[...copied, ...others].join("; ")} }`;
  const picked = `Pick<${type}, ${certain.map((name) => JSON.stringify(name)).join(" | ")}>`;
  return others.length === 0 ? picked : `${picked} & { ${others.join("; ")} }`;
}

/** A type that an index may follow. */
function parenthesise(type: string): string {
  return /^[\p{ID_Continue}$.]+$/u.test(type) ? type : `(${type})`;
}
