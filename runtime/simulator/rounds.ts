/** Keeps account of what all partitions of a component do together: which activation each round belongs to. */
import type { HostCoordination } from "../coordination/hostCoordination.ts";
import type { Deployment } from "../deployment.ts";
import type { DeployedInstance, DeployedNode } from "../routing/address.ts";
import type { Activation, CoordinationCounts } from "./run.ts";

interface Account {
  /** Rounds that have begun in this life of the coordinator, and were not decided in it. */
  underway: number;
  /** How many rounds its coordinator said were decided, after what it handled last in this life. */
  decided: number | undefined;
  /** By round, for those that were decided. */
  readonly activations: Map<number, Activation>;
}

/** What the processes say of coordination. */
interface Processes {
  coordinationOf(instance: DeployedInstance): HostCoordination | undefined;
}

export class Rounds {
  readonly #processes: Processes;
  readonly #accounts = new Map<DeployedInstance, Account>();
  readonly #counts = { begun: 0, decided: 0, overlapping: 0, repeated: 0, stopped: 0, merged: 0 };

  constructor({ instances, table }: Deployment, processes: Processes) {
    this.#processes = processes;
    for (const instance of instances) {
      if (table.roles[instance.role]?.components[instance.component]?.coordinates === undefined) continue;
      this.#accounts.set(instance, { underway: 0, decided: undefined, activations: new Map() });
    }
  }

  get counts(): CoordinationCounts {
    return this.#counts;
  }

  /** An instance has handled something, as a fragment of this activation. */
  noteFragment(instance: DeployedInstance, activation: Activation): void {
    const account = this.#accounts.get(instance);
    if (account === undefined) return;
    const before = account.decided;
    const decided = this.#processes.coordinationOf(instance)?.decided ?? 0;
    account.decided = decided;
    if (before === undefined || decided <= before) return;
    account.underway--;
    account.activations.set(decided, activation);
    this.#counts.decided++;
  }

  /** An activation begins at an instance, which may be a coordinator. */
  noteBegun(instance: DeployedInstance): void {
    const account = this.#accounts.get(instance);
    if (account === undefined) return;
    this.#counts.begun++;
    if (account.underway++ > 0) this.#counts.overlapping++;
  }

  /** The activation that a round belongs to, which a coordinator repeats after its node came back. */
  repeated(coordinator: DeployedInstance, round: number): Activation {
    const activation = this.#accounts.get(coordinator)?.activations.get(round);
    if (activation === undefined) throw new Error(`Nobody has decided round ${String(round)}.`);
    this.#counts.repeated++;
    return activation;
  }

  /** A stopped instance keeps a message for later. */
  noteStopped(): void {
    this.#counts.stopped++;
  }

  /** A message has arrived, put together from its fragments. */
  noteMerged(): void {
    this.#counts.merged++;
  }

  /** A node has come back: what its coordinators have not decided, they never will. */
  noteComeback(node: DeployedNode): void {
    for (const [coordinator, account] of this.#accounts) {
      if (coordinator.node !== node) continue;
      account.underway = 0;
      account.decided = undefined;
    }
  }
}
