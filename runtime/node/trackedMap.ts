/** The view of a Map that is state. */
import { inspect } from "node:util";
import type { Change, ChangeListener } from "./membraneTracker.ts";
import type { CellStep } from "./stateObserver.ts";
import { standFor, TrackedCollection, type CollectionIterator } from "./trackedCollection.ts";

type RawMap = Map<unknown, unknown>;

class Inserted implements Change {
  constructor(
    private readonly map: RawMap,
    private readonly key: unknown,
  ) {}

  undo(): void {
    this.map.delete(this.key);
  }

  report(to: ChangeListener): void {
    to.entry(this.map, this.key);
  }
}

class Overwritten implements Change {
  constructor(
    private readonly map: RawMap,
    private readonly key: unknown,
    private readonly previous: unknown,
  ) {}

  undo(): void {
    this.map.set(this.key, this.previous);
  }

  report(to: ChangeListener): void {
    to.entry(this.map, this.key);
  }
}

export class TrackedMap extends TrackedCollection<RawMap> {
  /** What the map holds, without telling the observer. */
  peek(key: unknown): unknown {
    const { overlay, raw } = this;
    if (overlay === undefined) return raw.get(key);
    return overlay.tail.has(key) ? overlay.tail.get(key) : overlay.removed.has(key) ? undefined : raw.get(key);
  }

  get(key: unknown): unknown {
    const { tracker } = this;
    const value = this.overlay === undefined ? this.raw.get(key) : this.peek(key);
    if (tracker.observer !== undefined) tracker.noteRead(this.raw, key as CellStep, value);
    return typeof value === "object" && value !== null ? tracker.lend(value, this.raw, key as CellStep) : value;
  }

  set(key: unknown, value: unknown): this {
    const { tracker, raw } = this;
    const next = typeof value === "object" ? tracker.adopt(value, raw, key as CellStep) : value;
    if (this.overlay !== undefined) return this.setWithOverlay(key, next, this.overlay.tail);
    const previous = raw.get(key);
    if (previous === undefined && !raw.has(key)) {
      raw.set(key, next);
      tracker.record(new Inserted(raw, key));
      if (tracker.observer !== undefined) this.noteInsertion(key, next);
    } else {
      this.overwrite(key, previous, next);
    }
    return this;
  }

  keys(): CollectionIterator<unknown> {
    return this.iterate((key) => key);
  }

  values(): CollectionIterator<unknown> {
    return this.iterate((key) => this.lendAt(key));
  }

  entries(): CollectionIterator<[unknown, unknown]> {
    return this.iterate((key) => [key, this.lendAt(key)]);
  }

  [Symbol.iterator](): CollectionIterator<[unknown, unknown]> {
    return this.entries();
  }

  forEach(visit: (value: unknown, key: unknown, map: this) => void, thisValue?: unknown): void {
    for (const [key, value] of this.entries()) visit.call(thisValue, value, key, this);
  }

  /** For console.log: the entries, unseen by the observer. */
  [inspect.custom](): RawMap {
    return new Map(this.currentKeys().map((key) => [key, this.peek(key)]));
  }

  protected override contentOf(key: unknown): unknown {
    return this.peek(key);
  }

  protected override emptyTail(): RawMap {
    return new Map();
  }

  protected override moveTail(tail: RawMap): void {
    for (const [key, value] of tail) this.raw.set(key, value);
  }

  private lendAt(key: unknown): unknown {
    return this.tracker.lend(this.peek(key), this.raw, key as CellStep);
  }

  private setWithOverlay(key: unknown, next: unknown, tail: RawMap): this {
    const previous = this.peek(key);
    if (tail.has(key)) {
      tail.set(key, next);
      this.noteOverwriting(key, previous, next);
    } else if (this.contains(key)) {
      this.overwrite(key, previous, next);
    } else {
      tail.set(key, next);
      if (this.tracker.observer !== undefined) this.noteInsertion(key, next);
    }
    return this;
  }

  private overwrite(key: unknown, previous: unknown, next: unknown): void {
    if (!Object.is(previous, next)) {
      this.raw.set(key, next);
      this.tracker.record(new Overwritten(this.raw, key, previous));
    }
    this.noteOverwriting(key, previous, next);
  }

  private noteOverwriting(key: unknown, previous: unknown, next: unknown): void {
    if (this.tracker.observer === undefined) return;
    const sameContainer = typeof next === "object" && next !== null && previous === next;
    if (!sameContainer) this.tracker.noteWrite(this.raw, key as CellStep, next);
  }
}
standFor(TrackedMap, Map);
