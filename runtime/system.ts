/** A system: roles, how many nodes of each, and the clients that use it. What `run.ts` of a protocol describes. */
import type { RoleClass } from "../decorators/binding.ts";
import type { RoutingTable } from "./routing/routingTable.ts";

/** A class that can be constructed: a role that is not external, or a component of one. */
export type NodeClass = new (...args: never[]) => object;

/** The nodes of one role. */
export interface RoleInstances {
  readonly role: NodeClass;
  readonly ids: readonly string[];
}

/**
 * A closed-loop client: an external role, extended by a class that issues operations.
 *
 * `request(n)` sends the messages of the client's n-th operation (counting from 0) and returns the operation's id.
 * The handlers of the external role return the id of the operation that the received message completes, or undefined.
 */
export interface ClientDriver {
  request(n: number): string;
}

export interface SystemDefinition {
  readonly name: string;
  readonly roles: readonly RoleInstances[];
  readonly clients: {
    /** Extends the external role, and implements {@link ClientDriver}. */
    readonly driver: new () => ClientDriver;
  };
  /** What must hold of the clients' observations in every simulated run; throws an Error when it does not. */
  readonly invariants?: readonly Invariant[];
  /** The size of simulated runs. Defaults: 2 clients, 4 operations each. */
  readonly simulation?: { readonly clients?: number; readonly operations?: number };
}

/** Something that an external node saw or did, in real-time order. */
export interface ExternalEvent {
  readonly kind: "sent" | "received";
  /** The external node. */
  readonly node: { readonly role: string; readonly id: string };
  /** The node at the other end. */
  readonly other: { readonly role: string; readonly id: string };
  readonly message: string;
  readonly payload: unknown;
}

export interface Invariant {
  readonly name: string;
  readonly holds: (history: readonly ExternalEvent[]) => boolean;
}

/** What `rewritten/index.ts` exports: the classes of each component, and the table that routes to them. */
export interface RewrittenSystem {
  readonly components: { readonly [role: string]: { readonly [component: string]: NodeClass } };
  readonly routing: RoutingTable;
}

/** Declares a system. Checks what the type cannot: ids are unique, every role is marked, names are not used twice. */
export function system(definition: SystemDefinition): SystemDefinition {
  return definition;
}

/**
 * The nodes of one role: by id, or so many of them, which are then called `participant-1`, `participant-2` and so on.
 */
export function instances(role: NodeClass & RoleClass, nodes: number | readonly string[]): RoleInstances {
  if (typeof nodes !== "number") return { role, ids: nodes };
  const stem = role.name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
  return { role, ids: Array.from({ length: nodes }, (_, i) => `${stem}-${String(i + 1)}`) };
}
