/** Cuts through a handler, as data: what leaves it, what has to travel, and what stands in the way. */
import type { Reference } from "../model/component.ts";
import type { Effect, HandlerBody, LocalUse, Operand, Region, WriteEffect } from "../model/effect.ts";
import type { Handler, Role } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";

/** A statement that can leave its handler, or several that follow each other (a block without braces). */
export interface Cut {
  readonly region: Region;
  /** It is all that the handler does: the activation happens where the cut goes to. */
  readonly whole: boolean;
  /** The effects that leave with it. */
  readonly effects: readonly number[];
  /** Local names whose values travel, narrowed to the columns used. The sender travels by itself. */
  readonly live: readonly LocalUse[];
  readonly references: readonly Reference[];
  /** Expressions that are evaluated before it leaves, in the order of the source, each whenever it would have been. */
  readonly hoisted: readonly { readonly operand: Operand; readonly name: string }[];
}

/** Why a statement cannot leave. */
export type CutObstacle =
  /** It does something else too, which stays. */
  | { readonly kind: "stays"; readonly effect: Effect; readonly region: Region }
  /** It returns from, or breaks out of, what is around it. */
  | { readonly kind: "exits"; readonly region: Region }
  /** It assigns, declares or changes what a name stands for that the rest of the handler sees. */
  | { readonly kind: "assigns"; readonly name: string; readonly region: Region }
  /** The expression is not evaluated each time that the statement is. */
  | { readonly kind: "conditional"; readonly operand: Operand; readonly region: Region }
  /** The expression depends on a name that the statement itself declares, such as a loop's variable. */
  | { readonly kind: "inner-name"; readonly name: string; readonly operand: Operand; readonly region: Region }
  /** The expression is in a function that is called here but stands elsewhere. */
  | { readonly kind: "helper"; readonly helper: string; readonly operand: Operand; readonly region: Region }
  /** Guards on state stay behind; what they guard may leave. */
  | { readonly kind: "guard"; readonly operand: Operand; readonly region: Region }
  /** The expression reads state of both sides, and has no parts that read one only. */
  | {
      readonly kind: "torn";
      readonly operand: Operand;
      readonly owned: string;
      readonly other: string;
      readonly region: Region;
    }
  /** The name stands for state that leaves, and is bound before. */
  | { readonly kind: "owned-name"; readonly name: string; readonly field: string; readonly region: Region }
  /** An object that travels would be kept as it arrives, frozen, and is no object of a message where it comes from. */
  | { readonly kind: "kept-copy"; readonly name: string; readonly effect: WriteEffect; readonly region: Region }
  /** The value of an expression, or of a name, is not data that could be sent. */
  | { readonly kind: "no-data"; readonly what: Operand | LocalUse; readonly region: Region }
  /** It may ask whether two objects are the same one, and copies are not. */
  | { readonly kind: "identity"; readonly span: Span; readonly region: Region }
  /** State is observed, or something may throw, at a place that lowering has not made an operand. */
  | { readonly kind: "unaccounted"; readonly why: string; readonly span: Span; readonly region: Region };

export interface RefusedEffect {
  readonly effect: Effect;
  /** What stands in the way of the smallest statement around the effect. */
  readonly obstacle: CutObstacle;
}

export interface Cuts {
  readonly cuts: readonly Cut[];
  readonly refused: readonly RefusedEffect[];
}

/** What a search for cuts works on. */
export interface Surroundings {
  readonly role: Role;
  readonly handler: Handler;
  readonly body: HandlerBody;
  readonly leaving: ReadonlySet<number>;
  readonly owned: ReadonlySet<string>;
  /** Names that what travels cannot have. */
  readonly taken: ReadonlySet<string>;
  readonly text: (span: Span) => string | undefined;
}
