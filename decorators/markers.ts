/**
 * The decorators of the language. They are inert: they record what the runtime needs to wire an unrewritten class and
 * change nothing else, and the compiler reads them from the source, not from here. Each is valid both as a standard
 * (TC39) and as a legacy (`experimentalDecorators`) decorator. What is recorded sits on the decorated method itself,
 * so no metadata polyfill is needed in either mode.
 */
import type { RoleClass } from "./binding.ts";

/** What starts an activation of a decorated method. */
export type Trigger =
  | { readonly kind: "message"; readonly fifo: boolean }
  | { readonly kind: "every"; readonly milliseconds: number }
  | { readonly kind: "start" };

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

const ROLE = Symbol.for("riven.role");
const TRIGGER = Symbol.for("riven.trigger");
const FIFO = Symbol.for("riven.fifo");

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

/** Marks a public method without parameters that runs once, when the node starts. */
export function OnStart(): MethodMarker {
  return markMethod(TRIGGER, { kind: "start" });
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

function markMethod(key: symbol, value: unknown): MethodMarker {
  return (
    first: object,
    second: string | symbol | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void => {
    const method: unknown = typeof second === "object" ? first : descriptor?.value;
    if (typeof method !== "function") throw new TypeError("This decorator belongs on a method.");
    Object.defineProperty(method, key, { value, configurable: true });
  };
}
