/** What a measured run of a system says. Plain data: it is printed, compared and written to files. */
import { mergeMeasurements, type LatencySummary, type LoadMeasurement } from "./clients/loadMeter.ts";
import type { Deployment } from "./deployment.ts";

export interface RunResult {
  readonly system: string;
  readonly transport: "memory" | "tcp";
  readonly rewritten: boolean;
  /** The version of the routing table and membership. */
  readonly version: string;
  /** How many processes the protocol itself runs in: one for each instance on TCP. Clients are not counted. */
  readonly protocolProcesses: number;
  /** Components by `Role.component`, with the instances of each. */
  readonly topology: readonly ComponentCount[];
  readonly load: Load;
  readonly seconds: number;
  readonly commands: number;
  readonly commandsPerSecond: number;
  readonly latency: LatencySummary;
  readonly processes: readonly ProcessResult[];
  /** The protocol process that needs most CPU for a command; on machines of one core it bounds the throughput. */
  readonly busiest: { readonly name: string; readonly cpuMicrosecondsPerCommand: number };
}

export interface ComponentCount {
  readonly component: string;
  readonly instances: number;
}

/** What one process reports at the end of the measured window. */
export interface ProcessMeasurement {
  /** `Leader/leader#collector.2`, or `clients.1`, or `everything` when all runs in one process. */
  readonly name: string;
  readonly kind: "protocol" | "clients" | "everything";
  /** CPU time of user and system. */
  readonly cpuMicroseconds: number;
  readonly activations: number;
  readonly messages: number;
  readonly writes: number;
  /** Since the process started. */
  readonly failures: number;
  readonly deadLetters: number;
  readonly dropped: number;
  /** Messages that waited until forwards inside their node had been applied; left out when there were none. */
  readonly held?: number;
  /** Messages that waited for an entry that another component feeds; left out when there were none. */
  readonly parked?: number;
  /** Of these, messages that were dropped because too many waited; left out when there were none. */
  readonly parkedDropped?: number;
  /** Messages that were not taken because too many forwards were not acknowledged; left out when there were none. */
  readonly turnedAway?: number;
  /** Messages that were decided for all partitions of a component; left out when there were none. */
  readonly rounds?: number;
  /** Messages that waited because their partition stood still; left out when there were none. */
  readonly stopped?: number;
  /** Of these, messages that were dropped because too many waited; left out when there were none. */
  readonly stoppedDropped?: number;
  /** Parts of messages that arrived; left out when there were none. */
  readonly fragments?: number;
  /** Of these, parts of messages that were given up; left out when there were none. */
  readonly fragmentsDropped?: number;
}

export interface ProcessResult extends ProcessMeasurement {
  readonly cpuMicrosecondsPerCommand: number;
  /** Messages for each write to a socket. */
  readonly messagesPerWrite: number;
}

export interface Load {
  /** Logical clients. */
  readonly clients: number;
  /** Operations in flight of each. */
  readonly inflight: number;
}

/** Puts together what the processes of a run measured. */
export function summariseRun(
  deployment: Deployment,
  transport: RunResult["transport"],
  load: Load,
  measured: { readonly processes: readonly ProcessMeasurement[]; readonly loads: readonly LoadMeasurement[] },
): RunResult {
  const { commands, commandsPerSecond, latency } = mergeMeasurements(measured.loads);
  const processes = measured.processes.map((process): ProcessResult => ({
    ...process,
    cpuMicrosecondsPerCommand: ratio(process.cpuMicroseconds, commands),
    messagesPerWrite: ratio(process.messages, process.writes),
  }));
  const candidates = processes.filter(({ kind }) => kind !== "clients");
  const busiest = candidates.reduce((most, next) => (next.cpuMicroseconds > most.cpuMicroseconds ? next : most));
  return {
    system: deployment.system.name,
    transport,
    rewritten: deployment.rewritten,
    version: deployment.version,
    protocolProcesses: transport === "memory" ? 1 : candidates.length,
    topology: countComponents(deployment),
    load,
    seconds: Math.max(...measured.loads.map(({ seconds }) => seconds)),
    commands,
    commandsPerSecond,
    latency,
    processes,
    busiest: { name: busiest.name, cpuMicrosecondsPerCommand: busiest.cpuMicrosecondsPerCommand },
  };
}

/** How many instances each component has, external roles left out. */
export function countComponents(deployment: Deployment): readonly ComponentCount[] {
  return [...deployment.roles.values()]
    .filter(({ external }) => !external)
    .flatMap(({ name, components, nodes }) =>
      components.map((component) => ({
        component: `${name}.${component.name}`,
        instances: nodes.length * component.partitions,
      })),
    );
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
