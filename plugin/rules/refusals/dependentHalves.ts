/** The two halves of a split are apart for good: neither looks at, nor changes, what the other one keeps. */
import { inferEffectFootprint, inferFootprint, type StateAccess } from "../../analysis/inferFootprints.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler, type Role } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import { statefulParts, type Decoupling } from "../rule.ts";
import type { Half, Split } from "../split.ts";
import { askedFor, exampleCell, quoteAccess, verbOf } from "./wording.ts";

/** What stays of the handlers decides, or computes, by what goes: said before anything is cut. */
export function refuseAskingBack(step: Decoupling): readonly Finding[] {
  const parts = statefulParts(step);
  const moved = step.handlers.flatMap(({ handler }) => accessesIn(step.role, handler));
  const gone = parts.flatMap(({ handler, effects }) => accessesIn(step.role, handler, (id) => effects.includes(id)));
  const asking = step.others.flatMap(({ name, handlers }) =>
    handlers.flatMap((handler) => {
      const part = parts.filter((one) => one.handler === handler).flatMap(({ effects }) => effects);
      return accessesIn(step.role, handler, (id) => !part.includes(id))
        .filter(({ cell, write }) => write === undefined && step.owned.includes(cell.field))
        .slice(0, 1)
        .map((access) => ({ access, component: name }));
    }),
  );
  return asking.flatMap(({ access, component }) => {
    const others = [...gone, ...moved].filter(({ cell }) => cell.field === access.cell.field);
    const other = others.find(({ write }) => write !== undefined) ?? others[0];
    if (other === undefined) return [];
    const request =
      parts.find(({ handler }) => handler === access.handler)?.request ??
      parts[0]?.request ??
      step.handlers[0]?.request;
    return [refuse(step, { offending: access, here: component, other, there: step.component, request })];
  });
}

/** What effects of a handler observe and change. */
function accessesIn(
  role: Role,
  name: string,
  isMeant: (effect: number) => boolean = () => true,
): readonly StateAccess[] {
  const effects = (findHandler(role, name)?.body?.effects ?? []).filter(({ id }) => isMeant(id));
  return effects.flatMap((effect): readonly StateAccess[] => {
    const { reads, writes } = inferEffectFootprint(effect);
    return [
      ...reads.map(({ cell, span }) => ({ handler: name, cell, write: undefined, span })),
      ...(effect.kind === "write" && writes !== undefined
        ? [{ handler: name, cell: writes, write: effect.operation, span: effect.span }]
        : []),
    ];
  });
}

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
      return [refuse(step, choose(step, split, sender, mine, theirs))];
    });
  });
}

function accessesOf({ role }: Half): readonly StateAccess[] {
  return role.handlers.flatMap((handler) => inferFootprint(role, handler).accesses);
}

interface Dependence {
  readonly offending: StateAccess;
  readonly here: string;
  readonly other: StateAccess;
  readonly there: string;
  readonly request: Span | undefined;
}

/** What reads is what cannot do without the other half. */
function choose(
  step: Decoupling,
  split: Split,
  sender: Half,
  sending: readonly StateAccess[],
  receiving: readonly StateAccess[],
): Dependence {
  const reads = ({ write }: StateAccess): boolean => write === undefined;
  const writes = ({ write }: StateAccess): boolean => write !== undefined;
  const offending = sending.find(reads) ?? receiving.find(reads) ?? sending[0];
  const isSending = offending !== undefined && sending.includes(offending);
  const opposite = isSending ? receiving : sending;
  const other = opposite.find(writes) ?? opposite[0];
  if (offending === undefined || other === undefined) throw new Error("Both halves use the field.");
  const [here, there] = isSending
    ? [sender.component, split.receiver.component]
    : [split.receiver.component, sender.component];
  const named = [offending, other].map((access) => ({ ...access, handler: originalOf(split, access.handler) }));
  const request =
    split.cuts.find(({ handler }) => named.some((access) => access.handler === handler))?.part.request ??
    step.handlers[0]?.request;
  return { offending: named[0] ?? offending, here, other: named[1] ?? other, there, request };
}

function refuse(step: Decoupling, { offending, here, other, there, request }: Dependence): Finding {
  const { protocol, component } = step;
  const field = offending.cell.field;
  const [a, b] = [offending.handler, other.handler];
  const isSame = a === b;
  const cell = exampleCell(findHandler(step.role, b), other.cell);
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
