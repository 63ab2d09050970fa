/** `@Invariant()`: what must hold of all nodes at every moment, declared beside the protocol. */
import type { RoleClass } from "./binding.ts";
import type { Snapshot } from "./snapshot.ts";

/** What decides whether an invariant holds: false, or an error, says that it does not. */
export type Holds = (nodes: Snapshot) => boolean;

/** A decorator of static methods that is valid in both decorator modes. */
export interface InvariantMarker {
  (method: Holds, context: ClassMethodDecoratorContext): void;
  (owner: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Holds>): void;
}

/** A marked method. */
export interface InvariantDescription {
  /** `LockServer.oneHolder`. */
  readonly name: string;
  readonly holds: Holds;
}

const INVARIANT = Symbol.for("riven.invariant");

/**
 * Marks a static method that says what must hold of all nodes at every moment of every run. A method of a role may read the
 * private fields of its nodes; it is no handler, the compiler leaves it out of components, and processes never run it.
 *
 *     @Invariant() static oneHolder(nodes: Snapshot): boolean {
 *       return nodes.all(Member).filter(({ holds }) => holds).length <= 1;
 *     }
 *
 * The simulator asks it after each step of the protocol as written (see `riven verify`). It looks at nodes and changes
 * none: an attempt throws.
 */
export function Invariant(): InvariantMarker {
  return (
    first: object,
    second: string | symbol | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void => {
    const isStandard = typeof second === "object";
    const method: unknown = isStandard ? first : descriptor?.value;
    const isStatic = isStandard ? second.static : typeof first === "function";
    if (typeof method !== "function" || !isStatic) {
      throw new TypeError("@Invariant belongs on a static method, which takes a snapshot of all nodes.");
    }
    Object.defineProperty(method, INVARIANT, { value: true, configurable: true });
  };
}

/**
 * The invariants of a class, inherited ones included, those of base classes first. As ever with static methods, `this` is the
 * class that they are asked of: a base class can say of each role that extends it what must hold of that role.
 */
export function describeInvariants(target: RoleClass): readonly InvariantDescription[] {
  const found = new Map<string, InvariantDescription>();
  for (const owner of classesOf(target)) {
    for (const [method, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      const held: unknown = value;
      found.delete(method);
      if (typeof held !== "function" || !Object.hasOwn(held, INVARIANT)) continue;
      const holds = held as Holds;
      found.set(method, { name: `${target.name}.${method}`, holds: (nodes) => holds.call(target, nodes) });
    }
  }
  return [...found.values()];
}

/** A class and those that it extends, the last base class first. */
function classesOf(target: RoleClass): readonly RoleClass[] {
  const classes: RoleClass[] = [];
  for (
    let current: unknown = target;
    typeof current === "function" && current !== Function.prototype;
    current = Object.getPrototypeOf(current)
  ) {
    classes.unshift(current as RoleClass);
  }
  return classes;
}
