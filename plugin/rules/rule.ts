/**
 * What a rewrite rule is. Rules live one per file, each with its precondition, its mechanism, and the argument why it is
 * safe; nothing else in the compiler knows a rule by name. A rule works on the model alone and fails closed.
 */
import type { Cut } from "../analysis/inferCuts.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Channel, Forward, Partitioning, Proof, Waiting } from "../model/component.ts";
import type { Protocol, Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import type { Span } from "../model/span.ts";

/** A proof that a step is safe, with what the step comes to; or every reason why it is not. */
export type Verdict<Outcome> =
  | { readonly kind: "proved"; readonly proof: Proof; readonly outcome: Outcome }
  | { readonly kind: "refused"; readonly refusals: readonly Finding[] };

export interface Rule<Step, Outcome> {
  readonly name: string;
  /** What the compiler generates, in a sentence. */
  readonly mechanism: string;
  /** Whether the step has anything in it that this rule is about. */
  concerns(step: Step): boolean;
  /** The precondition. */
  decide(step: Step): Verdict<Outcome>;
}

/** Code goes to a component of its own. */
export interface Decoupling {
  readonly protocol: Protocol;
  readonly role: Role;
  /** The component that the code goes to. */
  readonly component: string;
  /** Whole handlers that go there. */
  readonly handlers: readonly Moved[];
  /** Effects that go there out of handlers whose messages enter elsewhere. */
  readonly parts: readonly MovedPart[];
  /** Effects of `handlers` that are to stay behind, because they touch state that stays: sent back to `returnsTo`. */
  readonly returned: readonly MovedPart[];
  /** The state fields that belong to the component alone: everything that touches them runs there. */
  readonly owned: readonly string[];
  /** The plan asks that what is sent from elsewhere in the role waits until this component has applied its forwards. */
  readonly hold: Span | undefined;
  /** The components that it is to be told apart from, with the handlers whose messages enter there. */
  readonly others: readonly Part[];
}

export interface Moved {
  readonly handler: string;
  /** Where the plan asks for it; undefined when nobody does, as in a search. */
  readonly request: Span | undefined;
}

export interface MovedPart extends Moved {
  readonly effects: readonly number[];
  /** The field that the plan names, when it is what takes these effects along. */
  readonly field: string | undefined;
}

export interface Part {
  readonly name: string;
  readonly handlers: readonly string[];
}

/** Statements that leave their handler, for the component of the step or (returned ones) for another one. */
export interface HandlerCut {
  readonly handler: string;
  readonly cut: Cut;
  /** Left out: the component of the step. */
  readonly to?: string;
  /** Left out: `once`. */
  readonly channel?: Channel;
  readonly above?: Forward["above"];
  readonly wakes?: readonly Waiting[];
}

export type DecouplingRule = Rule<Decoupling, readonly HandlerCut[]>;

/** A component is spread over several instances. */
export interface Spreading {
  readonly protocol: Protocol;
  readonly role: Role;
  readonly component: string;
  readonly handlers: readonly string[];
  readonly forwards: readonly Forward[];
  readonly by: RequestedComponent["by"];
  readonly partitions: number;
  /** Where the plan asks for it; undefined in a search. */
  readonly request: Span | undefined;
}

export type PartitioningRule = Rule<Spreading, Partitioning>;

/** A verdict from what was found: proved when nothing stands in the way. */
export function verdict<Outcome>(
  refusals: readonly Finding[],
  proved: () => { readonly proof: Proof; readonly outcome: Outcome },
): Verdict<Outcome> {
  return refusals.length > 0 ? { kind: "refused", refusals } : { kind: "proved", ...proved() };
}
