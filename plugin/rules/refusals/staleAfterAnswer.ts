/** Somebody learns of an activation before all of it has happened, and says something that should have found it so. */
import type { FlowEdge, Sender } from "../../analysis/inferMessageFlow.ts";
import { inferFootprint } from "../../analysis/inferFootprints.ts";
import { list, quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Decoupling, Part } from "../rule.ts";
import type { Split } from "../split.ts";
import { askedFor, upperFirst } from "./wording.ts";

export function refuseStaleAfterAnswer(step: Decoupling, split: Split, from: Part, path: readonly FlowEdge[]): Finding {
  const { protocol, role, component } = step;
  const [first] = path;
  const last = path.at(-1);
  if (first === undefined || last === undefined) throw new Error("A path has messages.");
  const told = senderOf(first.from);
  // The cut of the handler that tells it, if it is cut itself: that is the plainest story.
  const cut = split.cuts.find(({ handler }) => handler === told) ?? split.cuts[0];
  const forwards = cut?.handler ?? told;
  const input = findHandler(role, last.to.handler);
  const view = findHandler(split.receiver.role, last.to.handler);
  const reads = view === undefined ? [] : inferFootprint(split.receiver.role, view).accesses;
  const found = reads.find(({ cell }) => step.owned.includes(cell.field));
  const field = found?.cell.field ?? step.owned[0] ?? "";
  const ways = path.map(hop);
  const piece = cut === undefined ? "what is forwarded" : quote(protocol, cut.cut.region.span, cut.handler);
  return createFinding(
    "RVN215",
    `\`${last.to.handler}\` would run in \`${component}\`, and ${piece} of \`${forwards}\` would get there after \`${from.name}\` has told others: ` +
      `${list(ways, "and then")}. So \`${last.to.handler}\` may come too early, to a \`${field}\` without what its sender knows of.`,
    first.from.span,
    {
      related: [
        ...(cut === undefined
          ? []
          : [{ message: `This is forwarded to \`${component}\`, and may be late.`, span: cut.cut.region.span }]),
        ...(input === undefined
          ? []
          : [
              {
                message: `\`${last.to.handler}\`${found === undefined ? " enters" : ` uses \`${field}\``} here, in \`${component}\`.`,
                span: found?.span ?? input.nameSpan,
              },
            ]),
        ...askedFor(cut?.part.request ?? step.handlers[0]?.request, `\`${component}\``),
      ],
      scenario: [
        `\`${forwards}\` runs in \`${from.name}\`; what it forwards to \`${component}\` is slow. ${forwards === told ? "" : `\`${told}\` runs after it. `}${upperFirst(hop(first))}.`,
        `${path.length === 1 ? `That is a message to \`${component}\` itself` : upperFirst(list(ways.slice(1), "and then"))}.`,
        `\`${component}\` handles \`${last.to.handler}\` before it has heard of \`${forwards}\`, which in one node had happened.`,
      ],
      advice:
        `Hold back what \`${from.name}\` sends until \`${component}\` has applied what it was forwarded (\`hold: true\` in the plan), ` +
        `or keep \`${last.to.handler}\` and \`${forwards}\` in one component.`,
    },
  );
}

function senderOf(sender: Sender): string {
  return sender.kind === "external" ? sender.role : sender.handler;
}

/** `acquire` sends `granted` to `Client` */
function hop({ from, to }: FlowEdge): string {
  const who = from.kind === "external" ? `\`${from.role}\`` : `\`${from.role}.${from.handler}\``;
  return `${who} ${from.kind === "external" ? "may send" : "sends"} \`${to.handler}\` to \`${to.role}\``;
}
