/** Invariants over all nodes: which ones a system has. */
import type { RoleClass } from "../decorators/binding.ts";
import { describeInvariants } from "../decorators/invariant.ts";
import type { Snapshot } from "../decorators/snapshot.ts";
import type { Invariant, SystemDefinition } from "./system.ts";

export type { NodeSnapshot, Snapshot } from "../decorators/snapshot.ts";

/** What must hold at every moment of every run of the protocol as written. */
export interface SnapshotInvariant {
  readonly name: string;
  /** Whether it holds; an error says that it does not, and why. */
  readonly always: (snapshot: Snapshot) => boolean;
}

/** The methods of a class that are marked with `@Invariant()`, as what a system takes: `invariants: [...invariantsOf(Safety)]`. */
export function invariantsOf(owner: RoleClass): readonly SnapshotInvariant[] {
  return describeInvariants(owner).map(({ name, holds }) => ({ name, always: holds }));
}

/** All invariants of a system: those that it names, and those that its roles declare. */
export function allInvariants(system: SystemDefinition): readonly (Invariant | SnapshotInvariant)[] {
  return [...historyInvariants(system), ...snapshotInvariants(system)];
}

/** All that must hold at every moment: what the roles of a system declare, and what the system names itself. */
export function snapshotInvariants({ roles, invariants = [] }: SystemDefinition): readonly SnapshotInvariant[] {
  // A system may name what a role declares all the same.
  const declared = new Map(roles.flatMap(({ role }) => invariantsOf(role)).map((one) => [one.name, one]));
  return [
    ...declared.values(),
    ...invariants.flatMap((one) => ("always" in one && !declared.has(one.name) ? [one] : [])),
  ];
}

/** All that must hold of what external nodes have seen. */
export function historyInvariants({ invariants = [] }: SystemDefinition): readonly Invariant[] {
  return invariants.flatMap((one) => ("holds" in one ? [one] : []));
}
