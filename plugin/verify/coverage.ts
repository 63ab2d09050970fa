/** Adds up what runs have exercised. */
import { printInstance, type DeployedInstance } from "../../runtime/routing/address.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { ChannelCounts, CoordinationCounts, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { Coverage } from "./verdict.ts";

/** What judging a run has told about it. */
interface Judged {
  readonly conflictingActivations: number;
  readonly neededWitness: boolean;
}

const NO_CHANNELS: ChannelCounts = {
  once: 0,
  repeatable: 0,
  ordered: 0,
  acknowledged: 0,
  stalled: 0,
  repeated: 0,
  held: 0,
  parked: 0,
};

const NO_COORDINATION: CoordinationCounts = {
  begun: 0,
  decided: 0,
  overlapping: 0,
  repeated: 0,
  stopped: 0,
  merged: 0,
};

export class CoverageCounter {
  #runs = 0;
  #idleRuns = 0;
  #activations = 0;
  #conflicting = 0;
  #issued = 0;
  #completed = 0;
  #forwards = 0;
  #channels: ChannelCounts = NO_CHANNELS;
  #coordination: CoordinationCounts = NO_COORDINATION;
  #witnessRuns = 0;
  #crashes = 0;
  #losses = 0;
  #comebacks = 0;
  #replacements = 0;
  readonly #traces = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #parts: ReadonlySet<string>;

  constructor(deployment: Deployment) {
    this.#parts = new Set(
      deployment.instances.filter((instance) => isRewritten(deployment, instance)).map(printInstance),
    );
  }

  add(run: SimulatedRun, { conflictingActivations, neededWitness }: Judged, idle: boolean): void {
    this.#runs++;
    if (idle) this.#idleRuns++;
    this.#activations += run.activations.length;
    this.#conflicting += conflictingActivations;
    this.#issued += run.operations.issued;
    this.#completed += run.operations.completed;
    this.#forwards += run.forwards;
    this.#channels = addUp<keyof ChannelCounts>(this.#channels, run.channels);
    this.#coordination = addUp<keyof CoordinationCounts>(this.#coordination, run.coordination);
    if (neededWitness) this.#witnessRuns++;
    this.#crashes += run.faults.crashes;
    this.#losses += run.faults.losses;
    this.#comebacks += run.faults.comebacks;
    this.#replacements += run.faults.replacements;
    this.#traces.add(run.hash);
    for (const { fragments } of run.activations) {
      for (const { instance } of fragments) {
        const name = printInstance(instance);
        if (this.#parts.has(name)) this.#touched.add(name);
      }
    }
  }

  /** The numbers so far. */
  get coverage(): Coverage {
    return {
      runs: this.#runs,
      idleRuns: this.#idleRuns,
      activations: this.#activations,
      conflictingActivations: this.#conflicting,
      issuedOperations: this.#issued,
      completedOperations: this.#completed,
      forwards: this.#forwards,
      channels: this.#channels,
      coordination: this.#coordination,
      witnessRuns: this.#witnessRuns,
      crashes: this.#crashes,
      losses: this.#losses,
      comebacks: this.#comebacks,
      replacements: this.#replacements,
      distinctTraces: this.#traces.size,
      partsTouched: this.#touched.size,
      parts: this.#parts.size,
    };
  }
}

/**
 * Whether a run shows anything: operations completed and, in a system that was rewritten, several parts of one node
 * (or a rewritten node that has one part only) handled messages.
 */
export function isIdle(run: SimulatedRun): boolean {
  if (run.operations.completed === 0) return true;
  const { deployment, activations } = run;
  const rewritten = deployment.instances.filter((instance) => isRewritten(deployment, instance));
  if (rewritten.length === 0) return false;
  const parts = new Map(rewritten.map(({ node }) => [node, new Set<DeployedInstance>()]));
  for (const { fragments } of activations)
    for (const { instance } of fragments) parts.get(instance.node)?.add(instance);
  return ![...parts].some(
    ([node, used]) => used.size >= Math.min(2, rewritten.filter((part) => part.node === node).length),
  );
}

/** Whether the role of an instance runs in another form than it was written. */
function isRewritten(deployment: Deployment, { role }: DeployedInstance): boolean {
  const deployed = deployment.roles.get(role);
  if (deployed === undefined || deployed.external) return false;
  const { components, roleClass } = deployed;
  return components.length > 1 || components.some((part) => part.partitions > 1 || part.componentClass !== roleClass);
}

function addUp<Name extends string>(
  a: Readonly<Record<Name, number>>,
  b: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const sum: Record<Name, number> = { ...a };
  for (const name of Object.keys(a) as Name[]) sum[name] += b[name];
  return sum;
}
