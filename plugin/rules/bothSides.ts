/** A handler that would have effects on state in two components. */
import { quote } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { printEffect, type Effect } from "../model/effect.ts";
import type { Handler } from "../model/protocol.ts";
import type { Decoupling, MovedPart } from "./rule.ts";
import { askedFor } from "./wording.ts";

/** Refuses when what leaves the handler is more than sends. The functional rule is the only one here that splits a handler. */
export function refuseBothSides(step: Decoupling, part: MovedPart, handler: Handler): Finding | undefined {
  const effects = handler.body?.effects ?? [];
  const moved = effects.filter(({ id }) => part.effects.includes(id));
  const leaves = moved.find(({ kind }) => kind === "write") ?? (part.field === undefined ? undefined : moved[0]);
  if (leaves === undefined) return undefined;
  const stays = effects.find(({ id }) => !part.effects.includes(id));
  const text = (effect: Effect): string => quote(step.protocol, effect.span, printEffect(effect));
  const field = part.field === undefined ? "" : ` with \`${part.field}\``;
  return createFinding(
    "RVN204",
    `\`${handler.name}\` would have effects in two components: ${text(leaves)} goes to \`${step.component}\`${field}, ` +
      `${stays === undefined ? "the rest" : text(stays)} stays. A handler can be split only where what leaves it are sends without state.`,
    leaves.span,
    {
      related: [
        ...(stays === undefined ? [] : [{ message: "This effect of the same handler stays.", span: stays.span }]),
        ...askedFor(part.request, part.field === undefined ? "this effect" : `\`${part.field}\``),
      ],
      scenario: [
        `\`${handler.name}\` handles one message: \`${step.component}\` is told to do its half and is slow.`,
        `Meanwhile the other half is visible: somebody acts on it and meets \`${step.component}\` as it was before.`,
      ],
      advice:
        part.field === undefined
          ? `Move the whole handler: name \`${handler.name}\` in \`moves\`.`
          : `Move the whole handler: name \`${handler.name}\` in \`moves\`, or name the other fields that it writes as well.`,
    },
  );
}
