/** The undo log of one node's state, the views of its containers, and what an observer is told about them. */
import { BOUND } from "../../decorators/binding.ts";
import { contentOf, isLattice, latticeOver, type Lattice, type LatticeContent } from "../../decorators/lattice.ts";
import { kindOf } from "../codec/plainData.ts";
import type { FieldDependencies } from "./fieldDependencies.ts";
import type { WatchedState } from "./forgetting.ts";
import type { Membrane } from "./membrane.ts";
import { FieldSlot } from "./membraneFields.ts";
import { pathsTo, type Holder } from "./membranePlaces.ts";
import { settle } from "./membraneSettle.ts";
import { rawOf, rememberProxy, rememberView, viewOf } from "./membraneViews.ts";
import type { CellAspect, CellPath, CellStep, StateObserver } from "./stateObserver.ts";
import { TrackedArray } from "./trackedArray.ts";
import type { TrackedCollection } from "./trackedCollection.ts";
import { TrackedMap } from "./trackedMap.ts";
import { TrackedRecord } from "./trackedRecord.ts";
import { TrackedSet } from "./trackedSet.ts";

/** One change that can be taken back. Changes are taken back in reverse order. */
export interface Change {
  undo(): void;
  /** Says which piece of state was changed. What it holds now is there to be looked up. */
  report(to: ChangeListener): void;
}

export interface ChangeListener {
  field(slot: FieldSlot): void;
  entry(map: Map<unknown, unknown>, key: unknown): void;
  member(set: Set<unknown>, member: unknown): void;
  property(record: Record<string, unknown>, name: string): void;
  /** Elements from `from` up to, and without, `to`; the length may have changed too. */
  elements(array: unknown[], from: number, to: number): void;
}

/** What an activation has done to the state so far. */
export interface StateActivity {
  readonly changes: readonly Change[];
  /** Collections with removals, and insertions after them, that are not carried out yet. */
  readonly overlaid: readonly TrackedCollection[];
  /** Bytes that the activation could change, and what they held before. */
  readonly bytes: ReadonlyMap<Uint8Array, Uint8Array>;
}

/** Whether the topology gave this value to the node: configuration, hence not state. */
export function isBound(value: unknown): boolean {
  return typeof value === "object" && value !== null && BOUND in value;
}

export class StateTracker implements WatchedState {
  /** The fields that are state, by name; also those that a handler was the first to assign. */
  readonly slots = new Map<string, FieldSlot>();
  readonly changes: Change[] = [];
  /** Containers that this activation created and stored. */
  private readonly fresh = new Set<object>();
  /** Collections with removals (and what followed them) that are not carried out until the activation succeeds. */
  readonly overlaid: TrackedCollection[] = [];
  /** What bytes held before this activation could change them. */
  readonly bytes = new Map<Uint8Array, Uint8Array>();
  private readonly holders = new WeakMap<object, Holder[]>();
  /** Containers that lattices consist of. */
  private readonly latticeContents = new WeakSet<object>();

  /**
   * @param dependencies there when the component has durable state
   * @param knowsPlaces whether {@link pathsOf} is asked, by an observer or by somebody else
   */
  constructor(
    readonly observer: StateObserver | undefined,
    readonly dependencies: FieldDependencies | undefined,
    private readonly knowsPlaces = observer !== undefined,
  ) {}

  /** All paths that lead to a container now. */
  pathsOf(container: object): readonly CellPath[] {
    return pathsTo(container, this.holders);
  }

  membraneOf(view: object): Membrane {
    return {
      view,
      begin: () => {
        this.finish();
      },
      commit: () => {
        this.commit();
      },
      rollback: () => {
        this.rollback();
      },
    };
  }

  /** Remembers how to take back a change that has just been made. */
  record(change: Change): void {
    this.changes.push(change);
  }

  /** Remembers that a collection has to carry out, or forget, its overlay when the activation ends. */
  recordOverlay(collection: TrackedCollection): void {
    this.overlaid.push(collection);
  }

  /** What a handler gets for a value of the state that is held by `holder` under `key`. */
  lend(value: unknown, holder: object, key: CellStep): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (this.knowsPlaces) this.noteHolder(value, holder, key);
    if (this.fresh.size !== 0 && this.fresh.has(value)) return value;
    return viewOf(value) ?? this.wrap(value, holder);
  }

  /** What the state keeps of a value that a handler stores: never a view. */
  adopt(value: unknown, holder: object, key: CellStep): unknown {
    if (typeof value !== "object" || value === null) return value;
    const raw = rawOf(value);
    if (raw === undefined) {
      if (isLattice(value)) this.checkPlace(value, holder);
      if (this.dependencies !== undefined && this.fresh.has(value)) this.dependencies.shared = true;
      this.fresh.add(value);
      return value;
    }
    if (this.dependencies !== undefined) this.dependencies.shared = true;
    if (this.knowsPlaces) this.noteHolder(raw, holder, key);
    return raw;
  }

  /** A handler observed what `container` holds under `key`. Called only when there is an observer. */
  noteRead(container: object, key: CellStep, value: unknown): void {
    for (const { field, keys } of pathsTo(container, this.holders)) {
      this.observer?.onRead({ field, keys: [...keys, key] }, "value", value);
    }
  }

  /** A handler replaced what `container` holds under `key`. Called only when there is an observer. */
  noteWrite(container: object, key: CellStep, value: unknown): void {
    for (const { field, keys } of pathsTo(container, this.holders)) {
      this.observer?.onWrite({ field, keys: [...keys, key] }, "value", value, false);
    }
  }

  /** A handler observed the size, the order or (of bytes) the content of `container`. */
  noteReadOf(container: object, aspect: CellAspect, value: unknown): void {
    for (const path of pathsTo(container, this.holders)) this.observer?.onRead(path, aspect, value);
  }

  /** A handler changed the size, the order or (of bytes) the content of `container`. */
  noteWriteOf(container: object, aspect: CellAspect, value: unknown, commutes: boolean): void {
    for (const path of pathsTo(container, this.holders)) this.observer?.onWrite(path, aspect, value, commutes);
  }

  private commit(): void {
    for (const collection of this.overlaid) collection.applyOverlay();
    if (this.fresh.size !== 0) this.settleFresh();
    if (this.observer !== undefined) this.noteChangedBytes();
    this.finish();
  }

  private rollback(): void {
    for (const collection of this.overlaid) collection.dropOverlay();
    for (let change = this.changes.pop(); change !== undefined; change = this.changes.pop()) change.undo();
    for (const [bytes, before] of this.bytes) bytes.set(before);
    this.finish();
  }

  private finish(): void {
    if (this.changes.length !== 0) this.changes.length = 0;
    if (this.overlaid.length !== 0) this.overlaid.length = 0;
    if (this.fresh.size !== 0) this.fresh.clear();
    if (this.bytes.size !== 0) this.bytes.clear();
  }

  private wrap(value: object, holder: object): object {
    if (value instanceof Uint8Array) return this.lendBytes(value);
    if (isLattice(value)) return this.wrapLattice(value, holder);
    if (isBound(value) || rawOf(value) !== undefined || isUnchanging(value)) return value;
    const kind = kindOf(value);
    switch (kind) {
      case "map":
        return rememberView(value, new TrackedMap(value as Map<unknown, unknown>, this));
      case "set":
        return rememberView(value, new TrackedSet(value as Set<unknown>, this));
      case "array":
        return rememberProxy(value, TrackedArray.proxyFor(value as unknown[], this));
      case "record":
        return rememberProxy(value, TrackedRecord.proxyFor(value as Record<string, unknown>, this));
      case "bytes":
      case "other":
        throw new TypeError(
          `The state holds an instance of ${value.constructor.name}. State is plain data: Map, Set, arrays, records, Uint8Array and primitives.`,
        );
    }
  }

  /** A lattice does what it does to its container, so its view is one that works on the view of its container. */
  private wrapLattice(lattice: Lattice, holder: object): object {
    this.checkPlace(lattice, holder);
    const content = contentOf(lattice);
    this.latticeContents.add(content);
    return rememberProxy(lattice, latticeOver(lattice, this.lend(content, lattice, undefined) as LatticeContent));
  }

  /** Where a lattice stands must be known before anything is restored, and must not change. */
  private checkPlace(lattice: Lattice, holder: object): void {
    if (holder instanceof FieldSlot ? holder.value === lattice : this.latticeContents.has(holder)) return;
    throw new TypeError(
      `A ${lattice.constructor.name} can be kept in a field, where its initialiser makes it, or in a GrowMap, and nowhere else.`,
    );
  }

  private lendBytes(bytes: Uint8Array): Uint8Array {
    if (this.observer !== undefined) this.noteReadOf(bytes, "value", bytes);
    if (!this.bytes.has(bytes)) this.bytes.set(bytes, bytes.slice());
    return bytes;
  }

  private noteChangedBytes(): void {
    for (const [bytes, before] of this.bytes) {
      if (bytes.some((byte, index) => byte !== before[index])) this.noteWriteOf(bytes, "value", bytes, false);
    }
  }

  private settleFresh(): void {
    const { knowsPlaces, dependencies } = this;
    const note =
      !knowsPlaces && dependencies === undefined
        ? undefined
        : (raw: object, holder: object, key: CellStep): void => {
            if (dependencies !== undefined) dependencies.shared = true;
            if (knowsPlaces) this.noteHolder(raw, holder, key);
          };
    for (const container of this.fresh) settle(container, note);
  }

  private noteHolder(value: object, holder: object, step: CellStep): void {
    const key = Array.isArray(holder) ? undefined : step; // elements move
    const known = this.holders.get(value);
    if (known === undefined) this.holders.set(value, [{ holder, key }]);
    else if (!known.some((other) => other.holder === holder && Object.is(other.key, key))) known.push({ holder, key });
  }
}

/** Instances of the library that have no state: in a field that nobody assigns they are configuration. */
function isUnchanging(value: object): boolean {
  if (value instanceof RegExp) return !value.global && !value.sticky; // those remember where they stopped
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name: string } } | null;
  return /^(TextEncoder|TextDecoder|\w*KeyObject)$/.test(prototype?.constructor?.name ?? "");
}
