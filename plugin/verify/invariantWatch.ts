/**
 * Invariants over all nodes, checked at every moment of a run.
 *
 * **Of which run.** An instant of the rewritten system is no instant of the original: activations are under way, some of
 * their fragments done and others not, and a node is several components of which no invariant knows. What a protocol
 * promises is promised of the protocol as written. But a run of the rewritten system *is* a run of the original, that is
 * what is verified, and the replay is that run, step by step, on nodes as they are written. So the invariants are checked
 * there: before the first step, and after each step that changed a node or the history. The system as written is verified
 * as its own rewrite, in the order in which things happened, so there these are the moments of the simulated run itself.
 *
 * **What that shows.** An invariant that is broken in such a run is broken by the protocol: the original can get there. A
 * rewrite that takes a system to where the original cannot go has no such run, and is reported as what it is. So nothing
 * is said of invariants where the replay fails, and where it needs another order (findWitness.ts), they are checked in that.
 *
 * **A node that crashes** comes back at once in the replay, with its durable state: there is no moment at which it is down.
 * One that is down does nothing that anybody could tell from being slow, so an invariant that holds at each moment here
 * holds at each moment there, for what survives of the node.
 *   Until it crashes, its durable state is what it has written, be that stable or not. No message of such an activation has
 * left, so nobody knows yet; but an invariant sees it.
 *
 * **The history** in between is what external nodes have done and seen by then. The strict replay knows no network between
 * an external node and the system: each input is sent when it is consumed, and each output received when it is sent.
 */
import { isBound } from "../../decorators/binding.ts";
import { contentOf, isLattice } from "../../decorators/lattice.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedInstance } from "../../runtime/routing/address.ts";
import { StageSnapshot, type SimulatedRun } from "../../runtime/simulator/index.ts";
import type { SnapshotInvariant } from "../../runtime/snapshot.ts";
import type { ExternalEvent } from "../../runtime/system.ts";
import { reasonAgainst } from "./brokenInvariant.ts";
import { describeActivation } from "./describe.ts";
import { printPayload } from "./printPayload.ts";
import type { Act, NodeWatch } from "./replayOriginal.ts";
import type { Problem } from "./verdict.ts";

/** How many of the steps before are named. */
const STEPS_SHOWN = 12;

export class InvariantWatch implements NodeWatch {
  /** The first that was broken. */
  broken: Problem | undefined;
  readonly #run: SimulatedRun;
  readonly #original: Deployment;
  readonly #invariants: readonly SnapshotInvariant[];
  readonly #history: readonly ExternalEvent[];
  readonly #steps: Act[] = [];
  #snapshot: StageSnapshot | undefined;
  #look: ((instance: DeployedInstance) => object) | undefined;
  #seen = 0;

  /** @param history what external nodes have done and seen, a list that grows */
  constructor(
    run: SimulatedRun,
    original: Deployment,
    invariants: readonly SnapshotInvariant[],
    history: readonly ExternalEvent[],
  ) {
    this.#run = run;
    this.#original = original;
    this.#invariants = invariants;
    this.#history = history;
  }

  begin(look: (instance: DeployedInstance) => object): void {
    if (this.#invariants.length === 0) return;
    this.#look = look;
    this.#snapshot = new StageSnapshot(this.#original, look, this.#history);
    this.#check(this.#snapshot);
  }

  after(act: Act, changed: DeployedInstance | undefined): void {
    if (this.#snapshot === undefined || this.broken !== undefined) return;
    this.#steps.push(act);
    const events = this.#history.length;
    if (changed === undefined && events === this.#seen) return;
    if (changed !== undefined) this.#snapshot.changed(changed);
    this.#seen = events;
    this.#check(this.#snapshot);
  }

  #check(snapshot: StageSnapshot): void {
    for (const { name, always } of this.#invariants) {
      const reason = reasonAgainst(() => always(snapshot));
      if (reason === undefined) continue;
      const when = this.#steps.length === 0 ? "before anything has happened" : "after the last of these steps";
      this.broken = {
        kind: "invariant",
        summary: `The invariant ${JSON.stringify(name)} does not hold ${when}.${reason}`,
        trace: [...this.#lastSteps(), ...this.#original.instances.flatMap((instance) => this.#printNode(instance))],
      };
      return;
    }
  }

  #lastSteps(): readonly string[] {
    return this.#steps.slice(-STEPS_SHOWN).flatMap((act) => {
      switch (act.kind) {
        case "activation":
        case "parked":
          return [describeActivation(this.#run, act.activation)];
        case "external": {
          const { kind, node, message } = act.step.event;
          return [`${node.id} ${kind} ${message}`];
        }
        case "comeback":
          return [`${act.comeback.node.id} crashed and came back`];
      }
    });
  }

  #printNode(instance: DeployedInstance): readonly string[] {
    if (this.#original.roles.get(instance.role)?.external === true) return [];
    const fields = Object.entries(this.#look?.(instance) ?? {}).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "object" && value !== null && isBound(value) ? [] : [`${name} = ${printState(value)}`],
    );
    return [`then ${instance.id} holds ${fields.length === 0 ? "nothing" : fields.join(", ")}`];
  }
}

function printState(value: unknown): string {
  return printPayload(typeof value === "object" && value !== null && isLattice(value) ? contentOf(value) : value);
}
