/** The view of a Set that is state. */
import { inspect } from "node:util";
import type { Change, ChangeListener } from "./membraneTracker.ts";
import type { CellStep } from "./stateObserver.ts";
import { standFor, TrackedCollection, type CollectionIterator } from "./trackedCollection.ts";

type RawSet = Set<unknown>;

class Added implements Change {
  constructor(
    private readonly set: RawSet,
    private readonly member: unknown,
  ) {}

  undo(): void {
    this.set.delete(this.member);
  }

  report(to: ChangeListener): void {
    to.member(this.set, this.member);
  }
}

export class TrackedSet extends TrackedCollection<RawSet> {
  add(member: unknown): this {
    const { tracker } = this;
    if (this.contains(member)) {
      // Nothing changes here, but a removal of the same member elsewhere does not commute with it.
      if (tracker.observer !== undefined) tracker.noteWrite(this.raw, member as CellStep, true);
      return this;
    }
    const kept = typeof member === "object" ? tracker.adopt(member, this.raw, undefined) : member;
    if (this.overlay === undefined) {
      this.raw.add(kept);
      tracker.record(new Added(this.raw, kept));
    } else {
      this.overlay.tail.add(kept);
    }
    if (tracker.observer !== undefined) this.noteInsertion(kept, true);
    return this;
  }

  keys(): CollectionIterator<unknown> {
    return this.values();
  }

  values(): CollectionIterator<unknown> {
    return this.iterate((member) => this.tracker.lend(member, this.raw, undefined));
  }

  entries(): CollectionIterator<[unknown, unknown]> {
    return this.iterate((member) => {
      const lent = this.tracker.lend(member, this.raw, undefined);
      return [lent, lent];
    });
  }

  [Symbol.iterator](): CollectionIterator<unknown> {
    return this.values();
  }

  forEach(visit: (member: unknown, same: unknown, set: this) => void, thisValue?: unknown): void {
    for (const member of this) visit.call(thisValue, member, member, this);
  }

  /** For console.log: the members, unseen by the observer. */
  [inspect.custom](): RawSet {
    return new Set(this.currentKeys());
  }

  protected override contentOf(member: unknown): unknown {
    return this.contains(member);
  }

  protected override emptyTail(): RawSet {
    return new Set();
  }

  protected override moveTail(tail: RawSet): void {
    for (const member of tail) this.raw.add(member);
  }
}
standFor(TrackedSet, Set);

/** What newer engines compute between sets: they find the members of their argument by its methods, of `this` not. */
for (const name of [
  "union",
  "intersection",
  "difference",
  "symmetricDifference",
  "isSubsetOf",
  "isSupersetOf",
  "isDisjointFrom",
]) {
  const original: unknown = Reflect.get(Set.prototype, name);
  if (typeof original !== "function") continue;
  Reflect.defineProperty(TrackedSet.prototype, name, {
    configurable: true,
    writable: true,
    value(this: TrackedSet, other: unknown): unknown {
      return Reflect.apply(original, new Set(this), [other]);
    },
  });
}
