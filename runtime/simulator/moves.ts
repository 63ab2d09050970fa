/** What can happen next in a run, and which of it does. */
import type { DeployedInstance } from "../routing/address.ts";
import type { Deployment } from "../deployment.ts";
import type { Alternative, Chooser } from "./chooser.ts";
import type { Disasters } from "./faults/disasters.ts";
import type { EventIds } from "./eventIds.ts";
import type { Forwards } from "./forwards.ts";
import type { Lives } from "./faults/lives.ts";
import type { Arrival, Network } from "./network.ts";
import type { OneShots } from "./host/oneShots.ts";
import type { SimulatedClient } from "./simulatedClient.ts";
import type { PendingTimer } from "./host/simulatedClock.ts";
import type { SimulatedStorage } from "./host/simulatedStorage.ts";
import { timersOf, type SimulatedTimer } from "./host/simulatedTimer.ts";

/** One thing that can happen next. */
export type Move =
  | Arrival
  | (Alternative & { readonly kind: "resend" | "heal" })
  | (Alternative & { readonly kind: "operation"; readonly client: SimulatedClient })
  | (Alternative & { readonly kind: "sync" | "start"; readonly instance: DeployedInstance })
  | (Alternative & { readonly kind: "timer"; readonly timer: SimulatedTimer; readonly atRest: boolean })
  | (Alternative & {
      readonly kind: "oneShot";
      readonly instance: DeployedInstance;
      readonly timer: PendingTimer;
      readonly atRest: boolean;
    });

/** What the processes have to do. */
interface Processes {
  storageOf(instance: DeployedInstance): SimulatedStorage<unknown>;
  pendingTimers(instance: DeployedInstance): readonly PendingTimer[];
  repeatedTimers(instance: DeployedInstance): readonly string[];
  isStopped(instance: DeployedInstance): boolean;
}

export interface MovesOptions {
  readonly deployment: Deployment;
  readonly chooser: Chooser;
  readonly ids: EventIds;
  readonly stage: Processes;
  readonly network: Network;
  readonly forwards: Forwards;
  readonly lives: Lives;
  readonly clients: readonly SimulatedClient[];
  readonly oneShots: OneShots;
  readonly disasters: Disasters | undefined;
}

export class Moves {
  readonly #options: MovesOptions;
  readonly #timers: readonly SimulatedTimer[];
  /** Those that store anything. */
  readonly #storing: readonly DeployedInstance[];
  /** Those that may set one-shot timers. */
  readonly #waiting: readonly DeployedInstance[];

  constructor(options: MovesOptions) {
    const { deployment, stage } = options;
    this.#options = options;
    this.#timers = timersOf(deployment, stage);
    this.#storing = deployment.instances.filter((instance) => stage.storageOf(instance).length > 0);
    this.#waiting = deployment.instances.filter(({ role }) =>
      [...(deployment.roles.get(role)?.timers.values() ?? [])].some(({ trigger }) => trigger.kind === "after"),
    );
  }

  /** Undefined when nothing can happen any more. */
  choose(): Move | undefined {
    const { chooser, ids } = this.#options;
    const moves = this.#possible();
    if (moves.length === 0) return undefined;
    const chosen = moves[chooser.choose(moves.length, "schedule", moves)];
    if (chosen === undefined) throw new Error("What was chosen is not there.");
    ids.retire(chosen.id);
    return chosen;
  }

  /** Messages first, in the order in which they were sent: always taking the first one is a run of its own. */
  #possible(): readonly Move[] {
    const { ids, network, forwards, clients, lives, disasters, stage } = this.#options;
    const moves: Move[] = network.arrivals();
    if (forwards.resendable.length > 0) moves.push({ id: ids.of(forwards), kind: "resend", place: undefined });
    for (const client of clients) if (client.mayIssue) moves.push(this.#operation(client));
    for (const instance of lives.unstarted) {
      if (!stage.isStopped(instance))
        moves.push({ id: ids.of(instance), kind: "start", place: instance.number, instance });
    }
    this.#addSyncs(moves);
    if (moves.length === 0 && disasters !== undefined) this.#giveUp(moves);
    const atRest = moves.length === 0 && disasters?.areOver !== false;
    if (moves.length === 0 && !atRest) moves.push({ id: ids.of(lives), kind: "heal", place: undefined });
    this.#addTimers(moves, atRest);
    return moves;
  }

  #addSyncs(moves: Move[]): void {
    const { ids, lives, stage } = this.#options;
    for (const instance of this.#storing) {
      const storage = stage.storageOf(instance);
      if (!lives.isUp(instance) || storage.syncPoints.length === 0) continue;
      moves.push({ id: ids.of(storage), kind: "sync", place: instance.number, instance });
    }
  }

  /** A client whose operations have been lost waits no longer, and issues the next one. */
  #giveUp(moves: Move[]): void {
    for (const client of this.#options.clients) if (client.isStuck) moves.push(this.#operation(client));
  }

  #operation(client: SimulatedClient): Move {
    return { id: this.#options.ids.of(client), kind: "operation", place: client.instance.number, client };
  }

  #addTimers(moves: Move[], atRest: boolean): void {
    const { ids, oneShots, stage } = this.#options;
    for (const timer of this.#timers) {
      const { instance, handler } = timer;
      if (!timer.mayFire(atRest) || !this.#mayFireAt(instance)) continue;
      moves.push({ id: ids.of(timer), kind: "timer", place: instance.number, handler, timer, atRest });
    }
    for (const instance of this.#waiting) {
      const pending = stage.pendingTimers(instance);
      if (pending.length === 0 || !this.#mayFireAt(instance)) continue;
      for (const timer of pending) {
        if (!oneShots.mayFire(instance, timer, atRest)) continue;
        const { handler } = timer;
        moves.push({ id: ids.of(timer), kind: "oneShot", place: instance.number, handler, instance, timer, atRest });
      }
    }
  }

  /** A timer may be slow: it does not fire at an instance that is stopped. */
  #mayFireAt(instance: DeployedInstance): boolean {
    const { lives, stage } = this.#options;
    return lives.isUp(instance) && !stage.isStopped(instance);
  }
}
