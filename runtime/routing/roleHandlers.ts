/** The messages that the class of a role takes, and what else runs in it, as its unrewritten form says. */
import { describeHandlers, describeRole, type RoleDescription, type Trigger } from "../../decorators/markers.ts";
import type { RoleClass } from "../../decorators/binding.ts";

/** The method of a driver that issues operations; every other public method takes a message. */
const REQUEST = "request";

/**
 * What `@Role` says about a class.
 *
 * @throws Error when the class has no `@Role()`.
 */
export function roleOf(target: RoleClass): RoleDescription {
  const role = describeRole(target);
  if (role !== undefined) return role;
  throw new Error(`${target.name} is not a role: put @Role() on the class (or on the class that it extends).`);
}

/** What starts each method of a role. Markers say so; in an external role every method is a handler. */
export function triggersOf(target: RoleClass): ReadonlyMap<string, Trigger> {
  return roleOf(target).external ? triggersOfDriver(target) : describeHandlers(target);
}

/** Abstract methods do not exist at run time, so these are the methods of the class that extends the external role. */
function triggersOfDriver(target: RoleClass): ReadonlyMap<string, Trigger> {
  const found = new Map<string, Trigger>();
  for (
    let proto: unknown = target.prototype;
    proto !== null && proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (typeof value !== "function" || name === "constructor" || name === REQUEST) continue;
      found.set(name, { kind: "message", fifo: false });
    }
  }
  return found;
}
