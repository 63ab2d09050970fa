/** Keys as functions in the routing table: what senders evaluate on a message, or on what travels in a forward. */
import type { RoutingKey, Waiting } from "../model/component.ts";
import { columnsOf, usesSender } from "../model/keyColumns.ts";
import { printKeyPart } from "../model/printKeyPart.ts";
import type { Handler } from "../model/protocol.ts";
import { findColumn, pathInForward, type ForwardShape } from "./forwardShape.ts";
import { printAccess, printPropertyName } from "./names.ts";

/** How senders read a message: the expression's root, and the columns with their types. */
export interface KeyReader {
  readonly root: string;
  /** Where a column of the handler's message is, below the root. */
  readonly locate: (path: readonly string[]) => readonly string[];
  readonly handler: Handler;
  /** What the routing table calls a function or constant of a module. */
  readonly declared: (file: string, name: string) => string;
  /** The type of the message that a handler takes. */
  readonly payloadType: (handler: Handler) => string;
}

/** How the routing table refers to what the author has declared. */
export type Wording = Pick<KeyReader, "declared" | "payloadType">;

/** What a forward is called in its key function. */
export const FORWARD = "f";

export function readerOfMessage(handler: Handler, wording: Wording): KeyReader {
  return { ...wording, root: "m", locate: (path) => path, handler };
}

export function readerOfForward(shape: ForwardShape, handler: Handler, wording: Wording): KeyReader {
  return { ...wording, root: FORWARD, locate: (path) => pathInForward(shape, path), handler };
}

export function printWaiting({ field, key }: Waiting, reader: KeyReader): string {
  return `{ field: ${JSON.stringify(field)}, key: ${printKeyFunction(key, reader)} }`;
}

/** The key as people read it: `m.id`, `from.id`, `[m.shop, hash(m.sku)]`; of a forward, by the names that travel in it. */
export function printBy(key: RoutingKey, { root, locate, declared }: KeyReader): string {
  const column = (path: readonly string[]): string => {
    const [first = "", ...rest] = root === FORWARD ? locate(path) : [root, ...locate(path)];
    return rest.reduce((object, name) => printAccess(object, name), first);
  };
  return tuple(key.map((part) => printKeyPart(part, { column, declared })));
}

/** `(m: { id: string }) => m.id` */
export function printKeyFunction(key: RoutingKey, reader: KeyReader): string {
  const columns = key.flatMap(columnsOf);
  const column = (path: readonly string[]): string => printColumn(path, reader);
  const parts = key.map((part) => printKeyPart(part, { column, declared: reader.declared }));
  const computed = key.flatMap((part) => (part.kind === "applied" ? columnsOf(part) : []));
  const payload =
    columns.length === 0 ? "_: unknown" : `${reader.root}: ${printPayloadType(columns, computed, reader)}`;
  const sender = key.some(usesSender) ? ", from: { id: string }" : "";
  return `(${payload}${sender}) => ${tuple(parts)}`;
}

function tuple(parts: readonly string[]): string {
  return parts.length === 1 ? parts.join() : `[${parts.join(", ")}]`;
}

function printColumn(column: readonly string[], { root, locate, handler }: KeyReader): string {
  const path = locate(column);
  // The payload's columns are the last steps of the path; what comes before them is a value that always travels.
  const before = path.length - column.length;
  return path.reduce((object, name, i) => {
    const missing = i > before && findColumn(handler, column.slice(0, i - before))?.optional === true;
    return printAccess(object, name, missing);
  }, root);
}

/** The type of an object that has these columns and nothing else. */
interface TypeNode {
  readonly optional: boolean;
  readonly type: string;
  readonly children: Map<string, TypeNode>;
}

/** @param computed The columns that functions are applied to: those have to be of the type that they are. */
function printPayloadType(
  columns: readonly (readonly string[])[],
  computed: readonly (readonly string[])[],
  { locate, handler, payloadType }: KeyReader,
): string {
  const top = new Map<string, TypeNode>();
  for (const column of columns) {
    const path = locate(column);
    const before = path.length - column.length;
    let level = top;
    for (const [i, name] of path.entries()) {
      const found = i < before ? undefined : findColumn(handler, column.slice(0, i - before + 1));
      const node = level.get(name) ?? {
        optional: found?.optional === true,
        type: printKeyType(
          found?.type,
          computed.includes(column) ? () => columnType(payloadType(handler), column) : anyKey,
        ),
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

/** The type of a key column: as the author says it where that needs no imports. */
function printKeyType(type: string | undefined, otherwise: () => string): string {
  if (type === undefined) return otherwise();
  const isPlain = type.split("|").every((part) => PRIMITIVE.test(part.trim()));
  return isPlain ? type : otherwise();
}

function anyKey(): string {
  return "KeyValue";
}

/** `Parameters<Storage["put"]>[0]["value"]`; of what may be missing on the way, what it is when it is there. */
function columnType(payload: string, path: readonly string[]): string {
  return path.reduce((type, name, i) => {
    const object = i === 0 ? type : `NonNullable<${type}>`;
    return `${object}[${JSON.stringify(name)}]`;
  }, payload);
}
