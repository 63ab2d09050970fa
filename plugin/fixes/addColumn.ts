/**
 * A message that cannot be routed carries one column more, and so do those that lead to it, from where the value is known;
 * and what it is about is kept under that column.
 */
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { inferMessageFlow, sendersOf } from "../analysis/inferMessageFlow.ts";
import { names } from "../analysis/quote.ts";
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import { findHandler, findRole, type Field, type Handler, type Role } from "../model/protocol.ts";
import type { RequestedComponent, RequestedKey } from "../model/requestedPlan.ts";
import type { Span } from "../model/span.ts";
import { subterms, type Term } from "../model/term.ts";
import { componentsConcerned, indentAt, insertAt, textOf, type FixContext } from "./candidate.ts";
import { keepUnder } from "./keepUnder.ts";

/** Through so many messages a column is passed on; what comes from farther away is not what one fix should change. */
const MOST_HOPS = 5;

export function addColumn(finding: Finding, context: FixContext): readonly Fix[] {
  return componentsConcerned(finding, context).flatMap(({ role, component }) => {
    const handler = role.handlers.find(({ payload, nameSpan }) => [payload?.span, nameSpan].includes(finding.span));
    const key = handler === undefined ? undefined : keyOf(component, handler.name);
    if (handler?.payload === undefined || key === undefined) return [];
    const missing = key.flatMap((part, position) =>
      columnsIn(part).flatMap((path) => (hasColumn(handler, path.join(".")) ? [] : [{ path, position }])),
    );
    const [column, ...more] = missing;
    const name = column?.path[0];
    const isOne = more.every(({ path }) => path.join(".") === name);
    if (column === undefined || name === undefined || column.path.length > 1 || !isOne) return [];
    const carried = carry(context, { component, role, position: column.position, name }, handler, []);
    if (carried === undefined) return [];
    // Without the column its state was kept under something else.
    const fields = fieldsOf(role, handler);
    const kept = fields.map((field) => keepUnder(context, role, field, { name, type: carried.type }));
    if (fields.length === 0 || !kept.every((edits) => edits !== undefined)) return [];
    const title =
      `Let messages to \`${handler.name}\` carry \`${name}\`, and keep ${names(fields.map((field) => field.name))} under it ` +
      `(all who name one entry have to agree on it)`;
    return [{ title, edits: [...carried.edits, ...kept.flat()] }];
  });
}

function fieldsOf(role: Role, handler: Handler): readonly Field[] {
  const used = new Set(inferFootprint(role, handler).accesses.map(({ cell }) => cell.field));
  return role.fields.filter(({ name, is }) => is.kind === "state" && used.has(name));
}

/** The columns that a part of a key reads. */
function columnsIn(part: Term): readonly (readonly string[])[] {
  return part.kind === "payload" ? [part.path] : subterms(part).flatMap(columnsIn);
}

interface Wanted {
  readonly component: RequestedComponent;
  /** The role that the component is part of. */
  readonly role: Role;
  /** Which part of the key the column is. */
  readonly position: number;
  readonly name: string;
}

interface Carried {
  readonly edits: readonly Edit[];
  /** The type of the column. */
  readonly type: string;
}

function keyOf({ by }: RequestedComponent, handler: string): RequestedKey | undefined {
  switch (by?.kind) {
    case "everywhere":
      return by.key;
    case "perHandler":
      return by.keys[handler];
    case undefined:
      return undefined;
  }
}

function hasColumn({ payload }: Handler, name: string): boolean {
  return payload?.columns.some(({ path }) => path.join(".") === name) === true;
}

/**
 * What it takes that all messages to a handler have the column; undefined when somebody cannot provide it.
 *
 * @param way The handlers that pass it on from there, the last one first: a message that leads to itself brings nothing new.
 */
function carry(context: FixContext, wanted: Wanted, handler: Handler, way: readonly Handler[]): Carried | undefined {
  if (way.includes(handler) || way.length === MOST_HOPS) return undefined;
  const senders = sendersOf(inferMessageFlow(context.protocol), handler.role, handler.name);
  const provided = senders
    .filter((sender) => sender.kind !== "external")
    .map((sender) => {
      const from = sender.kind === "send" ? findSender(context, sender.role, sender.handler) : undefined;
      return from === undefined ? undefined : provide(context, wanted, from, sender.span, [...way, handler]);
    });
  const [first] = provided;
  if (first === undefined || !provided.every((one) => one?.type === first.type)) return undefined;
  const declared = declare(context, handler, `${wanted.name}: ${first.type}`);
  if (declared === undefined) return undefined;
  const edits = [declared, ...provided.flatMap((one) => one?.edits ?? [])];
  return { type: first.type, edits: edits.filter((edit, i) => edits.findIndex((other) => isSame(edit, other)) === i) };
}

function isSame(a: Edit, b: Edit): boolean {
  return a.span.file === b.span.file && a.span.start === b.span.start && a.newText === b.newText;
}

function findSender({ protocol }: FixContext, role: string, handler: string): Handler | undefined {
  const found = findRole(protocol, role);
  return found === undefined ? undefined : findHandler(found, handler);
}

/** What it takes that one send statement has the column. */
function provide(
  context: FixContext,
  wanted: Wanted,
  from: Handler,
  send: Span,
  way: readonly Handler[],
): Carried | undefined {
  // What the plan routes the sending handler by.
  const own = from.role === wanted.role.name ? keyOf(wanted.component, from.name)?.[wanted.position] : undefined;
  if (own?.kind === "sender" && from.from !== undefined) {
    return { type: "string", edits: pass(context, from, send, wanted.name, `${from.from.name}.id`) };
  }
  const { payload } = from;
  if (payload === undefined) return undefined;
  const known = payload.columns.find((column) => column.path.join(".") === wanted.name);
  const before = known === undefined ? carry(context, wanted, from, way) : { type: known.type, edits: [] };
  const isDestructured = payload.name.startsWith("{");
  if (before === undefined || known?.optional === true || (isDestructured && known === undefined)) return undefined;
  const value = isDestructured ? wanted.name : `${payload.name}.${wanted.name}`;
  return { type: before.type, edits: [...before.edits, ...pass(context, from, send, wanted.name, value)] };
}

/** The column in the object of a send; a message that is passed on as a whole has it already. */
function pass(context: FixContext, { payload }: Handler, send: Span, name: string, value: string): readonly Edit[] {
  const text = textOf(context, send);
  const brace = /\s*,?\s*\}\s*\)$/.exec(text);
  if (brace === null || (payload !== undefined && text.includes(`...${payload.name}`))) return [];
  return [insertAt(context, send.file, send.start + brace.index, `, ${name === value ? name : `${name}: ${value}`}`)];
}

/** The column in the type of a payload: one that is written there, or an interface for it alone. */
function declare(context: FixContext, { payload }: Handler, column: string): Edit | undefined {
  if (payload === undefined) return undefined;
  if (textOf(context, payload.span).endsWith("}")) return declareIn(context, payload.span, column);
  const used = /:\s*(\w+)$/.exec(textOf(context, payload.span))?.[1];
  if (used === undefined) return undefined;
  const uses = [...context.texts.values()].flatMap((text) => [...text.matchAll(new RegExp(`\\b${used}\\b`, "g"))]);
  const modules = context.protocol.modules.map(({ declarations }) => declarations);
  const declaration = modules.flat().find(({ name, kind }) => name === used && kind === "type");
  if (declaration === undefined || uses.length !== 2) return undefined;
  return declareIn(context, declaration.span, `readonly ${column}`);
}

function declareIn(context: FixContext, span: Span, column: string): Edit | undefined {
  const text = textOf(context, span);
  const rest = /\s*\}\s*;?$/.exec(text);
  if (rest === null) return undefined;
  const before = text.slice(0, rest.index);
  const separator = /[;,{]$/.test(before) ? "" : ";";
  const isLines = rest[0].includes("\n");
  const gap = isLines ? `\n${indentAt(context, span)}  ` : " ";
  return insertAt(context, span.file, span.start + rest.index, `${separator}${gap}${column}${isLines ? ";" : ""}`);
}
