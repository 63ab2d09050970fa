/** What travels on the stateful channels inside a node, besides the forwards themselves. */
import type { InternalChannel } from "../routing/routingTable.ts";

/**
 * The place of a forward in its stream. A stream leads from one instance to another over one kind of channel, and lives
 * as long as the incarnation of their node.
 */
export interface Stamp {
  readonly channel: InternalChannel;
  /** The number of the instance that forwarded. */
  readonly sender: number;
  /** From 1 on, without gaps. */
  readonly sequence: number;
}

/** All forwards of a stream up to `sequence` have been applied, and what applying them wrote is on stable storage. */
export interface Acknowledgement {
  readonly channel: InternalChannel;
  /** The number of the instance that forwarded: where this goes. */
  readonly sender: number;
  /** The number of the instance that applied. */
  readonly receiver: number;
  readonly sequence: number;
}
