import type { ComponentHost } from "../node/componentHost.ts";
import type { LoadMeter } from "./loadMeter.ts";

/**
 * A logical client that keeps so many operations in flight: when one completes, it issues the next. So the load is
 * what the system can take, and nothing piles up.
 */
export class ClosedLoopClient {
  readonly #host: ComponentHost;
  readonly #inflight: number;
  readonly #meter: LoadMeter;
  readonly #started = new Map<string, number>();
  #issued = 0;
  #stopped = false;

  constructor(host: ComponentHost, inflight: number, meter: LoadMeter) {
    this.#host = host;
    this.#inflight = inflight;
    this.#meter = meter;
  }

  /** How many operations wait for their completion. */
  get waiting(): number {
    return this.#started.size;
  }

  begin(): void {
    for (let i = 0; i < this.#inflight; i++) this.#issue();
  }

  /** Forgets the operations that were issued so long ago, and issues others. Their answers, should they come, are ignored. */
  giveUp(milliseconds: number): void {
    const latest = performance.now() - milliseconds;
    const late = [...this.#started].filter(([, started]) => started < latest);
    for (const [operation] of late) {
      this.#started.delete(operation);
      if (!this.#stopped) this.#issue();
    }
  }

  /** Issues no more operations. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Takes what the driver returned for a message. An operation that is not in flight was completed before: protocols
   * may answer twice, and the first answer counts.
   */
  complete(operation: unknown): void {
    if (typeof operation !== "string") return;
    const started = this.#started.get(operation);
    if (started === undefined) return;
    this.#started.delete(operation);
    this.#meter.record(performance.now() - started);
    if (!this.#stopped) this.#issue();
  }

  /** An operation whose request failed is reported by the host, and is not issued again. */
  #issue(): void {
    const operation = this.#host.request(this.#issued++);
    if (operation === undefined) return;
    if (this.#started.has(operation)) {
      throw new Error(
        `request() of ${this.#host.instance.role} gave the id ${JSON.stringify(operation)} to two operations in flight.`,
      );
    }
    this.#started.set(operation, performance.now());
  }
}
