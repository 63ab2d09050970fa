/** Names of nodes and components that a role can send to. Calling a method on one of them *is* sending a message. */
import { BOUND, currentBinding, type RoleClass } from "./binding.ts";

/**
 * The messages that a class `R` accepts, as calls: one way, asynchronous, without a result.
 *
 * The condition is on the property types, not on the keys: filtering keys would make roles that name each other in
 * `from` circular (TS2615).
 */
export type Messages<R> = {
  readonly [K in keyof R]: R[K] extends () => void
    ? () => void
    : R[K] extends (message: infer M, ...rest: never[]) => void
      ? (message: M) => void
      : never;
};

/** A node of role `R`, by its logical id. Compare ids, never references. */
export type Ref<R> = { readonly id: string } & Messages<R>;

/** The configured membership of a role: fixed for a run, in the same order everywhere. */
export interface Peers<R> extends Iterable<Ref<R>> {
  readonly size: number;
  readonly ids: readonly string[];
  /** All members but the node itself; all members when the node has another role. */
  readonly others: Peers<R>;
  /**
   * The node of that id. Total: an id that nobody answers to gives a reference whose messages are lost, counted as
   * dead letters, just like messages to a node that has gone.
   */
  at(id: string): Ref<R>;
}

/** The node itself. */
export interface Self {
  readonly id: string;
}

/** The configured members of another role (or of one's own). Belongs in a field initialiser. */
export function peers<R extends object>(role: () => RoleClass<R>): Peers<R> {
  return currentBinding("peers").peers(role()) as Peers<R>;
}

/**
 * The only member of another role.
 *
 * @throws Error when the topology configures none or several.
 */
export function peer<R extends object>(role: () => RoleClass<R>): Ref<R> {
  const target = role();
  const members = currentBinding("peer").peers(target) as Peers<R>;
  const [only] = members;
  if (only === undefined || members.size !== 1) {
    throw new Error(
      `peer(() => ${target.name}) needs exactly one ${target.name}, and the topology has ${String(members.size)}. ` +
        `Use peers(() => ${target.name}) or change the topology.`,
    );
  }
  return only;
}

/** The node's own identity. Belongs in a field initialiser: `private readonly self = self();`. */
export function self(): Self {
  return Object.freeze({ id: currentBinding("self").selfId, [BOUND]: true });
}

/**
 * Another component of the same logical node. Only generated code calls this: it is the sending end of the forward
 * that a decoupling introduces, and carries the sender of the original message along.
 */
export function component<C extends object>(name: string): Messages<C> {
  return currentBinding("component").component(name) as Messages<C>;
}
