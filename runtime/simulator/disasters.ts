/** Crashes, clogged links and repairs of a run, and its healing. */
import { printInstance, printLogical, type DeployedInstance, type DeployedNode } from "../routing/address.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Lives } from "./lives.ts";
import type { Clog, Network } from "./network.ts";
import type { Comeback, FaultCounts } from "./run.ts";
import type { SimulatedStorage } from "./simulatedStorage.ts";

/** The processes, as far as they die and are replaced. */
interface Processes {
  storageOf(instance: DeployedInstance): SimulatedStorage<unknown>;
  restart(instance: DeployedInstance, incarnation: number): void;
}

export interface DisasterOptions {
  readonly faults: Faults;
  readonly stage: Processes;
  readonly network: Network;
  readonly lives: Lives;
  readonly ledger: Ledger;
  /** Instances of a flawed machinery, which lose what is stable as well. */
  readonly forgetful?: ((instance: DeployedInstance) => boolean) | undefined;
  /** A node has begun its next incarnation. */
  readonly onComeback: (node: DeployedNode) => void;
}

export class Disasters {
  readonly #faults: Faults;
  readonly #stage: Processes;
  readonly #network: Network;
  readonly #lives: Lives;
  readonly #ledger: Ledger;
  readonly #onComeback: (node: DeployedNode) => void;
  readonly #forgetful: (instance: DeployedInstance) => boolean;
  readonly comebacks: Comeback[] = [];
  #crashes = 0;
  #replacements = 0;
  #losses = 0;

  constructor({ faults, stage, network, lives, ledger, forgetful, onComeback }: DisasterOptions) {
    this.#onComeback = onComeback;
    this.#forgetful = forgetful ?? (() => false);
    this.#faults = faults;
    this.#stage = stage;
    this.#network = network;
    this.#lives = lives;
    this.#ledger = ledger;
  }

  get areOver(): boolean {
    return this.#faults.areOver;
  }

  get counts(): FaultCounts {
    return {
      crashes: this.#crashes,
      comebacks: this.comebacks.length,
      replacements: this.#replacements,
      losses: this.#losses,
    };
  }

  /** What goes wrong, or is repaired, before the next step. */
  strike(now: number): readonly string[] {
    if (this.#faults.areOver) return [];
    const events: string[] = [];
    const { mortal } = this.#lives;
    if (mortal.length > 0 && this.#faults.crashes()) {
      for (const instance of this.#victims(this.#faults.pick(mortal))) events.push(this.#crash(instance, now));
    }
    const { links } = this.#network;
    if (links.length > 0 && this.#faults.clogs()) events.push(this.#clog(this.#faults.pick(links)));
    if (this.#isBroken && this.#faults.repairs()) events.push(this.#repair(now));
    return events;
  }

  /** Whether a message does not arrive: it is lost, or nobody is there, or who is there does not take it. */
  losesMessage(destination: DeployedInstance, refused: boolean): boolean {
    const lost = !this.#lives.isUp(destination) || refused || this.#faults.losesMessage();
    if (lost) this.#losses++;
    return lost;
  }

  /** Ends the faults, and repairs everything. Gives false when that has been done before. */
  heal(now: number): boolean {
    if (this.#faults.areOver) return false;
    this.#faults.end();
    this.#network.clog([]);
    for (const { node } of this.#lives.dead) this.#bringBack(node, now);
    return true;
  }

  get #isBroken(): boolean {
    return this.#lives.dead.length > 0 || this.#network.clogs.length > 0;
  }

  #victims(node: DeployedNode): readonly DeployedInstance[] {
    const parts = this.#lives.partsOf(node).filter((instance) => this.#lives.isUp(instance));
    switch (this.#faults.strike()) {
      case "node":
        return parts;
      case "instance":
        return [this.#faults.pick(parts)];
      case "some":
        return this.#faults.pickSome(parts);
    }
  }

  #crash(instance: DeployedInstance, now: number): string {
    const storage = this.#stage.storageOf(instance);
    storage.crash(storage.stable + this.#faults.upTo(storage.length - storage.stable));
    if (this.#forgetful(instance)) storage.wipe();
    const leavesNothing = this.#lives.restartsAlone(instance) || this.#lives.keepsNothingElse(instance);
    this.#ledger.close(instance, storage.length, now, leavesNothing);
    this.#lives.bury(instance);
    this.#crashes++;
    return `${printInstance(instance)} dies with ${String(storage.length)} records`;
  }

  #clog({ origin, destination }: Clog): string {
    const clog = this.#faults.pick([
      { origin, destination },
      { origin, destination: undefined },
      { origin: undefined, destination },
    ]);
    this.#network.clog([...this.#network.clogs, clog]);
    return `clogged ${clog.origin ? printInstance(clog.origin) : "*"} > ${clog.destination ? printInstance(clog.destination) : "*"}`;
  }

  #repair(now: number): string {
    const { dead } = this.#lives;
    const { clogs } = this.#network;
    const chosen = this.#faults.pick<DeployedInstance | Clog>([...dead, ...clogs]);
    if (!("node" in chosen)) {
      this.#network.clog(clogs.filter((clog) => clog !== chosen));
      return "a link is clean again";
    }
    this.#bringBack(chosen.node, now);
    return `${printLogical(chosen.node)} is up again`;
  }

  /**
   * Those that died are replaced. When one of them had volatile state all of the node goes back to what is durable: the
   * others die too, and it begins its next incarnation.
   */
  #bringBack(node: DeployedNode, now: number): void {
    const parts = this.#lives.partsOf(node);
    const dead = parts.filter((instance) => !this.#lives.isUp(instance));
    if (dead.length === 0) return;
    if (dead.every((instance) => this.#lives.restartsAlone(instance))) {
      this.#replacements += dead.length;
      for (const instance of dead) this.#replace(instance);
      return;
    }
    for (const instance of parts) if (this.#lives.isUp(instance)) this.#crash(instance, now);
    this.comebacks.push({ node, ended: this.#lives.incarnationOf(node), at: now });
    this.#lives.comeBack(node);
    this.#onComeback(node);
    for (const instance of parts) this.#replace(instance);
    for (const instance of parts) this.#lives.noteStart(instance);
  }

  #replace(instance: DeployedInstance): void {
    this.#stage.restart(instance, this.#lives.incarnationOf(instance.node));
    this.#lives.raise(instance);
  }
}
