/**
 * Handlers that cannot be told apart may be right in one component: the plan takes more along, or less. And where a handler
 * needs state that stays, what it sends may leave alone, with the values that it needs.
 */
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { names as quoted } from "../analysis/quote.ts";
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import { printSend, type SendEffect } from "../model/effect.ts";
import type { Handler, Role } from "../model/protocol.ts";
import type { RequestedMove } from "../model/requestedPlan.ts";
import { contains, type Span } from "../model/span.ts";
import { componentsConcerned, insertAt, spanIn, type FixContext } from "./candidate.ts";

export function changeMoves(finding: Finding, context: FixContext): readonly Fix[] {
  return componentsConcerned(finding, context).flatMap(({ role, component: { moves } }) => {
    if (moves === undefined) return [];
    const moved = moves.map(({ text }) => text.trim());
    const involved = handlersAt(role, [finding.span, ...finding.related.map(({ span }) => span)]);
    const fields = fieldsAt(role, finding.span);
    const users = role.handlers.filter((handler) => fields.some((field) => fieldsOf(role, handler).includes(field)));
    const named = (handlers: readonly Handler[]): readonly string[] =>
      handlers.map(({ name }) => name).filter((name) => !moved.includes(name));
    const additions = distinct([named(involved), named(users), fields.filter((field) => !moved.includes(field))]);
    // A component that takes everything is the role under another name.
    const leavesSome = (names: readonly string[]): boolean =>
      role.handlers.some(({ name }) => !moved.includes(name) && !names.includes(name));
    return [
      ...additions.filter(leavesSome).flatMap((names) => take(context, moves, names)),
      ...narrowings(role, moves, involved),
      ...moves.flatMap((move) => leave(context, moves, move, involved, fields)),
    ];
  });
}

/** Fields that a plan may name. */
function fieldsOf(role: Role, handler: Handler): readonly string[] {
  const used = new Set(inferFootprint(role, handler).accesses.map(({ cell }) => cell.field));
  return role.fields.filter(({ name, is }) => is.kind === "state" && used.has(name)).map(({ name }) => name);
}

function fieldsAt(role: Role, span: Span): readonly string[] {
  const accesses = role.handlers.flatMap((handler) => inferFootprint(role, handler).accesses);
  const touched = new Set(accesses.filter((access) => contains(span, access.span)).map(({ cell }) => cell.field));
  return role.fields.filter(({ name, is }) => is.kind === "state" && touched.has(name)).map(({ name }) => name);
}

/** The handlers that the places are in, or in whose helpers they are. */
function handlersAt(role: Role, places: readonly Span[]): readonly Handler[] {
  return role.handlers.filter((handler) => {
    const { body } = handler;
    const inside = [...(body?.effects ?? []), ...(body?.reads ?? [])].map(({ span }) => span);
    return places.some(
      (place) =>
        contains(handler.span, place) || inside.some((span) => span.file === place.file && contains(place, span)),
    );
  });
}

function distinct(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return lists.filter((names) => {
    const key = names.toSorted().join();
    if (names.length === 0 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function take(context: FixContext, moves: readonly RequestedMove[], names: readonly string[]): readonly Fix[] {
  const last = moves.at(-1)?.span;
  if (last === undefined) return [];
  const newText = names.map((name) => `, ${JSON.stringify(name)}`).join("");
  return [{ title: `Move ${quoted(names)} along`, edits: [insertAt(context, last.file, last.end, newText)] }];
}

/** Not the handler, but what it sends: the values that this needs are computed where the state is, and travel. */
function narrowings(role: Role, moves: readonly RequestedMove[], involved: readonly Handler[]): readonly Fix[] {
  return involved.flatMap((handler) => {
    const move = moves.find(({ text }) => text.trim() === handler.name);
    const sends = (handler.body?.effects ?? []).filter((effect): effect is SendEffect => effect.kind === "send");
    if (move === undefined || sends.length === 0) return [];
    const names = sends.map((send) => printSend(handler.name, send));
    return [
      {
        title: `Move only what \`${handler.name}\` sends, with the values that it needs`,
        edits: [{ span: move.span, newText: [...new Set(names)].map((name) => JSON.stringify(name)).join(", ") }],
      },
    ];
  });
}

function leave(
  context: FixContext,
  moves: readonly RequestedMove[],
  move: RequestedMove,
  involved: readonly Handler[],
  fields: readonly string[],
): readonly Fix[] {
  const name = move.text.trim();
  const isMeant = fields.includes(name) || involved.some((handler) => handler.name === /^[\w$]+/.exec(name)?.[0]);
  return isMeant && moves.length > 1
    ? [{ title: `Leave \`${name}\` where it is`, edits: [without(context, moves, move)] }]
    : [];
}

/** Takes an entry out of a list, with the comma that belongs to it. */
function without(context: FixContext, moves: readonly RequestedMove[], { span }: RequestedMove): Edit {
  const next = moves.find((one) => one.span.start >= span.end)?.span;
  const previous = moves.findLast((one) => one.span.end <= span.start)?.span;
  const start = next === undefined ? (previous?.end ?? span.start) : span.start;
  return { span: spanIn(context, span.file, start, next?.start ?? span.end), newText: "" };
}
