/**
 * Monotonic decoupling: state that only grows goes to a component of its own, with what it sets off; the handlers forward
 * what is to be added, and do not wait. (Chu et al., section 3.2 and appendix A.2.)
 *
 * Precondition: no code that stays observes or changes the state that goes, and what goes observes and changes no other
 * state; the values of that which it needs are computed before it leaves. What runs in the new component, forwards and direct
 * inputs alike, is insensitive to order and to repetition (`analysis/orderSensitivity`): every write is a join; state
 * shows only in conditions that stay true once they are, never in what is sent, or where to, or under which key something is
 * written; what a condition on state guards happens once for each key, and is a function of that key; and whatever can make
 * such a condition true tests it, or the handler that tests it has no other effect and waits until the entry is there.
 * What the new component sends leads to no message of another one that follows the same handlers in order.
 * Nothing that leaves can throw, unless all of its handler leaves; what is durable is not separated from messages and other
 * durable state of its activation, nor from state that stays; no `@Fifo` order spans the cut; nothing on either side is not understood.
 *
 * τ(a) = the instant at which the fragment of a ran where its message entered; that of a parked message is when it was handled.
 * - Conflict order: the cells of what stays are touched by fragments that run there, one after the other. Of the cells that
 *   went, a write is a join: it commutes with every other one, and swapping two changes no value that either observes. A
 *   condition on them is observed true only when the joins that make it true were applied; each of their activations took effect
 *   before that, since its forward came after. One that is observed false guards an effect that then happens with a later
 *   activation, whose own fragment tests the condition again, or it guards one that has happened already, under another
 *   activation of the same key with the same content. In the order of τ the effect belongs to the last contributor;
 *   it is the same message, and it is sent no earlier than that one took effect. So exchanging who is first changes nothing.
 * - Causal order: what a fragment sends it sends after its activation took effect, and after all that contributed to the
 *   condition took effect; who consumes it comes later.
 * - External order: the same: no output leaves before the activations that it stands for took effect.
 * - Channel order: nothing that leaves goes to a `@Fifo` handler, and handlers that are `@Fifo` enter in one component.
 * Every edge goes from an earlier τ to a later one, so there is no cycle. Quiescence: a forward is sent again until it is
 * acknowledged, and is consumed without condition, once or several times to the same effect. So at rest the new component
 * knows everything, and each condition has been tested since it last could have become true. A message still parked waits for
 * an entry that no forward brought: the handler would have found none either, and has no effect without it.
 *
 * Durability: a forward leaves when what its activation wrote or read where it entered is stable; what the new component
 * sends leaves when what it wrote or read is stable there. A crash of either end takes the volatile state of both, as one node.
 */
import { inferOrderSensitivity } from "../analysis/orderSensitivity/inferOrderSensitivity.ts";
import { names } from "../analysis/quote.ts";
import type { Proof, Waiting } from "../model/component.ts";
import { refuseDurableBehindState } from "./refusals/durableApart.ts";
import { wakesOf, waitingOf } from "./parking.ts";
import { refuseOrders } from "./refusals/orderRefusals.ts";
import { refuseSiblings } from "./refusals/sequenceRefusals.ts";
import { statefulParts, type Decoupling, type DecouplingRule } from "./rule.ts";
import type { Split } from "./split.ts";
import { prepareForwards } from "./splitCode.ts";
import { describeSplit } from "./refusals/wording.ts";

export const monotonic: DecouplingRule = {
  name: "monotonic decoupling",
  mechanism:
    "The handler forwards what is to be added, in any order and as often as it takes; the new component keeps it, and acts when it has enough.",
  about: "forwarded state",
  concerns: (step) => statefulParts(step).length > 0,
  decide: (step) => {
    const prepared = prepareForwards(step);
    if ("refusals" in prepared) return { kind: "refused", refusals: prepared.refusals };
    const { split } = prepared;
    const behind = refuseDurableBehindState(step, split, false);
    if (behind.length > 0) return { kind: "refused", refusals: behind };
    const forwarded = split.cuts.map(({ name }) => name);
    const { obstacles, parks, facts } = inferOrderSensitivity(split.receiver.role, { forwarded });
    const waiting = waitingOf(split, parks);
    const sensitive = [...obstacles, ...waiting.obstacles];
    if (sensitive.length > 0) return refuseOrders(step, split, sensitive);
    const siblings = refuseSiblings(step, split, false);
    if (siblings.length > 0) return { kind: "refused", refusals: siblings };
    return {
      kind: "proved",
      proof: prove(step, split, facts, waiting.parks),
      outcome: {
        cuts: split.cuts.map(({ handler, cut, name }) => {
          const wakes = wakesOf(split, name, waiting.parks);
          const made = { handler, cut, channel: "repeatable" as const };
          return wakes.length === 0 ? made : { ...made, wakes };
        }),
        parks: waiting.parks,
      },
    };
  },
};

function prove(
  step: Decoupling,
  split: Split,
  facts: readonly string[],
  parks: { readonly [handler: string]: Waiting },
): Proof {
  return {
    rule: monotonic.name,
    statement: `${names(step.owned)} only ${step.owned.length === 1 ? "grows" : "grow"}, so \`${step.component}\` may hear of it in any order, and more than once.`,
    facts: [
      ...describeSplit(step, split),
      ...facts.map((fact) => (fact.endsWith(".") ? fact : `${fact}.`)),
      ...Object.entries(parks).map(
        ([handler, { field }]) =>
          `\`${handler}\` does nothing without an entry in \`${field}\`, and entries stay: its message waits until there is one.`,
      ),
    ],
  };
}
