/** The one-shot timers of one instance. They fire when somebody says so, at any moment after they were set. */
import type { TimerClock } from "../../node/oneShotTimers.ts";

/** A one-shot timer that is set. */
export interface PendingTimer {
  /** The handler that it runs. */
  readonly handler: string;
  readonly key: string | undefined;
}

/** Sees what happens to a timer. */
export type TimerObserver = (timer: PendingTimer, change: "set" | "cleared") => void;

export class SimulatedClock implements TimerClock {
  readonly #pending = new Map<string, PendingTimer>();
  readonly #observe: TimerObserver;

  constructor(observe: TimerObserver) {
    this.#observe = observe;
  }

  set(handler: string, key: string | undefined): void {
    const timer = { handler, key };
    this.#pending.set(nameOf(timer), timer);
    this.#observe(timer, "set");
  }

  clear(handler: string, key: string | undefined): void {
    const timer = { handler, key };
    this.#pending.delete(nameOf(timer));
    this.#observe(timer, "cleared");
  }

  /** The timers that are set, in the order in which they were. */
  get pending(): readonly PendingTimer[] {
    return [...this.#pending.values()];
  }

  isSet(timer: PendingTimer): boolean {
    return this.#pending.has(nameOf(timer));
  }

  /** The timer fires: it is set no more. */
  take(timer: PendingTimer): void {
    this.#pending.delete(nameOf(timer));
  }
}

/** A name for each handler and key; a timer without a key is none of those with one. */
export function nameOf({ handler, key }: PendingTimer): string {
  return key === undefined ? handler : `${handler}[${JSON.stringify(key)}]`;
}
