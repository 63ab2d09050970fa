/**
 * What a rewrite rule is. Rules live one per file, each with its precondition, its mechanism, and the argument why it is
 * safe; nothing else in the compiler knows a rule by name. A rule works on the model alone and fails closed.
 */
import type { Cut } from "../analysis/inferCuts.ts";
import type { ForwardedCut, PlacedCut } from "../analysis/projectComponent.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Channel, Forward, Partitioning, Proof, Waiting } from "../model/component.ts";
import type { Protocol, Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import type { Span } from "../model/span.ts";

/** A proof that a step is safe, with what the step comes to; or every reason why it is not. */
export type Verdict<Outcome> =
  | { readonly kind: "proved"; readonly proof: Proof; readonly outcome: Outcome }
  | {
      readonly kind: "refused";
      readonly refusals: readonly Finding[];
      /** A small change would do: this says more than that a rule which asks for less does not hold either. */
      readonly almost?: boolean;
    };

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
  /** What earlier steps took out of these, for other components. */
  readonly left: readonly PlacedCut[];
  /** Effects that go there out of handlers whose messages enter elsewhere. */
  readonly parts: readonly MovedPart[];
  /** Effects of `handlers` that are to stay behind, because they touch state that stays: sent back to `returnsTo`. */
  readonly returned: readonly MovedPart[];
  /** The state fields that belong to the component alone: everything that touches them runs there. */
  readonly owned: readonly string[];
  /** The plan asks that what is sent from elsewhere in the role waits until this component has applied its forwards. */
  readonly hold: Span | undefined;
  /** The components that it is to be told apart from, with the code that runs there. */
  readonly others: readonly Part[];
}

export interface Moved {
  readonly handler: string;
  /** Where the plan asks for it; undefined when nobody does, as in a search. */
  readonly request: Span | undefined;
}

export interface MovedPart extends Moved {
  readonly effects: readonly number[];
  /** The field that takes these effects along: one that the plan names, or one that comes with the component's handlers. */
  readonly field: string | undefined;
}

export interface Part {
  readonly name: string;
  /** Handlers whose messages enter there. */
  readonly handlers: readonly string[];
  /** What earlier steps took out of these. */
  readonly left: readonly PlacedCut[];
  /** What earlier steps brought there. */
  readonly forwarded: readonly (ForwardedCut & { readonly from: string; readonly channel: Channel })[];
}

/** What has to be proved of a step. Rules that are about the same thing are alternatives. */
export type Obligation =
  /** Handlers that run elsewhere as a whole, and share no state with what stays. */
  | "whole handlers"
  /** Sends that leave their handler, without state. */
  | "sends"
  /** Effects on state of the component, out of handlers whose messages enter elsewhere. */
  | "forwarded state"
  /** Effects on state that stays, out of handlers of the component. */
  | "returned state";

/** What a step comes to. */
export interface Separation {
  readonly cuts: readonly HandlerCut[];
  /** Handlers of the component whose messages wait for an entry. */
  readonly parks: { readonly [handler: string]: Waiting };
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

export interface DecouplingRule extends Rule<Decoupling, Separation> {
  readonly about: Obligation;
}

/** Whether state moves between handlers of the step, in one direction or the other. */
export function movesState(step: Decoupling): boolean {
  return statefulParts(step).length > 0 || step.returned.length > 0;
}

/** Effects on state that belongs to the component, and what goes with them. */
export function statefulParts({ parts, owned }: Decoupling): readonly MovedPart[] {
  return parts.filter(({ field }) => field !== undefined && owned.includes(field));
}

/** Sends that need nothing but what is forwarded to them. */
export function statelessParts({ parts, owned }: Decoupling): readonly MovedPart[] {
  return parts.filter(({ field }) => field === undefined || !owned.includes(field));
}

/** A component is spread over several instances. */
export interface Spreading {
  readonly protocol: Protocol;
  /** The role as the component sees it: see `projectComponent`. */
  readonly role: Role;
  /** The role as it was written. */
  readonly original: Role;
  readonly component: string;
  /** Handlers of `role`: those whose messages enter here, and those that stand for forwards with state. */
  readonly handlers: readonly string[];
  /** What runs here of handlers that enter elsewhere, and only sends. */
  readonly forwards: readonly Forward[];
  /** The forwards with state. */
  readonly fragments: readonly Forward[];
  /** Handlers that enter here and forward something to another component, or park their messages. Left out: none. */
  readonly forwarding?: readonly string[];
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
