/** What the names in a plan stand for: whole handlers, and effects out of handlers. */
import { inferEffectFootprint, inferFootprint, stateFields } from "../analysis/inferFootprints.ts";
import { names } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nearestName } from "../diagnostics/nearestName.ts";
import { printSend, type SendEffect } from "../model/effect.ts";
import { findHandler, type Field, type Handler, type Role } from "../model/protocol.ts";
import type { RequestedComponent, RequestedMove } from "../model/requestedPlan.ts";
import type { Span } from "../model/span.ts";
import type { Moved, MovedPart } from "../rules/rule.ts";

/** A component of the plan with everything that its names stand for. */
export interface ResolvedComponent {
  readonly request: RequestedComponent;
  readonly handlers: readonly Moved[];
  /** Handlers that go whole because of the fields that are named: all that they do is about them. */
  readonly taken: readonly Moved[];
  readonly sends: readonly MovedPart[];
  readonly fields: readonly { readonly name: string; readonly request: Span | undefined }[];
}

/** One thing that a name of the plan stands for. */
type Meant =
  | { readonly kind: "handler"; readonly handler: string; readonly move: RequestedMove }
  | { readonly kind: "send"; readonly handler: string; readonly effect: number; readonly move: RequestedMove }
  | {
      readonly kind: "field";
      readonly handler: string;
      readonly field: string;
      readonly effects: readonly number[];
      readonly move: RequestedMove;
    };

export function resolveMoves(
  role: Role,
  components: readonly RequestedComponent[],
): { readonly components: readonly ResolvedComponent[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const resolved = components.map((request) => {
    const meant = (request.moves ?? []).flatMap((move) => {
      const result = meaningOf(role, move);
      if (!("finding" in result)) return result.meant;
      findings.push(result.finding);
      return [];
    });
    return { request, meant };
  });
  const gathered = resolved.map(({ request, meant }) => ({ request, ...gather(role, meant) }));
  findings.push(
    ...repetitions(resolved.flatMap(({ request, meant }) => meant.map((one) => ({ component: request.name, ...one })))),
    ...takenTwice(gathered),
  );
  return { components: gathered, findings };
}

function meaningOf(
  role: Role,
  move: RequestedMove,
): { readonly meant: readonly Meant[] } | { readonly finding: Finding } {
  const text = move.text.trim();
  if (text.includes("->")) return sendNamed(role, move);
  if (findHandler(role, text) !== undefined) return { meant: [{ kind: "handler", handler: text, move }] };
  const field = role.fields.find(({ name }) => name === text);
  if (field === undefined) return { finding: unknownMove(role, move, text) };
  if (field.is.kind !== "state") {
    return {
      finding: createFinding("RVN452", `${whyItStays(role, field)}, and it cannot move.`, move.span, {
        related: [{ message: `\`${text}\` is declared here.`, span: field.nameSpan }],
      }),
    };
  }
  const meant = role.handlers.flatMap((handler): readonly Meant[] => {
    const footprint = inferFootprint(role, handler);
    if (!stateFields(footprint).includes(text)) return [];
    return [{ kind: "field", handler: handler.name, field: text, effects: effectsOn(handler, text), move }];
  });
  return { meant };
}

/** What a field is that is no state, so that no component owns it. */
function whyItStays(role: Role, { name, is }: Field): string {
  switch (is.kind) {
    case "journal":
      return `\`${name}\` is a journal: every component that appends to it has its own (name the handlers that append)`;
    case "timers":
      return `\`${name}\` holds timers, each of which belongs to the handlers that arm it (name these)`;
    case "state":
    case "configuration":
    case "peers":
    case "peer":
    case "self":
      return `\`${name}\` is configuration: no handler of \`${role.name}\` changes it, every component has it`;
  }
}

/** The effects on a field, and the sends that it guards or feeds. */
function effectsOn({ body }: Handler, field: string): readonly number[] {
  return (body?.effects ?? [])
    .filter((effect) => {
      const { reads, writes } = inferEffectFootprint(effect);
      return writes?.field === field || (effect.kind === "send" && reads.some(({ cell }) => cell.field === field));
    })
    .map(({ id }) => id);
}

const SEND = /^([\w$]+)\s*->\s*([\w$]+(?:\s*\|\s*[\w$]+)*)\.([\w$]+)\s*(?:#(\d+))?$/;

function sendNamed(
  role: Role,
  move: RequestedMove,
): { readonly meant: readonly Meant[] } | { readonly finding: Finding } {
  const [, from = "", roles = "", message = "", ordinal = "1"] = SEND.exec(move.text.trim()) ?? [];
  const handler = findHandler(role, from);
  if (handler === undefined) return { finding: unknownMove(role, move, from === "" ? move.text : from) };
  const wanted = roles.split("|").map((name) => name.trim());
  const found = sendsOf(handler).find(
    (send) =>
      send.message === message && send.ordinal === Number(ordinal) && wanted.every((name) => send.roles.includes(name)),
  );
  if (found !== undefined) return { meant: [{ kind: "send", handler: from, effect: found.id, move }] };
  const known = sendsOf(handler).map((send) => printSend(handler.name, send));
  const meantToBe = nearestName(move.text.trim(), known);
  const [unknown] = inferFootprint(role, handler).everything;
  const hint =
    meantToBe !== undefined
      ? `Did you mean \`${meantToBe}\`?`
      : unknown !== undefined
        ? `What it sends is not all known, since the analysis does not follow ${unknown.why}.`
        : known.length === 0
          ? `\`${from}\` sends nothing.`
          : `It has ${names(known)}.`;
  return {
    finding: createFinding("RVN450", `\`${from}\` has no send \`${move.text.trim()}\`. ${hint}`, move.span, {
      related: [
        { message: `\`${from}\` is here.`, span: handler.nameSpan },
        ...(unknown === undefined ? [] : [{ message: "This is not followed.", span: unknown.span }]),
      ],
    }),
  };
}

function unknownMove(role: Role, move: RequestedMove, name: string): Finding {
  const state = role.fields.filter(({ is }) => is.kind === "state").map((field) => field.name);
  const handlers = role.handlers.map((handler) => handler.name);
  const meant = nearestName(name, [...handlers, ...state]);
  const parts = [
    ...(handlers.length === 0 ? [] : [`the handlers ${names(handlers)}`]),
    ...(state.length === 0 ? [] : [`the fields ${names(state)}`]),
  ];
  const hint = meant !== undefined ? `Did you mean \`${meant}\`?` : `It has ${parts.join(" and ") || "neither"}.`;
  return createFinding("RVN450", `\`${role.name}\` has no handler and no field \`${name}\`. ${hint}`, move.span, {
    related: [{ message: `\`${role.name}\` is declared here.`, span: role.nameSpan }],
  });
}

/** Puts together what a component takes. A handler whose every effect it takes for the sake of a field goes as a whole. */
function gather(role: Role, meant: readonly Meant[]): Omit<ResolvedComponent, "request"> {
  const handlers: Moved[] = [];
  const taken: Moved[] = [];
  const sends: MovedPart[] = [];
  for (const handler of role.handlers) {
    const mine = meant.filter((one) => one.handler === handler.name);
    const whole = mine.find(({ kind }) => kind === "handler");
    const field = mine.find((one) => one.kind === "field");
    const single = mine.flatMap((one) => (one.kind === "send" ? [one] : []));
    const about = mine.flatMap((one) => (one.kind === "field" ? one.effects : []));
    const effects = new Set([...about, ...single.map(({ effect }) => effect)]);
    const [first] = single;
    if (whole !== undefined) handlers.push({ handler: handler.name, request: whole.move.span });
    else if (field !== undefined && handler.body?.effects.every(({ id }) => effects.has(id)) === true) {
      taken.push({ handler: handler.name, request: field.move.span });
    } else if (first !== undefined) {
      sends.push({
        handler: handler.name,
        effects: [...new Set(single.map(({ effect }) => effect))],
        field: undefined,
        request: first.move.span,
      });
    }
  }
  const fields = new Map(meant.flatMap((one) => (one.kind === "field" ? [[one.field, one.move.span] as const] : [])));
  return { handlers, taken, sends, fields: [...fields].map(([name, request]) => ({ name, request })) };
}

/** A field and the handlers that use it may both be named, in one component: that says the same thing twice, no more. */
function repetitions(all: readonly (Meant & { readonly component: string })[]): readonly Finding[] {
  return all.flatMap((later, i) => {
    const earlier = all.slice(0, i).find((one) => overlaps(one, later));
    if (earlier === undefined) return [];
    const what = later.kind === "send" ? later.move.text.trim() : later.handler;
    const where =
      earlier.component === later.component ? "twice" : `to \`${earlier.component}\` and to \`${later.component}\``;
    return [movedTwice(what, where, later.move.span, earlier.component, earlier.move.span)];
  });
}

/** A handler that is named may lose what is about a field, and not if that is all that it does. */
function takenTwice(components: readonly ResolvedComponent[]): readonly Finding[] {
  return components.flatMap(({ request, taken }) =>
    taken.flatMap((whole) => {
      const other = components.find(
        (one) => one.request !== request && one.handlers.some(({ handler }) => handler === whole.handler),
      );
      const named = other?.handlers.find(({ handler }) => handler === whole.handler);
      if (other === undefined || named?.request === undefined || whole.request === undefined) return [];
      const where = `to \`${other.request.name}\` and to \`${request.name}\``;
      return [movedTwice(whole.handler, where, whole.request, other.request.name, named.request)];
    }),
  );
}

function movedTwice(what: string, where: string, span: Span, earlier: string, earlierSpan: Span): Finding {
  return createFinding("RVN451", `The plan moves \`${what}\` ${where}.`, span, {
    related: [{ message: `It is moved to \`${earlier}\` here.`, span: earlierSpan }],
  });
}

function overlaps(
  earlier: Meant & { readonly component: string },
  later: Meant & { readonly component: string },
): boolean {
  if (earlier.handler !== later.handler) return false;
  const sameComponent = earlier.component === later.component;
  if (earlier.kind === "field" || later.kind === "field") {
    if (sameComponent) return false;
    // A send may leave the handler of a field that moved elsewhere, just as it may leave any handler.
    if (earlier.kind === "send" || later.kind === "send") return false;
    // What is about a field may leave a handler that has a component of its own already, and to several components.
    if (earlier.kind === "field" && later.kind === "field") {
      return earlier.effects.some((id) => later.effects.includes(id));
    }
    return earlier.kind === "field";
  }
  if (earlier.kind === "handler" && later.kind === "handler") return true;
  if (earlier.kind === "send" && later.kind === "send") return earlier.effect === later.effect;
  return sameComponent;
}

function sendsOf({ body }: Handler): readonly SendEffect[] {
  return (body?.effects ?? []).filter((effect): effect is SendEffect => effect.kind === "send");
}
