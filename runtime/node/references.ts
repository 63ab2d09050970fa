/** The references, memberships and senders that the runtime binds to a node. Calling a method on one sends a message. */
import { BOUND, type RoleClass } from "../../decorators/binding.ts";
import type { DeployedHandler, DeployedRole, Deployment } from "../deployment.ts";
import type { DeployedInstance, DeployedNode, LogicalAddress } from "../routing/address.ts";
import { roleOf } from "../routing/roleHandlers.ts";

/** Where references leave their messages: the activation that is running. */
export interface Outbox {
  send(target: Target, handler: DeployedHandler, payload: unknown): void;
}

/** The node that a reference names. `node` is undefined when nobody answers to that id. */
export interface Target {
  readonly role: string;
  readonly id: string;
  readonly node: DeployedNode | undefined;
  /** By component index, then partition; empty when nobody answers. */
  readonly instances: readonly (readonly DeployedInstance[])[];
}

/** A node of some role. Each role has a subclass, with a method for each message that the role takes. */
export class NodeReference {
  readonly id: string;
  readonly #target: Target;

  constructor(target: Target) {
    this.id = target.id;
    this.#target = target;
    Object.freeze(this);
  }

  /** Kept from the author's code, which sees the id and the messages. */
  static targetOf(reference: NodeReference): Target {
    return reference.#target;
  }

  get [BOUND](): true {
    return true;
  }
}

/** All references of one host, made once: a `Ref` costs nothing when a message arrives. */
export class References {
  readonly #deployment: Deployment;
  readonly #self: DeployedNode;
  readonly #outbox: Outbox;
  readonly #roles = new Map<string, RoleReferences>();

  constructor(deployment: Deployment, self: DeployedNode, outbox: Outbox) {
    this.#deployment = deployment;
    this.#self = self;
    this.#outbox = outbox;
  }

  /** The reference to a node of this deployment; undefined when there is no such node. */
  find(address: LogicalAddress): NodeReference | undefined {
    const known = this.#roles.get(address.role);
    if (known !== undefined) return known.members.get(address.id);
    const deployed = this.#deployment.roles.get(address.role);
    return deployed === undefined ? undefined : this.#of(deployed).members.get(address.id);
  }

  /**
   * The configured membership of a role.
   *
   * @throws Error when the system has no nodes of that role.
   */
  peers(role: RoleClass): Membership {
    const { name } = roleOf(role);
    const deployed = this.#deployment.roles.get(name);
    if (deployed === undefined) {
      throw new Error(
        `${this.#self.role} has peers of the role ${name}, and the system has no ${name}. Add it to roles.`,
      );
    }
    return this.#of(deployed).membership(deployed.name === this.#self.role ? this.#self.id : undefined);
  }

  /**
   * The sender to another component of the same node: a method for each of its internal handlers.
   *
   * @throws Error when the node has no such component.
   */
  component(name: string): object {
    const role = this.#deployment.roles.get(this.#self.role);
    const index = role?.components.findIndex((component) => component.name === name) ?? -1;
    if (role === undefined || index < 0) throw new Error(`${this.#self.role} has no component ${name}.`);
    const target = targetOf(role, this.#self.id);
    const sender = { [BOUND]: true };
    for (const handler of role.handlers.values()) {
      if (handler.internal && handler.component === index) {
        const send = (payload: unknown): void => this.#outbox.send(target, handler, payload);
        Object.defineProperty(sender, handler.name, { value: send });
      }
    }
    return Object.freeze(sender);
  }

  #of(role: DeployedRole): RoleReferences {
    const known = this.#roles.get(role.name);
    if (known !== undefined) return known;
    const created = new RoleReferences(role, this.#outbox);
    this.#roles.set(role.name, created);
    return created;
  }
}

/** The references to the nodes of one role. */
class RoleReferences {
  readonly members: ReadonlyMap<string, NodeReference>;
  readonly #refer: (id: string) => NodeReference;

  constructor(role: DeployedRole, outbox: Outbox) {
    const Reference = referenceClass(role, outbox);
    this.#refer = (id) => new Reference(targetOf(role, id));
    this.members = new Map(role.nodes.map(({ id }) => [id, this.#refer(id)]));
  }

  membership(self: string | undefined): Membership {
    const find = (id: string): NodeReference => this.members.get(id) ?? this.#refer(id);
    const all = [...this.members.values()];
    const others =
      self === undefined
        ? undefined
        : new Membership(
            all.filter(({ id }) => id !== self),
            find,
            undefined,
          );
    return new Membership(all, find, others);
  }
}

/** What `peers()` gives to a role; see `Peers` in decorators/references.ts. */
class Membership implements Iterable<NodeReference> {
  readonly size: number;
  readonly ids: readonly string[];
  readonly others: Membership;
  readonly #members: readonly NodeReference[];
  readonly #find: (id: string) => NodeReference;

  constructor(members: readonly NodeReference[], find: (id: string) => NodeReference, others: Membership | undefined) {
    this.size = members.length;
    this.ids = Object.freeze(members.map(({ id }) => id));
    this.others = others ?? this;
    this.#members = members;
    this.#find = find;
    Object.freeze(this);
  }

  at(id: string): NodeReference {
    return this.#find(id);
  }

  [Symbol.iterator](): IterableIterator<NodeReference> {
    return this.#members[Symbol.iterator]();
  }

  get [BOUND](): true {
    return true;
  }
}

function referenceClass(role: DeployedRole, outbox: Outbox): new (target: Target) => NodeReference {
  class RoleReference extends NodeReference {}
  for (const handler of role.handlers.values()) {
    if (handler.internal) continue;
    Object.defineProperty(RoleReference.prototype, handler.name, {
      value(this: NodeReference, payload: unknown): void {
        outbox.send(NodeReference.targetOf(this), handler, payload);
      },
    });
  }
  return RoleReference;
}

function targetOf(role: DeployedRole, id: string): Target {
  const instances = role.instances.get(id) ?? [];
  return { role: role.name, id, node: instances[0]?.[0]?.node, instances };
}
