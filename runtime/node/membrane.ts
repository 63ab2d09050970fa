/**
 * What stands between a handler and the state of its node: an activation is undone when its handler throws, and an
 * observer, where there is one, sees which pieces of state a handler read and wrote. One mechanism does both.
 *
 * The fields of the instance become accessors on the instance itself, so that closures which captured `this` go
 * through them too. Containers are handed out as views: a class of our own over a Map or Set, a Proxy over a record or
 * an array. A container that a handler creates is handed out as it is until the activation ends, for undoing the
 * statement that stored it undoes everything in it.
 *
 * Bytes are handed out as they are, since nothing can stand in for a Uint8Array: what they held is copied the first
 * time an activation sees them.
 */
import { installField, installLateFields } from "./membraneFields.ts";
import { isBound, StateTracker } from "./membraneTracker.ts";
import type { StateObserver } from "./stateObserver.ts";

export interface Membrane {
  /** `this` of handlers. */
  readonly view: object;
  /** Before a handler runs. Whatever happened before can no longer be undone. */
  begin(): void;
  /** After it has returned: what it did stays. */
  commit(): void;
  /** After it has thrown: everything since {@link begin} is undone. */
  rollback(): void;
}

/**
 * Puts a membrane around the state of a constructed role or component. State is every own property, except functions
 * and what the topology gave to the node. From here on the instance is reached through the membrane only.
 *
 * Reading a field that holds something other than plain data (a Date, an instance of a class) throws a TypeError:
 * changes to it could not be undone.
 */
export function createMembrane(instance: object, options: { readonly observer?: StateObserver }): Membrane {
  const tracker = new StateTracker(options.observer);
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(instance))) {
    const value: unknown = property.value;
    if ("value" in property && typeof value !== "function" && !isBound(value))
      installField(instance, name, value, tracker);
  }
  installLateFields(instance, tracker);
  return tracker.membraneOf(instance);
}
