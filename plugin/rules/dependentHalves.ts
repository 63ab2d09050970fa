/** The two halves of a split are apart for good: neither looks at, nor changes, what the other one keeps. */
import { inferFootprint, type StateAccess } from "../analysis/inferFootprints.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { findHandler } from "../model/protocol.ts";
import type { Decoupling } from "./rule.ts";
import type { Half, Split } from "./splitCode.ts";
import { askedFor, exampleCell, quoteAccess, verbOf } from "./wording.ts";

/** One finding for each field that both halves would use although one of them writes it. */
export function refuseDependentHalves(step: Decoupling, split: Split): readonly Finding[] {
  const receiving = accessesOf(split.receiver);
  return split.senders.flatMap((sender) => {
    const sending = accessesOf(sender);
    const fields = [...new Set(sending.map(({ cell }) => cell.field))];
    return fields.flatMap((field) => {
      const mine = sending.filter(({ cell }) => cell.field === field);
      const theirs = receiving.filter(({ cell }) => cell.field === field);
      if (theirs.length === 0 || ![...mine, ...theirs].some(({ write }) => write !== undefined)) return [];
      return [refuse(step, split, sender, mine, theirs)];
    });
  });
}

function accessesOf({ role }: Half): readonly StateAccess[] {
  return role.handlers.flatMap((handler) => inferFootprint(role, handler).accesses);
}

function refuse(
  step: Decoupling,
  split: Split,
  sender: Half,
  sending: readonly StateAccess[],
  receiving: readonly StateAccess[],
): Finding {
  const { protocol, component } = step;
  // What reads is what cannot do without the other half; and what goes to the new component is where the plan's trouble is.
  const reads = ({ write }: StateAccess): boolean => write === undefined;
  const writes = ({ write }: StateAccess): boolean => write !== undefined;
  const offending = sending.find(reads) ?? receiving.find(reads) ?? sending[0];
  const isSending = offending !== undefined && sending.includes(offending);
  const opposite = isSending ? receiving : sending;
  const other = opposite.find(writes) ?? opposite[0];
  if (offending === undefined || other === undefined) throw new Error("Both halves use the field.");
  const field = offending.cell.field;
  const [here, there] = isSending
    ? [sender.component, split.receiver.component]
    : [split.receiver.component, sender.component];
  const [a, b] = [originalOf(split, offending.handler), originalOf(split, other.handler)];
  const isSame = a === b;
  const cell = exampleCell(findHandler(step.role, b), other.cell);
  const request =
    split.cuts.find(({ handler }) => handler === a || handler === b)?.part.request ?? step.handlers[0]?.request;
  return createFinding(
    "RVN216",
    `\`${field}\` would be needed on both sides: ${quoteAccess(protocol, offending)} in \`${a}\` ${verbOf(offending)} it in \`${here}\`, and ` +
      `${quoteAccess(protocol, other)}${isSame ? " of the same handler" : ` in \`${b}\``} ${verbOf(other)} it in \`${there}\`. ` +
      `What is split off may be told what the rest knows, but neither may ask the other.`,
    offending.span,
    {
      related: [
        { message: `\`${b}\` ${verbOf(other)} \`${field}\` here, in \`${there}\`.`, span: other.span },
        ...askedFor(request, `\`${component}\``),
      ],
      scenario: [
        `\`${b}\` runs, and its half in \`${there}\` has not yet ${other.write === undefined ? "looked at" : "changed"} ${cell}.`,
        isSame
          ? `\`${a}\` goes on in \`${here}\` with a \`${field}\` of its own, which is not what it checked or changed.`
          : `\`${a}\` runs in \`${here}\`, with a \`${field}\` of its own: it acts on what is not, or no longer, so.`,
      ],
      advice: `Keep all that uses \`${field}\` in one component: name \`${a}\`${isSame ? "" : ` and \`${b}\``} in \`moves\`, or leave ${isSame ? "it" : "both"} where ${isSame ? "it is" : "they are"}.`,
    },
  );
}

/** The handler that a piece of code was written in. */
export function originalOf(split: Split, name: string): string {
  return split.cuts.find((cut) => cut.name === name)?.handler ?? name;
}
