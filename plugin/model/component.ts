/** The result of applying a plan: which code runs where, by which rule, and how messages find it. */
import type { LocalUse, Operand } from "./effect.ts";
import type { Span } from "./span.ts";

/** Why a step is safe: the rule that applies, and what was checked, in sentences about this protocol. */
export interface Proof {
  readonly rule: string;
  readonly statement: string;
  readonly facts: readonly string[];
}

/** What a message is routed by, as a function of the message as its sender writes it. */
export type RoutingKey = readonly KeyPart[];
export type KeyPart = { readonly kind: "column"; readonly path: readonly string[] } | { readonly kind: "sender" };

/**
 * A piece of a handler that runs in another component: the statement that leaves, and what has to travel with it.
 * The handler's message enters at `from`, which forwards the live values once each time the statement is reached.
 */
export interface Forward {
  /** The name of the internal handler at the receiving component. */
  readonly name: string;
  readonly handler: string;
  /** The component that the statement left. */
  readonly from: string;
  readonly region: Span;
  readonly effects: readonly number[];
  /** Local names that travel, narrowed to the columns used. The sender travels by itself. */
  readonly live: readonly LocalUse[];
  /** Expressions that are evaluated before the move, and the names under which their values travel. */
  readonly hoisted: readonly { readonly operand: Operand; readonly name: string }[];
  /** Local names of nodes: their ids travel, and the receiver finds the nodes again. Left out: there are none. */
  readonly references?: readonly Reference[];
}

/** A local name bound to a node, such as the variable of a loop over peers. Nodes are no data, so the id travels. */
export interface Reference {
  readonly name: string;
  /** A `peers` field of the role: `this.field.at(id)` is the node again. */
  readonly field: string;
}

/** How the state and the messages of a component are spread. */
export interface Partitioning {
  readonly partitions: number;
  /**
   * What each message is routed by: for a handler its columns, for a forward the columns of its handler's message
   * (emission finds them in the forward, or adds them to it). Empty: the first partition takes it.
   */
  readonly keys: { readonly [handlerOrForward: string]: RoutingKey };
  /** Which key of each field's cells is the routing key: 0 for `field[key]`, 1 for `field[x][key]`; tuples name several. */
  readonly positions: { readonly [field: string]: readonly number[] };
}

/** Part of a role that runs as a process (or several) of its own. */
export interface Component {
  readonly role: string;
  /** `main` for what stays at the role's address and has no name in the plan. */
  readonly name: string;
  /** Handlers that run here; less the statements that left, when this is where their messages enter. */
  readonly handlers: readonly string[];
  /** What runs here of handlers that enter elsewhere. */
  readonly forwards: readonly Forward[];
  readonly partitioning: Partitioning | undefined;
  readonly proofs: readonly Proof[];
}

/** A role after its plan. */
export interface RewrittenRole {
  readonly role: string;
  readonly components: readonly Component[];
}

/** A protocol after its plans; roles without a plan have one component, `main`, with everything. */
export interface Rewrite {
  readonly roles: readonly RewrittenRole[];
}
