/**
 * `@Forget`: when a handler has returned, entries that it wrote are deleted where the condition holds, in the same
 * activation. What is asked about them, and the deletion, go through the membrane like anything that a handler does.
 */
import { contentOf, isLattice } from "../../decorators/lattice.ts";
import type { ForgetCondition } from "../../decorators/markers.ts";
import type { FieldSlot } from "./membraneFields.ts";
import type { ChangeListener, StateActivity } from "./membraneTracker.ts";
import type { CellPath, CellStep } from "./stateObserver.ts";

/** What the running activation has done to the state, and where containers hang in it. */
export interface WatchedState extends StateActivity {
  pathsOf(container: object): readonly CellPath[];
}

/** Asks the conditions about the entries that the running activation has written. */
export function forgetEntries(
  conditions: ReadonlyMap<string, ForgetCondition>,
  view: object,
  state: WatchedState,
): void {
  const written = new WrittenEntries(conditions, state);
  for (const change of state.changes) change.report(written);
  for (const { raw, overlay } of state.overlaid) {
    for (const key of overlay?.tail.keys() ?? []) written.piece(raw, key as CellStep);
    for (const key of overlay?.removed ?? []) written.piece(raw, key as CellStep);
  }
  for (const bytes of state.bytes.keys()) written.inside(bytes);
  for (const [field, condition] of conditions) {
    const keys = written.keysOf(field, view);
    if (keys.size > 0) forgetIn(containerOf(Reflect.get(view, field)), keys, condition);
  }
}

function forgetIn(container: unknown, keys: Iterable<CellStep>, condition: ForgetCondition): void {
  const isOver = condition as (entry: unknown) => boolean;
  for (const key of keys) {
    if (container instanceof Map) {
      if (container.has(key) && isOver(container.get(key))) container.delete(key);
    } else if (typeof container === "object" && container !== null) {
      const name = String(key);
      if (name in container && isOver(Reflect.get(container, name))) Reflect.deleteProperty(container, name);
    }
  }
}

/** The container of a field, or the one that its lattice consists of. */
export function containerOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && isLattice(value) ? contentOf(value) : value;
}

/** Which entries of these fields were written, however deep inside. */
class WrittenEntries implements ChangeListener {
  readonly #fields: ReadonlyMap<string, ForgetCondition>;
  readonly #state: WatchedState;
  readonly #keys = new Map<string, Set<CellStep>>();
  /** Fields that were assigned: all of their entries are new. */
  readonly #assigned = new Set<string>();

  constructor(fields: ReadonlyMap<string, ForgetCondition>, state: WatchedState) {
    this.#fields = fields;
    this.#state = state;
  }

  keysOf(field: string, view: object): ReadonlySet<CellStep> {
    if (!this.#assigned.has(field)) return this.#keys.get(field) ?? new Set();
    const container = containerOf(Reflect.get(view, field));
    if (container instanceof Map) return new Set(container.keys() as Iterable<CellStep>);
    return new Set(typeof container === "object" && container !== null ? Object.keys(container) : []);
  }

  field(slot: FieldSlot): void {
    if (this.#fields.has(slot.name)) this.#assigned.add(slot.name);
  }

  entry(map: Map<unknown, unknown>, key: unknown): void {
    this.piece(map, key as CellStep);
  }

  member(set: Set<unknown>): void {
    this.inside(set);
  }

  property(record: Record<string, unknown>, name: string): void {
    this.piece(record, name);
  }

  elements(array: unknown[]): void {
    this.inside(array);
  }

  /** What `container` holds under `key` was written. */
  piece(container: object, key: CellStep): void {
    for (const { field, keys } of this.#state.pathsOf(container)) this.#note(field, keys.length === 0 ? key : keys[0]);
  }

  /** Something in `container` was written. */
  inside(container: object): void {
    for (const { field, keys } of this.#state.pathsOf(container)) if (keys.length > 0) this.#note(field, keys[0]);
  }

  #note(field: string, key: CellStep): void {
    if (!this.#fields.has(field)) return;
    const keys = this.#keys.get(field) ?? new Set();
    this.#keys.set(field, keys.add(key));
  }
}
