import type { TimerClock } from "./oneShotTimers.ts";

/** One-shot timers on the clock of the process. */
export class ProcessClock implements TimerClock {
  readonly #expire: (handler: string, key: string | undefined) => boolean;
  /** By handler, then key. */
  readonly #pending = new Map<string, Map<string | undefined, NodeJS.Timeout>>();
  /** Those whose time has come, and which were not taken, in that order: keys by handler. */
  readonly #late = new Map<string, Set<string | undefined>>();

  /** @param expire takes a timer whose time has come; gives false when it has to wait for {@link catchUp} */
  constructor(expire: (handler: string, key: string | undefined) => boolean) {
    this.#expire = expire;
  }

  set(handler: string, key: string | undefined, milliseconds: number): void {
    this.clear(handler, key);
    const timers = this.#pending.get(handler) ?? new Map<string | undefined, NodeJS.Timeout>();
    this.#pending.set(handler, timers);
    const timer = setTimeout(() => {
      timers.delete(key);
      if (!this.#expire(handler, key)) this.#keep(handler, key);
    }, milliseconds);
    timers.set(key, timer);
  }

  /** Tries those again that were not taken when their time came. */
  catchUp(): void {
    if (this.#late.size === 0) return;
    const late = [...this.#late].flatMap(([handler, keys]) => [...keys].map((key) => ({ handler, key })));
    for (const { handler, key } of late) {
      // One that was taken before may have cleared it.
      if (this.#late.get(handler)?.has(key) !== true) continue;
      this.clear(handler, key);
      if (!this.#expire(handler, key)) this.#keep(handler, key);
    }
  }

  #keep(handler: string, key: string | undefined): void {
    const keys = this.#late.get(handler) ?? new Set<string | undefined>();
    this.#late.set(handler, keys.add(key));
  }

  clear(handler: string, key: string | undefined): void {
    const timers = this.#pending.get(handler);
    clearTimeout(timers?.get(key));
    timers?.delete(key);
    const late = this.#late.get(handler);
    if (late?.delete(key) === true && late.size === 0) this.#late.delete(handler);
  }

  /** No timer fires any more. */
  stop(): void {
    for (const timers of this.#pending.values()) for (const timer of timers.values()) clearTimeout(timer);
    this.#pending.clear();
    this.#late.clear();
  }
}
