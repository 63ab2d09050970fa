/**
 * Sealing: a message that lists all entries of what is spread is sent in parts. (Chu et al., appendix B.4.)
 *
 * Precondition: in a handler that all partitions run, whether the message is sent, to whom, and every other column depend on
 * nothing that is spread, so they are the same on all of them. A sealed column is a union over entries: each element comes from one
 * entry (`analysis/replication/seals.ts`), and each entry is on one partition. The receiver cannot tell in which order a list
 * was put together: it is sorted by the keys of the entries, which the merge does again; or each turn of the receiver's loops is
 * about its own element (`analysis/replication/sealConsumers.ts`). A receiver outside of the system gets sorted lists, maps,
 * sets and records only. Fields start empty, so that no entry is on two partitions.
 *
 * Mechanism: the partition of number p sends its part with the number of the round, of the message in it, and of partitions;
 * the receiver's runtime keeps parts until all are there, and hands over one message. Of a set that stays incomplete nothing is
 * handed over: an omission of the sender.
 *
 * Argument: let a be the activation that sends, τ(a) = when the first partition applied it. From τ(a) on no partition has
 * handled anything but earlier rounds before it applies a. So what it lists is what it had at τ(a), and the union is what one node would
 * have listed at τ(a), up to order. The receiver's activation c consumes the message when the last part is there, after every
 * fragment of a that sent a part: the causal edge from a to c goes forward in time. In what c does the order is not seen, or it is
 * the order that it would have been; fields that take the order over are looked at only in ways that do not show it.
 */
import { findOrderSeen, type OrderSeen } from "../analysis/replication/sealConsumers.ts";
import type { SealedSend } from "../analysis/replication/replicatedHandler.ts";
import type { Seal } from "../analysis/replication/seals.ts";
import { findHandler, findRole, type Protocol } from "../model/protocol.ts";

export interface SealObstacle {
  readonly send: SealedSend;
  readonly seal: Seal;
  readonly receiver: string;
  /** Undefined: the receiver is outside of the system, where anything may be seen. */
  readonly seen: OrderSeen | undefined;
}

export function judgeSealing(protocol: Protocol, send: SealedSend): readonly SealObstacle[] {
  return send.effect.roles.flatMap((receiver) =>
    send.seals.flatMap((seal) => judgeSeal(protocol, send, seal, receiver) ?? []),
  );
}

function judgeSeal(protocol: Protocol, send: SealedSend, seal: Seal, receiver: string): SealObstacle | undefined {
  if (seal.is === "list" && seal.column.order !== undefined) return undefined;
  const role = findRole(protocol, receiver);
  const handler = role === undefined ? undefined : findHandler(role, send.effect.message);
  if (role === undefined || handler === undefined) return { send, seal, receiver, seen: undefined };
  if (role.external) return seal.is === "list" ? { send, seal, receiver, seen: undefined } : undefined;
  const seen = findOrderSeen(protocol, role, handler, seal);
  return seen === undefined ? undefined : { send, seal, receiver, seen };
}
