/** Makes a failing run smaller by making its choices smaller. Pure: what a run is, and what fails, is the caller's. */
import type { Choices, Concern } from "../../../runtime/simulator/index.ts";

/** What became of a candidate. */
export interface Trial {
  /** The choices that were made: what did not fit reduced, what was not asked for left out. */
  readonly choices: Choices;
  /** Numbers that say how large the run is, the most important first. */
  readonly size: readonly number[];
}

export interface ShrinkChoicesOptions<T extends Trial> {
  /** Runs a candidate and judges it; undefined when it does not fail, or not in a way that counts. */
  readonly tryOut: (candidate: Choices) => T | undefined;
  /** After so many candidates the smallest so far has to do. */
  readonly budget: number;
}

export interface ShrunkChoices<T extends Trial> {
  readonly smallest: T;
  readonly tried: number;
}

/** What is left out first says most: without faults a run is easier to follow, whatever else is in it. */
const ORDER: readonly Concern[] = ["faults", "workload", "network", "schedule"];

/**
 * The smallest failing run that deleting and lowering single choices leads to. Deterministic. The result has been tried
 * and has failed, and unless the budget was used up, shrinking it again changes nothing.
 *
 * A list that ends, ends in zeros, and a zero is always the first alternative; so to shorten is to go on in the plainest way.
 */
export function shrinkChoices<T extends Trial>(
  start: T,
  { tryOut, budget }: ShrinkChoicesOptions<T>,
): ShrunkChoices<T> {
  let smallest = normalised(start);
  let tried = 0;
  const seen = new Set([print(smallest.choices)]);

  const improves = (candidate: Choices): boolean => {
    const choices = withoutEnds(candidate);
    const text = print(choices);
    if (tried >= budget || seen.has(text)) return false;
    seen.add(text);
    tried++;
    const found = tryOut(choices);
    if (found === undefined) return false;
    const trial = normalised(found);
    seen.add(print(trial.choices));
    if (compareSizes(sizeOf(trial), sizeOf(smallest)) >= 0) return false;
    smallest = trial;
    return true;
  };

  for (let before: T | undefined; before !== smallest && tried < budget;) {
    before = smallest;
    for (const concern of ORDER) {
      const replaceBy = (list: readonly number[]): boolean => improves({ ...smallest.choices, [concern]: list });
      const current = (): readonly number[] => smallest.choices[concern];
      replaceBy([]);
      deleteChunks(current, replaceBy);
      clearChunks(current, replaceBy);
      lowerNumbers(current, replaceBy);
    }
  }
  return { smallest, tried };
}

type Current = () => readonly number[];
type Replace = (list: readonly number[]) => boolean;

/** Halves first, then quarters, down to single choices. */
function chunkSizes(length: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = Math.floor(length / 2); size >= 1; size = Math.floor(size / 2)) sizes.push(size);
  return sizes.length > 0 ? sizes : [1];
}

function deleteChunks(current: Current, replaceBy: Replace): void {
  for (const size of chunkSizes(current().length)) {
    // From the end, where a deletion shifts the fewest.
    for (let from = current().length - size; from > -size; from -= size) {
      const list = current();
      const begin = Math.max(from, 0);
      if (begin < list.length) replaceBy([...list.slice(0, begin), ...list.slice(begin + size)]);
    }
  }
}

function clearChunks(current: Current, replaceBy: Replace): void {
  for (const size of chunkSizes(current().length)) {
    for (let from = 0; from < current().length; from += size) {
      const list = current();
      if (list.slice(from, from + size).some((choice) => choice !== 0))
        replaceBy(list.map((choice, i) => (i >= from && i < from + size ? 0 : choice)));
    }
  }
}

function lowerNumbers(current: Current, replaceBy: Replace): void {
  for (let index = 0; index < current().length; index++) {
    const value = (): number => current()[index] ?? 0;
    const lowerTo = (lower: number): boolean => replaceBy(current().map((choice, i) => (i === index ? lower : choice)));
    while (value() > 0 && (lowerTo(0) || lowerTo(Math.floor(value() / 2)) || lowerTo(value() - 1)));
  }
}

/** Choices that a run makes by itself where none are given need not be given. */
function withoutEnds(choices: Choices): Choices {
  const shortened = (list: readonly number[]): readonly number[] =>
    list.slice(0, list.findLastIndex((choice) => choice !== 0) + 1);
  return {
    schedule: shortened(choices.schedule),
    network: shortened(choices.network),
    workload: shortened(choices.workload),
    faults: shortened(choices.faults),
  };
}

function normalised<T extends Trial>(trial: T): T {
  return { ...trial, choices: withoutEnds(trial.choices) };
}

/** Every improvement makes one of these smaller and none before it larger, so shrinking ends. */
function sizeOf({ choices, size }: Trial): readonly number[] {
  const numbers = ORDER.flatMap((concern) => choices[concern]);
  return [...size, numbers.length, numbers.reduce((sum, choice) => sum + choice, 0)];
}

/** Negative when the first is smaller. */
function compareSizes(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function print(choices: Choices): string {
  return ORDER.map((concern) => choices[concern].join(",")).join(";");
}
