/** Shrinking of choices, on made-up systems: whatever fails, the result does, and it is no larger. */
import fc from "fast-check";
import { shrinkChoices, type Trial } from "../../../../plugin/verify/counterexample/shrinkChoices.ts";
import type { Choices, Concern } from "../../../../runtime/simulator/index.ts";

const CONCERNS: readonly Concern[] = ["schedule", "network", "workload", "faults"];

const numbers = fc.array(fc.nat(9), { maxLength: 24 });
const someChoices: fc.Arbitrary<Choices> = fc.record({
  schedule: numbers,
  network: numbers,
  workload: numbers,
  faults: numbers,
});

/** A made-up run fails when it has chosen certain numbers, in this order, about something. */
interface Bug {
  readonly concern: Concern;
  readonly wanted: readonly number[];
}
const someBug: fc.Arbitrary<Bug> = fc.record({
  concern: fc.constantFrom(...CONCERNS),
  wanted: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
});

function has({ concern, wanted }: Bug, choices: Choices): boolean {
  let found = 0;
  for (const choice of choices[concern]) if (choice === wanted[found]) found++;
  return found === wanted.length;
}

function trialOf(choices: Choices): Trial {
  return { choices, size: [choices.faults.filter((choice) => choice > 0).length] };
}

function total(choices: Choices): number {
  return CONCERNS.reduce((sum, concern) => sum + choices[concern].length, 0);
}

const failing = fc
  .tuple(someChoices, fc.array(someBug, { minLength: 1, maxLength: 3 }))
  .filter(([choices, bugs]) => bugs.every((bug) => has(bug, choices)));

test("the result fails, is no longer, and was tried; nothing negative is ever tried", () => {
  fc.assert(
    fc.property(failing, ([choices, bugs]) => {
      const tried: string[] = [JSON.stringify(choices)];
      const { smallest, tried: count } = shrinkChoices(trialOf(choices), {
        budget: 100_000,
        tryOut: (candidate) => {
          tried.push(JSON.stringify(candidate));
          expect(Math.min(0, ...CONCERNS.flatMap((concern) => candidate[concern]))).toBe(0);
          return bugs.every((bug) => has(bug, candidate)) ? trialOf(candidate) : undefined;
        },
      });
      expect(bugs.every((bug) => has(bug, smallest.choices))).toBe(true);
      expect(total(smallest.choices)).toBeLessThanOrEqual(total(choices));
      expect(count).toBe(tried.length - 1);
      expect(new Set(tried).size).toBeGreaterThanOrEqual(count);
    }),
  );
});

test("shrinking again changes nothing", () => {
  fc.assert(
    fc.property(failing, ([choices, bugs]) => {
      const options = {
        budget: 100_000,
        tryOut: (candidate: Choices) => (bugs.every((bug) => has(bug, candidate)) ? trialOf(candidate) : undefined),
      };
      const once = shrinkChoices(trialOf(choices), options).smallest;
      expect(shrinkChoices(once, options).smallest).toEqual(once);
    }),
  );
});

test("one bug alone is found exactly: nothing else is left, up to choices that have to stand before it", () => {
  const schedule = [4, 0, 7, 1, 1, 3, 0, 9, 2, 5];
  const { smallest } = shrinkChoices(trialOf({ schedule, network: [1, 2, 3], workload: [1], faults: [0, 4, 0] }), {
    budget: 10_000,
    tryOut: (candidate) => (has({ concern: "schedule", wanted: [7, 9] }, candidate) ? trialOf(candidate) : undefined),
  });
  expect(smallest.choices).toEqual({ schedule: [7, 9], network: [], workload: [], faults: [] });
});

test("no more candidates than the budget allows are tried, and the smallest so far is given", () => {
  const schedule = Array.from({ length: 64 }, () => 1);
  let tried = 0;
  const { smallest } = shrinkChoices(trialOf({ schedule, network: [], workload: [], faults: [] }), {
    budget: 5,
    tryOut: (candidate) => {
      tried++;
      return candidate.schedule.length >= 20 ? trialOf(candidate) : undefined;
    },
  });
  expect(tried).toBe(5);
  expect(smallest.choices.schedule.length).toBeGreaterThanOrEqual(20);
  expect(smallest.choices.schedule.length).toBeLessThan(64);
});
