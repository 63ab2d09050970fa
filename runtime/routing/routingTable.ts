/**
 * The routing table: the only thing that knows what a role was rewritten into. Senders, clients included, look up the
 * component and compute the partition; the code of a protocol never does.
 */

/** What a message is routed by. A tuple routes by all of its parts. */
export type KeyValue = string | number | bigint | boolean | null | undefined | readonly KeyValue[];

/** The key of a message, from its payload and its logical sender. */
export type KeyFunction = (payload: never, from: { readonly id: string }) => KeyValue;

export interface HandlerRoute {
  readonly component: string;
  /** Absent: the first partition takes every message. */
  readonly key?: KeyFunction;
  /** The key as people read it (`m.id`); part of the table's version. Present exactly when `key` is. */
  readonly by?: string;
  /** Introduced by a rewrite: reached only from other components of the same node, carrying the original sender. */
  readonly internal?: boolean;
  /** How forwards to this handler travel; on internal handlers only. Absent: at most once, in any order. */
  readonly channel?: InternalChannel;
  /**
   * On an acknowledged channel: a forward does nothing at the receiver unless this exceeds what it was in all forwards
   * that were applied there before. So what does not exceed the last acknowledged one need not be sent.
   */
  readonly above?: (payload: never) => Bound;
  /** The message waits at the receiver until `field` (a map or a set) has an entry for the key. */
  readonly parks?: { readonly field: string; readonly key: KeyFunction };
  /** Every partition of the component handles it: it enters at the component's coordinator. */
  readonly replicated?: ReplicatedRoute;
  /** On internal handlers: entries that this forward may create, for which messages may be waiting. */
  readonly wakes?: readonly { readonly field: string; readonly key: KeyFunction }[];
}

/**
 * What a forward may rely on. `repeatable`: at least once, in any order. `ordered`: exactly once, in the order of the
 * sending instance. `acknowledged`: as `ordered`, and no message leaves the sending instance before everything that it
 * has forwarded until then has been applied.
 */
export type InternalChannel = "repeatable" | "ordered" | "acknowledged";

/** Compared from the first part on, as numbers, bigints or strings (by UTF-16 code units). */
export type Bound = number | bigint | string | readonly Bound[];

/** What becomes of what a replicated activation sends, by `Role.handler`. Left out: the first partition sends it. */
export interface ReplicatedRoute {
  readonly sends?: { readonly [message: string]: ReplicatedSend };
}

export type ReplicatedSend =
  /** Every partition sends what it has to. */
  | "each"
  /** Every partition sends a fragment; the receiver's runtime puts these columns of the payload together. */
  | { readonly sealed: readonly SealedColumn[] };

/** Lists are put one after another (and sorted by `order`, if any); maps, sets and records are united. */
export interface SealedColumn {
  readonly path: readonly string[];
  readonly order?: (a: never, b: never) => number;
}

export interface ComponentRoute {
  readonly partitions: number;
  /** Whether the component may run in another number of partitions than written here. */
  readonly partitioned: boolean;
  /** The fields of the component's class whose values survive a crash. */
  readonly durable?: readonly string[];
  /** For each durable field that is spread: what decides the partition of an entry, from the keys that lead to it. */
  readonly owners?: { readonly [field: string]: (keys: never) => KeyValue };
  /** The component that puts in order what all partitions of this one do. Present exactly when something is replicated. */
  readonly coordinator?: string;
  /** Present exactly on a coordinator: the component that it is one of. The runtime provides it, so there is no class. */
  readonly coordinates?: string;
  /** Fields of which every partition has the same copy; the others are spread by key. */
  readonly replicates?: readonly string[];
}

export interface RoleRoutes {
  readonly components: { readonly [component: string]: ComponentRoute };
  /** Message handlers, internal ones included. */
  readonly handlers: { readonly [handler: string]: HandlerRoute };
  /**
   * Repeated timers and start handlers run on the first partition of one component. One-shot timers run on the partition
   * that set them, and recovery handlers on every partition: each has its own part of the durable state.
   */
  readonly timers: {
    readonly [handler: string]: { readonly component: string; readonly replicated?: ReplicatedRoute };
  };
}

export interface RoutingTable {
  readonly roles: { readonly [role: string]: RoleRoutes };
}
