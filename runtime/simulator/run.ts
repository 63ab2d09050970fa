/** A simulated run, as the recorder saw it. */
import type { Deployment } from "../deployment.ts";
import type { DeployedInstance, DeployedNode } from "../routing/address.ts";
import type { ExternalEvent } from "../system.ts";
import type { Access } from "./access.ts";

/** A message between logical nodes. */
export interface LogicalMessage {
  readonly id: number;
  readonly from: DeployedNode;
  readonly to: DeployedNode;
  readonly handler: string;
  readonly payload: Uint8Array;
  /** The activation that sent it; undefined when an external node did. */
  readonly sender: Activation | undefined;
  /** Where it left, and among how many steps of the run. */
  readonly origin: DeployedInstance;
}

/** What started an activation. */
export type Cause =
  | { readonly kind: "message"; readonly message: LogicalMessage }
  /** `atRest`: nothing was under way, and nothing but timers could happen any more. */
  | { readonly kind: "timer"; readonly atRest: boolean }
  | { readonly kind: "start" };

/**
 * One execution of an original handler on one message (or of a timer or start handler), in as many fragments as the
 * rewrite makes of it.
 */
export interface Activation {
  /** The message's id; timers and start handlers draw from the same numbers. */
  readonly id: number;
  readonly node: DeployedNode;
  readonly handler: string;
  readonly cause: Cause;
  /** In real-time order; never empty once it has begun. */
  readonly fragments: Fragment[];
}

/** A part of an activation that ran without interruption, on one instance. */
export interface Fragment {
  readonly instance: DeployedInstance;
  /** The handler that ran: the activation's, or an internal one. */
  readonly handler: string;
  readonly accesses: readonly Access[];
  /** To other nodes. Forwards to components of the same node show as further fragments. */
  readonly sent: readonly LogicalMessage[];
  /** What the handler threw; its writes and messages are not here, for they did not happen. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Something that an external node did or saw, with the message. */
export interface ExternalStep {
  readonly event: ExternalEvent;
  readonly message: LogicalMessage;
}

export interface OperationCounts {
  readonly issued: number;
  readonly completed: number;
}

export interface SimulatedRun {
  readonly deployment: Deployment;
  /** In the order in which their first fragments ran. */
  readonly activations: readonly Activation[];
  /** In real-time order. */
  readonly external: readonly ExternalStep[];
  readonly operations: OperationCounts;
  /** Messages between components of one node. */
  readonly forwards: number;
  /** What went wrong outside of handlers of roles: messages that nobody handles, drivers that threw. */
  readonly problems: readonly string[];
  /** Of everything that happened, payloads included. */
  readonly hash: string;
}
