/** The view of a plain record that is state. */
import type { Change, ChangeListener, StateTracker } from "./membraneTracker.ts";

type RawRecord = Record<string, unknown>;

class Inserted implements Change {
  constructor(
    private readonly record: RawRecord,
    private readonly name: string,
  ) {}

  undo(): void {
    Reflect.deleteProperty(this.record, this.name);
  }

  report(to: ChangeListener): void {
    to.property(this.record, this.name);
  }
}

class Overwritten implements Change {
  constructor(
    private readonly record: RawRecord,
    private readonly name: string,
    private readonly previous: unknown,
  ) {}

  undo(): void {
    define(this.record, this.name, this.previous);
  }

  report(to: ChangeListener): void {
    to.property(this.record, this.name);
  }
}

/** A deletion remembers all properties, to restore their order. Collections with many entries belong in a Map. */
class Deleted implements Change {
  private readonly entries: [string, unknown][];

  constructor(
    private readonly record: RawRecord,
    private readonly name: string,
  ) {
    this.entries = Object.entries(record);
  }

  undo(): void {
    for (const name of Object.keys(this.record)) Reflect.deleteProperty(this.record, name);
    for (const [name, value] of this.entries) define(this.record, name, value);
  }

  report(to: ChangeListener): void {
    to.property(this.record, this.name);
  }
}

/** Not an assignment, which would take `__proto__` for the prototype. */
export function define(record: RawRecord, name: string, value: unknown): boolean {
  return Reflect.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

/** The traps. The target is a stand-in, since a Proxy over a frozen record could not hand out views of its properties. */
export class TrackedRecord implements ProxyHandler<RawRecord> {
  private constructor(
    private readonly raw: RawRecord,
    private readonly tracker: StateTracker,
  ) {}

  static proxyFor(raw: RawRecord, tracker: StateTracker): RawRecord {
    const standIn = Object.create(Object.getPrototypeOf(raw) as object | null) as RawRecord;
    return new Proxy(standIn, new TrackedRecord(raw, tracker));
  }

  get(_target: RawRecord, name: string | symbol): unknown {
    const { raw, tracker } = this;
    if (typeof name === "symbol") return Reflect.get(raw, name);
    if (!Object.hasOwn(raw, name)) {
      if (tracker.observer !== undefined) tracker.noteRead(raw, name, undefined);
      return Reflect.get(raw, name);
    }
    const value = raw[name];
    if (tracker.observer !== undefined) tracker.noteRead(raw, name, value);
    return tracker.lend(value, raw, name);
  }

  has(_target: RawRecord, name: string | symbol): boolean {
    const { raw, tracker } = this;
    if (typeof name === "string" && tracker.observer !== undefined) {
      tracker.noteRead(raw, name, Object.hasOwn(raw, name) ? raw[name] : undefined);
    }
    return Reflect.has(raw, name);
  }

  ownKeys(): (string | symbol)[] {
    const { raw, tracker } = this;
    if (tracker.observer !== undefined) tracker.noteReadOf(raw, "order", Object.keys(raw));
    return Reflect.ownKeys(raw);
  }

  getOwnPropertyDescriptor(target: RawRecord, name: string | symbol): PropertyDescriptor | undefined {
    if (typeof name === "symbol" || !Object.hasOwn(this.raw, name)) return undefined;
    return { value: this.get(target, name), writable: true, enumerable: true, configurable: true };
  }

  set(_target: RawRecord, name: string | symbol, value: unknown): boolean {
    if (typeof name === "symbol" || name === "__proto__") {
      throw new TypeError(`A record that is state cannot have a property ${String(name)}.`);
    }
    const { raw, tracker } = this;
    const next = tracker.adopt(value, raw, name);
    return Object.hasOwn(raw, name) ? this.overwrite(name, next) : this.insert(name, next);
  }

  deleteProperty(_target: RawRecord, name: string | symbol): boolean {
    const { raw, tracker } = this;
    if (typeof name === "symbol") return Reflect.deleteProperty(raw, name);
    // Deleting what is not there changes nothing: that it was not there has been observed.
    if (tracker.observer !== undefined) tracker.noteRead(raw, name, Object.hasOwn(raw, name) ? raw[name] : undefined);
    if (!Object.hasOwn(raw, name)) return Reflect.deleteProperty(raw, name);
    const change = new Deleted(raw, name);
    if (!Reflect.deleteProperty(raw, name)) return false;
    tracker.record(change);
    this.noteEntry(name, undefined);
    return true;
  }

  defineProperty(): boolean {
    return false;
  }

  setPrototypeOf(): boolean {
    return false;
  }

  preventExtensions(): boolean {
    return false;
  }

  private insert(name: string, next: unknown): boolean {
    if (!Object.isExtensible(this.raw) || !define(this.raw, name, next)) return false;
    this.tracker.record(new Inserted(this.raw, name));
    this.noteEntry(name, next);
    return true;
  }

  private overwrite(name: string, next: unknown): boolean {
    const { raw, tracker } = this;
    const previous = raw[name];
    if (!Object.is(previous, next)) {
      if (!Reflect.set(raw, name, next)) return false;
      tracker.record(new Overwritten(raw, name, previous));
    } else if (typeof next === "object" && next !== null) {
      return true;
    }
    if (tracker.observer !== undefined) tracker.noteWrite(raw, name, next);
    return true;
  }

  /** A property has come or gone. */
  private noteEntry(name: string, value: unknown): void {
    const { tracker, raw } = this;
    if (tracker.observer === undefined) return;
    tracker.noteWrite(raw, name, value);
    tracker.noteWriteOf(raw, "size", Object.keys(raw).length, true);
    tracker.noteWriteOf(raw, "order", name, false);
  }
}
