/** What happens again each time that a condition is tested, happens once for each key: with a mark of what is done. */
import { freshName } from "../analysis/freshNames.ts";
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import type { Condition, Region, SendEffect } from "../model/effect.ts";
import type { Handler } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import { cellsRead, type Cell, type Term } from "../model/term.ts";
import { indentAt, insertAt, textOf, componentsConcerned, type FixContext } from "./candidate.ts";

/** A send, and the condition on the state that it is sent under. */
interface Firing {
  readonly handler: Handler;
  readonly condition: Condition;
  readonly cell: Cell;
}

export function doOnce(finding: Finding, context: FixContext): readonly Fix[] {
  return componentsConcerned(finding, context).flatMap(({ role, component: { moves } }) => {
    const last = moves?.at(-1)?.span;
    const send = role.handlers.flatMap(sendsOf).find(({ span }) => isSamePlace(span, finding.span));
    if (last === undefined || send === undefined) return [];
    const firings = role.handlers.flatMap((handler) =>
      sendsOf(handler)
        .filter(({ message, roles }) => message === send.message && roles.join() === send.roles.join())
        .flatMap((one) => firingOf(handler, one)),
    );
    const places = firings.filter(
      (one, i) => firings.findIndex(({ condition }) => isSamePlace(condition.span, one.condition.span)) === i,
    );
    const [first] = places;
    const field = role.fields.find(({ name }) => name === first?.cell.field);
    const key = first?.cell.keys[0];
    if (first === undefined || field === undefined || key === undefined) return [];
    const type = typeOf(first.handler, key);
    if (type === undefined) return [];
    const mark = freshName(
      send.message,
      new Set([...role.members.map(({ name }) => name), ...role.handlers.map(({ name }) => name)]),
    );
    if (!places.every(decidesAboutSendsOnly)) return [];
    const guards = places.map((firing) => guardOf(context, firing, mark));
    if (!guards.every((edits) => edits !== undefined)) return [];
    const indent = indentAt(context, field.nameSpan);
    return [
      {
        title: `Send \`${send.message}\` once for each \`${nameOfKey(first.handler, key) ?? ""}\``,
        edits: [
          insertAt(
            context,
            field.span.file,
            field.span.end,
            `\n${indent}private readonly ${mark} = new Set<${type}>();`,
          ),
          ...guards.flat(),
          insertAt(context, last.file, last.end, `, ${JSON.stringify(mark)}`),
        ],
      },
    ];
  });
}

function sendsOf({ body }: Handler): readonly SendEffect[] {
  return (body?.effects ?? []).filter((effect): effect is SendEffect => effect.kind === "send");
}

function isSamePlace(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}

function firingOf(handler: Handler, send: SendEffect): readonly Firing[] {
  const condition = send.guard.findLast(({ term }) => cellsRead(term).length > 0);
  const cell = condition === undefined ? undefined : cellsRead(condition.term).find(({ keys }) => keys.length > 0);
  return condition === undefined || cell === undefined ? [] : [{ handler, condition, cell }];
}

/** What else the condition decides would happen once only too, and nobody asked for that. */
function decidesAboutSendsOnly({ handler, condition }: Firing): boolean {
  return (handler.body?.effects ?? [])
    .filter(({ guard }) => guard.some(({ span }) => isSamePlace(span, condition.span)))
    .every(({ kind }) => kind === "send");
}

/** Sets of these can be asked for a key by its value. */
function typeOf(handler: Handler, key: Term): string | undefined {
  switch (key.kind) {
    case "sender":
      return "string";
    case "payload":
      return handler.payload?.columns.find(({ path, keyable }) => keyable && path.join(".") === key.path.join("."))
        ?.type;
    default:
      return undefined;
  }
}

function nameOfKey(handler: Handler, key: Term): string | undefined {
  if (key.kind === "sender") return handler.from === undefined ? undefined : `${handler.from.name}.id`;
  if (key.kind !== "payload" || handler.payload === undefined) return undefined;
  const isName = /^[\w$]+$/.test(handler.payload.name);
  return [...(isName ? [handler.payload.name] : []), ...key.path].join(".");
}

function guardOf(
  context: FixContext,
  { handler, condition: { span }, cell }: Firing,
  mark: string,
): readonly Edit[] | undefined {
  const key = cell.keys[0] === undefined ? undefined : nameOfKey(handler, cell.keys[0]);
  const text = context.texts.get(span.file) ?? "";
  if (key === undefined) return undefined;
  if (/^return;?$/.test(textOf(context, span))) return guardAfterReturn(context, span, text, mark, key);
  const statement = text.slice(span.end).search(/(?<=^\s*\)\s*)\S/);
  if (!/\bif\s*\(\s*$/.test(text.slice(0, span.start)) || statement < 0) return undefined;
  const [open, close] = /\|\||\?\?|\?/.test(textOf(context, span)) ? ["(", ")"] : ["", ""];
  const start = span.end + statement;
  const head = [
    ...(open === "" ? [] : [insertAt(context, span.file, span.start, open)]),
    insertAt(context, span.file, span.end, `${close} && !this.${mark}.has(${key})`),
  ];
  const indent = indentAt(context, span);
  const end = handler.body === undefined ? undefined : endOfStatement(handler.body.root, span.file, start);
  if (end === undefined || /^\s*else\b/.test(text.slice(end))) return undefined;
  if (text.charAt(start) === "{") {
    return [...head, insertAt(context, span.file, start + 1, `\n${indent}  this.${mark}.add(${key});`)];
  }
  return [
    ...head,
    insertAt(context, span.file, start, `{\n${indent}  this.${mark}.add(${key});\n${indent}  `),
    insertAt(context, span.file, end, `\n${indent}}`),
  ];
}

/** What follows an early return is under its condition, and so is a second one. */
function guardAfterReturn(
  context: FixContext,
  span: Span,
  text: string,
  mark: string,
  key: string,
): readonly Edit[] | undefined {
  const end = span.end + (/^\s*;?\s*\}/.exec(text.slice(span.end))?.[0].length ?? 0);
  if (/^\s*else\b/.test(text.slice(end))) return undefined;
  const indent = indentAt(context, span);
  const guard = `\n${indent}if (this.${mark}.has(${key})) return;\n${indent}this.${mark}.add(${key});`;
  return [insertAt(context, span.file, end, guard)];
}

function endOfStatement(region: Region, file: string, start: number): number | undefined {
  if (region.span.file === file && region.span.start === start) return region.span.end;
  for (const child of region.children) {
    const end = endOfStatement(child, file, start);
    if (end !== undefined) return end;
  }
  return undefined;
}
