/** Per-sender order, which `@Fifo` handlers rely on, exists between two instances and not beyond. */
import { inferFootprint } from "../../analysis/inferFootprints.ts";
import { fifoTargets, isFifo } from "../../analysis/inferMessageFlow.ts";
import { quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import type { SendEffect } from "../../model/effect.ts";
import { findHandler, type Handler, type Protocol, type Role } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import type { Decoupling, MovedPart, Part } from "../rule.ts";
import { askedFor } from "./wording.ts";

/** A send that reaches, or may reach, a `@Fifo` handler. */
export interface OrderedSend {
  readonly handler: string;
  readonly span: Span;
  readonly message: string;
  readonly target: Handler;
}

/** Refuses to separate `@Fifo` handlers of a class, and handlers that send to `@Fifo` handlers of one role. */
export function refuseFifoApart(step: Decoupling, other: Part): readonly Finding[] {
  return [...refuseReceiversApart(step, other), ...refuseSendersApart(step, other)];
}

function refuseReceiversApart(step: Decoupling, other: Part): readonly Finding[] {
  const isOrdered = (name: string): boolean => {
    const handler = findHandler(step.role, name);
    return handler !== undefined && isFifo(handler);
  };
  const moved = step.handlers.find(({ handler }) => isOrdered(handler));
  const stays = other.handlers.find(isOrdered);
  const movedHandler = moved === undefined ? undefined : findHandler(step.role, moved.handler);
  const staysHandler = stays === undefined ? undefined : findHandler(step.role, stays);
  if (moved === undefined || movedHandler === undefined || staysHandler === undefined) return [];
  const [a, b] = [staysHandler.name, movedHandler.name];
  return [
    createFinding(
      "RVN211",
      `\`${b}\` cannot go to \`${step.component}\` without \`${a}\`: both are \`@Fifo\`, so they see the messages of one sender in the ` +
        "order in which it sent them, and messages to two components overtake each other.",
      movedHandler.nameSpan,
      {
        related: [
          { message: `\`${a}\` is \`@Fifo\` too, and runs in \`${other.name}\`.`, span: staysHandler.nameSpan },
          ...askedFor(moved.request, `\`${b}\` in \`${step.component}\``),
        ],
        scenario: [
          `A sender calls \`${a}\`, then \`${b}\`.`,
          `\`${step.component}\` handles \`${b}\` before \`${other.name}\` has handled \`${a}\`, which one node would never do.`,
        ],
        advice: `Name both in \`moves\`, or drop \`@Fifo\` where the order does not matter.`,
      },
    ),
  ];
}

function refuseSendersApart(step: Decoupling, other: Part): readonly Finding[] {
  const moved = step.handlers.flatMap(({ handler }) => orderedSends(step.protocol, step.role, handler));
  const staying = other.handlers.flatMap((handler) => orderedSends(step.protocol, step.role, handler));
  const pair = moved.flatMap((mine) =>
    staying.filter((s) => s.target.role === mine.target.role).map((theirs) => ({ mine, theirs })),
  )[0];
  if (pair === undefined) return [];
  const { mine, theirs } = pair;
  return [
    createFinding(
      "RVN210",
      `\`${mine.handler}\` cannot go to \`${step.component}\`: ${quote(step.protocol, mine.span, mine.message)} ` +
        `sends to \`${mine.target.role}.${mine.target.name}\`, which is \`@Fifo\`, and \`${theirs.handler}\` in \`${other.name}\` ` +
        `sends to \`${theirs.target.role}.${theirs.target.name}\`. From two components the messages of one node overtake each other.`,
      mine.span,
      {
        related: [
          { message: `\`${theirs.handler}\` sends from \`${other.name}\` here.`, span: theirs.span },
          { message: `\`${mine.target.name}\` relies on per-sender order.`, span: mine.target.nameSpan },
          ...askedFor(
            step.handlers.find(({ handler }) => handler === mine.handler)?.request,
            `\`${mine.handler}\` in \`${step.component}\``,
          ),
        ],
        scenario: [
          `\`${theirs.handler}\` sends \`${theirs.message}\`, then \`${mine.handler}\` sends \`${mine.message}\`.`,
          `They leave two processes, and \`${mine.message}\` arrives first: \`${mine.target.role}\` sees a gap that one node would not have left.`,
        ],
        advice: `Keep the handlers that send to \`${mine.target.role}\` in one component, or make \`${mine.target.name}\` independent of the order.`,
      },
    ),
  ];
}

/** The sends of a handler that may reach a `@Fifo` handler; what is not understood may send to any of them. */
export function orderedSends(protocol: Protocol, role: Role, name: string): readonly OrderedSend[] {
  const handler = findHandler(role, name);
  if (handler === undefined) return [];
  const sends = (handler.body?.effects ?? []).filter((effect): effect is SendEffect => effect.kind === "send");
  const known = sends.flatMap((send) =>
    fifoTargets(protocol, send).map((target) => ({ handler: name, span: send.span, message: send.message, target })),
  );
  const [why] = inferFootprint(role, handler).everything;
  if (why === undefined) return known;
  const all = protocol.roles.flatMap(({ handlers }) => handlers.filter(isFifo));
  return [...known, ...all.map((target) => ({ handler: name, span: why.span, message: target.name, target }))];
}

/** Refuses what would send to a `@Fifo` handler from a place that it is forwarded to. */
export function refuseOrderedParts(step: Decoupling, part: MovedPart, handler: Handler): readonly Finding[] {
  const leaving = handler.body?.effects.filter(({ id }) => part.effects.includes(id)) ?? [];
  const isLeaving = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
    leaving.some(({ span }) => span.start === start && span.end === end);
  const ordered = orderedSends(step.protocol, step.role, handler.name).filter(({ span }) => isLeaving(span));
  return ordered.map(({ span, message, target }) =>
    createFinding(
      "RVN210",
      `\`${handler.name} -> ${target.role}.${message}\` cannot go to \`${step.component}\`: \`${target.role}.${target.name}\` is \`@Fifo\`, ` +
        "so it relies on the order in which one node sends to it, and forwards to another component overtake each other.",
      span,
      {
        related: [
          { message: `\`${target.name}\` relies on per-sender order.`, span: target.nameSpan },
          ...askedFor(part.request, "the send to leave"),
        ],
        scenario: [
          `\`${handler.name}\` runs twice and forwards twice; \`${step.component}\` receives the second forward first.`,
          `\`${target.role}\` sees the two messages in the wrong order: a gap, or an older value that replaces a newer one.`,
        ],
        advice: `Leave the send where it is, or make \`${target.name}\` independent of the order and drop \`@Fifo\`.`,
      },
    ),
  );
}
