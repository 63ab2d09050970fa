/**
 * State machine decoupling: state goes to a component that does everything in the order in which one other component
 * forwards it. (Chu et al., appendix A.4; direct inputs, and holding outputs back, go beyond it.)
 *
 * Precondition: no code that stays observes or changes the state that goes, and what goes observes and changes no other
 * state; the values of that which it needs are computed before it leaves. All forwards come from one component C1. The new
 * component C2 takes messages of its own only if nothing that an activation of C1 sends, from wherever, can lead to one of
 * them; or if the plan asks that all that C1 sends is held back until C2 has applied what C1 forwarded by then (`hold`), and
 * no other component is waited for in the same way. Where C1 forwards state to other components too, what one of them sends
 * leads to no message of another one that follows in order. With messages or timers of its own in C2, an activation is forwarded in
 * one piece. Nothing that leaves can throw, unless all of its handler leaves; what is durable is not separated from messages
 * and other durable state of its activation; no `@Fifo` order spans the cut; nothing on either side is not understood.
 * What C2 does need neither commute nor grow.
 *
 * Without `hold`: τ(a) = when the fragment of a in C1 ran, for messages that enter at C1; for a direct input or a timer d of
 * C2, a point behind the activation whose forward C2 had applied last when d ran, and before the next one of C1; several at
 * one point in the order in which they ran. So τ(d) is not later than the instant at which d ran.
 * - Conflict order: cells of C1 are touched in the order of C1's activations, and cells of C2 in the order of their forwards,
 *   which is the same one, with each direct input where it ran. The order of accesses to a cell is that of τ in both.
 * - Causal and external order, into an activation of C1, or of any other node: what it consumes was sent before it ran, by
 *   one that took effect no later than it ran. Into a timer: it was armed in C2 before it fires. Into a direct input d: were
 *   there a cycle through d, it would leave d by a cell of C2 to a forward that was applied later, to an activation a that may
 *   have run in C1 before d. From a it leads back to d by messages, the first of which an activation of C1 sent that a comes
 *   before, or is: that is the path which the precondition excludes; or by cells of C2 only, which were all touched after d.
 * - Channel order: nothing that leaves goes to a `@Fifo` handler, and handlers that are `@Fifo` enter in one component.
 *
 * With `hold`: τ(a) = when C2 applied the fragment of a; for an activation of C1 without one, when it ran and C2 had applied
 * every earlier forward; for a direct input, when it ran.
 * - Conflict order: C2 applies in the order of C1's activations, so τ keeps that order; and cells of C2 are touched at τ.
 * - Causal and external order: nothing of a leaves C1 before τ(a), what its fragment in C2 sends leaves at τ(a), and what C1
 *   forwards to others is held back with the rest. Whoever consumes it, or learns of it, comes later.
 * Every edge goes from an earlier τ to a later one, or there is no way back; so there is no cycle.
 *
 * Quiescence: forwards are sent again until they are acknowledged, and consumed without condition. A lost connection between
 * the two is a node that stalls, which is slow or has failed.
 *
 * Durability: a forward leaves C1 when what its activation wrote or read there is stable; what C2 sends leaves when what it
 * wrote or read is stable there. What is durable in C2 is written in the order of C1, in the only log of the node, of which a
 * crash leaves the beginning; and where C1 keeps something of such an activation, nobody hears of that before the record is
 * stable. A crash of either end takes the volatile state of both, as one node.
 */
import { findPath } from "../analysis/inferStaleReads.ts";
import { inferMessageFlow } from "../analysis/inferMessageFlow.ts";
import { names } from "../analysis/quote.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Proof } from "../model/component.ts";
import { findHandler } from "../model/protocol.ts";
import { statefulParts, verdict, type Decoupling, type DecouplingRule, type Part } from "./rule.ts";
import { refuseDurableBehindState } from "./refusals/durableApart.ts";
import { refuseSiblings, refuseTwoSequences, refuseTwoWaits } from "./refusals/sequenceRefusals.ts";
import type { Split } from "./split.ts";
import { prepareForwards } from "./splitCode.ts";
import { refuseSeveralPieces } from "./refusals/splitRefusals.ts";
import { refuseStaleAfterAnswer } from "./refusals/staleAfterAnswer.ts";
import { causesOf } from "./causes.ts";
import { describeSplit } from "./refusals/wording.ts";

export const stateMachine: DecouplingRule = {
  name: "state machine decoupling",
  mechanism:
    "The handler forwards, in order, what is to be done; the new component does it in that order, and stalls on a gap.",
  about: "forwarded state",
  concerns: (step) => statefulParts(step).length > 0,
  decide: (step) => {
    const prepared = prepareForwards(step);
    if ("refusals" in prepared) return { kind: "refused", refusals: prepared.refusals };
    const { split } = prepared;
    const entered = step.others.filter(({ handlers }) => split.cuts.some(({ handler }) => handlers.includes(handler)));
    const [from, second] = entered;
    if (from === undefined || second !== undefined) {
      return { kind: "refused", refusals: refuseTwoSequences(step, split, entered) };
    }
    const refusals = [
      ...(hasOwnInputs(step) ? refuseSeveralPieces(step, split) : []),
      ...(step.hold === undefined ? refuseStale(step, split, from) : refuseTwoWaits(step, split, from)),
      ...refuseSiblings(step, split, step.hold === undefined),
      ...refuseDurableBehindState(step, split, true),
    ];
    const channel = step.hold === undefined ? "ordered" : "acknowledged";
    return verdict(refusals, () => ({
      proof: prove(step, split, from),
      outcome: { cuts: split.cuts.map(({ handler, cut }) => ({ handler, cut, channel })), parks: {} },
    }));
  },
};

/** Messages and timers of the component that do not come by way of another one. */
function hasOwnInputs({ role, handlers }: Decoupling): boolean {
  return handlers.some(({ handler }) => findHandler(role, handler)?.trigger.kind !== "start");
}

function directMessages({ role, handlers }: Decoupling): readonly string[] {
  return handlers.map(({ handler }) => handler).filter((name) => findHandler(role, name)?.trigger.kind === "message");
}

function refuseStale(step: Decoupling, split: Split, from: Part): readonly Finding[] {
  const path = findPath(
    inferMessageFlow(step.protocol),
    step.role,
    causesOf(step, from, split.cuts),
    directMessages(step),
  );
  return path === undefined ? [] : [refuseStaleAfterAnswer(step, split, from, path)];
}

function prove(step: Decoupling, split: Split, from: Part): Proof {
  const direct = directMessages(step);
  const order =
    step.hold !== undefined
      ? `Nothing leaves \`${from.name}\` before \`${step.component}\` has applied what \`${from.name}\` forwarded by then, as the plan asks.`
      : direct.length === 0
        ? `No message enters at \`${step.component}\` itself: all that it handles comes from \`${from.name}\`, in its order.`
        : `Nothing that \`${from.name}\` sends can lead to ${names(direct, "or")}, whose messages enter at \`${step.component}\` itself.`;
  return {
    rule: stateMachine.name,
    statement: `\`${step.component}\` does what it does to ${names(step.owned)} in the order of \`${from.name}\`.`,
    facts: [...describeSplit(step, split), order],
  };
}
