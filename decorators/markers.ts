/**
 * The decorators of the language. They are inert: they record what the runtime needs to wire an unrewritten class and
 * change nothing else, and the compiler reads them from the source, not from here. Each is valid both as a standard
 * (TC39) and as a legacy (`experimentalDecorators`) decorator. What is recorded about a method sits on the method
 * itself; what is recorded about a field sits in the metadata of its class (standard) or on its prototype (legacy).
 */
import type { RoleClass } from "./binding.ts";
import { metadataOf, metadataSymbol } from "./metadata.ts";

/** What starts an activation of a decorated method. */
export type Trigger =
  | { readonly kind: "message"; readonly fifo: boolean }
  | { readonly kind: "every"; readonly milliseconds: number }
  /** A one-shot timer: fires after `this.timers.<timer>.set(…)`. */
  | { readonly kind: "after"; readonly timer: string }
  | { readonly kind: "start" }
  | { readonly kind: "recover" };

/** What `@Role` recorded about a class. */
export interface RoleDescription {
  readonly name: string;
  readonly external: boolean;
}

export interface RoleOptions {
  /**
   * Outside the system: what this role sends and receives is what an observer sees. External roles are abstract, every
   * abstract method is a handler, and an application (or a benchmark) supplies the class that extends them.
   */
  readonly external?: boolean;
}

/** A class decorator that is valid in both decorator modes. */
export type ClassMarker = (target: RoleClass, context?: ClassDecoratorContext) => void;

/** A method decorator that is valid in both decorator modes. */
export interface MethodMarker {
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void;
  (prototype: object, name: string | symbol, descriptor: PropertyDescriptor): void;
}

/** A field decorator that is valid in both decorator modes. */
export interface FieldMarker {
  (value: undefined, context: ClassFieldDecoratorContext): void;
  (prototype: object, name: string | symbol): void;
}

const ROLE = Symbol.for("riven.role");
const TRIGGER = Symbol.for("riven.trigger");
const FIFO = Symbol.for("riven.fifo");
const DURABLE = Symbol.for("riven.durable");
const FORGET = Symbol.for("riven.forget");
const DETERMINES = Symbol.for("riven.determines");

/** When an entry of a field is forgotten: an arrow function whose parameter, the value of the entry, has its type written out. */
export type ForgetCondition = (entry: never) => boolean;

/** A functional dependency between columns of a message: equal values of `from` come with equal values of `to`. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
}

/** Marks a class as a kind of node. The role is named after the class. */
export function Role(options: RoleOptions = {}): ClassMarker {
  return (target) => {
    const description: RoleDescription = { name: target.name, external: options.external === true };
    Object.defineProperty(target, ROLE, { value: description, configurable: true });
  };
}

/** Marks a public method as a message handler: one payload, optionally the sender. */
export function On(): MethodMarker {
  return markMethod(TRIGGER, { kind: "message", fifo: false });
}

/**
 * Marks a public method without parameters as a timer that fires about every `milliseconds`.
 *
 * @throws RangeError when `milliseconds` is not a positive, finite number.
 */
export function Every(milliseconds: number): MethodMarker {
  if (!(milliseconds > 0) || !Number.isFinite(milliseconds)) {
    throw new RangeError(`@Every needs a positive number of milliseconds, not ${String(milliseconds)}.`);
  }
  return markMethod(TRIGGER, { kind: "every", milliseconds });
}

/**
 * Marks a public method that runs when the one-shot timer of that name fires: once for each time that it was set. Its
 * only parameter, which may be left out, is the key that the timer was set with.
 *
 *     private readonly timers = timers<"timeout">();
 *     @On() begin(m: { id: string }): void { this.timers.timeout.set(500, m.id); }
 *     @After("timeout") expired(id?: string): void { … }
 *
 * @throws TypeError when the name is empty.
 */
export function After(timer: string): MethodMarker {
  if (timer === "") throw new TypeError('@After needs the name of a timer: @After("timeout").');
  return markMethod(TRIGGER, { kind: "after", timer });
}

/** Marks a public method without parameters that runs once, when the node starts for the first time. */
export function OnStart(): MethodMarker {
  return markMethod(TRIGGER, { kind: "start" });
}

/**
 * Marks a public method without parameters that runs once when the node comes back with its durable state, instead of
 * `@OnStart`. Pending timers are gone by then: this is the place to set them again.
 */
export function OnRecover(): MethodMarker {
  return markMethod(TRIGGER, { kind: "recover" });
}

/**
 * Marks a field whose value survives a crash. No message of an activation leaves before what the activation wrote to
 * such fields, and what it read from them, is on stable storage.
 */
export function Durable(): FieldMarker {
  return markField("@Durable", (place, name) => {
    remember(place, DURABLE, [...fieldsAt(place), name]);
  });
}

/**
 * Marks a Map, a record, a `GrowMap` or a `Tally` whose entries may be deleted when they are of no use any more. After each
 * activation the condition is asked about the entries that the activation wrote, and those for which it holds are
 * deleted, as part of the activation.
 *
 *     @Forget((ballot: Ballot) => ballot.decided && ballot.acks.size === 3)
 *     private readonly ballots = new Map<string, Ballot>();
 *
 * The condition is an arrow function over the value of an entry (for a `Tally`, the set of the sources of a key). The
 * compiler reads it as if it stood at the end of each handler that writes the field: it may use the entry, constants and
 * pure functions, and changes nothing. When it throws, so does the handler.
 */
export function Forget(condition: ForgetCondition): FieldMarker {
  return markField("@Forget", (place, name) => {
    remember(place, FORGET, [...forgetsAt(place), [name, condition]]);
  });
}

/**
 * Promises that, of the messages to this handler of one node, those that have the same value in column `from` have the same
 * value in column `to`. Columns are named as in plans: `"slot"`, `"order.sku"`, `"from.id"`. The compiler may route by that;
 * every simulated run checks it. A handler may have several promises.
 *
 *     @Determines("slot", "command") @On() accept(m: { slot: number; command: string }): void { … }
 *
 * @throws TypeError when the columns are not two different names.
 */
export function Determines(from: string, to: string): MethodMarker {
  if (from === "" || to === "" || from === to) {
    throw new TypeError('@Determines needs two different columns: @Determines("slot", "command").');
  }
  return (
    first: object,
    second: string | symbol | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void => {
    const method = decoratedMethod(first, second, descriptor);
    remember(method, DETERMINES, [{ from, to }, ...dependenciesOf(method)]);
  };
}

/**
 * Marks a message handler that relies on per-sender order: messages of one logical sender reach the `@Fifo` handlers
 * of a class in the order in which they were sent. Handlers without it may see messages in any order.
 */
export function Fifo(): MethodMarker {
  return markMethod(FIFO, true);
}

/**
 * What `@Role` recorded about this class or the nearest decorated class that it extends; undefined when there is none.
 */
export function describeRole(target: RoleClass): RoleDescription | undefined {
  for (let current: unknown = target; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    const own = Object.getOwnPropertyDescriptor(current, ROLE);
    if (own !== undefined) return own.value as RoleDescription;
  }
  return undefined;
}

/** The decorated methods of a class, inherited ones included, by name. */
export function describeHandlers(target: RoleClass): ReadonlyMap<string, Trigger> {
  const found = new Map<string, Trigger>();
  for (
    let proto: unknown = target.prototype;
    proto !== null && proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto)
  ) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      const method: unknown = descriptor.value;
      if (typeof method !== "function" || found.has(name)) continue;
      const trigger = (method as { [TRIGGER]?: Trigger })[TRIGGER];
      if (trigger === undefined) continue;
      const fifo = (method as { [FIFO]?: true })[FIFO] === true;
      found.set(name, trigger.kind === "message" ? { kind: "message", fifo } : trigger);
    }
  }
  return found;
}

/** The durable fields of a class, inherited ones included, those of base classes first. */
export function describeDurable(target: RoleClass): readonly string[] {
  const found: string[] = [];
  for (let current: unknown = target; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    const places: readonly unknown[] = [current.prototype, Reflect.get(current, metadataSymbol)];
    found.unshift(...places.flatMap((place) => fieldsAt(place)));
  }
  return [...new Set(found)];
}

/** The fields of a class whose entries are forgotten, and when; inherited ones included. */
export function describeForget(target: RoleClass): ReadonlyMap<string, ForgetCondition> {
  const found = new Map<string, ForgetCondition>();
  for (let current: unknown = target; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    for (const place of [current.prototype, Reflect.get(current, metadataSymbol)] as readonly unknown[]) {
      for (const [name, condition] of forgetsAt(place)) if (!found.has(name)) found.set(name, condition);
    }
  }
  return found;
}

/** What `@Determines` promises about the messages to a handler. */
export function describeDependencies(target: RoleClass, handler: string): readonly Dependency[] {
  const method: unknown = Reflect.get(target.prototype as object, handler);
  return typeof method === "function" ? dependenciesOf(method) : [];
}

function fieldsAt(place: unknown): readonly string[] {
  return (remembered(place, DURABLE) as readonly string[] | undefined) ?? [];
}

function forgetsAt(place: unknown): readonly (readonly [name: string, condition: ForgetCondition])[] {
  return (remembered(place, FORGET) as readonly (readonly [string, ForgetCondition])[] | undefined) ?? [];
}

function dependenciesOf(method: object): readonly Dependency[] {
  return (remembered(method, DETERMINES) as readonly Dependency[] | undefined) ?? [];
}

function remembered(place: unknown, key: symbol): unknown {
  const isPlace = (typeof place === "object" && place !== null) || typeof place === "function";
  return isPlace ? Object.getOwnPropertyDescriptor(place, key)?.value : undefined;
}

function remember(place: object, key: symbol, value: unknown): void {
  Object.defineProperty(place, key, { value, configurable: true });
}

/** @param mark takes what stands for the class: its metadata (standard) or its prototype (legacy). */
function markField(decorator: string, mark: (place: object, name: string) => void): FieldMarker {
  return (target: object | undefined, second: string | symbol | ClassFieldDecoratorContext): void => {
    const name = typeof second === "object" ? second.name : second;
    if (typeof name !== "string") throw new TypeError(`A field with ${decorator} has a name, not a symbol.`);
    if (typeof second === "object") mark(metadataOf(second, decorator), name);
    else if (typeof target === "object") mark(target, name);
    else throw new TypeError(`${decorator} belongs on a field of an instance, not on a static one.`);
  };
}

function markMethod(key: symbol, value: unknown): MethodMarker {
  return (
    first: object,
    second: string | symbol | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void => {
    remember(decoratedMethod(first, second, descriptor), key, value);
  };
}

function decoratedMethod(
  first: object,
  second: string | symbol | ClassMethodDecoratorContext,
  descriptor: PropertyDescriptor | undefined,
): object {
  const method: unknown = typeof second === "object" ? first : descriptor?.value;
  if (typeof method !== "function") throw new TypeError("This decorator belongs on a method.");
  return method;
}
