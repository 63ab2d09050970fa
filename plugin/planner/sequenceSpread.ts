/**
 * Whether the channels of a rewrite are still what the rules took them for when both ends have their partitions.
 *
 * Forwards in order, or waited for, are in order between two instances. So for such a channel from S to R:
 * - S in one instance, R in one: as the rule proved.
 * - S in several, R in one, acknowledged: each instance of S waits for its own forwards, the instances have no cell in common,
 *   and an activation takes effect when R has applied its forward, of which there is one order. Only in order: two instances
 *   of S have none among themselves.
 * - R in several, S in one: what S did first may be applied last. Nobody can tell unless a message comes to R by itself that
 *   was caused by what S or R sends; then it may find the later one done and the earlier one not.
 *   And what is durable in R is in several logs then: a crash may spare what S did later, and not what it did earlier. So a
 *   record there must have nothing to do with state that stays in S, which alone tells what came first.
 * - Both in several, by the same columns: the forwards of one key are between two instances, and activations of
 *   different keys touch no common cell in S or R. Acknowledged, that is all; in order only, what R sends may not cause
 *   messages to R either, since the forwards of the other key may be late.
 * - S or R partitioned in part: its partitions do have cells in common, the copies. What S did first for one key may come to R after what it did
 *   later for another, with a change of a copy between the two: then the first has seen the change in R, and the second has not. Not kept.
 */
import { inferEffectFootprint } from "../analysis/inferFootprints.ts";
import { findPath } from "../analysis/inferStaleReads.ts";
import { inferMessageFlow } from "../analysis/inferMessageFlow.ts";
import { quote } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Component, Forward, RoutingKey } from "../model/component.ts";
import type { Effect } from "../model/effect.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedPlan } from "../model/requestedPlan.ts";
import { findStaying, isDurable } from "../rules/refusals/durableApart.ts";

export function refuseSequenceSpread(
  protocol: Protocol,
  role: Role,
  plan: RequestedPlan,
  components: readonly Component[],
): readonly Finding[] {
  return components.flatMap((receiver) => {
    const refused = receiver.forwards.find((forward) => {
      const sender = components.find(({ name }) => name === forward.from);
      return sender !== undefined && !isKept(protocol, role, sender, receiver, forward);
    });
    const logs = receiver.forwards.flatMap((forward) => {
      const sender = components.find(({ name }) => name === forward.from);
      return sender === undefined ? [] : refuseLogs(protocol, role, plan, sender, receiver, forward);
    });
    return refused === undefined ? logs.slice(0, 1) : [refuse(protocol, plan, components, receiver, refused)];
  });
}

function refuseLogs(
  protocol: Protocol,
  role: Role,
  plan: RequestedPlan,
  sender: Component,
  receiver: Component,
  forward: Forward,
): readonly Finding[] {
  const handler = findHandler(role, forward.handler);
  const leaves = handler?.body?.effects.find(
    (effect) => forward.effects.includes(effect.id) && isDurable(role, effect),
  );
  if (receiver.partitioning === undefined || handler === undefined || leaves === undefined) return [];
  const [one, other] = [sender.partitioning?.keys[forward.handler], receiver.partitioning.keys[forward.name]];
  const stays = isSameKey(one, other) ? undefined : findStaying(role, handler, ownedBy(role, receiver), false);
  if (stays === undefined) return [];
  const [what, tells] = [quote(protocol, leaves.span, forward.handler), quote(protocol, stays.span, stays.cell.field)];
  return [
    createFinding(
      "RVN319",
      `\`${receiver.name}\` cannot be partitioned: ${what} of \`${forward.handler}\` is durable there, each partition has a log of its own, and ${tells} in \`${forward.from}\` tells which came first.`,
      plan.components.find(({ name }) => name === receiver.name)?.into?.span ?? plan.span,
      {
        related: [
          { message: "This is made durable.", span: leaves.span },
          { message: `This stays in \`${forward.from}\`.`, span: stays.span },
        ],
        scenario: [
          `\`${forward.handler}\` runs twice in \`${forward.from}\`, and forwards to two partitions of \`${receiver.name}\`; the second has written before the first.`,
          "The node crashes, and comes back with the later record and without the earlier one.",
        ],
        advice: `Leave \`${receiver.name}\` in one instance, or move all that \`${forward.handler}\` does.`,
      },
    ),
  ];
}

/** The fields that are written in a component: they belong to it. */
function ownedBy(role: Role, { handlers, forwards }: Component): readonly string[] {
  const effectsOf = (name: string): readonly Effect[] => findHandler(role, name)?.body?.effects ?? [];
  const effects = [
    ...handlers.flatMap(effectsOf),
    ...forwards.flatMap((forward) => effectsOf(forward.handler).filter(({ id }) => forward.effects.includes(id))),
  ];
  return effects.flatMap((effect) => inferEffectFootprint(effect).writes?.field ?? []);
}

function isKept(protocol: Protocol, role: Role, sender: Component, receiver: Component, forward: Forward): boolean {
  const isPartial = [sender, receiver].some(({ partitioning }) => partitioning?.replication !== undefined);
  if (isPartial && forward.channel !== undefined && forward.channel !== "once") return false;
  switch (forward.channel) {
    case undefined:
    case "once":
    case "repeatable":
      return true;
    case "ordered":
    case "acknowledged":
      break;
  }
  const isWaitedFor = forward.channel === "acknowledged";
  const [from, to] = [sender.partitioning, receiver.partitioning];
  if (to === undefined) return from === undefined || isWaitedFor;
  const mayComeEarly = findCausedInput(protocol, role, sender, receiver);
  if (from === undefined) return !mayComeEarly;
  const keys = [from.keys[forward.handler], to.keys[forward.name]];
  return isSameKey(keys[0], keys[1]) && (isWaitedFor || !mayComeEarly);
}

/** Whether what either end sends may lead to a message that enters at the receiver. */
function findCausedInput(protocol: Protocol, role: Role, sender: Component, receiver: Component): boolean {
  const inputs = receiver.handlers.filter((name) => findHandler(role, name)?.trigger.kind === "message");
  const handlers = [sender, receiver].flatMap((one) => [
    ...one.handlers,
    ...one.forwards.map(({ handler }) => handler),
  ]);
  const causes = handlers.map((handler) => ({ handler, effects: undefined }));
  return inputs.length > 0 && findPath(inferMessageFlow(protocol), role, causes, inputs) !== undefined;
}

function isSameKey(one: RoutingKey | undefined, other: RoutingKey | undefined): boolean {
  return one !== undefined && other !== undefined && one.length > 0 && JSON.stringify(one) === JSON.stringify(other);
}

function refuse(
  protocol: Protocol,
  plan: RequestedPlan,
  components: readonly Component[],
  receiver: Component,
  forward: Forward,
): Finding {
  const sender = components.find(({ name }) => name === forward.from);
  const requestOf = (name: string): RequestedPlan["components"][number] | undefined =>
    plan.components.find((component) => component.name === name);
  const spread = receiver.partitioning === undefined ? forward.from : receiver.name;
  const asked = requestOf(spread)?.into?.span ?? plan.span;
  const what = quote(protocol, forward.region, forward.name);
  const both = sender?.partitioning !== undefined && receiver.partitioning !== undefined;
  return createFinding(
    "RVN319",
    `\`${spread}\` cannot be partitioned: \`${receiver.name}\` relies on the order in which \`${forward.from}\` forwards ${what}, and ` +
      `${both ? "the two would be spread by different columns" : `with several instances of \`${spread}\` there is no such order`}.`,
    asked,
    {
      related: [
        { message: `This is forwarded from \`${forward.from}\` to \`${receiver.name}\`.`, span: forward.region },
      ],
      scenario:
        receiver.partitioning === undefined || both
          ? [
              `\`${forward.handler}\` runs on one partition of \`${forward.from}\`, then on another one; both forward to \`${receiver.name}\`.`,
              `The second forward arrives first: \`${receiver.name}\` does last what one node would have done first.`,
            ]
          : [
              `\`${forward.handler}\` runs twice in \`${forward.from}\` and forwards to two partitions of \`${receiver.name}\`; the first is slow.`,
              `Whoever hears of the second writes to the first, which does not know yet.`,
            ],
      advice: `Leave \`${spread}\` in one instance, or spread \`${forward.from}\` and \`${receiver.name}\` by the same columns.`,
    },
  );
}
