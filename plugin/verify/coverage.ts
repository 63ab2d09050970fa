/** Adds up what runs have exercised. */
import { printInstance, type DeployedInstance } from "../../runtime/routing/address.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { Activation, ChannelCounts, CoordinationCounts, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { ChooserName } from "./portfolio.ts";
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
  #steps = 0;
  #unfinished = 0;
  readonly #byChooser: Partial<Record<ChooserName, number>> = {};
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
  #tornWrites = 0;
  #slowSyncs = 0;
  #partitions = 0;
  #omissions = 0;
  readonly #traces = new Set<string>();
  readonly #touched = new Set<string>();
  /** By their names, for each way of spreading keys has instances of its own. */
  readonly #parts: ReadonlySet<string>;
  readonly #names = new Map<DeployedInstance, string | undefined>();
  readonly #paths = new Set<string>();

  constructor(deployment: Deployment) {
    this.#parts = new Set(
      deployment.instances.filter((instance) => isRewritten(deployment, instance)).map(printInstance),
    );
  }

  /** Of a run that was cut off nothing counts but that it was. */
  addUnfinished({ steps }: SimulatedRun, chooser: ChooserName): void {
    this.#runs++;
    this.#unfinished++;
    this.#steps += steps;
    this.#byChooser[chooser] = (this.#byChooser[chooser] ?? 0) + 1;
  }

  add(run: SimulatedRun, chooser: ChooserName, { conflictingActivations, neededWitness }: Judged, idle: boolean): void {
    this.#runs++;
    this.#steps += run.steps;
    this.#byChooser[chooser] = (this.#byChooser[chooser] ?? 0) + 1;
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
    this.#tornWrites += run.faults.tornWrites;
    this.#slowSyncs += run.faults.slowSyncs;
    this.#partitions += run.faults.partitions;
    this.#omissions += run.faults.omissions;
    this.#traces.add(run.hash);
    for (const activation of run.activations) this.#addPath(activation);
  }

  #addPath({ handler, fragments }: Activation): void {
    let path = "";
    for (const { instance } of fragments) {
      const name = this.#partName(instance);
      if (name === undefined) continue;
      this.#touched.add(name);
      path += ` ${instance.component}`;
    }
    if (path !== "") this.#paths.add(`${fragments[0]?.instance.role ?? ""}.${handler}${path}`);
  }

  /** The name of an instance, if it is of a rewritten role. */
  #partName(instance: DeployedInstance): string | undefined {
    if (!this.#names.has(instance)) {
      const name = printInstance(instance);
      this.#names.set(instance, this.#parts.has(name) ? name : undefined);
    }
    return this.#names.get(instance);
  }

  /** The numbers so far. */
  get coverage(): Coverage {
    return {
      runs: this.#runs,
      runsByChooser: { ...this.#byChooser },
      steps: this.#steps,
      unfinishedRuns: this.#unfinished,
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
      tornWrites: this.#tornWrites,
      slowSyncs: this.#slowSyncs,
      partitions: this.#partitions,
      omissions: this.#omissions,
      distinctTraces: this.#traces.size,
      partsTouched: this.#touched.size,
      parts: this.#parts.size,
      pathsTaken: this.#paths.size,
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
