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
}

export interface ComponentRoute {
  readonly partitions: number;
  /** Whether the component may run in another number of partitions than written here. */
  readonly partitioned: boolean;
  /** The fields of the component's class whose values survive a crash. */
  readonly durable?: readonly string[];
}

export interface RoleRoutes {
  readonly components: { readonly [component: string]: ComponentRoute };
  /** Message handlers, internal ones included. */
  readonly handlers: { readonly [handler: string]: HandlerRoute };
  /**
   * Repeated timers and start handlers run on the first partition of one component. One-shot timers run on the partition
   * that set them, and recovery handlers on every partition: each has its own part of the durable state.
   */
  readonly timers: { readonly [handler: string]: { readonly component: string } };
}

export interface RoutingTable {
  readonly roles: { readonly [role: string]: RoleRoutes };
}
