/** What goes wrong in a run. How often is drawn for each run, since uniform rates hide what takes a rare combination. */
import type { Chooser } from "../chooser.ts";
import type { FaultOptions } from "../simulate.ts";
import type { Behind, Tear } from "./tornLog.ts";

/** How often each kind of fault happens in a run, one in so many; 0 for never. The last is the highest rate. */
const RATES = {
  /** For each message. */
  losses: [0, 0, 40, 12, 4],
  /** For each step. */
  crashes: [0, 40, 15, 6],
  clogs: [0, 40, 12],
  partitions: [0, 0, 60, 20],
  omissions: [0, 0, 60, 20],
  /** For each disk. */
  slowDisks: [0, 0, 3, 1],
} as const;

export type FaultKind = keyof typeof RATES;
const KINDS = Object.keys(RATES) as readonly FaultKind[];

/** How long what is broken stays so, in steps on the average. */
const REPAIRS = [4, 12, 40] as const;
/** A run has an end, so there is an end to its crashes, partitions and omissions: of each so many. */
const MOST = [4, 4, 12] as const;
const COUNTED: readonly FaultKind[] = ["crashes", "partitions", "omissions"];
/** How long a sync takes on a disk that is slow, in steps; or until nothing else can happen. */
const SLOWNESS = [0, 15, 60, 240] as const;
/** Of those that come back, one in so many dies before it has done so. */
const RELAPSE = 4;
/** One crash in so many leaves a part of a record. */
const TEARS = 2;
const BEHIND: readonly Behind[] = ["nothing", "zeros", "noise", "later records"];

/** Whom a crash strikes: a whole node, one of its instances, any of them, or everything at once. */
export type Strike = "node" | "instance" | "some" | "everything";
const STRIKES: readonly Strike[] = ["node", "instance", "some", "node", "instance", "some", "everything"];

/**
 * Decides about faults. Its choices are a concern of their own, so that faults leave the rest of a run as it is; the
 * first alternative is always that nothing happens.
 */
export class Faults {
  readonly #chooser: Chooser;
  readonly #rates: ReadonlyMap<FaultKind, number>;
  readonly #repairs: number;
  readonly #most: number;
  /** Whether crashes rather strike where something is not on stable storage yet. */
  readonly #aims: boolean;
  readonly #happened = new Map<FaultKind, number>();
  #over = false;

  constructor(chooser: Chooser, options: FaultOptions) {
    this.#chooser = chooser;
    const kinds = KINDS.filter((kind) => options === true || (options !== false && options[kind] === true));
    // Every third run or so has one kind of fault alone, and much of it.
    const alone = kinds.length > 1 && this.#draw([false, false, true]) ? this.#draw(kinds) : undefined;
    const rateOf = (kind: FaultKind): number =>
      alone === undefined ? this.#draw(RATES[kind]) : alone === kind ? (RATES[kind].at(-1) ?? 0) : 0;
    this.#rates = new Map(kinds.map((kind) => [kind, rateOf(kind)]));
    this.#repairs = this.#draw(REPAIRS);
    this.#most = this.#draw(MOST);
    this.#aims = this.#draw([false, true]);
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#over = true;
  }

  get areOver(): boolean {
    return this.#over;
  }

  /** Whether crashes rather strike where something is not on stable storage yet. */
  get aims(): boolean {
    return this.#aims;
  }

  /** Whether there is a fault of this kind in this step, with this message, on this disk. */
  happens(kind: FaultKind): boolean {
    const before = this.#happened.get(kind) ?? 0;
    if (COUNTED.includes(kind) && before >= this.#most) return false;
    const happens = this.#happens(this.#rates.get(kind) ?? 0);
    if (happens) this.#happened.set(kind, before + 1);
    return happens;
  }

  /** Whether something that is broken is repaired in this step. */
  repairs(): boolean {
    return this.#happens(this.#repairs);
  }

  /** Whether a process dies while it recovers. */
  relapses(): boolean {
    return this.#happens(RELAPSE);
  }

  strike(): Strike {
    return this.#draw(STRIKES);
  }

  /** For how many steps a sync does not end on a disk that is slow. */
  slowness(): number {
    return this.#draw(SLOWNESS);
  }

  /**
   * What is left of the record that was being written when a process died.
   *
   * @param bytes how long it is; 0 when there was none
   */
  tear(bytes: number): Tear | undefined {
    if (bytes === 0 || !this.#happens(TEARS)) return undefined;
    return { bytes: this.upTo(bytes - 1), behind: this.#draw(BEHIND) };
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
