/** What can happen next in a run, and which of it does. */
import type { DeployedInstance } from "../routing/address.ts";
import type { Deployment } from "../deployment.ts";
import type { Chooser } from "./chooser.ts";
import type { Disasters } from "./disasters.ts";
import type { Forwards } from "./forwards.ts";
import type { Lives } from "./lives.ts";
import type { Network } from "./network.ts";
import type { OneShots } from "./oneShots.ts";
import type { SimulatedClient } from "./simulatedClient.ts";
import type { PendingTimer } from "./simulatedClock.ts";
import type { SimulatedStorage } from "./simulatedStorage.ts";
import { timersOf, type SimulatedTimer } from "./simulatedTimer.ts";

/** One thing that can happen next. */
export type Move =
  | { readonly kind: "arrival" }
  | { readonly kind: "resend" }
  | { readonly kind: "operation"; readonly client: SimulatedClient }
  | { readonly kind: "sync"; readonly instance: DeployedInstance }
  | { readonly kind: "timer"; readonly timer: SimulatedTimer; readonly atRest: boolean }
  | {
      readonly kind: "oneShot";
      readonly instance: DeployedInstance;
      readonly timer: PendingTimer;
      readonly atRest: boolean;
    }
  | { readonly kind: "start"; readonly instance: DeployedInstance };

/** Arrivals are more frequent than the rest, so that a run is more than its beginning. */
const ARRIVAL_WEIGHT = 3;
/** Timers are considered in one step of so many. */
const TIMER_RARITY = 4;

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
  readonly #hasTimers: boolean;
  /** Those that store anything. */
  readonly #storing: readonly DeployedInstance[];

  constructor(options: MovesOptions) {
    const { deployment, stage } = options;
    this.#options = options;
    this.#timers = timersOf(deployment, stage);
    this.#storing = deployment.instances.filter((instance) => stage.storageOf(instance).length > 0);
    this.#hasTimers = [...deployment.roles.values()].some(({ timers }) =>
      [...timers.values()].some(({ trigger: { kind } }) => kind === "every" || kind === "after"),
    );
  }

  /** Undefined when nothing can happen any more. */
  choose(): Move | undefined {
    const { chooser, network, forwards, clients, lives, disasters, stage } = this.#options;
    const moves: Move[] = [];
    if (!network.isEmpty) for (let i = 0; i < ARRIVAL_WEIGHT; i++) moves.push({ kind: "arrival" });
    if (forwards.resendable.length > 0) moves.push({ kind: "resend" });
    for (const client of clients) if (client.mayIssue) moves.push({ kind: "operation", client });
    for (const instance of lives.unstarted) if (!stage.isStopped(instance)) moves.push({ kind: "start", instance });
    for (const instance of this.#syncing) moves.push({ kind: "sync", instance });
    if (moves.length === 0 && disasters !== undefined) this.#giveUp(moves);
    const atRest = moves.length === 0 && disasters?.areOver !== false;
    if (atRest || (this.#hasTimers && chooser.choose(TIMER_RARITY, "schedule") === 0)) {
      this.#addTimers(moves, atRest);
    }
    return moves.length === 0 ? undefined : moves[chooser.choose(moves.length, "schedule")];
  }

  get #syncing(): readonly DeployedInstance[] {
    const { lives, stage } = this.#options;
    return this.#storing.filter((instance) => lives.isUp(instance) && stage.storageOf(instance).syncPoints.length > 0);
  }

  /** A client whose operations have been lost waits no longer, and issues the next one. */
  #giveUp(moves: Move[]): void {
    for (const client of this.#options.clients) if (client.isStuck) moves.push({ kind: "operation", client });
  }

  #addTimers(moves: Move[], atRest: boolean): void {
    const { deployment, oneShots, stage } = this.#options;
    for (const timer of this.#timers)
      if (timer.mayFire(atRest) && this.#mayFireAt(timer.instance)) moves.push({ kind: "timer", timer, atRest });
    for (const instance of deployment.instances) {
      if (!this.#mayFireAt(instance)) continue;
      for (const timer of stage.pendingTimers(instance))
        if (oneShots.mayFire(instance, timer, atRest)) moves.push({ kind: "oneShot", instance, timer, atRest });
    }
  }

  /** A timer may be slow: it does not fire at an instance that is stopped. */
  #mayFireAt(instance: DeployedInstance): boolean {
    const { lives, stage } = this.#options;
    return lives.isUp(instance) && !stage.isStopped(instance);
  }
}
