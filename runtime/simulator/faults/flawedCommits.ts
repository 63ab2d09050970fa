/** What a flawed partition does with the commits that its host gives out. */
import { coordinationKind } from "../../coordination/reservedHandlers.ts";
import type { Deployment } from "../../deployment.ts";
import type { Incoming } from "../../node/message.ts";
import type { DeployedInstance } from "../../routing/address.ts";
import type { Forwards } from "../forwards.ts";
import type { Flaws } from "../simulate.ts";

/** A round that every partition has. */
const OLD = 0;
/** After a round, and before the next one. */
const A_LITTLE_LATER = 0.5;

export class FlawedCommits {
  readonly #deployment: Deployment;
  readonly #flaws: Flaws;
  readonly #forwards: Forwards;
  /** How many votes an instance has given whose commits it was not given. */
  readonly #open = new Map<DeployedInstance, number>();
  /** A commit that waits until a later one was applied. */
  readonly #late = new Map<DeployedInstance, Incoming>();

  constructor(deployment: Deployment, flaws: Flaws, forwards: Forwards) {
    this.#forwards = forwards;
    this.#deployment = deployment;
    this.#flaws = flaws;
  }

  /** What the instance handles in place of what it should. */
  flaw(instance: DeployedInstance, incoming: readonly Incoming[]): readonly Incoming[] {
    const { swapsCommits, skipsCommits, repeatsCommits } = this.#flaws;
    const isFlawed = swapsCommits === true || skipsCommits === true || repeatsCommits === true;
    if (!isFlawed || !this.#isLast(instance)) return incoming;
    return incoming.flatMap((message) => {
      const kind = message.round === undefined ? "other" : (coordinationKind(message.handler) ?? "commit");
      if (kind === "prepare") this.#count(instance, 1);
      if (kind !== "commit") return [message];
      this.#count(instance, -1);
      if (skipsCommits === true) return [this.#passOff(message, OLD)];
      if (swapsCommits === true) return this.#swap(instance, message);
      const isAlone = this.#open.get(instance) === 0;
      return isAlone ? [message, this.#passOff(message, (message.round ?? 0) + A_LITTLE_LATER)] : [message];
    });
  }

  /** The instance is replaced. */
  forget(instance: DeployedInstance): void {
    this.#open.delete(instance);
    this.#late.delete(instance);
  }

  /** A commit as that of another round. */
  #passOff(commit: Incoming, round: number): Incoming {
    const other = { ...commit, round };
    this.#forwards.noteReplaced(commit, other);
    return other;
  }

  #swap(instance: DeployedInstance, commit: Incoming): readonly Incoming[] {
    const late = this.#late.get(instance);
    this.#late.delete(instance);
    if (late !== undefined) return [commit, late];
    if ((this.#open.get(instance) ?? 0) === 0) return [commit];
    this.#late.set(instance, commit);
    return [];
  }

  #count(instance: DeployedInstance, by: 1 | -1): void {
    this.#open.set(instance, (this.#open.get(instance) ?? 0) + by);
  }

  #isLast({ role, component, partition }: DeployedInstance): boolean {
    const partitions = this.#deployment.roles.get(role)?.components.find(({ name }) => name === component)?.partitions;
    return partitions !== undefined && partitions > 1 && partition === partitions - 1;
  }
}
