/** The durable fields of a component as records: what an activation changed, the whole, and back again. */
import { contentOf, isLattice, reviveLattice } from "../../decorators/lattice.ts";
import { kindOf } from "../codec/plainData.ts";
import {
  CONTAINER,
  decodeRecord,
  encodeRecord,
  FIELDS,
  OPERATION,
  type WrittenChange,
  type WrittenValue,
} from "./durableRecord.ts";
import { DurableReplay } from "./durableReplay.ts";
import type { JournalEntry } from "./journals.ts";
import type { FieldSlot } from "./membraneFields.ts";
import type { ChangeListener, StateActivity } from "./membraneTracker.ts";
import type { OwnState } from "./ownState.ts";
import { rawOf, viewOf } from "./membraneViews.ts";
import type { TrackedCollection } from "./trackedCollection.ts";
import { TrackedMap } from "./trackedMap.ts";
import { TrackedSet } from "./trackedSet.ts";

export class DurableState {
  readonly #names: readonly string[];
  readonly #own: readonly OwnState[];
  readonly #slots = new Map<string, FieldSlot>();
  #numbers = new WeakMap<object, number>();
  #next = FIELDS + 1;
  #activity: StateActivity | undefined;

  /**
   * @param names the durable fields of the class
   * @param own what the runtime keeps beside them
   */
  constructor(names: readonly string[], own: readonly OwnState[] = []) {
    this.#names = names;
    this.#own = own;
    for (const { slot } of own) this.#slots.set(slot.name, slot);
  }

  /** Durable fields that have no slot yet. */
  get missing(): readonly string[] {
    return this.#names.filter((name) => !this.#slots.has(name));
  }

  /** Takes the slot of a field, if the field is durable. */
  adopt(slot: FieldSlot): void {
    if (this.#names.includes(slot.name)) this.#slots.set(slot.name, slot);
  }

  watch(activity: StateActivity): void {
    this.#activity = activity;
  }

  /** Whether the running activation has changed any state, durable or not. */
  get wrote(): boolean {
    const { changes, overlaid, bytes } = this.#activity ?? NOTHING;
    return changes.length > 0 || overlaid.length > 0 || bytes.size > 0;
  }

  /**
   * What the running activation has changed and appended; undefined when that is nothing. To be called when the handler
   * has returned, before its changes are final: a value that cannot be stored fails the activation.
   *
   * @throws TypeError when a durable field would hold something that cannot be stored.
   */
  encodeChanges(journals: readonly JournalEntry[]): Uint8Array | undefined {
    return this.#encode(this.#activity ?? NOTHING, journals);
  }

  /** What the runtime has to keep although the activation has failed, and has changed nothing; undefined when there is nothing. */
  encodeOwn(): Uint8Array | undefined {
    return this.#encode(NOTHING, []);
  }

  #encode({ changes, overlaid, bytes }: StateActivity, journals: readonly JournalEntry[]): Uint8Array | undefined {
    const writer = new ChangeWriter(this.#slots, this.#numbers, this.#next);
    try {
      for (const change of changes) change.report(writer);
      for (const collection of overlaid) writer.overlay(collection);
      for (const [raw, before] of bytes) writer.bytes(raw, before);
      for (const own of this.#own) own.report(writer);
      const written = writer.finish();
      if (written.length === 0 && journals.length === 0) return undefined;
      const record = encode(() => encodeRecord({ kind: "changes", changes: written, journals }));
      this.#next = writer.next;
      for (const own of this.#own) own.written();
      return record;
    } catch (error) {
      writer.forget();
      throw error;
    }
  }

  /** All durable fields as they are now, between activations. Numbers the containers anew. */
  encodeSnapshot(): Uint8Array {
    this.#numbers = new WeakMap();
    const writer = new ChangeWriter(this.#slots, this.#numbers, FIELDS + 1);
    const fields = [...this.#slots].map(([name, slot]) => [name, writer.value(slot.value)] as const);
    this.#next = writer.next;
    for (const own of this.#own) own.written();
    return encode(() => encodeRecord({ kind: "snapshot", fields }));
  }

  /**
   * Puts back into the fields what these records say. A {@link encodeSnapshot} has to follow, which numbers the
   * containers.
   *
   * @throws Error when the records do not fit the class.
   */
  restore(records: readonly Uint8Array[]): void {
    const replay = new DurableReplay();
    for (const record of records) replay.apply(decodeRecord(record));
    for (const [name, value] of replay.fields) {
      const slot = this.#slots.get(String(name));
      if (slot === undefined) {
        throw new Error(`The stored state has a durable field ${String(name)}, and the class has none of that name.`);
      }
      const initial = slot.value;
      const holdsLattice = typeof initial === "object" && initial !== null && isLattice(initial);
      slot.value = holdsLattice ? reviveLattice(initial, value) : value;
    }
  }
}

const NOTHING: StateActivity = { changes: [], overlaid: [], bytes: new Map() };

/** Writes down changes of containers that have numbers, and gives numbers to what comes to hang in them. */
class ChangeWriter implements ChangeListener {
  next: number;
  readonly #slots: ReadonlyMap<string, FieldSlot>;
  readonly #numbers: WeakMap<object, number>;
  readonly #written: WrittenChange[] = [];
  /** Numbered in this record, with all of their content: their changes say nothing more. */
  readonly #whole = new Set<object>();
  readonly #seen = new Map<object, Set<unknown>>();
  readonly #arrays = new Map<unknown[], Set<number>>();

  constructor(slots: ReadonlyMap<string, FieldSlot>, numbers: WeakMap<object, number>, next: number) {
    this.#slots = slots;
    this.#numbers = numbers;
    this.next = next;
  }

  field(slot: FieldSlot): void {
    if (this.#slots.get(slot.name) !== slot || !this.#isFirst(this.#slots, slot.name)) return;
    this.#written.push([FIELDS, OPERATION.set, slot.name, this.value(slot.value)]);
  }

  entry(map: Map<unknown, unknown>, key: unknown): void {
    const number = this.#changed(map);
    if (number === undefined || !this.#isFirst(map, key)) return;
    const view = viewOf(map);
    if (view instanceof TrackedMap && view.overlay?.removed.has(key) === true) return; // the overlay says so
    this.#written.push([number, OPERATION.set, primitive(key), this.value(map.get(key))]);
  }

  member(set: Set<unknown>, member: unknown): void {
    const number = this.#changed(set);
    if (number !== undefined) this.#written.push([number, OPERATION.add, primitive(member)]);
  }

  /** In the order of the changes: a property that was deleted and defined again comes last. */
  property(record: Record<string, unknown>, name: string): void {
    const number = this.#changed(record);
    if (number === undefined) return;
    if (Object.hasOwn(record, name)) this.#written.push([number, OPERATION.set, name, this.value(record[name])]);
    else this.#written.push([number, OPERATION.remove, name]);
  }

  elements(array: unknown[], from: number, to: number): void {
    if (this.#changed(array) === undefined) return;
    const indexes = this.#arrays.get(array) ?? new Set<number>();
    this.#arrays.set(array, indexes);
    for (let index = from; index < to; index++) indexes.add(index);
  }

  overlay({ raw, overlay }: TrackedCollection): void {
    const number = this.#changed(raw);
    if (number === undefined || overlay === undefined) return;
    for (const key of overlay.removed) this.#written.push([number, OPERATION.remove, primitive(key)]);
    if (overlay.tail instanceof Map) {
      for (const [key, value] of overlay.tail)
        this.#written.push([number, OPERATION.set, primitive(key), this.value(value)]);
    } else {
      for (const member of overlay.tail) this.#written.push([number, OPERATION.add, primitive(member)]);
    }
  }

  bytes(raw: Uint8Array, before: Uint8Array): void {
    const number = this.#changed(raw);
    if (number === undefined || raw.every((byte, index) => byte === before[index])) return;
    this.#written.push([number, OPERATION.bytes, raw]);
  }

  finish(): readonly WrittenChange[] {
    for (const [array, indexes] of this.#arrays) {
      const elements: unknown[] = [];
      for (const index of indexes) if (index < array.length) elements.push(index, this.value(array[index]));
      this.#written.push([this.#numbers.get(array) ?? FIELDS, OPERATION.elements, array.length, elements]);
    }
    return this.#written;
  }

  /** Takes back the numbers that were given. */
  forget(): void {
    for (const container of this.#whole) this.#numbers.delete(container);
  }

  value(value: unknown): WrittenValue {
    if (typeof value === "function" || typeof value === "symbol") throw notPlain(`a ${typeof value}`);
    if (typeof value !== "object" || value === null) return value;
    const raw = rawOf(value) ?? value;
    if (isLattice(raw)) return this.value(contentOf(raw)); // of which there is one for each: the class says what is around it
    const number = this.#numbers.get(raw);
    if (number !== undefined) return [CONTAINER.known, number];
    this.#numbers.set(raw, this.next++);
    this.#whole.add(raw);
    return this.#content(raw);
  }

  #content(raw: object): WrittenValue {
    const kind = kindOf(raw);
    switch (kind) {
      case "map":
        return [
          CONTAINER.map,
          entriesOf(raw as Map<unknown, unknown>).flatMap(([k, v]) => [primitive(k), this.value(v)]),
        ];
      case "set":
        return [CONTAINER.set, membersOf(raw as Set<unknown>).map(primitive)];
      case "array":
        return [CONTAINER.array, Array.from(raw as unknown[], (element) => this.value(element))];
      case "record":
        return [CONTAINER.record, Object.entries(raw).flatMap(([name, v]) => [name, this.value(v)])];
      case "bytes":
        return [CONTAINER.bytes, raw];
      case "other":
        throw notPlain(`an instance of ${raw.constructor.name}`);
    }
  }

  /** The number of a container whose change is news. */
  #changed(container: object): number | undefined {
    return this.#whole.has(container) ? undefined : this.#numbers.get(container);
  }

  #isFirst(container: object, key: unknown): boolean {
    const keys = this.#seen.get(container) ?? new Set();
    this.#seen.set(container, keys);
    return keys.size !== keys.add(key).size;
  }
}

/** What a map holds, with what the activation removed and inserted. */
function entriesOf(raw: Map<unknown, unknown>): readonly (readonly [unknown, unknown])[] {
  const view = viewOf(raw);
  return view instanceof TrackedMap ? view.currentKeys().map((key) => [key, view.peek(key)]) : [...raw];
}

function membersOf(raw: Set<unknown>): readonly unknown[] {
  const view = viewOf(raw);
  return view instanceof TrackedSet ? view.currentKeys() : [...raw];
}

function primitive(key: unknown): unknown {
  if (typeof key === "object" && key !== null) throw notPlain("an object as a key, or as a member of a Set");
  return key;
}

function notPlain(what: string): TypeError {
  return new TypeError(`A durable field would hold ${what}. Durable state is plain data, with primitive keys.`);
}

/** What is refused here is text that is not well-formed, or nesting without end. */
function encode(work: () => Uint8Array): Uint8Array {
  try {
    return work();
  } catch (error) {
    throw new TypeError(`A durable field, or a journal, would hold what cannot be stored. ${String(error)}`);
  }
}
