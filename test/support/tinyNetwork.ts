/**
 * Runs roles in one queue, first in first out, for tests of emission: enough of a runtime to see that generated classes
 * and their routing table do what the author's classes do. Every routing key has an instance of its own, so that state
 * that is not where its key leads is missed at once.
 */
import { withBinding, type NodeBinding, type RoleClass } from "../../decorators/binding.ts";
import type { RoutingTable } from "../../runtime/routing/routingTable.ts";
import type { NodeClass, RewrittenSystem } from "../../runtime/system.ts";

interface Address {
  readonly role: string;
  readonly id: string;
}

interface Delivery {
  readonly to: Address;
  readonly handler: string;
  readonly payload: unknown;
  readonly from: Address;
}

export interface TinySystem {
  readonly components: RewrittenSystem["components"];
  readonly routing: RoutingTable;
  /** Node ids by role, external roles included. */
  readonly members: { readonly [role: string]: readonly string[] };
  /** Constructor arguments by role. */
  readonly configuration?: { readonly [role: string]: readonly unknown[] };
}

/** The table and the classes of a system as written. */
export function asWritten(roles: readonly NodeClass[]): Pick<TinySystem, "components" | "routing"> {
  return {
    components: Object.fromEntries(roles.map((role) => [role.name, { main: role }])),
    routing: { roles: {} },
  };
}

/** What external nodes were sent while these messages, and all that follows from them, were handled. */
export function run(system: TinySystem, inputs: readonly Delivery[]): readonly string[] {
  const seen: string[] = [];
  const queue: Delivery[] = [];
  /** Who sent the message that is being handled: what a forward carries along. */
  let origin: Address = { role: "", id: "" };
  const instances = new Map<string, object>();
  for (const input of inputs) {
    queue.push(input);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) deliver(next);
  }
  return seen;

  function deliver({ to, handler, payload, from }: Delivery): void {
    const classes = system.components[to.role];
    if (classes === undefined) {
      seen.push(`${to.role} ${to.id} ${handler} ${JSON.stringify(payload)} from ${from.role} ${from.id}`);
      return;
    }
    const route = system.routing.roles[to.role]?.handlers[handler] ?? { component: "main" };
    const component = classes[route.component];
    if (component === undefined) throw new Error(`${to.role} has no component ${route.component}.`);
    // The table types payloads as never, because each key function has its own; here the message is the right one.
    const key = route.key === undefined ? "" : JSON.stringify(route.key(payload as never, from));
    const instance = `${to.role} ${to.id} ${route.component} ${key}`;
    origin = from;
    const object = instances.get(instance) ?? construct(component, to);
    instances.set(instance, object);
    const method = (object as { readonly [name: string]: unknown })[handler];
    if (typeof method !== "function") throw new Error(`${component.name} has no ${handler}.`);
    method.call(
      object,
      payload,
      reference(from, () => to),
    );
  }

  function construct(component: NodeClass, owner: Address): object {
    const binding: NodeBinding = {
      selfId: owner.id,
      peers: (role: RoleClass) => peersOf(role.name, owner),
      component: () => reference(owner, () => origin),
      journal: () => ({ append: () => undefined }),
      timers: () => new Proxy({}, { get: () => ({ set: () => undefined, clear: () => undefined }) }),
    };
    const make = component as new (...args: readonly unknown[]) => object;
    return withBinding(binding, () => new make(...(system.configuration?.[owner.role] ?? [])));
  }

  function peersOf(role: string, owner: Address): unknown {
    const ids = system.members[role] ?? [];
    const at = (id: string): object => reference({ role, id }, () => owner);
    return { ids, size: ids.length, at, [Symbol.iterator]: () => ids.map(at)[Symbol.iterator]() };
  }

  function reference(to: Address, sender: () => Address): object {
    return new Proxy(
      { id: to.id },
      {
        get: (target, name) =>
          name === "id"
            ? target.id
            : (payload: unknown) =>
                queue.push({ to, handler: String(name), payload: structuredClone(payload), from: sender() }),
      },
    );
  }
}
