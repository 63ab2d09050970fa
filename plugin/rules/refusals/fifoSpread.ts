/** Per-sender order across partitions: kept only when one partition receives, or sends, all of it. */
import { printKey, type KeyTerm } from "../../analysis/keys/keyTerms.ts";
import { isFifo } from "../../analysis/inferMessageFlow.ts";
import { quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import { orderedSends } from "./fifoApart.ts";
import type { Spreading } from "../rule.ts";
import { askedFor } from "./wording.ts";

export function refuseFifoSpread(
  step: Spreading,
  keys: { readonly [name: string]: readonly KeyTerm[] },
): readonly Finding[] {
  return [...refuseReceivers(step, keys), ...refuseSenders(step)];
}

function refuseReceivers(step: Spreading, keys: { readonly [name: string]: readonly KeyTerm[] }): readonly Finding[] {
  const ordered = step.handlers.flatMap((name) => {
    const handler = findHandler(step.role, name);
    return handler !== undefined && isFifo(handler) ? [{ name, handler, key: keys[name] ?? [] }] : [];
  });
  // One partition takes all of them, or each sender has its own.
  if (ordered.every(({ key }) => key.length === 0)) return [];
  return ordered.flatMap(({ name, handler, key }) => {
    if (key.length === 1 && key[0]?.kind === "sender") return [];
    const asked = key.length === 0 ? "another key than its sender" : `\`${key.map(printKey).join(", ")}\``;
    return [
      createFinding(
        "RVN312",
        `\`${name}\` is \`@Fifo\`, so it sees the messages of one sender in the order in which it sent them; routed by ${asked}, ` +
          `these messages go to several partitions of \`${step.component}\` and overtake each other.`,
        handler.nameSpan,
        {
          related: askedFor(step.by?.span ?? step.request, "the partitions"),
          scenario: [
            `A sender calls \`${name}\` twice; the two messages have different keys.`,
            "The second is handled, on its partition, before the first, which one node would never do.",
          ],
          advice:
            "Partition by `from.id`, which keeps each sender on one partition, or drop `@Fifo` where the order does not matter.",
        },
      ),
    ];
  });
}

/** Handlers that send to a `@Fifo` handler; forwards never do. */
function refuseSenders(step: Spreading): readonly Finding[] {
  const sends = step.handlers.flatMap((handler) => orderedSends(step.protocol, step.role, handler));
  return sends.map(({ handler, span, message, target }) =>
    createFinding(
      "RVN313",
      `\`${step.component}\` cannot be partitioned: ${quote(step.protocol, span, message)} in \`${handler}\` sends to ` +
        `\`${target.role}.${target.name}\`, which is \`@Fifo\`, and what the partitions of one node send overtakes each other.`,
      span,
      {
        related: [
          { message: `\`${target.name}\` relies on per-sender order.`, span: target.nameSpan },
          ...askedFor(step.request, "the partitions"),
        ],
        scenario: [
          `\`${handler}\` runs on partition 0, then on partition 1, and both send \`${message}\`.`,
          `\`${target.role}\` receives the second first: a gap that one node would not have left.`,
        ],
        advice: `Leave \`${handler}\` in a component that is not partitioned, or make \`${target.name}\` independent of the order.`,
      },
    ),
  );
}
