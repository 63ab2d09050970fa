/** What is made durable stays with the messages of its activation, and with what else survives a crash. */
import { inferFootprint, type StateAccess } from "../../analysis/inferFootprints.ts";
import { quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { printEffect, type Effect } from "../../model/effect.ts";
import { findHandler, findStateField, type Handler, type Role } from "../../model/protocol.ts";
import type { Decoupling, Part } from "../rule.ts";
import { causesOf } from "../causes.ts";
import type { Half, Split, SplitCut } from "../split.ts";
import { askedFor, quoteAccess, verbOf } from "./wording.ts";

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

/**
 * Refuses a durable write, or an append, in a fragment when state that stays tells which activation came first, and the
 * log need not say the same after a crash.
 *
 * One node has one log, of which a crash leaves the beginning: whoever finds in its state what an activation did, and
 * writes down something himself, is not remembered without it. And what he sends waits for the record of that activation,
 * as all does that depends on it. Forwards in any order are written down in any order, so nothing of the handler may
 * touch state that stays. Forwards in order are written down in order; then what stays may change only if nobody is told of
 * that before the record is stable: nothing is sent by who comes after (or it is held back).
 */
export function refuseDurableBehindState(step: Decoupling, split: Split, inOrder: boolean): readonly Finding[] {
  return split.cuts.flatMap((cut) => {
    const handler = findHandler(step.role, cut.handler);
    const leaves = handler?.body?.effects.find(
      (effect) => cut.cut.effects.includes(effect.id) && isDurable(step.role, effect),
    );
    if (handler === undefined || leaves === undefined) return [];
    // Forwards that are made in any order are not waited for, whatever the plan asks.
    const told = handler.body?.effects.find(({ id, kind }) => kind === "send" && !cut.cut.effects.includes(id));
    if (!inOrder && told !== undefined) return [refuseRest(step, split, cut, leaves, told)];
    const access = findStaying(step.role, handler, step.owned, inOrder);
    if (access === undefined) return [];
    const behind: Behind = { step, split, cut, leaves, access };
    if (!inOrder) return [refuseOrder(behind)];
    const elsewhere = split.senders.find((half) => durableField(half) !== undefined);
    if (elsewhere !== undefined) return [refuseTwoLogs(behind, elsewhere.component)];
    return step.hold === undefined && isTold(step, split) ? [refuseTelling(behind)] : [];
  });
}

/**
 * What a handler touches besides the fields that are owned by where its durable part goes.
 *
 * @param onlyWrites whether reading does not count
 */
export function findStaying(
  role: Role,
  handler: Handler,
  owned: readonly string[],
  onlyWrites: boolean,
): StateAccess | undefined {
  return inferFootprint(role, handler).accesses.find(
    ({ cell, write }) => !owned.includes(cell.field) && (!onlyWrites || write !== undefined),
  );
}

/** Whether somebody outside the component sends something after he has met what the cut handlers do. */
function isTold(step: Decoupling, split: Split): boolean {
  const own = step.handlers.map(({ handler }) => handler);
  const handlers = step.role.handlers.map(({ name }) => name).filter((name) => !own.includes(name));
  const rest: Part = { name: "", handlers, left: [], forwarded: [] };
  return causesOf(step, rest, split.cuts).some(({ handler, effects }) => {
    const all = findHandler(step.role, handler)?.body?.effects ?? [];
    return all.some(({ id, kind }) => kind === "send" && effects?.includes(id) !== false);
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

/** Something durable leaves, and state stays that is changed, or read, with it. */
interface Behind {
  readonly step: Decoupling;
  readonly split: Split;
  readonly cut: SplitCut;
  readonly leaves: Effect;
  readonly access: StateAccess;
}

interface Story {
  readonly because: string;
  readonly scenario: readonly string[];
  readonly advice: string;
}

function refuseBehind({ step, split, cut, leaves, access }: Behind, { because, scenario, advice }: Story): Finding {
  const text = quote(step.protocol, leaves.span, printEffect(leaves));
  const stays = `${quoteAccess(step.protocol, access)}, which stays, ${verbOf(access)} \`${access.cell.field}\``;
  return createFinding(
    "RVN213",
    `${text} of \`${cut.handler}\` would be durable in \`${split.receiver.component}\`, and ${stays}: ${because}`,
    leaves.span,
    {
      related: [
        { message: `This ${verbOf(access)} \`${access.cell.field}\`.`, span: access.span },
        ...askedFor(cut.part.request, "this effect"),
      ],
      scenario,
      advice,
    },
  );
}

function refuseOrder(behind: Behind): Finding {
  const { component } = behind.split.receiver;
  const { handler } = behind.cut;
  return refuseBehind(behind, {
    because: `\`${component}\` may write things down in another order than that in which they happened.`,
    scenario: [
      `\`${handler}\` runs twice, and the second time it meets what it did the first time; \`${component}\` hears of the second first, and writes it down.`,
      "The node crashes, and comes back with the later record and without the earlier one.",
    ],
    advice: `Move the whole of \`${handler}\`, or hold messages back until \`${component}\` has written (\`hold: true\` in the plan).`,
  });
}

function refuseTelling(behind: Behind): Finding {
  const { component } = behind.split.receiver;
  const { handler } = behind.cut;
  return refuseBehind(behind, {
    because: "whoever meets that may tell others before the record is stable.",
    scenario: [
      `\`${handler}\` runs; another handler meets what it did, and sends something that shows it.`,
      `\`${component}\` has not written yet, and the node crashes: it comes back as if \`${handler}\` had not run, and somebody knows better.`,
    ],
    advice: `Hold messages back until \`${component}\` has written (\`hold: true\` in the plan), or move the whole of \`${handler}\`.`,
  });
}

function refuseTwoLogs(behind: Behind, other: string): Finding {
  const { component } = behind.split.receiver;
  return refuseBehind(behind, {
    because: `\`${other}\` has a log too, and a crash may spare what came later there.`,
    scenario: [
      `\`${behind.cut.handler}\` runs, and after it something that is written down in \`${other}\`; \`${component}\` has not written yet.`,
      "The node crashes, and comes back with the later record and without the earlier one.",
    ],
    advice: "Keep what is durable in one component: leave it where it is, or move it all.",
  });
}
