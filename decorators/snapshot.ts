/** All nodes of a system at one moment, as invariants see them. */
import type { RoleClass } from "./binding.ts";

/** Something that an external node saw or did, in real-time order. */
export interface ExternalEvent {
  readonly kind: "sent" | "received";
  /** The external node. */
  readonly node: { readonly role: string; readonly id: string };
  /** The node at the other end. */
  readonly other: { readonly role: string; readonly id: string };
  readonly message: string;
  readonly payload: unknown;
}

/**
 * A node: its fields and methods as the class has them, to be looked at only. `id` is the id of the node, unless its class
 * has a field of that name.
 */
export type NodeSnapshot<Role extends object> = Role & { readonly id: string };

export interface Snapshot {
  /**
   * The nodes of a role, in the order in which the system names them. They are good for as long as the invariant runs.
   *
   * @throws Error when the system has no such role, or it is external.
   */
  all<Role extends object>(role: RoleClass<Role>): readonly NodeSnapshot<Role>[];
  /** What external nodes have done and seen so far, in real-time order. */
  readonly history: readonly ExternalEvent[];
}
