/** All runs that differ in their choices, one after another, by backtracking. */
import type { Chooser, Concern } from "../chooser.ts";

export interface ExhaustOptions {
  /** Whose choices are tried; of others the first alternative is taken. Only those of the schedule unless said. */
  readonly concerns?: readonly Concern[] | undefined;
  /** After so many runs it is over; 1,000,000 unless said. */
  readonly runs?: number | undefined;
  /** Choices of a run beyond so many are not tried: its first alternatives are taken. No bound unless said. */
  readonly choices?: number | undefined;
  /**
   * Asked before each choice that no earlier run has made: whether the state that the run is in now has been met before, by another
   * run, or earlier. Then all that can come of it has been tried or will be, and the run ends here.
   */
  readonly wasSeen?: (() => boolean) | undefined;
}

export interface Exhausted {
  /** Those that ended where a state had been met before included. */
  readonly runs: number;
  readonly pruned: number;
  /**
   * Whether there is no other run within the bounds. Never when runs with a bound of choices ended where a state had been met
   * before: that may have been nearer to the bound, where less was tried.
   */
  readonly isComplete: boolean;
}

interface Decision {
  chosen: number;
  readonly n: number;
}

class SeenBefore extends Error {}

/**
 * Calls `run` with one chooser after another until each sequence of choices has been made. The run has to be a function
 * of its choices.
 *
 * @throws Error when it is not.
 */
export function exhaust(run: (chooser: Chooser) => void, options: ExhaustOptions = {}): Exhausted {
  const { concerns = ["schedule"], runs: most = 1_000_000, choices = Infinity, wasSeen } = options;
  const path: Decision[] = [];
  let runs = 0;
  let pruned = 0;
  for (; runs < most; runs++) {
    let depth = 0;
    const choose = (n: number, concern: Concern): number => {
      if (n === 1 || !concerns.includes(concern)) return 0;
      const decision = path[depth];
      if (decision === undefined) {
        if (wasSeen?.() === true) throw new SeenBefore();
        if (depth >= choices) return 0;
        path.push({ chosen: 0, n });
      } else if (decision.n !== n) {
        throw new Error(`The same choices lead to ${String(decision.n)} alternatives, and then to ${String(n)}.`);
      }
      depth++;
      return decision?.chosen ?? 0;
    };
    if (!completes(run, { choose })) pruned++;
    if (!advance(path)) return { runs: runs + 1, pruned, isComplete: pruned === 0 || choices === Infinity };
  }
  return { runs, pruned, isComplete: false };
}

function completes(run: (chooser: Chooser) => void, chooser: Chooser): boolean {
  try {
    run(chooser);
    return true;
  } catch (error) {
    if (error instanceof SeenBefore) return false;
    throw error;
  }
}

/** The last choice that has an alternative left takes it, and those after it are open. */
function advance(path: Decision[]): boolean {
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    if (++last.chosen < last.n) return true;
    path.pop();
  }
  return false;
}
