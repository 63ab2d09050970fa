/** What goes wrong in a run. How often is drawn for each run, since uniform rates hide what takes a rare combination. */
import type { Chooser } from "./chooser.ts";
import type { FaultOptions } from "./simulate.ts";

/** One in so many; 0 for never. */
const LOSS = [0, 0, 40, 12, 4] as const;
const CRASHES = [0, 40, 15, 6] as const;
const CLOGS = [0, 40, 12] as const;
/** How long what is broken stays so, in steps on the average. */
const REPAIRS = [4, 12, 40] as const;
/** A run has an end, so there is an end to its crashes. */
const MOST_CRASHES = 4;

const ALL = { losses: true, clogs: true, crashes: true };
const NONE = { losses: false, clogs: false, crashes: false };

/** Whom a crash strikes: the whole node, one of its instances, or any of them. */
export type Strike = "node" | "instance" | "some";
const STRIKES: readonly Strike[] = ["node", "instance", "some"];

/**
 * Decides about faults. Its choices are a concern of their own, so that faults leave the rest of a run as it is; the
 * first alternative is always that nothing happens.
 */
export class Faults {
  readonly #chooser: Chooser;
  readonly #loss: number;
  readonly #crashes: number;
  readonly #clogs: number;
  readonly #repairs: number;
  #struck = 0;
  #over = false;

  constructor(chooser: Chooser, options: FaultOptions) {
    this.#chooser = chooser;
    const { losses, crashes, clogs } = options === true ? ALL : options === false ? NONE : { ...NONE, ...options };
    this.#loss = losses ? this.#draw(LOSS) : 0;
    this.#crashes = crashes ? this.#draw(CRASHES) : 0;
    this.#clogs = clogs ? this.#draw(CLOGS) : 0;
    this.#repairs = this.#draw(REPAIRS);
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#over = true;
  }

  get areOver(): boolean {
    return this.#over;
  }

  /** Whether a message that is about to arrive is lost. */
  losesMessage(): boolean {
    return this.#happens(this.#loss);
  }

  /** Whether there is a crash in this step. */
  crashes(): boolean {
    if (this.#struck >= MOST_CRASHES || !this.#happens(this.#crashes)) return false;
    this.#struck++;
    return true;
  }

  clogs(): boolean {
    return this.#happens(this.#clogs);
  }

  /** Whether something that is broken is repaired in this step. */
  repairs(): boolean {
    return this.#happens(this.#repairs);
  }

  strike(): Strike {
    return this.#draw(STRIKES);
  }

  /** One of several; there is at least one. */
  pick<T>(candidates: readonly T[]): T {
    return this.#draw(candidates);
  }

  /** Some of several, at least one. */
  pickSome<T>(candidates: readonly T[]): readonly T[] {
    const some = candidates.filter(() => this.#chooser.choose(2, "faults") === 1);
    return some.length > 0 ? some : [this.pick(candidates)];
  }

  /** A number up to `most`. */
  upTo(most: number): number {
    return this.#chooser.choose(most + 1, "faults");
  }

  #happens(rarity: number): boolean {
    return !this.#over && rarity > 0 && this.#chooser.choose(rarity, "faults") === rarity - 1;
  }

  #draw<T>(alternatives: readonly T[]): T {
    const drawn = alternatives[this.#chooser.choose(alternatives.length, "faults")];
    if (drawn === undefined) throw new Error("There is nothing to draw from.");
    return drawn;
  }
}
