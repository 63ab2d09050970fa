/**
 * Asymmetric decoupling: handlers go to a component of their own, and what they do to state that stays goes back; what they
 * send waits until that has happened. (Chu et al., appendix A.5.)
 *
 * Precondition: the new component C2 observes no state that stays, and what goes back observes no state of C2; the values of
 * that which it needs are computed before it leaves. All of it goes back to one component C1, of which there is one instance,
 * in one piece for each activation. No component with messages of its own follows the order of C1, unless C1 waits for it and
 * so acknowledges when that has followed; and C2 forwards in this way to C1 only. Nothing that goes back can throw, unless all of its handler does; what is durable is not separated from messages and other
 * durable state of its activation; no `@Fifo` order spans the cut; nothing on either side is not understood.
 * The paper asks for more, that C2 be monotone or functional: its C1 takes what arrives as one input with the time at which
 * it arrives, in whatever order. Here each instance of C2 is followed in its own order, so C2 may be anything.
 *
 * τ(a), for a that enters at C2: when C1 had applied the forward of a, and all earlier ones of that instance of C2; for a
 * that enters at C1, when it ran. Activations of one instance of C2 with the same instant take effect in the order in which they ran.
 * - Conflict order: cells of C2 are touched in the order of that instance's activations; C1 applies their forwards in that
 *   order, so τ keeps it. (Instances of C2 have no cell in common.) Cells of C1 are touched at τ, by forwards and by C1's own.
 * - Causal order: nothing that an activation at C2 sends, in whatever way, leaves before its τ; what its fragment at C1 sends leaves at τ. Who
 *   consumes it comes later: at C1 it runs later, and at C2 it runs later and takes effect later still.
 * - External order: no output leaves before τ, and no message is consumed after it has taken effect; so the same holds.
 * - Channel order: nothing that goes back is sent to a `@Fifo` handler; handlers that are `@Fifo` enter in one component.
 * Every edge goes from an earlier τ to a later one, so there is no cycle. Quiescence: forwards are sent again until they are
 * acknowledged, and consumed without condition; then what waits leaves. A forward of which it is known that it does nothing,
 * because it has to exceed a maximum that only grows and has been seen to be as large, need not be sent: it has been applied.
 *
 * Durability: a forward leaves C2 when what its activation wrote or read there is stable, and it is acknowledged when what it wrote
 * in C1 is stable. A crash of either end takes the volatile state of both, as one node.
 */
import { names } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Proof } from "../model/component.ts";
import { findHandler } from "../model/protocol.ts";
import { boundOf } from "./pushDown.ts";
import { verdict, type Decoupling, type DecouplingRule, type HandlerCut, type Part } from "./rule.ts";
import { refuseFollowers } from "./refusals/sequenceRefusals.ts";
import type { Split } from "./split.ts";
import { prepareReturns } from "./splitCode.ts";
import { refuseSeveralPieces } from "./refusals/splitRefusals.ts";
import { askedFor, describeSplit } from "./refusals/wording.ts";

export const asymmetric: DecouplingRule = {
  name: "asymmetric decoupling",
  mechanism:
    "The new component forwards what concerns the rest, in order, and sends nothing until the rest has acknowledged it.",
  about: "returned state",
  concerns: (step) => step.returned.length > 0,
  decide: (step) => {
    const to = partWith(step);
    if (to === undefined) return { kind: "refused", refusals: [refuseSeveral(step)] };
    const prepared = prepareReturns(step, to);
    if ("refusals" in prepared) return { kind: "refused", refusals: prepared.refusals };
    const { split } = prepared;
    const refusals = [...refuseSeveralPieces(step, split), ...refuseFollowers(step, split, to)];
    const cuts = split.cuts.map((cut): HandlerCut => {
      const above = boundOf(step.role, split, cut);
      const made = { handler: cut.handler, cut: cut.cut, to: to.name, channel: "acknowledged" as const };
      return above === undefined ? made : { ...made, above };
    });
    return verdict(refusals, () => ({ proof: prove(step, split, to, cuts), outcome: { cuts, parks: {} } }));
  },
};

/** The only component that there is state in which the returned effects are about. */
function partWith({ role, others, returned }: Decoupling): Part | undefined {
  const fields = new Set(
    returned.flatMap(({ handler, effects }) =>
      (findHandler(role, handler)?.body?.effects ?? []).flatMap((effect) =>
        effect.kind === "write" && effects.includes(effect.id) ? [effect.cell.field] : [],
      ),
    ),
  );
  const uses = ({ handlers }: Part): boolean =>
    handlers.some((name) => findHandler(role, name)?.body?.members.some((member) => fields.has(member)) === true);
  const [part, second] = others.length === 1 ? others : others.filter(uses);
  return second === undefined ? part : undefined;
}

function refuseSeveral(step: Decoupling): Finding {
  const [part] = step.returned;
  const handler = findHandler(step.role, part?.handler ?? "");
  return createFinding(
    "RVN227",
    `\`${part?.handler ?? step.component}\` would have to change the state of several components, ${names(step.others.map(({ name }) => name))}: it has no single instant at which that happens.`,
    handler?.nameSpan ?? step.role.nameSpan,
    {
      related: askedFor(part?.request, `\`${step.component}\``),
      scenario: [
        `\`${part?.handler ?? step.component}\` has been applied in one of them, and not yet in the other.`,
        "Somebody asks both, and hears of half of it.",
      ],
      advice: "Keep the state that it changes in one component.",
    },
  );
}

function prove(step: Decoupling, split: Split, to: Part, cuts: readonly HandlerCut[]): Proof {
  const handlers = names([...new Set(cuts.map(({ handler }) => handler))]);
  return {
    rule: asymmetric.name,
    statement: `\`${step.component}\` needs nothing of \`${to.name}\`; what ${handlers} ${cuts.length === 1 ? "does" : "do"} there is acknowledged before anything leaves \`${step.component}\`.`,
    facts: [
      ...describeSplit(step, split),
      ...cuts.flatMap(({ handler, above }) =>
        above === undefined
          ? []
          : [
              `\`${handler}\` does nothing in \`${to.name}\` unless \`${[above.name, ...above.path].join(".")}\` exceeds what was seen there before, so the rest is not sent.`,
            ],
      ),
    ],
  };
}
