/** Fields of a role as accessors, also fields that a handler is the first to assign. */
import { isLattice } from "../../decorators/lattice.ts";
import type { Change, ChangeListener, StateTracker } from "./membraneTracker.ts";
import { rawOf } from "./membraneViews.ts";

/** What a field holds. */
export class FieldSlot {
  /** The durable record that its content depends on; see FieldDependencies. */
  position = 0;

  constructor(
    readonly name: string,
    public value: unknown,
  ) {}
}

class FieldChange implements Change {
  constructor(
    private readonly slot: FieldSlot,
    private readonly previous: unknown,
  ) {}

  undo(): void {
    this.slot.value = this.previous;
  }

  report(to: ChangeListener): void {
    to.field(this.slot);
  }
}

/** Turns a field of `instance` into an accessor. */
export function installField(instance: object, name: string, value: unknown, tracker: StateTracker): FieldSlot {
  const slot = new FieldSlot(name, value);
  tracker.slots.set(name, slot);
  const { observer, dependencies } = tracker;
  Object.defineProperty(instance, name, {
    enumerable: true,
    configurable: false,
    get: () => {
      dependencies?.touch(slot);
      const current = slot.value;
      observer?.onRead({ field: name, keys: [] }, "value", current);
      return typeof current === "object" && current !== null ? tracker.lend(current, slot, undefined) : current;
    },
    set: (next: unknown) => {
      dependencies?.touch(slot);
      refuseForLattice(slot, next);
      assign(slot, tracker.adopt(next, slot, undefined), tracker);
    },
  });
  return slot;
}

/** A lattice only grows, and what replaces it might be less. */
function refuseForLattice({ name, value }: FieldSlot, next: unknown): void {
  if (typeof value !== "object" || value === null || !isLattice(value)) return;
  if (typeof next === "object" && next !== null && rawOf(next) === value) return;
  throw new TypeError(`${name} is a ${value.constructor.name}, which only grows. It cannot be assigned.`);
}

function assign(slot: FieldSlot, next: unknown, tracker: StateTracker): void {
  const previous = slot.value;
  const same = Object.is(previous, next);
  if (same && typeof next === "object" && next !== null) return;
  if (!same) {
    slot.value = next;
    tracker.record(new FieldChange(slot, previous));
  }
  tracker.observer?.onWrite({ field: slot.name, keys: [] }, "value", next, false);
}

const trackers = new WeakMap<object, StateTracker>();
const prototypes = new WeakMap<object, object>();

/**
 * A field without an initialiser does not exist before it is assigned, when a class was compiled without
 * `useDefineForClassFields`. So the search for a property that is neither on the instance nor on its class ends at a
 * Proxy, which makes it a field. Methods are copied in front of it, and cost nothing extra.
 */
export function installLateFields(instance: object, tracker: StateTracker): void {
  trackers.set(instance, tracker);
  const prototype: unknown = Object.getPrototypeOf(instance);
  if (typeof prototype !== "object" || prototype === null) return;
  const known = prototypes.get(prototype) ?? lateFieldPrototype(prototype);
  prototypes.set(prototype, known);
  Object.setPrototypeOf(instance, known);
}

function lateFieldPrototype(prototype: object): object {
  const fallback = new Proxy(Object.create(prototype) as object, {
    get(target, name, receiver: object): unknown {
      if (typeof name === "string" && !(name in target)) {
        trackers.get(receiver)?.observer?.onRead({ field: name, keys: [] }, "value", undefined);
      }
      return Reflect.get(target, name, receiver);
    },
    set(target, name, value, receiver: object): boolean {
      const tracker = trackers.get(receiver);
      if (typeof name !== "string" || name in target || tracker === undefined)
        return Reflect.set(target, name, value, receiver);
      installField(receiver, name, undefined, tracker);
      return Reflect.set(receiver, name, value);
    },
  });
  const methods = Object.create(fallback) as object;
  for (const inherited of chainOf(prototype).reverse()) {
    Object.defineProperties(methods, Object.getOwnPropertyDescriptors(inherited));
  }
  return methods;
}

/** A prototype and what it inherits from, short of Object.prototype. */
function chainOf(prototype: object): object[] {
  const chain: object[] = [];
  for (let next: unknown = prototype; next !== null && next !== Object.prototype; next = Object.getPrototypeOf(next)) {
    chain.push(next as object);
  }
  return chain;
}
