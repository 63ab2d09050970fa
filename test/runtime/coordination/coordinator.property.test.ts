import fc from "fast-check";
import { Coordinator } from "../../../runtime/coordination/coordinator.ts";
import { Decisions } from "../../../runtime/coordination/decisions.ts";

describe("a coordinator", () => {
  it("decides every input once, in order, when all have voted for it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 20 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 200 }),
        (partitions, earlier, choices) => {
          const coordinator = new Coordinator<string>(partitions, earlier);
          const votes = new Array<number>(partitions).fill(earlier);
          let asked = earlier;
          const decided: number[] = [];
          const vote = (partition: number): void => {
            const last = votes[partition] ?? 0;
            if (last === asked) return;
            votes[partition] = last + 1;
            const made = coordinator.vote(last + 1, partition);
            expect(made).toEqual(
              Math.min(...votes) === last + 1 && made !== undefined
                ? { round: last + 1, input: `#${String(last + 1)}` }
                : undefined,
            );
            if (made !== undefined) decided.push(made.round);
            expect(coordinator.vote(last + 1, partition)).toBeUndefined(); // again
            expect(coordinator.decided).toBe(Math.min(...votes));
            expect(coordinator.underway).toBe(asked - Math.min(...votes));
          };
          for (const [asks, choice] of choices) {
            if (asks) expect(coordinator.begin(`#${String(asked + 1)}`)).toBe(++asked);
            else vote(choice % partitions);
          }
          for (let i = 0; i < partitions * choices.length; i++) vote(i % partitions);
          expect(decided).toEqual(Array.from({ length: asked - earlier }, (_, n) => earlier + 1 + n));
        },
      ),
    );
  });

  it("takes no vote for what it has not asked for", () => {
    expect(() => new Coordinator<string>(2).vote(1, 0)).toThrow(/no such round/);
  });
});

describe("decisions", () => {
  it("are kept until every partition has them", () => {
    const decisions = new Decisions<string>(
      2,
      new Map([
        [4, "d"],
        [3, "c"],
      ]),
    );
    decisions.add(5, "e");
    expect(decisions.rounds).toEqual([3, 4, 5]);
    expect(decisions.acknowledge(0, 4)).toEqual([]);
    expect(decisions.acknowledge(1, 3)).toEqual([3]);
    expect(decisions.acknowledge(1, 2)).toEqual([]);
    expect(decisions.acknowledge(1, 5)).toEqual([4]);
    expect([decisions.rounds, decisions.inputOf(4), decisions.inputOf(5)]).toEqual([[5], undefined, "e"]);
  });
});
