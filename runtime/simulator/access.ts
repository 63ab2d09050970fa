/** Accesses to the state of nodes, as the recorder keeps them. */
import type { CellAspect } from "../node/stateObserver.ts";
import type { DeployedInstance, DeployedNode } from "../routing/address.ts";

/**
 * A piece of the state of a logical node: the same object for every copy and partition of it. `parent` is the cell
 * whose replacement replaces this one too.
 */
export interface Cell {
  readonly node: DeployedNode;
  /** The field that it is a piece of; empty for whether a timer is set. */
  readonly field: string;
  /** `votes["b1"].size` */
  readonly name: string;
  readonly aspect: CellAspect;
  readonly parent: Cell | undefined;
}

/**
 * - `read`: observed the cell
 * - `write`: replaced what it held
 * - `commute`: changed it in a way that commutes with other such changes
 */
export type AccessKind = "read" | "write" | "commute";

export interface Access {
  readonly cell: Cell;
  /** Where the copy is that was accessed. */
  readonly instance: DeployedInstance;
  readonly kind: AccessKind;
  /** What was observed, or is there now. */
  readonly value: string;
  /** The position among all accesses of the run. */
  readonly sequence: number;
}

/** The changes of a step, without those that leave a plain value as the step has just read it: these leave no record. */
export function changesOf(accesses: readonly Access[]): readonly Access[] {
  return accesses.filter(({ cell, kind, value }, index) => {
    if (kind === "read") return false;
    const before = accesses.slice(0, index).findLast((access) => access.cell === cell);
    return before?.kind !== "read" || before.value !== value || /[[{(]/.test(value);
  });
}
