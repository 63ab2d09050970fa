/** What a host asks of its part in coordination: of a coordinator, or of a partition that has one. */
import type { DeployedRole } from "../deployment.ts";
import type { Method } from "../node/componentObject.ts";
import type { Description } from "../node/description.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import type { OwnState } from "../node/ownState.ts";
import type { DeployedInstance, DeployedNode, LogicalAddress } from "../routing/address.ts";
import type { Fragment } from "./fragment.ts";
import type { HostCoordination } from "./hostCoordination.ts";
import type { PartitionGate } from "./partitionGate.ts";

/** What a part in coordination asks of its host. */
export interface CoordinationContext {
  readonly instance: DeployedInstance;
  readonly role: DeployedRole;
  /** How often the node has lost its volatile state. */
  readonly incarnation: number;
  /** The node of an address; undefined when it is not part of the system. */
  readonly find: (address: LogicalAddress) => DeployedNode | undefined;
  /** Takes what the running activation forwards. */
  readonly forward: (message: Outgoing) => void;
  /** Runs an activation. */
  readonly run: (handler: string, method: Method) => void;
  /** An input was decided. */
  readonly onDecided: () => void;
}

/** What becomes of a message that a handler sends. */
export interface Sending {
  /** Whether this instance sends it, or another one does. */
  readonly leaves: boolean;
  readonly fragment?: Fragment | undefined;
}

export interface CoordinationPart extends HostCoordination {
  /** The handlers that are the runtime's. */
  readonly methods: ReadonlyMap<string, Method>;
  /** Start handlers that come before those of the protocol. */
  readonly startHandlers: readonly string[];
  /** What is to be written down; nothing when the component forgets everything. */
  readonly own: readonly OwnState[];
  /** There when the instance stands still from time to time. */
  readonly gate: PartitionGate<Incoming> | undefined;
  /** Whether messages of the protocol are passed on as they are. */
  readonly passesOn: boolean;

  /** What earlier lives have written down is in {@link own}. */
  recover(): void;
  /** Why a message is not for this instance; undefined when it may be. */
  refusalOf(message: Incoming): string | undefined;
  /** A message is about to be handled. Gives what is to be run for it. */
  begin(message: Incoming, method: Method): Method;
  /** A message has been handled, with success or without. */
  end(message: Incoming): void;
  /** What becomes of a message that the running activation sends. @param message `Role.handler` */
  sendingOf(message: string): Sending;
  /**
   * Takes no more inputs, which are lost then, and calls once: when all partitions have done what is decided, and have
   * that on stable storage; at once when it is so, or nothing is stored.
   */
  settle(done: () => void): void;
  /** Between activations. */
  describe(): Description;
  /** A forward of this instance has been applied, and what that wrote is on stable storage. */
  acknowledged(forward: Outgoing): void;
}

/** Every message leaves from where it is sent, as a whole. */
export const AS_IT_IS: Sending = { leaves: true };
