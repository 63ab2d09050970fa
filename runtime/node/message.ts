/** Messages between nodes, as they travel: payloads are encoded at the send statement, on every transport. */
import type { Stamp } from "../channels/stamp.ts";
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
}

/** A message as an instance receives it. */
export interface Incoming {
  readonly handler: string;
  readonly from: LogicalAddress;
  readonly payload: Uint8Array;
  /** On stateful channels only. */
  readonly stamp?: Stamp | undefined;
}
