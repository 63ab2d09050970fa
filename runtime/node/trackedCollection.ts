/** What the views of Map and Set have in common. */
import { COLLECTION_VIEW } from "../codec/plainData.ts";
import type { StateTracker } from "./membraneTracker.ts";
import type { CellStep } from "./stateObserver.ts";

export type RawCollection = Map<unknown, unknown> | Set<unknown>;

/**
 * Removals, and the insertions that follow them, wait here until the activation succeeds: a Map cannot put an entry
 * back where it was, and copying the whole order at each removal would make removing linear.
 */
export interface Overlay<C extends RawCollection> {
  readonly removed: Set<unknown>;
  /** Comes after everything in the collection itself. */
  readonly tail: C;
}

const ITERATOR_PROTOTYPE: unknown = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/**
 * Not a subclass of Map or Set: an empty Map underneath would silently answer to what bypasses our methods
 * (structuredClone, for instance), whereas this way such calls throw. {@link standFor} makes `instanceof` hold.
 */
export abstract class TrackedCollection<C extends RawCollection = RawCollection> {
  overlay: Overlay<C> | undefined = undefined;

  constructor(
    readonly raw: C,
    protected readonly tracker: StateTracker,
  ) {}

  /** What the observer is told that `key` holds. */
  protected abstract contentOf(key: unknown): unknown;
  protected abstract emptyTail(): C;
  protected abstract moveTail(tail: C): void;

  /** Tells the encoder, and the membrane itself, what this stands for. */
  get [COLLECTION_VIEW](): C {
    return this.raw;
  }

  get size(): number {
    const size = this.currentSize();
    if (this.tracker.observer !== undefined) this.tracker.noteReadOf(this.raw, "size", size);
    return size;
  }

  has(key: unknown): boolean {
    const { tracker } = this;
    if (tracker.observer !== undefined) tracker.noteRead(this.raw, key as CellStep, this.contentOf(key));
    return this.contains(key);
  }

  delete(key: unknown): boolean {
    const { tracker, raw } = this;
    const present = this.contains(key);
    if (tracker.observer !== undefined) tracker.noteRead(raw, key as CellStep, this.contentOf(key));
    if (!present) return false;
    this.remove(key);
    if (tracker.observer !== undefined) this.noteRemoval(key);
    return true;
  }

  clear(): void {
    const { tracker, raw } = this;
    const keys = this.currentKeys();
    for (const key of keys) this.remove(key);
    if (tracker.observer === undefined) return;
    for (const key of keys) tracker.noteWrite(raw, key as CellStep, undefined);
    tracker.noteWriteOf(raw, "size", 0, false);
    tracker.noteWriteOf(raw, "order", undefined, false);
  }

  /** After the activation has succeeded. */
  applyOverlay(): void {
    const { overlay } = this;
    if (overlay === undefined) return;
    this.overlay = undefined;
    for (const key of overlay.removed) this.raw.delete(key);
    this.moveTail(overlay.tail);
  }

  /** After the activation has failed: what the overlay held never happened. */
  dropOverlay(): void {
    this.overlay = undefined;
  }

  protected contains(key: unknown): boolean {
    const { overlay, raw } = this;
    if (overlay === undefined) return raw.has(key);
    return overlay.tail.has(key) || (raw.has(key) && !overlay.removed.has(key));
  }

  protected currentSize(): number {
    const { overlay, raw } = this;
    return overlay === undefined ? raw.size : raw.size - overlay.removed.size + overlay.tail.size;
  }

  /** What the collection holds keys of, in order, without telling the observer. */
  currentKeys(): unknown[] {
    const { overlay, raw } = this;
    if (overlay === undefined) return [...raw.keys()];
    return [...[...raw.keys()].filter((key) => !overlay.removed.has(key)), ...overlay.tail.keys()];
  }

  protected noteInsertion(key: unknown, value: unknown): void {
    this.tracker.noteWrite(this.raw, key as CellStep, value);
    this.tracker.noteWriteOf(this.raw, "size", this.currentSize(), true);
    this.tracker.noteWriteOf(this.raw, "order", key, false);
  }

  /** Live iteration, with the semantics of Map and Set: what is added on the way is visited, what is removed is not. */
  protected iterate<T>(project: (key: unknown) => T): CollectionIterator<T> {
    if (this.tracker.observer !== undefined) this.tracker.noteReadOf(this.raw, "order", this.currentKeys());
    return new CollectionIterator(
      this.raw.keys(),
      (key) => this.overlay?.removed.has(key) === true,
      () => this.overlay?.tail.keys(),
      (key) => {
        if (this.tracker.observer !== undefined) this.tracker.noteRead(this.raw, key as CellStep, this.contentOf(key));
        return project(key);
      },
    );
  }

  private noteRemoval(key: unknown): void {
    this.tracker.noteWrite(this.raw, key as CellStep, undefined);
    this.tracker.noteWriteOf(this.raw, "size", this.currentSize(), true);
    this.tracker.noteWriteOf(this.raw, "order", key, false);
  }

  private remove(key: unknown): void {
    const overlay = this.overlay ?? this.startOverlay();
    if (!overlay.tail.delete(key)) overlay.removed.add(key);
  }

  private startOverlay(): Overlay<C> {
    if (Object.isFrozen(this.raw)) this.raw.clear(); // part of a received message: refuses, and says why
    this.overlay = { removed: new Set(), tail: this.emptyTail() };
    this.tracker.recordOverlay(this);
    return this.overlay;
  }
}

/** Iterates over a collection and then over its tail. Like the iterators of Map and Set it can be resumed after a break. */
export class CollectionIterator<T> implements IterableIterator<T> {
  private inTail = false;

  constructor(
    private keys: Iterator<unknown> | undefined,
    private readonly isRemoved: (key: unknown) => boolean,
    private readonly tail: () => Iterator<unknown> | undefined,
    private readonly project: (key: unknown) => T,
  ) {}

  next(): IteratorResult<T, undefined> {
    while (this.keys !== undefined) {
      const step = this.keys.next();
      if (step.done === true) {
        this.keys = this.inTail ? undefined : this.tail();
        this.inTail = true;
      } else if (this.inTail || !this.isRemoved(step.value)) {
        return { done: false, value: this.project(step.value) };
      }
    }
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
Object.setPrototypeOf(CollectionIterator.prototype, ITERATOR_PROTOTYPE as object);

/** Makes the views of a class instances of `original` too: what we do not implement is found there, and throws. */
export function standFor(
  view: { readonly prototype: TrackedCollection },
  original: MapConstructor | SetConstructor,
): void {
  const shared = Object.getOwnPropertyDescriptors(TrackedCollection.prototype);
  Object.setPrototypeOf(view.prototype, Object.create(original.prototype, shared) as object);
}
