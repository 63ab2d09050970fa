/**
 * A node as others may look at it between two activations: with the fields and the methods of its class, and nothing that
 * could be changed. The membrane is not involved, so nobody observes what is read here.
 *
 * What a field holds is copied when it is read for the first time, into collections that refuse changes and frozen objects:
 * a look costs what it looks at. Bytes, which cannot be frozen, are copies. Memberships and references are as the node has
 * them, for nothing can be sent with them outside of a handler.
 */
import { contentOf, isLattice, latticeOver, type LatticeContent } from "../../decorators/lattice.ts";
import { frozenMap, frozenSet } from "../codec/frozenCollections.ts";
import { kindOf } from "../codec/plainData.ts";
import type { FieldSlot } from "./membraneFields.ts";

/** @param slots the fields of the instance that are state */
export function lookAt(instance: object, slots: ReadonlyMap<string, FieldSlot>, id: string): object {
  const { constructor } = instance;
  const of = constructor.name;
  const view = Object.create(constructor.prototype as object) as object; // not the prototype that makes fields of assignments
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(instance))) {
    const slot = slots.get(name);
    const held: unknown = property.value;
    const set = (): never => refuse(`${of}.${name} was assigned by an invariant, which only looks at nodes.`);
    if (slot !== undefined) {
      Object.defineProperty(view, name, { enumerable: true, get: onFirstUse(() => copy(slot.value)), set });
    } else if (typeof held === "function") {
      // It has captured the node itself.
      const get = (): never => refuse(`${of}.${name} is a function in a field. Invariants can call methods.`);
      Object.defineProperty(view, name, { get, set });
    } else {
      Object.defineProperty(view, name, { enumerable: true, get: () => held, set });
    }
  }
  if (!("id" in view)) {
    const set = (): never => refuse("The id of a node was assigned by an invariant, which only looks at nodes.");
    Object.defineProperty(view, "id", { get: () => id, set });
  }
  return Object.freeze(view);
}

function refuse(message: string): never {
  throw new TypeError(message);
}

function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isLattice(value)) return Object.freeze(latticeOver(value, copy(contentOf(value)) as LatticeContent));
  switch (kindOf(value)) {
    case "map":
      return frozenMap([...(value as ReadonlyMap<unknown, unknown>)].map(([key, entry]) => [key, copy(entry)]));
    case "set":
      return frozenSet([...(value as ReadonlySet<unknown>)].map(copy));
    case "array":
      return Object.freeze((value as readonly unknown[]).map(copy));
    case "record":
      return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, copy(entry)])));
    case "bytes":
      return (value as Uint8Array).slice();
    case "other":
      return value; // no handler can read that either, unless it never changes
  }
}
