/** How often one-shot timers have fired: a timer that is set again and again must not keep a run from ending. */
import type { DeployedInstance } from "../../routing/address.ts";
import { nameOf, type PendingTimer } from "./simulatedClock.ts";

/** How often a timer fires at arbitrary moments. */
const FIRINGS = 3;
/** How often in addition when nothing else can happen, so that what waits for it is not left waiting. */
const FIRINGS_AT_REST = 4;

export class OneShots {
  readonly #fired = new Map<string, number>();

  mayFire(instance: DeployedInstance, timer: PendingTimer, atRest: boolean): boolean {
    const fired = this.#fired.get(identify(instance, timer)) ?? 0;
    return fired < (atRest ? FIRINGS + FIRINGS_AT_REST : FIRINGS);
  }

  countFiring(instance: DeployedInstance, timer: PendingTimer): void {
    const name = identify(instance, timer);
    this.#fired.set(name, (this.#fired.get(name) ?? 0) + 1);
  }
}

function identify(instance: DeployedInstance, timer: PendingTimer): string {
  return `${String(instance.number)} ${nameOf(timer)}`;
}
