/** What a host needs of whoever runs it, and what it tells. */
import type { ChannelCounters, HostChannelsOptions } from "../channels/hostChannels.ts";
import type { Deployment } from "../deployment.ts";
import type { DeployedInstance, LogicalAddress } from "../routing/address.ts";
import type { Storage } from "../storage/storage.ts";
import type { TimerClock } from "./oneShotTimers.ts";
import type { Emit } from "./outputGate.ts";
import type { StateObserver } from "./stateObserver.ts";

/** An activation that threw. Its changes were rolled back, and nothing of it was sent. */
export interface ActivationFailure {
  readonly instance: DeployedInstance;
  readonly handler: string;
  readonly error: unknown;
}

/** A message that nobody will ever handle. */
export interface DeadLetter {
  /** Where it was noticed: at the sender when nobody answers to the id, at the receiver when it has no such handler. */
  readonly instance: DeployedInstance;
  readonly to: LogicalAddress;
  readonly handler: string;
  readonly reason: string;
}

export interface ComponentHostOptions {
  readonly deployment: Deployment;
  /** One of `deployment.instances`. */
  readonly instance: DeployedInstance;
  /**
   * Takes the messages of an activation, in the order of the send statements, and the activation's ordinal within this
   * host (`counters.activations` while it runs). Called when the handler has returned, or later, when what the messages
   * depend on is on stable storage. Not called without messages.
   */
  readonly emit: Emit;
  readonly onFailure: (failure: ActivationFailure) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  /** Sees what handlers read and write. External roles have no state that anybody may see. */
  readonly observer?: StateObserver | undefined;
  /** Opens the storage of this instance. Called at most once, while the host is constructed, if there is anything to store. */
  readonly storage?: (() => Storage) | undefined;
  /** Fires one-shot timers. Needed when a handler sets one. */
  readonly clock?: TimerClock | undefined;
  /** What channels inside the node need of whoever runs the host; see HostChannelsOptions. */
  readonly channels?: Partial<Pick<HostChannelsOptions, "onDue" | "onDrop" | "keep">> | undefined;
  /** How often the node has lost its volatile state; 0 unless said. */
  readonly incarnation?: number | undefined;
}

export interface HostTimer {
  readonly handler: string;
  readonly milliseconds: number;
}

export interface HostCounters extends ChannelCounters {
  activations: number;
  failures: number;
  sent: number;
  deadLetters: number;
  /** Inputs that were decided here, for all partitions of a component. */
  rounds: number;
}

/** Counters that have counted nothing. */
export function createCounters(): HostCounters {
  return {
    activations: 0,
    failures: 0,
    sent: 0,
    deadLetters: 0,
    rounds: 0,
    held: 0,
    parked: 0,
    parkedDropped: 0,
    turnedAway: 0,
    stopped: 0,
    stoppedDropped: 0,
    fragments: 0,
    fragmentsDropped: 0,
  };
}
