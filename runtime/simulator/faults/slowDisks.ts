/** Disks whose syncs take very long, so that much waits for one of them. */
import type { DeployedInstance } from "../../routing/address.ts";
import type { Faults } from "./faults.ts";
import type { SimulatedStorage } from "../host/simulatedStorage.ts";

interface Disk {
  readonly storage: SimulatedStorage<unknown>;
  readonly isSlow: boolean;
  /** The sync that is under way: from where it goes on, and the step before which it does not end. */
  sync: { readonly from: number; readonly until: number } | undefined;
}

export class SlowDisks {
  readonly #faults: Faults;
  readonly #disks: Disk[];
  #slowSyncs = 0;

  /** @param storages those of all instances; whether one is slow is drawn for those that are used */
  constructor(
    faults: Faults,
    instances: readonly DeployedInstance[],
    storageOf: (instance: DeployedInstance) => SimulatedStorage<unknown>,
  ) {
    this.#faults = faults;
    this.#disks = instances
      .map(storageOf)
      .filter((storage) => storage.length > 0)
      .map((storage) => ({ storage, isSlow: faults.happens("slowDisks"), sync: undefined }))
      .filter(({ isSlow }) => isSlow);
  }

  /** How many syncs were slow. */
  get slowSyncs(): number {
    return this.#slowSyncs;
  }

  /** Which disks are busy in this step. */
  turn(now: number): void {
    for (const disk of this.#disks) {
      const { storage } = disk;
      if (storage.length === storage.stable) disk.sync = undefined;
      else if (disk.sync?.from !== storage.stable) disk.sync = this.#begin(storage.stable, now);
      storage.isBusy = disk.sync !== undefined && now < disk.sync.until;
    }
  }

  /** Nothing else can happen, so the syncs that are under way may end. Gives false when that changes nothing. */
  release(): boolean {
    const busy = this.#disks.filter(({ storage }) => storage.isBusy);
    for (const disk of busy) {
      disk.storage.isBusy = false;
      disk.sync = { from: disk.storage.stable, until: 0 };
    }
    return busy.length > 0;
  }

  #begin(from: number, now: number): Disk["sync"] {
    const steps = this.#faults.slowness();
    if (steps > 0) this.#slowSyncs++;
    return { from, until: now + steps };
  }
}
