/** A handler that would have effects on state in two components. */
import { quote } from "../analysis/quote.ts";
import type { Code } from "../diagnostics/codes.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { printEffect, type Effect } from "../model/effect.ts";
import { findStateField, type Handler } from "../model/protocol.ts";
import type { Decoupling, MovedPart } from "./rule.ts";
import { askedFor } from "./wording.ts";

/** Refuses when what leaves the handler is more than sends. The functional rule is the only one here that splits a handler. */
export function refuseBothSides(step: Decoupling, part: MovedPart, handler: Handler): Finding | undefined {
  const effects = handler.body?.effects ?? [];
  const moved = effects.filter(({ id }) => part.effects.includes(id));
  const leaves = moved.find(({ kind }) => kind !== "send") ?? (part.field === undefined ? undefined : moved[0]);
  if (leaves === undefined) return undefined;
  const staying = effects.filter(({ id }) => !part.effects.includes(id));
  const stays = staying.find(({ kind }) => kind === "send" && isDurable(step, leaves)) ?? staying[0];
  const text = (effect: Effect): string => quote(step.protocol, effect.span, printEffect(effect));
  const field = part.field === undefined ? "" : ` with \`${part.field}\``;
  const { code, why, scenario } = reasonOf(step, handler, leaves, text);
  return createFinding(
    code,
    `\`${handler.name}\` would have effects in two components: ${text(leaves)} goes to \`${step.component}\`${field}, ` +
      `${stays === undefined ? "the rest" : text(stays)} stays. ${why}`,
    leaves.span,
    {
      related: [
        ...(stays === undefined ? [] : [{ message: "This effect of the same handler stays.", span: stays.span }]),
        ...askedFor(part.request, part.field === undefined ? "this effect" : `\`${part.field}\``),
      ],
      scenario,
      advice:
        part.field === undefined
          ? `Move the whole handler: name \`${handler.name}\` in \`moves\`.`
          : `Move the whole handler: name \`${handler.name}\` in \`moves\`, or name the other fields that it writes as well.`,
    },
  );
}

interface Reason {
  readonly code: Code;
  readonly why: string;
  readonly scenario: readonly string[];
}

function reasonOf(step: Decoupling, { name }: Handler, leaves: Effect, text: (effect: Effect) => string): Reason {
  const { component } = step;
  if (isDurable(step, leaves)) {
    return {
      code: "RVN213",
      why: "What is made durable stays with every message of its activation: they may not leave before it is on stable storage.",
      scenario: [
        `\`${name}\` runs and its messages leave; \`${component}\` is to record ${text(leaves)}, and crashes before it has.`,
        `Whoever got the messages relies on the record, and the node comes back without it.`,
      ],
    };
  }
  if (leaves.kind === "timer") {
    return {
      code: "RVN203",
      why: "A timer is armed and disarmed together with what its handler looks at.",
      scenario: [
        `\`${name}\` runs; \`${component}\`, which is to do ${text(leaves)}, is slow.`,
        `The timer \`${leaves.timer}\` fires although it was disarmed, or has not been armed when it should fire.`,
      ],
    };
  }
  return {
    code: "RVN204",
    why: "A handler can be split only where what leaves it are sends without state.",
    scenario: [
      `\`${name}\` handles one message: \`${component}\` is told to do its half and is slow.`,
      `Meanwhile the other half is visible: somebody acts on it and meets \`${component}\` as it was before.`,
    ],
  };
}

function isDurable({ role }: Pick<Decoupling, "role">, effect: Effect): boolean {
  return (
    effect.kind === "append" || (effect.kind === "write" && findStateField(role, effect.cell.field)?.durable === true)
  );
}
