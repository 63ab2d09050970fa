/** A system: roles, how many nodes of each, and the clients that use it. What `run.ts` of a protocol describes. */
import type { RoleClass } from "../decorators/binding.ts";
import { describeRole } from "../decorators/markers.ts";
import type { ExternalEvent } from "../decorators/snapshot.ts";
import { triggersOf } from "./routing/roleHandlers.ts";
import type { RoutingTable } from "./routing/routingTable.ts";
import type { SnapshotInvariant } from "./snapshot.ts";

/** A class that can be constructed: a role that is not external, or a component of one. */
export type NodeClass = new (...args: never[]) => object;

/** The nodes of one role. */
export interface RoleInstances {
  readonly role: NodeClass;
  readonly ids: readonly string[];
  /** What the constructor of the class takes: configuration, the same for every node and component of the role. */
  readonly configuration?: readonly unknown[];
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
  /**
   * What must hold in every simulated run: of what the clients have seen (`holds`), or of all nodes at every moment
   * (`always`). What roles mark with `@Invariant()` is checked without being named here; what other classes mark is added by
   * `...invariantsOf(Safety)`.
   */
  readonly invariants?: readonly (Invariant | SnapshotInvariant)[];
  /** The size of simulated runs. Defaults: 2 clients, 4 operations each. */
  readonly simulation?: {
    readonly clients?: number;
    readonly operations?: number;
    /** Whether messages are lost, and nodes crash and come back. */
    readonly faults?: boolean;
  };
}

export type { ExternalEvent } from "../decorators/snapshot.ts";

/** What must hold of what external nodes have seen, at the end of every run. */
export interface Invariant {
  readonly name: string;
  readonly holds: (history: readonly ExternalEvent[]) => boolean;
}

/** What `rewritten/index.ts` exports: the classes of each component, and the table that routes to them. */
export interface RewrittenSystem {
  readonly components: { readonly [role: string]: { readonly [component: string]: NodeClass } };
  readonly routing: RoutingTable;
}

/**
 * Declares a system, and checks what the type cannot.
 *
 * @throws Error when a role is not marked or named twice, has no nodes or two of one id, when the clients do not extend
 *   an external role, or when a handler has a name that the runtime keeps for itself.
 */
export function system(definition: SystemDefinition): SystemDefinition {
  const problem = findProblem(definition);
  if (problem !== undefined) throw new Error(`system ${JSON.stringify(definition.name)}: ${problem}`);
  return definition;
}

/**
 * The nodes of one role: by id, or so many of them, which are then called `participant-1`, `participant-2` and so on.
 *
 * @param configuration What the role's constructor takes.
 * @throws RangeError when the number is not a positive integer.
 */
export function instances<Configuration extends readonly unknown[]>(
  role: NodeClass & (new (...configuration: Configuration) => object),
  nodes: number | readonly string[],
  ...configuration: Configuration
): RoleInstances {
  return { role, ids: typeof nodes === "number" ? defaultIds(role.name, nodes) : nodes, configuration };
}

/** `participant-1`, `participant-2`, … for the role `Participant`. */
export function defaultIds(role: string, nodes: number): readonly string[] {
  if (!Number.isSafeInteger(nodes) || nodes < 1) {
    throw new RangeError(`The number of nodes of ${role} is a positive integer, not ${String(nodes)}.`);
  }
  const stem = role.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
  return Array.from({ length: nodes }, (_, i) => `${stem}-${String(i + 1)}`);
}

function findProblem({ name, roles, clients }: SystemDefinition): string | undefined {
  if (name === "") return "a system needs a name.";
  if (roles.length === 0) return "a system needs at least one role: roles: [instances(Leader, 1)].";
  const seen = new Set<string>();
  for (const { role, ids } of roles) {
    const problem = findProblemInRole(role, seen) ?? findProblemInIds(role.name, ids);
    if (problem !== undefined) return problem;
    if (describeRole(role)?.external === true) {
      return `${role.name} is external, so it is the clients' role: clients: { driver: ${role.name} }.`;
    }
  }
  const problem = findProblemInRole(clients.driver, seen);
  if (problem !== undefined) return problem;
  if (describeRole(clients.driver)?.external !== true) {
    return `the clients' driver ${clients.driver.name} has to extend an external role: @Role({ external: true }).`;
  }
  if (typeof (clients.driver.prototype as Partial<ClientDriver>).request !== "function") {
    return `the clients' driver ${clients.driver.name} needs a method request(n), which sends its n-th operation.`;
  }
  return undefined;
}

function findProblemInRole(role: RoleClass, seen: Set<string>): string | undefined {
  const description = describeRole(role);
  if (description === undefined) return `${role.name} is not a role: put @Role() on the class.`;
  if (seen.has(description.name))
    return `the role ${description.name} is there twice; give all its nodes in one place.`;
  seen.add(description.name);
  const reserved = [...triggersOf(role).keys()].find((handler) => RESERVED_HANDLERS.has(handler));
  if (reserved !== undefined)
    return `${role.name} has a handler called ${reserved}, which a reference keeps for itself.`;
  return undefined;
}

/** What a `Ref` has besides messages, and what would make it look like a promise. */
const RESERVED_HANDLERS: ReadonlySet<string> = new Set(["id", "then"]);

function findProblemInIds(role: string, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return `${role} has no nodes.`;
  if (ids.includes("")) return `a node of ${role} has an empty id.`;
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  return repeated === undefined ? undefined : `${role} has two nodes called ${JSON.stringify(repeated)}.`;
}
