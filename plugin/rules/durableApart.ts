/** What is made durable stays with the messages of its activation, and with what else survives a crash. */
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { quote } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { printEffect, type Effect } from "../model/effect.ts";
import { findHandler, findStateField, type Role } from "../model/protocol.ts";
import type { Decoupling } from "./rule.ts";
import type { Half, Split, SplitCut } from "./splitCode.ts";
import { askedFor } from "./wording.ts";

/**
 * Refuses a durable write, or an append, in a fragment when the rest of its handler sends something, or when the component
 * that forwards has anything durable itself: what was stable first there would have come later in the one log of the node.
 */
export function refuseDurableApart(step: Decoupling, split: Split): readonly Finding[] {
  return split.cuts.flatMap((cut) => {
    const handler = findHandler(step.role, cut.handler);
    const effects = handler?.body?.effects ?? [];
    const leaves = effects.find((effect) => cut.cut.effects.includes(effect.id) && isDurable(step.role, effect));
    if (leaves === undefined) return [];
    const rest = effects.filter(({ id }) => !cut.cut.effects.includes(id));
    const stays =
      rest.find((effect) => isDurable(step.role, effect)) ??
      (step.hold === undefined ? rest.find(({ kind }) => kind === "send") : undefined);
    if (stays !== undefined) return [refuseRest(step, split, cut, leaves, stays)];
    const sender = split.senders.find(({ role }) => role.handlers.some(({ name }) => name === cut.handler));
    const field = sender === undefined ? undefined : durableField(sender);
    return sender === undefined || field === undefined ? [] : [refuseField(step, split, cut, leaves, sender, field)];
  });
}

export function isDurable(role: Role, effect: Effect): boolean {
  return (
    effect.kind === "append" || (effect.kind === "write" && findStateField(role, effect.cell.field)?.durable === true)
  );
}

/** A field of a component that survives a crash. */
function durableField({ role }: Half): string | undefined {
  const writes = role.handlers.flatMap(({ body }) => body?.effects ?? []).find((effect) => isDurable(role, effect));
  if (writes?.kind === "append") return writes.journal;
  if (writes?.kind === "write") return writes.cell.field;
  const used = role.handlers.flatMap((handler) => inferFootprint(role, handler).accesses);
  return used.find(({ cell }) => findStateField(role, cell.field)?.durable === true)?.cell.field;
}

function refuseRest(step: Decoupling, split: Split, cut: SplitCut, leaves: Effect, stays: Effect): Finding {
  const text = (effect: Effect): string => quote(step.protocol, effect.span, printEffect(effect));
  const to = split.receiver.component;
  return createFinding(
    "RVN213",
    `\`${cut.handler}\` would have effects in two components: ${text(leaves)} goes to \`${to}\`, ${text(stays)} stays. ` +
      "What is made durable stays with every message of its activation: they may not leave before it is on stable storage.",
    leaves.span,
    {
      related: [
        { message: "This effect of the same handler stays.", span: stays.span },
        ...askedFor(cut.part.request, "this effect"),
      ],
      scenario: [
        `\`${cut.handler}\` runs and its messages leave; \`${to}\` is to record ${text(leaves)}, and crashes before it has.`,
        "Whoever got the messages relies on the record, and the node comes back without it.",
      ],
      advice: `Move the whole handler: name \`${cut.handler}\` in \`moves\`, or name the other fields that it writes as well.`,
    },
  );
}

function refuseField(
  step: Decoupling,
  split: Split,
  cut: SplitCut,
  leaves: Effect,
  sender: Half,
  field: string,
): Finding {
  const text = quote(step.protocol, leaves.span, printEffect(leaves));
  const to = split.receiver.component;
  return createFinding(
    "RVN213",
    `${text} of \`${cut.handler}\` would be durable in \`${to}\`, and \`${field}\` in \`${sender.component}\`: after a crash the one may be there ` +
      "without the other, in an order in which one node never writes them.",
    leaves.span,
    {
      related: askedFor(cut.part.request, "this effect"),
      scenario: [
        `\`${cut.handler}\` forwards ${text} to \`${to}\`; after that \`${field}\` is written in \`${sender.component}\`, and is stable.`,
        `The node crashes before \`${to}\` has written, and comes back with the later record and without the earlier one.`,
      ],
      advice: `Keep what is durable in one component: leave ${text} where it is, or move everything that uses \`${field}\` too.`,
    },
  );
}
