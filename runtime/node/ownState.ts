import type { FieldSlot } from "./membraneFields.ts";
import type { ChangeListener } from "./membraneTracker.ts";

/**
 * Something that the runtime itself keeps in the log of an instance, as if it were one more durable field. Its name begins
 * with `#`, which no field of a class does.
 */
export interface OwnState {
  /** What it holds, as of the last activation; what an earlier life left, from when that is recovered. */
  readonly slot: FieldSlot;
  /** Says what has changed since the last record, when that is worth one: the record of an activation is being written. */
  report(to: ChangeListener): void;
  /** What was reported, or all of it, is in a record. */
  written(): void;
}
