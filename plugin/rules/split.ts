/** A split of a role: the code that two components would have, and what travels between them. */
import type { Cut } from "../analysis/inferCuts.ts";
import type { ForwardedCut } from "../analysis/projectComponent.ts";
import type { Role } from "../model/protocol.ts";
import type { MovedPart } from "./rule.ts";

/** A cut of the step, under a name that tells it from all handlers. */
export interface SplitCut extends ForwardedCut {
  readonly cut: Cut;
  readonly part: MovedPart;
  /** It is all that its handler does. */
  readonly whole: boolean;
}

/** One component sends, another one receives: which of the two is the new one is for the rule to know. */
export interface Split {
  readonly cuts: readonly SplitCut[];
  /** The code of the components that forward, each as a role. */
  readonly senders: readonly Half[];
  readonly receiver: Half;
}

export interface Half {
  readonly component: string;
  readonly role: Role;
}
