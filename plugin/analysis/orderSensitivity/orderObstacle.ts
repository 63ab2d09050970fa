/** What makes the result of a component's code depend on the order in which it handles things, or on how often. */
import type { Span } from "../../model/span.ts";
import type { Cell, Term } from "../../model/term.ts";

interface Place {
  readonly handler: string;
  /** The effect or the condition that is to blame. */
  readonly span: Span;
}

/** An effect that state steers, and the place where the state is observed. */
interface Steered extends Place {
  /** Where the state is observed, or changed, that makes the effect sensitive. */
  readonly other: Span;
}

export type OrderObstacle =
  /** A write whose result depends on the order of writes: a value is set, the first or the last writer wins. */
  | (Place & {
      readonly kind: "not-a-join";
      readonly cell: Cell;
      readonly why: "overwrites" | "first-wins" | "appends";
      /** Another write of the cell, where there is one. */
      readonly other: Span | undefined;
      /** It says that something is done, and the other write says so of something else, or of nothing at all. */
      readonly marks?: "something else" | "nothing";
    })
  /** A counter: its increments commute, but one that is handled twice counts twice. `other`: where it is read. */
  | (Place & { readonly kind: "counts"; readonly cell: Cell; readonly other: Span | undefined })
  /** Something is deleted that another activation may find, or not. `other`: what else touches it. */
  | (Place & { readonly kind: "deletes"; readonly cell: Cell; readonly other: Span | undefined })
  /** What the state is at the moment shows in an output or in the state that is written. */
  | (Steered & {
      readonly kind: "state-in-output";
      readonly cell: Cell;
      readonly in: "payload" | "destination" | "key" | "value" | "timer";
    })
  /** A condition on the state that may become false as the state grows. `other`: what it guards. */
  | (Steered & { readonly kind: "not-up-closed"; readonly condition: Term; readonly negated: boolean })
  /** What state guards happens again whenever the condition is tested again. `span`: the effect, `other`: the condition. */
  | (Steered & { readonly kind: "not-once" })
  /** What happens once for a key differs between the activations that may be the one. `other`: where it is marked as done. */
  | (Steered & {
      readonly kind: "not-of-key";
      /** The key that the mark names. */
      readonly key: readonly Term[];
      readonly term: Term;
      readonly in: "payload" | "destination" | "condition" | "key" | "value";
    })
  /** A condition that another handler can make true, which does not test it. `span`: the condition, `other`: that write. */
  | (Steered & { readonly kind: "edge-triggered"; readonly by: string; readonly cell: Cell })
  /** The order of arrival is observed, by iterating. */
  | (Steered & { readonly kind: "order-observed"; readonly cell: Cell })
  /** Arming or disarming a timer, or firing. */
  | (Place & { readonly kind: "timer"; readonly other: undefined })
  /** A random draw, or another source of values that differ between executions. */
  | (Place & { readonly kind: "random"; readonly other: undefined })
  | (Place & { readonly kind: "not-understood"; readonly why: string; readonly other: undefined });

/** The entry without which a direct handler does nothing: it may wait for it. */
export interface Parking {
  readonly field: string;
  readonly key: Term;
}

export interface OrderSensitivity {
  /** Empty: the code is insensitive to the order, and to the repetition, of what it handles. */
  readonly obstacles: readonly OrderObstacle[];
  /** Direct handlers that must wait for an entry, by name. */
  readonly parks: { readonly [handler: string]: Parking };
  /** What was found, in sentences for a proof. */
  readonly facts: readonly string[];
}
