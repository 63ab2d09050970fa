/** How much is looked at, at most. */
export interface ContainmentBounds {
  /** A state of the rewritten system with the states in which the original can be; 1,000,000 unless said. */
  readonly pairs?: number | undefined;
  /** Of each of the two systems; 2,000,000 unless said. */
  readonly states?: number | undefined;
  /** States in which the original can be after one history; 500,000 unless said. */
  readonly setSize?: number | undefined;
  /** Of the clock; without bound unless said. What is bounded so differs from run to run. */
  readonly milliseconds?: number | undefined;
}

/** Thrown to leave an exploration that has become too large. */
export class BoundReached extends Error {
  override readonly name = "BoundReached";

  constructor(readonly bound: string) {
    super(`The bound of ${bound} has been reached.`);
  }
}

/** How many states of each system have been looked at. */
interface Explored {
  readonly rewrittenStates: number;
  readonly originalStates: number;
}

/** As it is when nothing traps it. */
const now = performance.now.bind(performance);

/** Watches over the bounds. */
export class Limits {
  readonly #pairs: number;
  readonly #states: number;
  readonly #setSize: number;
  readonly #deadline: number;
  readonly #explored: () => Explored;
  #checks = 0;

  constructor({ pairs, states, setSize, milliseconds }: ContainmentBounds, explored: () => Explored) {
    this.#pairs = pairs ?? 1_000_000;
    this.#states = states ?? 2_000_000;
    this.#setSize = setSize ?? 500_000;
    this.#deadline = now() + (milliseconds ?? Infinity);
    this.#explored = explored;
  }

  /** @throws BoundReached */
  check(): void {
    const { rewrittenStates, originalStates } = this.#explored();
    if (rewrittenStates > this.#states || originalStates > this.#states)
      throw new BoundReached(`${String(this.#states)} states`);
    // Looking at the clock takes longer than a step.
    if (this.#checks++ % 256 === 0 && now() > this.#deadline) throw new BoundReached("the time");
  }

  /** @throws BoundReached */
  checkPairs(pairs: number): void {
    if (pairs > this.#pairs) throw new BoundReached(`${String(this.#pairs)} pairs`);
  }

  /** @throws BoundReached */
  checkSet(size: number): void {
    if (size > this.#setSize) throw new BoundReached(`${String(this.#setSize)} states after one history`);
  }
}
