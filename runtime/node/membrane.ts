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
import type { RoleClass } from "../../decorators/binding.ts";
import { describeForget } from "../../decorators/markers.ts";
import type { DurableState } from "./durableState.ts";
import type { FieldDependencies } from "./fieldDependencies.ts";
import { containerOf, forgetEntries } from "./forgetting.ts";
import { lookAt } from "./lookAt.ts";
import { installField, installLateFields, type FieldSlot } from "./membraneFields.ts";
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

/** The membrane of an instance with state that can be looked at. */
export interface StateMembrane extends Membrane {
  /** After a handler has returned, as part of the activation: deletes what `@Forget` says, of what the activation wrote. */
  forget(): void;
  /** What a field holds, not to be changed. Nobody observes that, and nothing comes to depend on it. */
  peek(field: string): unknown;
  /** The instance as it is between two activations, to be looked at only; unobserved as well. */
  look(id: string): object;
  /** The fields that are state, with what they hold; not to be changed. */
  readonly fields: () => Iterable<FieldSlot>;
}

export interface MembraneOptions {
  readonly observer?: StateObserver | undefined;
  /** What watches the durable fields, when there are any. */
  readonly durable?: { readonly state: DurableState; readonly dependencies: FieldDependencies } | undefined;
}

/**
 * Puts a membrane around the state of a constructed role or component. State is every own property, except functions
 * and what the topology gave to the node. From here on the instance is reached through the membrane only.
 *
 * Reading a field that holds something other than plain data (a Date, an instance of a class) throws a TypeError:
 * changes to it could not be undone.
 */
export function createMembrane(instance: object, options: MembraneOptions): StateMembrane {
  const { observer, durable } = options;
  const forgets = describeForget(instance.constructor as RoleClass);
  const tracker = new StateTracker(observer, durable?.dependencies, observer !== undefined || forgets.size > 0);
  for (const [name, value] of stateOf(instance)) {
    const slot = installField(instance, name, value, tracker);
    durable?.state.adopt(slot);
  }
  // Durable fields without an initialiser, when a class was compiled without `useDefineForClassFields`.
  for (const name of durable?.state.missing ?? []) {
    if (Object.hasOwn(instance, name))
      throw new Error(`${instance.constructor.name}.${name} is durable, and no state.`);
    durable?.state.adopt(installField(instance, name, undefined, tracker));
  }
  installLateFields(instance, tracker);
  durable?.state.watch(tracker);
  return {
    ...tracker.membraneOf(instance),
    forget: () => {
      if (forgets.size > 0) forgetEntries(forgets, instance, tracker);
    },
    peek: (field) => containerOf(tracker.slots.get(field)?.value),
    look: (id) => lookAt(instance, tracker.slots, id),
    fields: () => tracker.slots.values(),
  };
}

/** The fields of an instance that are state, and what they hold. */
export function stateOf(instance: object): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(Object.getOwnPropertyDescriptors(instance)).flatMap(([name, property]) => {
    const value: unknown = property.value;
    return "value" in property && typeof value !== "function" && !isBound(value) ? [[name, value] as const] : [];
  });
}
