/** Messages between nodes, as they travel: payloads are encoded at the send statement, on every transport. */
import type { Stamp } from "../channels/stamp.ts";
import type { Fragment } from "../coordination/fragment.ts";
import type { DeployedInstance, DeployedNode, LogicalAddress } from "../routing/address.ts";

/** A message that an activation sends. It leaves when the handler has returned. */
export interface Outgoing {
  /** The instance that takes it, by the routing table. */
  readonly destination: DeployedInstance;
  readonly handler: string;
  /** The logical sender; on an internal forward the sender of the message that is being handled. */
  readonly from: DeployedNode;
  readonly payload: Uint8Array;
  /** On an internal channel of one node: a fragment of the current activation, not a new one. */
  readonly internal: boolean;
  /** On stateful channels only. */
  readonly stamp?: Stamp | undefined;
  /**
   * From a coordinator to a partition, and back: the round that it is about, from 1 on. A message of the protocol that has
   * one is its commit: the partition handles it now, as its part of the replicated activation.
   */
  readonly round?: number | undefined;
  /** Only a part of a message, which the receiver's runtime puts together with others. */
  readonly fragment?: Fragment | undefined;
}

/** A message as an instance receives it. */
export interface Incoming {
  readonly handler: string;
  readonly from: LogicalAddress;
  readonly payload: Uint8Array;
  /** On stateful channels only. */
  readonly stamp?: Stamp | undefined;
  /** Between a coordinator and a partition; see {@link Outgoing}. */
  readonly round?: number | undefined;
  readonly fragment?: Fragment | undefined;
  /** On a message that was put together: its parts, by partition, as they came in (or as what `keep` has made of them). */
  readonly fragmentsOf?: readonly Incoming[] | undefined;
}
