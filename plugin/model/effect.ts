/**
 * Effects: what a handler does, after helpers are inlined and branches have become guards. They are the counterpart of
 * the paper's rules: a field or a message in flight is a relation, configuration and pure functions are extensional, a
 * guard with a negative membership test is negation, sizes and loops over state are aggregation.
 */
import type { Span } from "./span.ts";
import { printCell, printTerm, type Cell, type Term } from "./term.ts";

/** One observation of mutable state, at the expression that makes it. */
export interface Access {
  readonly cell: Cell;
  readonly span: Span;
  /** How many effects come before it: it observes what the effects with smaller ids have done. Left out: not known. */
  readonly after?: number;
}

/** A condition on the way to an effect. */
export interface Condition {
  readonly term: Term;
  /** The effect happens when the condition is false. */
  readonly negated: boolean;
  readonly span: Span;
}

interface EffectBase {
  /** Position among the effects of the handler; its name in regions and plans. */
  readonly id: number;
  /** The whole expression. */
  readonly span: Span;
  readonly guard: readonly Condition[];
  /** Every cell that the guard and the operands of this effect observe. */
  readonly reads: readonly Access[];
}

export type WriteOperation = "set" | "putIfAbsent" | "add" | "delete" | "clear" | "increment" | "max" | "append";

/** A write to the node's state. The cell's last key is what `set`, `add` and `delete` name. */
export interface WriteEffect extends EffectBase {
  readonly kind: "write";
  readonly operation: WriteOperation;
  readonly cell: Cell;
  readonly value: Term | undefined;
  /**
   * What `@Forget` does after the handler's statements, wherever the entry is written: no region has it, and it goes where
   * the writes to its field go.
   */
  readonly forgets?: true;
}

/** Where a message goes. */
export type Destination =
  /** Every configured member of the role (`others`: but the node itself). */
  | { readonly kind: "all"; readonly field: string; readonly others: boolean }
  /** The member of that id. */
  | { readonly kind: "one"; readonly field: string; readonly id: Term }
  /** The only member. */
  | { readonly kind: "only"; readonly field: string }
  /** The sender of the message being handled. */
  | { readonly kind: "reply" };

export interface SendEffect extends EffectBase {
  readonly kind: "send";
  readonly destination: Destination;
  /** The roles that may be at the destination; several only for a reply to one of several. */
  readonly roles: readonly string[];
  readonly message: string;
  /** 1 for the first send of this message to this role in the handler, and so on: `#2` in plans. */
  readonly ordinal: number;
  readonly payload: Term | undefined;
}

/** A record that goes to a journal: stable before any message of the activation leaves, and read by no handler. */
export interface AppendEffect extends EffectBase {
  readonly kind: "append";
  /** The `journal()` field. */
  readonly journal: string;
  readonly value: Term | undefined;
}

/** A one-shot timer that is armed, or disarmed. */
export interface TimerEffect extends EffectBase {
  readonly kind: "timer";
  readonly operation: "set" | "clear";
  /** The `timers()` field, and the name of the timer in it. */
  readonly field: string;
  readonly timer: string;
  /** Undefined: the timer itself, of which the node has one. */
  readonly key: Term | undefined;
  readonly milliseconds: Term | undefined;
}

export type Effect = WriteEffect | SendEffect | AppendEffect | TimerEffect;

/** A construct that the analysis does not follow. Its handler's footprint becomes everything. */
export interface NotUnderstood {
  readonly why: string;
  readonly span: Span;
}

/** An expression that may throw, and so roll back its activation. */
export interface ThrowSite {
  readonly why: string;
  readonly span: Span;
  /** The conditions on the way to it. Left out: not known. */
  readonly guard?: readonly Condition[];
  /** It throws only if this is absent. Left out: that is not what it depends on. */
  readonly unless?: Term;
}

/**
 * The statements of a handler as nested regions: what a cut through the handler needs to know, without syntax trees.
 * A region is a statement; `children` are the statements directly inside it.
 */
export interface Region {
  readonly kind: "block" | "statement" | "branch" | "loop" | "call";
  readonly span: Span;
  /**
   * For a call: the private helper whose body the children are (their spans lie there), and how many expressions in
   * the class call it. A cut may go through the body only when there is one.
   */
  readonly helper: { readonly name: string; readonly callSites: number } | undefined;
  /** The effects performed anywhere inside, helpers included. */
  readonly effects: readonly number[];
  readonly children: readonly Region[];
  /** The names that this statement declares: visible to later siblings (`const`), or inside it (a loop's variable). */
  readonly declares: readonly string[];
  /** The local names, parameters included, that occur anywhere inside and are bound outside of this region. */
  readonly uses: readonly LocalUse[];
  /** The expressions directly at this level (not in children) that a moved copy could not evaluate by itself. */
  readonly operands: readonly Operand[];
  /** `return`, `break`, `continue` or `throw` that leaves this region. */
  readonly exits: boolean;
  /** All that leaves it ends the function around it, without a value. Left out: it does not, or nothing leaves it. */
  readonly endsFunction?: boolean;
  /** Local variables bound outside that this region assigns. */
  readonly assigns: readonly string[];
  /** Local names, bound outside, of objects that are changed inside: a copy of the object would not do. */
  readonly changes: readonly string[];
  /** Where two objects are compared by identity, which copies do not keep. */
  readonly comparisons: readonly Span[];
}

/** A local name as one region uses it. */
export interface LocalUse {
  readonly name: string;
  /** What it is bound to: the payload parameter, the sender parameter, or a variable. */
  readonly binding: "payload" | "sender" | "variable";
  /** The properties read from it, when it is only used as `name.property`; undefined when it is used whole. */
  readonly columns: readonly string[] | undefined;
  /** Types of columns that are narrower where the region begins than they were declared; left out: there are none. */
  readonly columnTypes?: { readonly [column: string]: string } | undefined;
  /** Its type, as text that is valid where the handler stands. */
  readonly type: string;
  readonly term: Term | undefined;
  /** Why its value cannot travel in a message (a function, a reference other than the sender); undefined: it can. */
  readonly cannotTravel?: string | undefined;
}

/**
 * An expression that reads mutable state, or may throw: if its statement moves, its value has to be computed before
 * the move, and forwarded. Maximal within its statement.
 */
export interface Operand {
  readonly span: Span;
  readonly reads: readonly Access[];
  readonly throws: ThrowSite | undefined;
  /** Local names that it uses; a value that depends on a loop's variable cannot be computed before the loop. */
  readonly uses: readonly string[];
  readonly type: string;
  /** It is not evaluated each time that its statement is (right of `&&`, a branch of `?:`, inside a callback). */
  readonly conditional: boolean;
  /** The effects that evaluating it has: `this.next++`. Left out: none. */
  readonly effects?: readonly number[];
  /** The largest such expressions inside it, for when not all of it can be computed before. Left out: none, or not needed. */
  readonly parts?: readonly Operand[];
}

/** What a handler does: the result of lowering. */
export interface HandlerBody {
  readonly effects: readonly Effect[];
  /** Every observation of mutable state, whether or not an effect depends on it. */
  readonly reads: readonly Access[];
  readonly notUnderstood: readonly NotUnderstood[];
  readonly throws: readonly ThrowSite[];
  readonly root: Region;
  /** Members of the class that the handler uses, through helpers too. */
  readonly members: readonly string[];
}

/** `propose -> Participant.vote`, the name of a send in plans. */
export function printSend(handler: string, send: SendEffect): string {
  const again = send.ordinal > 1 ? `#${String(send.ordinal)}` : "";
  return `${handler} -> ${send.roles.join("|")}.${send.message}${again}`;
}

/** One effect on one line, for `riven explain --effects`. */
export function printEffect(effect: Effect): string {
  const guard = effect.guard.map((c) => (c.negated ? `not ${printTerm(c.term)}` : printTerm(c.term))).join(" and ");
  const when = guard === "" ? "" : `  when ${guard}`;
  switch (effect.kind) {
    case "write": {
      const value = effect.value === undefined ? "" : ` ${printTerm(effect.value)}`;
      return `${effect.forgets === true ? "forget" : effect.operation} ${printCell(effect.cell)}${value}${when}`;
    }
    case "send":
      return `send ${effect.roles.join("|")}.${effect.message} to ${printDestination(effect.destination)} ${
        effect.payload === undefined ? "" : printTerm(effect.payload)
      }${when}`;
    case "append":
      return `append to ${effect.journal}${effect.value === undefined ? "" : ` ${printTerm(effect.value)}`}${when}`;
    case "timer": {
      const after = effect.milliseconds === undefined ? "" : ` after ${printTerm(effect.milliseconds)} ms`;
      return `${effect.operation} timer ${printCell(timerCell(effect.field, effect.timer, effect.key))}${after}${when}`;
    }
  }
}

/**
 * Whether a timer is pending, as a piece of state: arming and disarming write it, and so does firing. It is named after
 * the field and the timer, which no field of a class is called.
 */
export function timerCell(field: string, timer: string, key: Term | undefined): Cell {
  return { field: `${field}.${timer}`, keys: key === undefined ? [] : [key], aspect: "value" };
}

function printDestination(destination: Destination): string {
  switch (destination.kind) {
    case "all":
      return destination.others ? `${destination.field}.others` : `each of ${destination.field}`;
    case "one":
      return `${destination.field}[${printTerm(destination.id)}]`;
    case "only":
      return destination.field;
    case "reply":
      return "the sender";
  }
}
