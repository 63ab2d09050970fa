/** Crashes and obstacles of a run, their repair, and its healing. */
import type { Deployment } from "../../deployment.ts";
import { printInstance, printLogical, type DeployedInstance, type DeployedNode } from "../../routing/address.ts";
import type { Faults, Strike } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Lives } from "./lives.ts";
import type { Link, Network } from "../network.ts";
import { Obstacles, type Obstacle } from "./obstacles.ts";
import type { Comeback, FaultCounts } from "../run.ts";
import type { SimulatedStorage } from "../host/simulatedStorage.ts";
import type { Flaws } from "../simulate.ts";
import { SlowDisks } from "./slowDisks.ts";

/** The processes, as far as they die and are replaced. */
interface Processes {
  storageOf(instance: DeployedInstance): SimulatedStorage<unknown>;
  beginRestart(instance: DeployedInstance, incarnation: number): void;
  restart(instance: DeployedInstance, incarnation: number): void;
}

export interface DisasterOptions {
  readonly deployment: Deployment;
  readonly faults: Faults;
  readonly stage: Processes;
  readonly network: Network;
  readonly lives: Lives;
  readonly ledger: Ledger;
  readonly flaws: Flaws;
  /** A node has begun its next incarnation. */
  readonly onComeback: (node: DeployedNode) => void;
}

/** How often in a row a process dies while it recovers. */
const MOST_RELAPSES = 3;

export class Disasters {
  readonly comebacks: Comeback[] = [];
  readonly #options: DisasterOptions;
  readonly #obstacles: Obstacles;
  readonly #slowDisks: SlowDisks;
  /** How many whole records there were where a flawed reader may have found more. */
  readonly #whole = new Map<DeployedInstance, number>();
  #crashes = 0;
  #replacements = 0;
  #losses = 0;
  #tornWrites = 0;

  constructor(options: DisasterOptions) {
    this.#options = options;
    const { deployment, faults, network, stage } = options;
    this.#obstacles = new Obstacles(deployment, faults, network);
    this.#slowDisks = new SlowDisks(faults, deployment.instances, (instance) => stage.storageOf(instance));
  }

  get areOver(): boolean {
    return this.#options.faults.areOver;
  }

  get counts(): FaultCounts {
    return {
      crashes: this.#crashes,
      comebacks: this.comebacks.length,
      replacements: this.#replacements,
      losses: this.#losses,
      tornWrites: this.#tornWrites,
      slowSyncs: this.#slowDisks.slowSyncs,
      ...this.#obstacles.counts,
    };
  }

  /** What goes wrong, or is repaired, before the next step. */
  strike(now: number): readonly string[] {
    const { faults, lives } = this.#options;
    if (faults.areOver) return [];
    this.#slowDisks.turn(now);
    const events: string[] = [];
    const { mortal } = lives;
    if (mortal.length > 0 && faults.happens("crashes")) {
      for (const instance of this.#victims(mortal)) events.push(this.#crash(instance, now));
    }
    events.push(...this.#obstacles.strike());
    const broken = [...lives.dead, ...this.#obstacles.standing];
    if (broken.length > 0 && faults.repairs()) events.push(this.#repair(faults.pick(broken), now));
    return events;
  }

  /** Whether a message does not arrive: it is lost, or nobody is there, or who is there does not take it. */
  losesMessage(link: Link, refused: boolean): boolean {
    const { faults, lives } = this.#options;
    const cannotArrive = !lives.isUp(link.destination) || refused || this.#obstacles.loses(link);
    const lost = cannotArrive || faults.happens("losses");
    if (lost) this.#losses++;
    return lost;
  }

  /**
   * Nothing else can happen: slow disks get done, and if there are none the faults end, and everything is repaired. Gives
   * false when that has been done before.
   */
  heal(now: number): boolean {
    const { faults, lives } = this.#options;
    if (faults.areOver) return false;
    if (this.#slowDisks.release()) return true;
    faults.end();
    this.#obstacles.clear();
    for (const { node } of lives.dead) this.#bringBack(node, now);
    return true;
  }

  #victims(mortal: readonly DeployedNode[]): readonly DeployedInstance[] {
    const { faults } = this.#options;
    const strike = faults.strike();
    if (strike === "everything") return mortal.flatMap((node) => this.#alive(node));
    const exposed = faults.aims ? mortal.filter((node) => this.#alive(node).some((one) => this.#hasUnsynced(one))) : [];
    return this.#struck(strike, this.#alive(faults.pick(exposed.length > 0 ? exposed : mortal)));
  }

  #struck(strike: Exclude<Strike, "everything">, parts: readonly DeployedInstance[]): readonly DeployedInstance[] {
    const { faults } = this.#options;
    switch (strike) {
      case "node":
        return parts;
      case "instance":
        return [faults.pick(parts)];
      case "some":
        return faults.pickSome(parts);
    }
  }

  #alive(node: DeployedNode): readonly DeployedInstance[] {
    const { lives } = this.#options;
    return lives.partsOf(node).filter((instance) => lives.isUp(instance));
  }

  #hasUnsynced(instance: DeployedInstance): boolean {
    const { length, stable } = this.#options.stage.storageOf(instance);
    return length > stable;
  }

  #crash(instance: DeployedInstance, now: number): string {
    const { lives, ledger, flaws } = this.#options;
    const storage = this.#tear(instance);
    if (flaws.forgetful?.(instance) === true) storage.truncate(0);
    if (flaws.losesStable === true) storage.truncate(Math.max(1, storage.length - 1));
    const leavesNothing = lives.restartsAlone(instance) || lives.keepsNothingElse(instance);
    ledger.close(instance, storage.length, now, leavesNothing);
    lives.bury(instance);
    this.#crashes++;
    return `${printInstance(instance)} dies with ${String(storage.length)} records`;
  }

  /** A process dies, and with it what its disk has not taken. */
  #tear(instance: DeployedInstance): SimulatedStorage<unknown> {
    const { faults, stage, flaws } = this.#options;
    const storage = stage.storageOf(instance);
    const left = storage.stable + faults.upTo(storage.length - storage.stable);
    const tear = faults.tear(storage.bytesAfter(left));
    if (tear !== undefined) this.#tornWrites++;
    storage.crash(left, tear, flaws.trustsTornRecords);
    this.#whole.set(instance, left);
    return storage;
  }

  #repair(broken: DeployedInstance | Obstacle, now: number): string {
    if (!("node" in broken)) {
      this.#obstacles.remove(broken);
      return "a link is clean again";
    }
    this.#bringBack(broken.node, now);
    return `${printLogical(broken.node)} is up again`;
  }

  /**
   * Those that died are replaced. When one of them had volatile state all of the node goes back to what is durable: the
   * others die too, and it begins its next incarnation.
   */
  #bringBack(node: DeployedNode, now: number): void {
    const { lives, onComeback } = this.#options;
    const parts = lives.partsOf(node);
    const dead = parts.filter((instance) => !lives.isUp(instance));
    if (dead.length === 0) return;
    if (dead.every((instance) => lives.restartsAlone(instance))) {
      this.#replacements += dead.length;
      for (const instance of dead) this.#replace(instance);
      return;
    }
    for (const instance of parts) if (lives.isUp(instance)) this.#crash(instance, now);
    this.comebacks.push({ node, ended: lives.incarnationOf(node), at: now });
    lives.comeBack(node);
    onComeback(node);
    if (this.#options.flaws.swapsLogs === true) this.#swapLogs(parts);
    for (const instance of parts) this.#replace(instance);
    for (const instance of parts) lives.noteStart(instance);
  }

  /** What a flawed machinery does that mistakes one partition for another. */
  #swapLogs(parts: readonly DeployedInstance[]): void {
    const { stage } = this.#options;
    const [first, second] = parts.filter(({ partition, component }, _, all) =>
      all.some((other) => other.component === component && other.partition === partition + (partition === 0 ? 1 : -1)),
    );
    if (first !== undefined && second !== undefined) stage.storageOf(first).exchange(stage.storageOf(second));
  }

  #replace(instance: DeployedInstance): void {
    const { stage, lives, faults } = this.#options;
    const incarnation = lives.incarnationOf(instance.node);
    try {
      for (let relapses = 0; relapses < MOST_RELAPSES && faults.relapses(); relapses++) {
        stage.beginRestart(instance, incarnation);
        this.#tear(instance);
        this.#crashes++;
      }
      stage.restart(instance, incarnation);
    } catch (error) {
      // A flawed reader has taken a part of a record for the record, and it makes no sense.
      if (this.#options.flaws.trustsTornRecords !== true) throw error;
      stage.storageOf(instance).truncate(this.#whole.get(instance) ?? 0);
      stage.restart(instance, incarnation);
    }
    lives.raise(instance);
  }
}
