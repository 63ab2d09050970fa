/** One order for everything exists only where everything comes from one component, and nobody else is waited for. */
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import { inferMessageFlow } from "../../analysis/inferMessageFlow.ts";
import { findPath } from "../../analysis/inferStaleReads.ts";
import { names } from "../../analysis/quote.ts";
import type { Decoupling, Part } from "../rule.ts";
import type { Split } from "../split.ts";
import { askedFor } from "./wording.ts";

export function refuseTwoSequences(step: Decoupling, split: Split, from: readonly Part[]): readonly Finding[] {
  const [cut] = split.cuts;
  const places = names(from.map(({ name }) => name));
  const handlers = names([...new Set(split.cuts.map(({ handler }) => handler))]);
  return [
    createFinding(
      "RVN227",
      `\`${step.component}\` would be forwarded to from ${places === "" ? "no other component" : places}: ${handlers} have no order among themselves there.`,
      cut?.cut.region.span ?? step.role.nameSpan,
      {
        related: askedFor(cut?.part.request, `\`${step.component}\``),
        scenario: [
          `${handlers} run in ${places}, one after the other, and each forwards to \`${step.component}\`.`,
          "The second forward arrives first: what one node would have done last is done first.",
        ],
        advice: `Keep ${handlers} in one component.`,
      },
    ),
  ];
}

/** Forwards to another component that is waited for as well are not held back themselves. */
export function refuseTwoWaits(step: Decoupling, split: Split, from: Part): readonly Finding[] {
  const [other] = step.others.filter(({ forwarded }) =>
    forwarded.some((one) => one.from === from.name && one.channel === "acknowledged"),
  );
  const [cut] = split.cuts;
  if (other === undefined || cut === undefined) return [];
  return [
    createFinding(
      "RVN227",
      `\`${from.name}\` would wait for \`${step.component}\` and for \`${other.name}\`, and forward to both: what it tells \`${other.name}\` is not held back for \`${step.component}\`.`,
      cut.cut.region.span,
      {
        related: askedFor(step.hold ?? cut.part.request, `\`${step.component}\` to be waited for`),
        scenario: [
          `\`${cut.handler}\` forwards to \`${other.name}\` and to \`${step.component}\`; the second is slow.`,
          `What \`${other.name}\` sends is answered by a message to \`${step.component}\`, which does not know yet.`,
        ],
        advice: `Let \`${step.component}\` and \`${other.name}\` be one component, or hold for one of them only.`,
      },
    ),
  ];
}

/**
 * Two components that are told things by one, each at its own pace: what the one makes known may lead to a message to the
 * other, which has not heard yet. Refused where one of them follows in order and the other one, or it, is asked directly.
 */
export function refuseSiblings(step: Decoupling, split: Split, isOrdered: boolean): readonly Finding[] {
  const flow = inferMessageFlow(step.protocol);
  const isMessage = (name: string): boolean => findHandler(step.role, name)?.trigger.kind === "message";
  const mine = step.handlers.map(({ handler }) => handler);
  const senders = new Set(split.senders.map(({ component }) => component));
  const leadsTo = (from: readonly string[], to: readonly string[]): boolean => {
    const causes = from.map((handler) => ({ handler, effects: undefined }));
    const inputs = to.filter(isMessage);
    return inputs.length > 0 && findPath(flow, step.role, causes, inputs) !== undefined;
  };
  const sibling = step.others.find(({ handlers, forwarded }) => {
    const told = forwarded.filter(({ from, channel }) => channel !== "once" && senders.has(from));
    if (told.length === 0) return false;
    const follows = told.some(({ channel }) => channel === "ordered");
    return (follows && leadsTo(mine, handlers)) || (isOrdered && leadsTo(handlers, mine));
  });
  const [cut] = split.cuts;
  if (sibling === undefined || cut === undefined) return [];
  return [
    createFinding(
      "RVN227",
      `\`${step.component}\` and \`${sibling.name}\` would be told things by the same component, each at its own pace, and what one of them sends can lead to a message to the other.`,
      cut.cut.region.span,
      {
        related: askedFor(cut.part.request, `\`${step.component}\``),
        scenario: [
          `\`${cut.handler}\` is known in one of \`${step.component}\` and \`${sibling.name}\`, and not yet in the other.`,
          "Whoever hears of it from the one asks the other, which does not know yet.",
        ],
        advice: `Let \`${step.component}\` and \`${sibling.name}\` be one component, or hold messages back for one of them (\`hold: true\`).`,
      },
    ),
  ];
}

/**
 * What comes back to a component happens between its own activations, so whoever follows its order has to follow that too;
 * unless the component waits for whoever follows it, and so acknowledges later.
 */
export function refuseFollowers(step: Decoupling, split: Split, to: Part): readonly Finding[] {
  const isDirect = (name: string): boolean => findHandler(step.role, name)?.trigger.kind === "message";
  const follower = step.others.find(
    ({ forwarded, handlers }) =>
      handlers.some(isDirect) && forwarded.some(({ from, channel }) => from === to.name && channel === "ordered"),
  );
  const [cut] = split.cuts;
  if (follower === undefined || cut === undefined) return [];
  return [
    createFinding(
      "RVN227",
      `\`${cut.handler}\` would change \`${to.name}\` from \`${step.component}\`, and \`${follower.name}\` follows the order of \`${to.name}\`: it may be told things by way of \`${step.component}\` first.`,
      cut.cut.region.span,
      {
        related: askedFor(cut.part.request, `\`${step.component}\``),
        scenario: [
          `\`${to.name}\` forwards to \`${follower.name}\`, which is slow; \`${cut.handler}\` meets what \`${to.name}\` did, and tells others.`,
          `They send to \`${follower.name}\`, which does not know yet.`,
        ],
        advice: `Move \`${cut.handler}\` and what goes to \`${follower.name}\` by plans that do not meet in \`${to.name}\`.`,
      },
    ),
  ];
}
