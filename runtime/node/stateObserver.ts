/**
 * What the runtime can see of a handler's accesses to the state of its node. Independent of the compiler: this is the
 * verifier's own evidence. Cells are logical: the same field and keys name the same cell in every component and
 * partition of a node.
 */

/** A step from a container to one of its pieces. */
export type CellStep = string | number | bigint | boolean | null | undefined;

/** A field, and the keys that lead from it to a piece of state. */
export interface CellPath {
  readonly field: string;
  readonly keys: readonly CellStep[];
}

/**
 * How an access touches a cell.
 *
 * - `value`: the value at this path (what `map.get(k)`, a field, a property, `set.has(x)` observe or replace)
 * - `size`: the number of entries of the collection at this path
 * - `order`: its entries, in order (iteration observes it; insertions, deletions and `clear` write it)
 */
export type CellAspect = "value" | "size" | "order";

export interface StateObserver {
  /** A handler observed `value` (plain data, or the raw container). */
  onRead(path: CellPath, aspect: CellAspect, value: unknown): void;
  /**
   * A handler changed the cell. `commutes`: insertions and deletions of different entries commute with each other in
   * their effect on `size`.
   */
  onWrite(path: CellPath, aspect: CellAspect, value: unknown, commutes: boolean): void;
}
