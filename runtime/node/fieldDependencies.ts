/**
 * Which durable records an activation depends on, hence what its messages have to wait for. Records are numbered in
 * the order in which they are appended; every field, durable or not, remembers the last record that its content
 * depends on. An activation that reads what another one wrote depends on what that one depended on: a crash that loses
 * a record so loses everything that followed from it, and nobody has heard of any of that.
 *
 * A field stands for all that is reachable from it. When a container has come to hang in two places that no longer
 * tells the truth, and from then on all fields count as one.
 */
import type { FieldSlot } from "./membraneFields.ts";

export class FieldDependencies {
  /** Whether some container may be reachable from two fields. */
  shared = false;
  /** The fields that the running activation has touched. */
  readonly #touched = new Set<FieldSlot>();
  /** The latest record that any field depends on. */
  #latest = 0;

  touch(slot: FieldSlot): void {
    this.#touched.add(slot);
  }

  begin(): void {
    if (this.#touched.size !== 0) this.#touched.clear();
  }

  /** The latest record that any field depends on. */
  get latest(): number {
    return this.#latest;
  }

  /** The record that what the activation has touched depends on; 0 when there is none. */
  get position(): number {
    if (this.#touched.size === 0) return 0;
    if (this.shared) return this.#latest;
    let position = 0;
    for (const slot of this.#touched) if (slot.position > position) position = slot.position;
    return position;
  }

  /** The activation wrote something, and itself depends on `position`: so does what it touched. */
  advance(position: number): void {
    for (const slot of this.#touched) slot.position = position;
    if (position > this.#latest) this.#latest = position;
  }
}
