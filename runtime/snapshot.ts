/** All nodes at one moment, as invariants see them. */
import type { ExternalEvent } from "./system.ts";

/** A node: its fields as the class has them, to be read only. */
export type NodeSnapshot<Role extends object> = Role & { readonly id: string };

export interface Snapshot {
  /** The nodes of a role, in the order in which the system names them. */
  all<Role extends object>(role: abstract new (...args: never[]) => Role): readonly NodeSnapshot<Role>[];
  /** What external nodes have done and seen so far, in real-time order. */
  readonly history: readonly ExternalEvent[];
}

/** What must hold at every moment of every run of the protocol as written. */
export interface SnapshotInvariant {
  readonly name: string;
  readonly always: (snapshot: Snapshot) => boolean;
}
