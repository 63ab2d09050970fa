/** Keeps account of what has become of the durable state that fragments touched, and of what they sent. */
import type { DeployedInstance } from "../../routing/address.ts";
import type { Durability, Fragment } from "../run.ts";
import type { Step } from "../stage.ts";

export class Ledger {
  /** Fragments of processes that are up, which still have something to lose. */
  readonly #open = new Map<DeployedInstance, Fragment[]>();

  /** Of a fragment that has just run. */
  open(step: Step): Durability {
    const { position, wroteRecord, appended, held } = step;
    return { position, wroteRecord, appended, held, stableAt: undefined, lost: false, undone: false, left: false };
  }

  watch(fragment: Fragment, stable: number, now: number): void {
    const { durability, instance } = fragment;
    if (durability.position !== undefined && durability.position <= stable) durability.stableAt = now;
    if (!isOpen(durability)) return;
    const fragments = this.#open.get(instance);
    if (fragments === undefined) this.#open.set(instance, [fragment]);
    else fragments.push(fragment);
  }

  /** The log of an instance is stable up to here. */
  settle(instance: DeployedInstance, stable: number, now: number): void {
    const open = this.#open.get(instance);
    if (open === undefined) return;
    for (const { durability } of open) {
      if (durability.position !== undefined && durability.position <= stable) durability.stableAt ??= now;
    }
    this.#open.set(
      instance,
      open.filter(({ durability }) => isOpen(durability)),
    );
  }

  /**
   * The process of an instance has died, and so much of its log is left.
   *
   * @param leavesNothing whether nothing is left of what was lost, also where others may have met it
   */
  close(instance: DeployedInstance, left: number, now: number, leavesNothing: boolean): void {
    this.settle(instance, left, now);
    for (const { durability } of this.#open.get(instance) ?? []) {
      if (durability.position === undefined || durability.stableAt !== undefined) continue;
      durability.lost = true;
      durability.undone = leavesNothing;
    }
    this.#open.delete(instance);
  }
}

function isOpen({ position, stableAt, held }: Durability): boolean {
  return held > 0 || (position !== undefined && stableAt === undefined);
}
