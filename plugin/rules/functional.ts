/**
 * Functional decoupling: sends go to a component of their own that has no state; the handler forwards what they need.
 * (Chu et al., section 3.3 and appendix A.3.)
 *
 * Precondition: what leaves consists of sends, in whole statements, never of writes, appends to journals, or timers; it observes no mutable state and nothing in it can throw,
 * because every expression that does either is evaluated before the statement leaves, whenever it would have been, and
 * its value travels; the other values that it uses are plain data, nodes, or configuration; no message of it goes to a
 * `@Fifo` handler; and no handler of the role that is not understood could change the configuration that it uses.
 *
 * τ(a) = the instant at which the fragment of a in C1 ran.
 * - Conflict order: only the fragment in C1 touches state, and it does everything that a did to the state, in one piece:
 *   what was evaluated ahead was evaluated in it, and the statement that left writes nothing, so the values are the same
 *   as at the original place. Fragments in C1 run one after the other.
 * - Causal order: if b consumes a message that some fragment of a sent, then that fragment ran at or after τ(a), and b
 *   runs after it was sent. So τ(a) < τ(b), whichever component sent it.
 * - External order: an output of a is received after τ(a); what an external node sends after that is consumed later still.
 * - Channel order: nothing that leaves goes to a `@Fifo` handler; what stays leaves C1 in its order as before, and
 *   messages still enter at C1 only.
 * Every edge goes from an earlier τ to a later one, so there is no cycle. Quiescence: a forward is consumed without
 * condition, and nothing in it can throw, so none stays behind; one that is lost is a sending omission of the node.
 *
 * Durability: durable writes, appends, and reads of durable fields all happen in C1, since what leaves observes no state. A
 * forward is a message of its activation like any other: it leaves C1 only when all of these are on stable storage, and
 * what C2 sends is sent later than that. So no message of a leaves, from either component, before what a wrote or read is
 * stable. C2 has nothing to recover; a forward that an earlier incarnation of the node sent is refused, which is an omission.
 */
import { inferCuts } from "../analysis/inferCuts.ts";
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { names } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Proof } from "../model/component.ts";
import { printSend, type SendEffect } from "../model/effect.ts";
import { findHandler, type Handler } from "../model/protocol.ts";
import { refuseCut } from "./refusals/cutRefusals.ts";
import { refuseOrderedParts } from "./refusals/fifoApart.ts";
import { statelessParts, type Decoupling, type DecouplingRule, type HandlerCut, type MovedPart } from "./rule.ts";
import { askedFor } from "./refusals/wording.ts";

export const functional: DecouplingRule = {
  name: "functional decoupling",
  mechanism:
    "The handler forwards the values that the sends need, once each time they are reached; the new component sends.",
  about: "sends",
  concerns: (step) => statelessParts(step).length > 0,
  decide: (step) => {
    const decided = statelessParts(step).map((part) => decidePart(step, part));
    const refusals = decided.flatMap((one) => one.refusals);
    if (refusals.length > 0) return { kind: "refused", refusals };
    const cuts = decided.flatMap((one) => one.cuts);
    return { kind: "proved", proof: prove(step, cuts), outcome: { cuts, parks: {} } };
  },
};

interface Decided {
  readonly refusals: readonly Finding[];
  readonly cuts: readonly HandlerCut[];
}

function decidePart(step: Decoupling, part: MovedPart): Decided {
  const handler = findHandler(step.role, part.handler);
  if (handler?.body === undefined) return { refusals: [], cuts: [] };
  const before = [...refuseDark(step, part, handler), ...refuseOrderedParts(step, part, handler)];
  if (before.length > 0) return { refusals: before, cuts: [] };
  const { cuts, refused } = inferCuts(step.protocol, step.role, handler, part.effects);
  return {
    refusals: refused.map((one) => refuseCut(step, part, one)),
    cuts: cuts.map((cut) => ({ handler: handler.name, cut })),
  };
}

/** What is not understood is not cut; and it may change, under its neighbours, what they take for configuration. */
function refuseDark(step: Decoupling, part: MovedPart, handler: Handler): readonly Finding[] {
  const [own] = inferFootprint(step.role, handler).everything;
  const usesFields = inferFootprint(step.role, handler).uses.length > 0;
  const others = step.role.handlers.filter(({ name }) => name !== handler.name);
  const dark = others.map((other) => ({ other, why: inferFootprint(step.role, other).everything[0] }));
  const neighbour = usesFields ? dark.find(({ why }) => why !== undefined) : undefined;
  const why = own ?? neighbour?.why;
  if (why === undefined) return [];
  const culprit = own === undefined ? (neighbour?.other.name ?? handler.name) : handler.name;
  const consequence =
    culprit === handler.name
      ? "what would have to travel with the send is not known"
      : `\`${culprit}\` may change any field, also those that the send in \`${step.component}\` would take for fixed`;
  return [
    createFinding(
      "RVN212",
      `Nothing of \`${handler.name}\` can go to \`${step.component}\`: in \`${culprit}\` the analysis does not follow ${why.why}, so ${consequence}.`,
      why.span,
      {
        related: [
          ...(culprit === handler.name
            ? []
            : [{ message: `The send is in \`${handler.name}\`.`, span: handler.nameSpan }]),
          ...askedFor(part.request, "the send to leave"),
        ],
        scenario: [
          `Suppose that this expression changes a field that \`${handler.name}\` uses.`,
          `\`${step.component}\` has fields of its own and would not see the change.`,
        ],
        advice: "Write it so that it can be followed.",
      },
    ),
  ];
}

function prove(step: Decoupling, cuts: readonly HandlerCut[]): Proof {
  const described = cuts.map(({ handler, cut }) => {
    const effects = findHandler(step.role, handler)?.body?.effects ?? [];
    const sends = effects.filter(
      (effect): effect is SendEffect => effect.kind === "send" && cut.effects.includes(effect.id),
    );
    const travelling = [
      ...cut.live.flatMap(({ name, columns }) => columns?.map((column) => `${name}.${column}`) ?? [name]),
      ...cut.references.map(({ name }) => name),
    ];
    const title = names(sends.map((send) => printSend(handler, send)));
    const ahead = cut.hoisted.map(({ name }) => name);
    return (
      `${title} ${sends.length === 1 ? "observes" : "observe"} no mutable state where ${sends.length === 1 ? "it runs" : "they run"}` +
      (travelling.length === 0 ? "" : `; ${names(travelling)} ${travelling.length === 1 ? "travels" : "travel"}`) +
      `${ahead.length === 0 ? "" : `; ${names(ahead)} ${ahead.length === 1 ? "is" : "are"} computed before it leaves`}.`
    );
  });
  const handlers = [...new Set(cuts.map(({ handler }) => handler))];
  return {
    rule: functional.name,
    statement: `What \`${step.component}\` takes out of ${names(handlers)} only sends, from the message and from configuration.`,
    facts: [
      ...described,
      "Nothing that leaves can throw on values that were not checked before.",
      "No message that leaves goes to a `@Fifo` handler.",
    ],
  };
}
