/** What no rule can split, whatever the state is like. */
import { quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { printEffect, type Region } from "../../model/effect.ts";
import { findHandler } from "../../model/protocol.ts";
import { contains, type Span } from "../../model/span.ts";
import { statefulParts, type Decoupling } from "../rule.ts";
import type { Split, SplitCut } from "../split.ts";
import { askedFor } from "./wording.ts";

/** State goes one way: a component that is told something and tells something back waits for itself. */
export function refuseDirections(step: Decoupling): readonly Finding[] {
  const [forwarded] = statefulParts(step);
  const [returned] = step.returned;
  if (forwarded === undefined || returned === undefined) return [];
  const effects = findHandler(step.role, returned.handler)?.body?.effects ?? [];
  const effect = effects.find(({ id }) => returned.effects.includes(id));
  const span = effect?.span ?? step.role.nameSpan;
  return [
    createFinding(
      "RVN204",
      `\`${returned.handler}\` would have effects in two components, and so would \`${forwarded.handler}\`, the other way round: ` +
        `${quote(step.protocol, span, effect === undefined ? "an effect" : printEffect(effect))} goes back from \`${step.component}\`, ` +
        `and \`${forwarded.field ?? ""}\` goes there.`,
      span,
      {
        related: askedFor(forwarded.request, `\`${forwarded.handler}\` to be split`),
        scenario: [
          `\`${returned.handler}\` and \`${forwarded.handler}\` run at once, each in the component where its message enters.`,
          "Each half meets the other's component as it was before: no order of the two explains both.",
        ],
        advice: `Move the whole handlers: name \`${returned.handler}\` and \`${forwarded.handler}\` in \`moves\`, or neither.`,
      },
    ),
  ];
}

/** The start of a node comes before everything else in it, its timers too, and so does coming back. */
export function refuseTriggers(step: Decoupling, split: Split): readonly Finding[] {
  const direct = split.receiver.role.handlers.find(
    ({ name, trigger }) =>
      (trigger.kind === "message" || trigger.kind === "every") && !split.cuts.some((cut) => cut.name === name),
  );
  const cut = split.cuts.flatMap((one) => {
    const handler = findHandler(step.role, one.handler);
    if (handler?.trigger.kind === "recover") return [{ handler, part: one.part, before: "" }];
    return handler?.trigger.kind === "start" && direct !== undefined
      ? [{ handler, part: one.part, before: direct.name }]
      : [];
  });
  return cut.map(({ handler, part, before }) =>
    createFinding(
      "RVN228",
      `\`${handler.name}\` cannot be split: it runs ${before === "" ? "when the node comes back" : "when the node starts"}, before everything else in it, and ` +
        `what goes to \`${split.receiver.component}\` would arrive there ${before === "" ? "later" : `after \`${before}\``}.`,
      handler.nameSpan,
      {
        related: askedFor(part.request, "a part of it to leave"),
        scenario: [
          `The node ${before === "" ? "comes back" : "starts"}: \`${handler.name}\` forwards what \`${split.receiver.component}\` is to begin with.`,
          `${before === "" ? "A message" : `\`${before}\``} is handled there before that arrives, as if \`${handler.name}\` had not run.`,
        ],
        advice: `Move \`${handler.name}\` as a whole, or write one such handler for each component.`,
      },
    ),
  );
}

/**
 * Refuses two pieces of one activation where something else may run between them. Pieces on different branches never run
 * both; a piece in a loop may run any number of times.
 */
export function refuseSeveralPieces(step: Decoupling, split: Split): readonly Finding[] {
  return split.cuts.flatMap((cut, i) => {
    const root = findHandler(step.role, cut.handler)?.body?.root;
    if (root === undefined) return [];
    const looped = isInLoop(root, cut.cut.region.span);
    const other = split.cuts
      .slice(0, i)
      .find((one) => one.handler === cut.handler && !isExclusive(root, one.cut.region.span, cut.cut.region.span));
    return looped || other !== undefined ? [refusePieces(step, split, cut, other)] : [];
  });
}

function refusePieces(step: Decoupling, split: Split, cut: SplitCut, other: SplitCut | undefined): Finding {
  const to = split.receiver.component;
  const what = other === undefined ? "once for each turn of a loop" : "in several pieces";
  return createFinding(
    "RVN216",
    `\`${cut.handler}\` would be forwarded to \`${to}\` ${what}, and other messages can come in between there: they would see a half of it.`,
    cut.cut.region.span,
    {
      related: [
        ...(other === undefined
          ? []
          : [{ message: "This piece is forwarded by itself.", span: other.cut.region.span }]),
        ...askedFor(cut.part.request, "it to leave"),
      ],
      scenario: [
        `\`${to}\` has received the first piece of \`${cut.handler}\`, and handles another message.`,
        "In one node that message comes before the whole of it, or after it.",
      ],
      advice: `Put the statements that leave \`${cut.handler}\` next to each other, so that they are one piece.`,
    },
  );
}

function isInLoop(region: Region, span: Span): boolean {
  return region.children.some(
    (child) =>
      contains(child.span, span) &&
      child.span !== span &&
      ((child.kind === "loop" && isStrictlyInside(child.span, span)) || isInLoop(child, span)),
  );
}

function isStrictlyInside(outer: Span, inner: Span): boolean {
  return contains(outer, inner) && (outer.start !== inner.start || outer.end !== inner.end);
}

function isExclusive(region: Region, one: Span, other: Span): boolean {
  const both = region.children.find((child) => contains(child.span, one) && contains(child.span, other));
  if (both !== undefined) return isExclusive(both, one, other);
  return (
    region.kind === "branch" &&
    region.children.some(({ span }) => contains(span, one)) &&
    region.children.some(({ span }) => contains(span, other))
  );
}
