import type { TimerClock } from "./oneShotTimers.ts";

/** One-shot timers on the clock of the process. */
export class ProcessClock implements TimerClock {
  readonly #expire: (handler: string, key: string | undefined) => void;
  /** By handler, then key. */
  readonly #pending = new Map<string, Map<string | undefined, NodeJS.Timeout>>();

  constructor(expire: (handler: string, key: string | undefined) => void) {
    this.#expire = expire;
  }

  set(handler: string, key: string | undefined, milliseconds: number): void {
    this.clear(handler, key);
    const timers = this.#pending.get(handler) ?? new Map<string | undefined, NodeJS.Timeout>();
    this.#pending.set(handler, timers);
    const timer = setTimeout(() => {
      timers.delete(key);
      this.#expire(handler, key);
    }, milliseconds);
    timers.set(key, timer);
  }

  clear(handler: string, key: string | undefined): void {
    const timers = this.#pending.get(handler);
    clearTimeout(timers?.get(key));
    timers?.delete(key);
  }

  /** No timer fires any more. */
  stop(): void {
    for (const timers of this.#pending.values()) for (const timer of timers.values()) clearTimeout(timer);
    this.#pending.clear();
  }
}
