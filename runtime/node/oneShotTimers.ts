/** The one-shot timers of a component: what a handler does to them is kept until its activation has succeeded. */
import { BOUND } from "../../decorators/binding.ts";

/** What fires one-shot timers: the process's clock, or the simulator. */
export interface TimerClock {
  /** Has `expire(handler, key)` of the host be called once, in about so many milliseconds; anew when it is set already. */
  set(handler: string, key: string | undefined, milliseconds: number): void;
  /** Undoes {@link set}; without effect when it is not set. */
  clear(handler: string, key: string | undefined): void;
}

export class OneShotTimers {
  readonly #clock: TimerClock | undefined;
  readonly #onChange: () => void;
  /** What the running activation did; undefined when it did nothing. */
  #changes: ((clock: TimerClock) => void)[] | undefined;
  #running = false;

  /** @param onChange hears of what the running activation does, when it does it */
  constructor(clock: TimerClock | undefined, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /**
   * What `timers()` gives to a class.
   *
   * @param handlers the handlers marked `@After` by the names of their timers; undefined for those of other components
   */
  bind(role: string, handlers: ReadonlyMap<string, string | undefined>): object {
    const known = new Map(
      [...handlers].map(([timer, handler]) => [timer, this.#timer(`${role}'s timer ${timer}`, handler)]),
    );
    return new Proxy(Object.freeze({ [BOUND]: true }), {
      get: (target, name): unknown => {
        if (typeof name === "symbol") return Reflect.get(target, name);
        return known.get(name) ?? fail(`${role} sets the timer ${name}, and no method is marked @After("${name}").`);
      },
    });
  }

  begin(): void {
    this.#running = true;
  }

  /** The activation has succeeded. */
  commit(): void {
    this.#running = false;
    const changes = this.#changes;
    if (changes === undefined) return;
    this.#changes = undefined;
    const clock = this.#clock ?? fail("This host has no clock, and a handler set a timer.");
    for (const change of changes) change(clock);
  }

  /** The activation has failed: it set nothing. */
  rollback(): void {
    this.#running = false;
    this.#changes = undefined;
  }

  #timer(name: string, handler: string | undefined): object {
    const change = (how: (clock: TimerClock, handler: string) => void): void => {
      if (!this.#running) fail(`${name} was touched outside a handler.`);
      if (handler === undefined) fail(`${name} belongs to another component of the node.`);
      this.#onChange();
      (this.#changes ??= []).push((clock) => {
        how(clock, handler);
      });
    };
    return Object.freeze({
      set: (milliseconds: number, key?: string) => {
        if (!(milliseconds >= 0) || milliseconds > MAX_MILLISECONDS) {
          throw new RangeError(`${name} was set to ${String(milliseconds)} milliseconds.`);
        }
        change((clock, after) => {
          clock.set(after, key, milliseconds);
        });
      },
      clear: (key?: string) => {
        change((clock, after) => {
          clock.clear(after, key);
        });
      },
    });
  }
}

/** What the clock of the process can count to: 24 days. */
const MAX_MILLISECONDS = 2 ** 31 - 1;

function fail(message: string): never {
  throw new Error(message);
}
