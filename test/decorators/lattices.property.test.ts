import fc from "fast-check";
import { Counter, GrowMap, GrowSet, MaxReg, Once, Tally } from "../../decorators/index.ts";
import { compareOrdered, type Ordered } from "../../decorators/maxReg.ts";
import { contentsOf, latticeSteps, Ledger, take, type Step } from "../support/latticeSteps.ts";

function ledgerAfter(steps: readonly Step[]): Ledger {
  const ledger = new Ledger();
  for (const step of steps) take(ledger, step);
  return ledger;
}

/** A new ledger that holds what these two do. */
function joined(a: Ledger, b: Ledger): Ledger {
  const both = new Ledger();
  for (const one of [a, b]) {
    both.seen.merge(one.seen);
    both.ballot.merge(one.ballot);
    both.high.merge(one.high);
    both.votes.merge(one.votes);
    both.weight.merge(one.weight);
    both.decided.merge(one.decided);
    both.replies.merge(one.replies);
    both.nested.merge(one.nested);
  }
  return both;
}

const ledgers = latticeSteps.map(ledgerAfter);

describe("merging", () => {
  it("does not depend on which comes first", () => {
    fc.assert(
      fc.property(ledgers, ledgers, (a, b) => {
        expect(contentsOf(joined(a, b))).toEqual(contentsOf(joined(b, a)));
      }),
    );
  });

  it("does not depend on how it is grouped", () => {
    fc.assert(
      fc.property(ledgers, ledgers, ledgers, (a, b, c) => {
        expect(contentsOf(joined(joined(a, b), c))).toEqual(contentsOf(joined(a, joined(b, c))));
      }),
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(ledgers, ledgers, (a, b) => {
        const both = joined(a, b);
        expect(contentsOf(joined(both, b))).toEqual(contentsOf(both));
        expect(contentsOf(joined(a, a))).toEqual(contentsOf(a));
      }),
    );
  });

  it("leaves the other one alone", () => {
    fc.assert(
      fc.property(ledgers, ledgers, latticeSteps, (a, b, later) => {
        const before = contentsOf(a);
        const both = joined(a, b);
        for (const step of later) take(both, step);
        expect(contentsOf(a)).toEqual(before);
      }),
    );
  });
});

describe("operations", () => {
  it("lead to the same in any order, and when some are repeated", () => {
    const shuffled = latticeSteps.chain((steps) =>
      fc.tuple(
        fc.constant(steps),
        fc.shuffledSubarray([...steps, ...steps], { minLength: 2 * steps.length, maxLength: 2 * steps.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([steps, others]) => {
        expect(contentsOf(ledgerAfter(others))).toEqual(contentsOf(ledgerAfter(steps)));
        expect(ledgerAfter(others).fired).toBe(ledgerAfter(steps).fired);
      }),
    );
  });

  it("are no more than merging what they say", () => {
    fc.assert(
      fc.property(latticeSteps, latticeSteps, (first, second) => {
        const together = contentsOf(ledgerAfter([...first, ...second]));
        expect(contentsOf(joined(ledgerAfter(first), ledgerAfter(second)))).toEqual(together);
      }),
    );
  });
});

describe("the order of a MaxReg", () => {
  const part = fc.oneof(
    fc.double(),
    fc.bigInt(),
    fc.string({ maxLength: 2 }),
    fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity),
  );
  const ordered: fc.Arbitrary<Ordered> = fc.oneof(part, fc.array(part, { maxLength: 3 }));

  it("is total: antisymmetric and transitive over everything", () => {
    fc.assert(
      fc.property(ordered, ordered, ordered, (a, b, c) => {
        expect(Math.sign(compareOrdered(a, b)) + Math.sign(compareOrdered(b, a))).toBe(0);
        if (compareOrdered(a, b) <= 0 && compareOrdered(b, c) <= 0) expect(compareOrdered(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it("makes the greatest one the value, whatever comes first", () => {
    fc.assert(
      fc.property(ordered, ordered, ordered, (a, b, c) => {
        const values = [
          [a, b, c],
          [c, a, b],
          [b, c, a],
          [c, b, a],
        ].map(([start, ...others]) => {
          const register = new MaxReg(start ?? 0);
          for (const other of others) register.merge(other);
          return register.value;
        });
        expect(new Set(values.map((value) => JSON.stringify(value, printNumber))).size).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });

  it("compares tuples part by part", () => {
    const register = new MaxReg<readonly [number, string]>([1, "b"]);
    register.merge([1, "a"]);
    expect(register.value).toEqual([1, "b"]);
    register.merge([2, "a"]);
    expect(register.value).toEqual([2, "a"]);
  });

  it("keeps a copy that nobody can change", () => {
    const given: [number, string] = [1, "a"];
    const register = new MaxReg<readonly [number, string]>([0, ""]);
    register.merge(given);
    given[0] = 0;
    expect(register.value).toEqual([1, "a"]);
    expect(Object.isFrozen(register.value)).toBe(true);
  });
});

/** JSON has neither bigints nor NaN. */
function printNumber(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${String(value)}n`;
  return typeof value === "number" ? String(value) : value;
}

describe("each lattice", () => {
  it("Tally counts a source once", () => {
    const tally = new Tally<number>();
    tally.add(1, "a");
    tally.add(1, "a");
    expect([tally.count(1), tally.reached(1, 2), tally.reached(1, 1), tally.reached(2, 0)]).toEqual([
      1,
      false,
      true,
      true,
    ]);
  });

  it("Counter takes the largest contribution of a source", () => {
    const counter = new Counter();
    counter.add("a");
    counter.add("a", 3);
    counter.add("a", 2);
    counter.add("b", Number.NaN);
    counter.add("b", -1);
    expect([counter.value, counter.of("a"), counter.of("b")]).toEqual([3, 3, 0]);
  });

  it("Once acts once for a key", () => {
    const once = new Once<number>();
    const acts: number[] = [];
    for (const key of [1, 2, 1]) once.do(key, () => acts.push(key));
    expect(acts).toEqual([1, 2]);
  });

  it("GrowMap makes an entry when it is asked for", () => {
    const map = new GrowMap<string, GrowSet<string>>(() => new GrowSet());
    expect([map.has("a"), map.get("a")]).toEqual([false, undefined]);
    map.at("a").add("x");
    expect([map.has("a"), map.size, [...map].map(([key, members]) => [key, ...members])]).toEqual([
      true,
      1,
      [["a", "x"]],
    ]);
  });

  it("GrowSet takes what it starts with, and what another one holds", () => {
    const set = new GrowSet<string>(["a"]);
    set.merge(new GrowSet<string>(["b", "a"]));
    expect([...set.add("c")]).toEqual(["a", "b", "c"]);
  });
});
