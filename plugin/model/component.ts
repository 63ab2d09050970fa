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
export type KeyPart =
  | { readonly kind: "column"; readonly path: readonly string[] }
  | { readonly kind: "sender" }
  /** Only as an argument. */
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  /** A pure function of what is routed by, named as in a pure term: senders evaluate it. */
  | { readonly kind: "applied"; readonly name: string; readonly args: readonly KeyPart[] };

/**
 * What a forward may rely on between the two instances that it travels between. A rule chooses it, and its argument rests
 * on it; the runtime and the simulator keep it.
 */
export type Channel =
  /** It arrives at most once, in any order: losing it is an omission, repeating it would be a new message. */
  | "once"
  /** It arrives at least once while both ends live, in any order: what it does commutes, and may be done twice. */
  | "repeatable"
  /** It is applied exactly once, in the order in which the sending instance sent. A receiver that misses one stalls. */
  | "ordered"
  /** As `ordered`; and no message leaves the sender before all that it has forwarded until then has been applied. */
  | "acknowledged";

/**
 * A piece of a handler that runs in another component: the statements that leave, and what has to travel with them.
 * The handler's message enters at `from`, which forwards the live values once each time the statements are reached.
 */
export interface Forward {
  /** The name of the internal handler at the receiving component. */
  readonly name: string;
  readonly handler: string;
  /** The component that the statement left. */
  readonly from: string;
  /** One statement, or several that follow each other. */
  readonly region: Span;
  readonly effects: readonly number[];
  /** Local names that travel, narrowed to the columns used. The sender travels by itself. */
  readonly live: readonly LocalUse[];
  /** Expressions that are evaluated before the move, and the names under which their values travel. */
  readonly hoisted: readonly { readonly operand: Operand; readonly name: string }[];
  /** Local names of nodes: their ids travel, and the receiver finds the nodes again. Left out: there are none. */
  readonly references?: readonly Reference[];
  /** Left out: `once`. */
  readonly channel?: Channel;
  /**
   * On an acknowledged channel, what does nothing at the receiver unless it exceeds all that was applied there before: a
   * live value (with the path to it), or a hoisted one. Left out: every forward may matter.
   */
  readonly above?: { readonly name: string; readonly path: readonly string[] };
  /** What the receiver writes under which a parked message may be waiting. Left out: none. */
  readonly wakes?: readonly Waiting[];
}

/** An entry of a map or a set that a message waits for: `field[key]`, the key in columns of the handler's message. */
export interface Waiting {
  readonly field: string;
  readonly key: RoutingKey;
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
  /**
   * What decides which partition an entry of a field is on, as a function of the keys that lead to it: a column `["0"]` is
   * `field[key]`, `["1"]` is `field[x][key]`. Left out: the keys at `positions`, as they are.
   */
  readonly owners?: { readonly [field: string]: RoutingKey };
  /** Left out: everything is spread. */
  readonly replication?: Replication;
}

/**
 * What every partition of a component does, and has a copy of. A coordinator, which the runtime provides, puts it in one
 * order: the message goes to the coordinator, which has all partitions stop, and then handle it.
 */
export interface Replication {
  /** The name of the coordinator among the components of the role. */
  readonly coordinator: string;
  /** Fields of which every partition has the same copy; the others are spread. */
  readonly fields: readonly string[];
  /** Message handlers, repeated timers and start handlers that every partition runs. */
  readonly handlers: { readonly [handler: string]: ReplicatedHandler };
}

export interface ReplicatedHandler {
  /** What becomes of a send, by `Role.message`. Left out: `once`. */
  readonly sends: { readonly [message: string]: ReplicatedSend };
}

export type ReplicatedSend =
  /** It does not depend on what is spread: the first partition sends it. */
  | { readonly kind: "once" }
  /** It is sent for entries of what is spread: every partition sends it for its own. */
  | { readonly kind: "each" }
  /** One message, of which every partition sends a fragment: these columns are put together for the receiver. */
  | { readonly kind: "sealed"; readonly columns: readonly SealedColumn[] };

/** A column that lists entries of what is spread. Lists are put one after another, maps, sets and records united. */
export interface SealedColumn {
  readonly path: readonly string[];
  /** A comparison that the sender has sorted a list by, as text of an expression that is valid in the role's module. */
  readonly order?: string;
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
  /** Handlers whose messages wait until an entry is there that another component feeds. Left out: none. */
  readonly parks?: { readonly [handler: string]: Waiting };
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
