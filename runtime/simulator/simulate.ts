/** The deterministic simulator: runs a whole system in this process, and decides everything that is left open. */
import type { Deployment } from "../deployment.ts";
import type { DeployedInstance } from "../routing/address.ts";
import type { Chooser } from "./chooser.ts";
import { withoutHostCalls } from "./host/hostCalls.ts";
import type { SimulatedRun } from "./run.ts";
import { Simulation } from "./simulation.ts";

export interface SimulationOptions {
  /** May be shared by any number of runs. */
  readonly deployment: Deployment;
  /** How many operations each client issues. */
  readonly operations: number;
  readonly chooser: Chooser;
  /**
   * Whether messages are lost, links clog, and processes die and come back: each at a rate that is drawn for the run,
   * until a healing phase in which everything is up and every link is clean. Not unless said.
   */
  readonly faults?: FaultOptions | undefined;
  /** After so many steps a run is cut off when it has not come to rest; 100,000 unless said. */
  readonly maxSteps?: number | undefined;
  /** What the machinery does wrong. Judges are tested with it. */
  readonly flaws?: Flaws | undefined;
}

/** All kinds of faults, or none, or those that are named. */
export type FaultOptions =
  | boolean
  | {
      /** Messages do not arrive. */
      readonly losses?: boolean;
      /** Messages wait until a link is clean again. */
      readonly clogs?: boolean;
      /** Nodes, or parts of them, are cut off from others until that is repaired. */
      readonly partitions?: boolean;
      /** A node, or a part of one, fails to send or to receive anything for a while. */
      readonly omissions?: boolean;
      /** Processes die and come back; of what was being written the disk may hold a part. */
      readonly crashes?: boolean;
      /** Syncs of some instances take very long. */
      readonly slowDisks?: boolean;
    };

/** Ways in which a runtime could break what it promises. */
export interface Flaws {
  /** Forwards of an earlier incarnation are handled as if they were of this one. */
  readonly staleForwards?: boolean;
  /** These instances are replaced alone although they had volatile state. */
  readonly alone?: (instance: DeployedInstance) => boolean;
  /** Messages leave before what they depend on is stable. */
  readonly hasty?: boolean;
  /** Forwards that keep an order are handled when they come. */
  readonly unordered?: boolean;
  /** Forwards that keep an order are handled when they come, unless a later one was: those are skipped. */
  readonly skipsGaps?: boolean;
  /** Forwards are acknowledged when they leave; what waits for that leaves with them. */
  readonly holdsNothing?: boolean;
  /** Forwards are acknowledged when they arrive, although they may have to wait for earlier ones. */
  readonly acknowledgesEarly?: boolean;
  /** What waits for an entry is not told when it is there. */
  readonly wakesNobody?: boolean;
  /** Forwards are handled twice now and then, on channels that promise that they are not. */
  readonly repeatsForwards?: boolean;
  /** Partitions go on, and answer, although they have voted and wait for the commit. */
  readonly freezesNobody?: boolean;
  /** The last partition applies commits in another order, where several are under way. */
  readonly swapsCommits?: boolean;
  /** The last partition does not apply commits, and goes on as if it had. */
  readonly skipsCommits?: boolean;
  /** The last partition applies commits twice, where nothing else is under way. */
  readonly repeatsCommits?: boolean;
  /** These coordinators come back without what they had written down. */
  readonly forgetful?: (instance: DeployedInstance) => boolean;
  /** Messages leave before what they depend on is stable, where the disk is slow. */
  readonly hastyWhenSlow?: boolean;
  /** What channels have to send again until it arrives is sent once. */
  readonly neverResends?: boolean;
  /** Messages between nodes arrive twice now and then. */
  readonly repeatsMessages?: boolean;
  /** Messages to handlers that rely on order overtake each other. */
  readonly overtakes?: boolean;
  /** A process that comes back has the one-shot timers of the one that died. */
  readonly keepsTimers?: boolean;
  /** Start and recovery handlers run twice. */
  readonly startsTwice?: boolean;
  /** Recovery handlers do not run. */
  readonly recoversNothing?: boolean;
  /** A partition comes back with the log of its neighbour. */
  readonly swapsLogs?: boolean;
  /** A crash takes the last record that was on stable storage. */
  readonly losesStable?: boolean;
  /** The reader of logs takes a part of a record for the record, where it can be decoded. */
  readonly trustsTornRecords?: boolean;
  /** Each fragment of a message is delivered as a message. */
  readonly mergesNothing?: boolean;
  /** All partitions but the first speak under names of their own. */
  readonly physicalNames?: boolean;
  /** These instances send messages by key to another partition than the one that owns the key. */
  readonly misroutes?: (instance: DeployedInstance) => boolean;
}

/**
 * Runs a system in this process until nothing is under way and all operations are issued. Everything that is left
 * open (which message arrives next, when a timer fires, when a client issues, when a sync ends, what fails) is decided
 * by the chooser; nodes and routing are those of the real runtime, and payloads are really encoded and decoded.
 *
 * @throws HostCallError when code of the system asks the host for time or chance.
 * @throws Error when a class cannot be constructed.
 */
export function simulate(options: SimulationOptions): SimulatedRun {
  return withoutHostCalls(() => new Simulation(options).run());
}
