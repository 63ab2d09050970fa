/** The view of an array that is state: the generic methods of Array run on it, element by element. */
import type { Change, ChangeListener, StateTracker } from "./membraneTracker.ts";

/** Elements from `from` on, and the length, as they were. */
class Changed implements Change {
  private readonly length: number;
  private readonly elements: unknown[];

  constructor(
    private readonly array: unknown[],
    private readonly from: number,
    private readonly to: number,
  ) {
    this.length = array.length;
    this.elements = array.slice(from, to); // keeps holes
  }

  undo(): void {
    const { array, from, elements } = this;
    array.length = this.length;
    for (let offset = 0; offset < elements.length; offset++) {
      if (offset in elements) array[from + offset] = elements[offset];
      else Reflect.deleteProperty(array, from + offset);
    }
  }

  report(to: ChangeListener): void {
    to.elements(this.array, this.from, this.to);
  }
}

/** The traps. The target is a stand-in, since a Proxy over a frozen array could not hand out views of its elements. */
export class TrackedArray implements ProxyHandler<unknown[]> {
  private constructor(
    private readonly raw: unknown[],
    private readonly tracker: StateTracker,
  ) {}

  static proxyFor(raw: unknown[], tracker: StateTracker): unknown[] {
    return new Proxy<unknown[]>([], new TrackedArray(raw, tracker));
  }

  get(_target: unknown[], property: string | symbol): unknown {
    const { raw, tracker } = this;
    const index = indexOf(property);
    if (index >= 0) {
      const value = raw[index];
      if (tracker.observer !== undefined) tracker.noteRead(raw, index, value);
      return tracker.lend(value, raw, index);
    }
    if (property === "length") this.noteLengthRead();
    return Reflect.get(raw, property);
  }

  has(_target: unknown[], property: string | symbol): boolean {
    const index = indexOf(property);
    if (index >= 0 && this.tracker.observer !== undefined) this.tracker.noteRead(this.raw, index, this.raw[index]);
    return Reflect.has(this.raw, property);
  }

  ownKeys(): (string | symbol)[] {
    this.noteLengthRead();
    return Reflect.ownKeys(this.raw);
  }

  getOwnPropertyDescriptor(target: unknown[], property: string | symbol): PropertyDescriptor | undefined {
    if (!Object.hasOwn(this.raw, property)) return undefined;
    const value = this.get(target, property);
    return property === "length"
      ? { value, writable: true, enumerable: false, configurable: false }
      : { value, writable: true, enumerable: true, configurable: true };
  }

  set(_target: unknown[], property: string | symbol, value: unknown): boolean {
    if (property === "length") return this.setLength(value);
    const index = indexOf(property);
    if (index < 0)
      throw new TypeError(`An array that is state has no property ${String(property)}; keep it in a field.`);
    const { raw, tracker } = this;
    const next = tracker.adopt(value, raw, index);
    const before = raw[index];
    const { length } = raw;
    if (!Object.hasOwn(raw, index) || !Object.is(before, next)) {
      const change = new Changed(raw, index, index + 1);
      if (!Reflect.set(raw, index, next)) return false;
      tracker.record(change);
    } else if (typeof next === "object" && next !== null) {
      return true;
    }
    if (tracker.observer !== undefined) tracker.noteWrite(raw, index, next);
    if (raw.length !== length) this.noteLengthWrite();
    return true;
  }

  deleteProperty(_target: unknown[], property: string | symbol): boolean {
    const { raw, tracker } = this;
    const index = indexOf(property);
    if (index >= 0 && tracker.observer !== undefined) tracker.noteRead(raw, index, raw[index]);
    if (index < 0 || !Object.hasOwn(raw, index)) return Reflect.deleteProperty(raw, property);
    const change = new Changed(raw, index, index + 1);
    if (!Reflect.deleteProperty(raw, property)) return false;
    tracker.record(change);
    if (tracker.observer !== undefined) tracker.noteWrite(raw, index, undefined);
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

  private setLength(value: unknown): boolean {
    const { raw, tracker } = this;
    const before = raw.length;
    if (value === before) {
      this.noteLengthRead();
      return true;
    }
    const change = new Changed(raw, Number(value), before);
    if (!Reflect.set(raw, "length", value)) return false;
    tracker.record(change);
    if (tracker.observer === undefined) return true;
    for (let index = raw.length; index < before; index++) tracker.noteWrite(raw, index, undefined);
    this.noteLengthWrite();
    return true;
  }

  private noteLengthRead(): void {
    if (this.tracker.observer !== undefined) this.tracker.noteReadOf(this.raw, "size", this.raw.length);
  }

  /** Where an element goes depends on the length, so changes of the length never commute. */
  private noteLengthWrite(): void {
    if (this.tracker.observer !== undefined) this.tracker.noteWriteOf(this.raw, "size", this.raw.length, false);
  }
}

/** The element that a property names; -1 when it names none. */
function indexOf(property: string | symbol): number {
  if (typeof property !== "string" || property.length > 10) return -1;
  const first = property.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39)) return -1;
  const index = Number(property);
  return Number.isInteger(index) && index < 0xffff_ffff && String(index) === property ? index : -1;
}
