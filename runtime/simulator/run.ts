/** A simulated run, as the recorder saw it. */
import type { Deployment } from "../deployment.ts";
import type { JournalEntry } from "../node/journals.ts";
import type { DeployedInstance, DeployedNode } from "../routing/address.ts";
import type { ExternalEvent } from "../system.ts";
import type { Access } from "./access.ts";
import type { PendingTimer } from "./host/simulatedClock.ts";
import type { DurableFields } from "./stage.ts";

/** A message between logical nodes. It exists from when it leaves: what waits for stable storage is none yet. */
export interface LogicalMessage {
  /** Messages that leave later have higher ids. */
  readonly id: number;
  readonly from: DeployedNode;
  readonly to: DeployedNode;
  readonly handler: string;
  /** Of one that leaves in fragments: what the receiver has made of them, once it has arrived. */
  payload: Uint8Array;
  /** The activation that sent it; undefined when an external node did. */
  readonly sender: Activation | undefined;
  /** Where it left, and among how many steps of the run. */
  readonly origin: DeployedInstance;
  /** The step of the run in which it left. */
  readonly left: number;
}

/** What started an activation. */
export type Cause =
  | { readonly kind: "message"; readonly message: LogicalMessage }
  /**
   * `atRest`: nothing was under way, and nothing but timers could happen any more. `timer` is there when it was a
   * one-shot timer, which had been set.
   */
  | { readonly kind: "timer"; readonly atRest: boolean; readonly timer?: PendingTimer }
  | { readonly kind: "start" }
  /** The node came back with its durable state. */
  | { readonly kind: "recover" };

/**
 * One execution of an original handler on one message (or of a timer, start or recovery handler), in as many fragments
 * as the rewrite makes of it. A recovery handler has a fragment on every partition.
 */
export interface Activation {
  /** The message's id; everything else that starts an activation draws from the same numbers. */
  readonly id: number;
  readonly node: DeployedNode;
  /** How often the node had come back when it began. */
  readonly incarnation: number;
  readonly handler: string;
  readonly cause: Cause;
  /** In real-time order. */
  readonly fragments: Fragment[];
  /** Fragments that a crash has undone: as far as anybody can tell they never ran. */
  readonly undone: Fragment[];
  /** Fragments that a crash has undone, and that the same instance has run again when it came back. */
  readonly redone: Fragment[];
  /** How many forwards of it were lost, so that fragments are missing. */
  lostForwards: number;
  /** Whether one of them was on a stateful channel: a crash came before it was applied. */
  isCutShort: boolean;
}

/** A part of an activation that ran without interruption, on one instance. */
export interface Fragment {
  readonly instance: DeployedInstance;
  /** How often the node had come back when it ran. */
  readonly incarnation: number;
  /** The handler that ran: the activation's, or an internal one. */
  readonly handler: string;
  /** The step of the run in which it ran. */
  readonly at: number;
  readonly accesses: readonly Access[];
  /** To other nodes, as far as they left. Forwards to components of the same node show as further fragments. */
  readonly sent: LogicalMessage[];
  /** What the handler threw; its writes and messages are not here, for they did not happen. */
  readonly failure: { readonly error: unknown } | undefined;
  readonly durability: Durability;
}

/** What has become of the durable state that a fragment wrote or read, and of what it sent. */
export interface Durability {
  /** Up to where the log of its instance has to survive; undefined when the fragment touched nothing durable. */
  readonly position: number | undefined;
  readonly wroteRecord: boolean;
  /** What it appended to journals. */
  readonly appended: readonly JournalEntry[];
  /** The step in which the last of it was stable; undefined when it never was. */
  stableAt: number | undefined;
  /** A crash came first. */
  lost: boolean;
  /** Nothing was left of it, so that the fragment might as well never have run. */
  undone: boolean;
  /** Messages and forwards that have not left yet, and never will when the process has died. */
  held: number;
  /** Whether anything that it sent, forwards included, has left. */
  left: boolean;
}

/** Something that an external node did or saw, with the message. */
export interface ExternalStep {
  readonly event: ExternalEvent;
  readonly message: LogicalMessage;
  /** The step of the run in which it happened. */
  readonly at: number;
}

/** A logical node lost its volatile state, and came back with what was stable. */
export interface Comeback {
  readonly node: DeployedNode;
  /** The incarnation that ended. */
  readonly ended: number;
  /** The step of the run in which it came back. */
  readonly at: number;
}

export interface OperationCounts {
  readonly issued: number;
  readonly completed: number;
}

export interface FaultCounts {
  /** Processes that died. */
  readonly crashes: number;
  /** Logical nodes that came back from their durable state. */
  readonly comebacks: number;
  /** Processes that were replaced while the rest of their nodes went on. */
  readonly replacements: number;
  /** Messages and forwards that did not arrive. */
  readonly losses: number;
  /** Crashes that left a part of a record on the disk. */
  readonly tornWrites: number;
  /** Syncs that a slow disk held up. */
  readonly slowSyncs: number;
  /** How often nodes, or parts of them, were cut off from others. */
  readonly partitions: number;
  /** How often a node, or a part of one, failed to send or to receive anything for a while. */
  readonly omissions: number;
}

export const NO_FAULTS: FaultCounts = {
  crashes: 0,
  comebacks: 0,
  replacements: 0,
  losses: 0,
  tornWrites: 0,
  slowSyncs: 0,
  partitions: 0,
  omissions: 0,
};

/** What channels inside of nodes did. Counts of forwards and messages. */
export interface ChannelCounts {
  /** Forwards, by what their channel promises. */
  readonly once: number;
  readonly repeatable: number;
  readonly ordered: number;
  readonly acknowledged: number;
  /** Forwards that came early, and had to wait for earlier ones. */
  readonly stalled: number;
  /** Forwards that were handled a second time. */
  readonly repeated: number;
  /** Messages that had to wait until forwards had been applied. */
  readonly held: number;
  /** Messages that had to wait for an entry that another part feeds. */
  readonly parked: number;
}

export interface StoredByInstance {
  readonly instance: DeployedInstance;
  readonly fields: DurableFields;
}

/** What coordinators and stopped partitions did. */
export interface CoordinationCounts {
  /** Activations that every partition of a component takes part in, as far as they reached the coordinator. */
  readonly begun: number;
  /** Of these, those that were decided. */
  readonly decided: number;
  /** That began while an earlier one of the same component was not decided. */
  readonly overlapping: number;
  /** Commits that were repeated after a node had come back. */
  readonly repeated: number;
  /** Messages that a stopped partition kept for later. */
  readonly stopped: number;
  /** Messages that were put together from fragments. */
  readonly merged: number;
}

export interface SimulatedRun {
  readonly deployment: Deployment;
  /** Whether nothing can happen any more. If not it was cut off, and what is missing means nothing. */
  readonly isAtRest: boolean;
  readonly steps: number;
  /** In the order in which their first fragments ran. */
  readonly activations: readonly Activation[];
  /** What waits, at the end, for state that it never found; no fragment of these has run. In the order of arrival. */
  readonly parked: readonly Activation[];
  /** Partitions that handle nothing, at the end, but what their coordinator says. */
  readonly stopped: readonly DeployedInstance[];
  /** In real-time order. */
  readonly external: readonly ExternalStep[];
  /** In real-time order. */
  readonly comebacks: readonly Comeback[];
  readonly operations: OperationCounts;
  readonly faults: FaultCounts;
  /** Messages between components of one node. */
  readonly forwards: number;
  readonly channels: ChannelCounts;
  readonly coordination: CoordinationCounts;
  /** One-shot timers that are set when the run is over, by node. */
  readonly pendingTimers: ReadonlyMap<DeployedNode, readonly PendingTimer[]>;
  /** What the instances of a node have stored when the run is over: a node, and each of its instances that stores anything. */
  readonly durable: ReadonlyMap<DeployedNode, readonly StoredByInstance[]>;
  /** What went wrong outside of handlers of roles: messages that nobody handles, drivers that threw. */
  readonly problems: readonly string[];
  /** Of everything that happened, payloads included. */
  readonly hash: string;
}
