/**
 * Mutually independent decoupling: whole handlers go to a component of their own, because they share no mutable state
 * with what stays. (Chu et al., section 3.1 and appendix A.1.)
 *
 * Precondition: no field that some handler writes is used on both sides; no handler has effects on both sides (the
 * functional rule is the only one here that splits a handler); that a one-shot timer is pending counts as such a field, which
 * what arms it, what disarms it and its firing write; what is not understood is kept together with everything
 * that uses the class's fields; and no `@Fifo` order spans the cut, neither of messages that are received nor of those sent.
 *
 * τ(a) = the instant at which the only fragment of a ran.
 * - Conflict order: two activations that touch a common cell ran in the same component, because the cell's field belongs
 *   to one component only. There they ran one after the other, and each observed what the earlier ones had written. So a
 *   conflict edge goes from an earlier instant to a later one. No cell has copies.
 * - Causal order: messages leave when the handler returns, and are consumed after that: from earlier to later. A start
 *   handler consumes no message and runs before every other activation of its own component, the only ones that can
 *   conflict with it; so no edge leads into it.
 * - External order: an output is received after the activation that sent it, and what an external node sends after that is
 *   consumed later still.
 * - Channel order: all `@Fifo` handlers of a role run in one component, so one instance receives what one logical sender
 *   sends to them; and all handlers that send to `@Fifo` handlers of one role run in one component, so what one
 *   logical sender sends to them leaves one instance, in the order of its activations. Nothing is reordered.
 * Every edge goes from an earlier τ to a later one, so there is no cycle.
 *
 * Durability: what an activation writes to durable fields and journals, or reads of durable fields, is in the log of its one
 * component, which is synced before any of its messages leaves, forwards included; so log, flush and send stay together. A crash
 * may take the last activations of one component and spare later ones of another. Those taken had sent nothing, so nothing
 * depends on them but what their own component did later, and that is taken too: the original, crashing with the same
 * messages still unhandled, does the same. A journal may have a part in each component, since nobody reads it. A recovery
 * handler runs in the component that owns all the state that it uses, before anything else there; what it conflicts with
 * comes after it, or was made stable before the crash, and it consumes no message, so no edge leads into it from its own incarnation.
 *
 * Timers keep running once per node, in the component that has their state. That a component of a node can fail while
 * another goes on is an omission failure of the node, which the fault model has.
 */
import { inferFootprint, stateFields, type Footprint } from "../analysis/inferFootprints.ts";
import { projectComponent, type ComponentCode } from "../analysis/projectComponent.ts";
import { list, names } from "../analysis/quote.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Proof } from "../model/component.ts";
import type { Role } from "../model/protocol.ts";
import { refuseFifoApart } from "./refusals/fifoApart.ts";
import { refuseNotUnderstood } from "./refusals/notUnderstoodApart.ts";
import { movesState, verdict, type Decoupling, type DecouplingRule } from "./rule.ts";
import { refuseSharedState } from "./refusals/sharedState.ts";

export const mutuallyIndependent: DecouplingRule = {
  name: "mutually independent decoupling",
  mechanism: "Senders address the new component directly for the handlers that moved there.",
  about: "whole handlers",
  concerns: (step) => step.handlers.length > 0 && !movesState(step),
  decide: (step) => {
    const handlers = step.handlers.map(({ handler }) => handler);
    const moved = footprintsIn(step.role, { handlers, left: step.left, forwarded: [] });
    const refusals = step.others.flatMap((other): readonly Finding[] => {
      const staying = footprintsIn(step.role, other);
      return [
        ...refuseNotUnderstood(step, moved, staying, other.name),
        ...refuseSharedState(step, moved, staying, other.name),
        ...refuseFifoApart(step, other),
      ];
    });
    return verdict(refusals, () => ({ proof: prove(step, moved), outcome: { cuts: [], parks: {} } }));
  },
};

/** What runs in a component, less what left it, and with what was forwarded to it. */
function footprintsIn(role: Role, part: ComponentCode): readonly Footprint[] {
  const seen = projectComponent(role, part);
  return seen.handlers.map((handler) => inferFootprint(seen, handler));
}

function prove(step: Decoupling, moved: readonly Footprint[]): Proof {
  const handlers = names(moved.map(({ handler }) => handler));
  const fields = [...new Set(moved.flatMap(stateFields))];
  const others = list(
    step.others.map(({ name }) => `\`${name}\``),
    "or",
  );
  const staying = step.others.flatMap((other) => footprintsIn(step.role, other));
  const stayingFields = [...new Set(staying.flatMap(stateFields))];
  return {
    rule: mutuallyIndependent.name,
    statement: `${handlers} and what runs elsewhere share no mutable state.`,
    facts: [
      fields.length === 0
        ? `${handlers} ${moved.length === 1 ? "touches" : "touch"} no mutable state.`
        : `${names(fields)} ${fields.length === 1 ? "is" : "are"} used by ${handlers} and by nothing in ${others === "" ? "another component" : others}.`,
      stayingFields.length === 0
        ? "What runs elsewhere touches no mutable state."
        : `What runs elsewhere touches only ${names(stayingFields)}.`,
      `Everything that ${handlers} ${moved.length === 1 ? "does" : "do"} happens in \`${step.component}\`, except for sends that leave by another rule.`,
      "No order that a `@Fifo` handler relies on spans the two.",
      ...durabilityFacts(step, moved),
    ],
  };
}

/** What of the component survives a crash, or happens because of one. */
function durabilityFacts(step: Decoupling, moved: readonly Footprint[]): readonly string[] {
  const used = new Set(moved.flatMap(({ uses }) => uses));
  const durable = step.role.fields.filter(
    ({ name, is, durable: survives }) => used.has(name) && (survives || is.kind === "journal"),
  );
  if (durable.length === 0) return [];
  return [
    `What is written to ${names(durable.map(({ name }) => name))} is stable before any message of the same activation leaves \`${step.component}\`.`,
  ];
}
