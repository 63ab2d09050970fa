import { checkContainment } from "../../../../plugin/verify/containment/checkContainment.ts";
import { Specification } from "../../../../plugin/verify/containment/specification.ts";
import type { Containment } from "../../../../plugin/verify/containment/containmentVerdict.ts";
import { endingSystem, graphSystem, type LabelledGraph } from "./labelledGraph.ts";

/** Money is put in, and there is coffee or tea: the choice is the machine's, when the money is put in. */
const EARLY: LabelledGraph = {
  edges: [
    [0, "coin", 1],
    [0, "coin", 2],
    [1, "coffee", 3],
    [2, "tea", 3],
  ],
};
/** The same, and the choice is made when it is asked for. */
const LATE: LabelledGraph = {
  edges: [
    [0, "coin", 1],
    [1, "coffee", 3],
    [1, "tea", 3],
  ],
};

describe("histories", () => {
  it("are the same whether a choice is made early or late", () => {
    expect(check(EARLY, LATE).verdict).toBe("refines");
    expect(check(LATE, EARLY).verdict).toBe("refines");
  });

  it("that the original cannot show are counterexamples, with what it could have shown", () => {
    const { verdict, counterexample } = check(LATE, {
      edges: [
        [0, "coin", 1],
        [1, undefined, 2],
        [2, "tea", 3],
      ],
    });
    expect(verdict).toBe("counterexample");
    expect(counterexample).toMatchObject({
      kind: "impossible event",
      history: ["coin", "coffee"],
      steps: [
        { description: "0 coin 1", event: "coin" },
        { description: "1 coffee 3", event: "coffee" },
      ],
      instead: ["tea"],
    });
  });

  it("may be shorter than the run that shows them: the fewest steps are told", () => {
    const detour: LabelledGraph = {
      edges: [
        [0, undefined, 1],
        [1, undefined, 2],
        [2, "bad", 9],
        [0, "good", 3],
        [3, "bad", 9],
      ],
      atRest: [0, 1, 2, 3],
    };
    const { counterexample } = check(detour, { edges: [[0, "good", 1]], atRest: [0] });
    expect(counterexample?.history).toEqual(["good", "bad"]);
  });

  it("do not tell what happens inside, however the original resolves it", () => {
    // After one a the original is in two states, one of which can go on; after two, in the other.
    const original: LabelledGraph = {
      edges: [
        [0, "a", 0],
        [0, "a", 1],
        [1, undefined, 2],
        [2, "b", 3],
      ],
      atRest: [0],
    };
    expect(
      check(
        {
          edges: [
            [0, "a", 1],
            [1, "a", 2],
            [2, "b", 3],
          ],
        },
        original,
      ).verdict,
    ).toBe("refines");
    expect(check({ edges: [[0, "b", 1]] }, original).verdict).toBe("counterexample");
  });
});

describe("rest", () => {
  const answers: LabelledGraph = {
    edges: [
      [0, "ask", 1],
      [1, "answer", 2],
    ],
  };

  it("must be possible where the rewritten system rests", () => {
    const { counterexample } = check({ edges: [[0, "ask", 1]] }, answers);
    expect(counterexample).toMatchObject({ kind: "lost wake-up", history: ["ask"], instead: ["answer"] });
  });

  it("may follow a choice that nobody sees", () => {
    const mayForget: LabelledGraph = { edges: [...answers.edges, [1, undefined, 3]] };
    expect(check({ edges: [[0, "ask", 1]] }, mayForget).verdict).toBe("refines");
  });

  it("is no event: a timer may fire after it where the original did not rest", () => {
    // The rewritten system rests after the question, and a timer wakes it. The original rests, or answers at once.
    const waits: LabelledGraph = { edges: answers.edges, atRest: [1] };
    const original: LabelledGraph = {
      edges: [
        [0, "ask", 1],
        [0, "ask", 2],
        [2, "answer", 3],
      ],
    };
    expect(check(waits, original).verdict).toBe("refines");
  });

  it("is the same for those who look as going round in silence", () => {
    const round: LabelledGraph = {
      edges: [
        [0, "ask", 1],
        [1, undefined, 2],
        [2, undefined, 1],
      ],
    };
    expect(check(round, { edges: [[0, "ask", 1]] }).verdict).toBe("refines");
    expect(check({ edges: [[0, "ask", 1]] }, round).verdict).toBe("refines");
    expect(check(round, answers).counterexample).toMatchObject({ kind: "never answers", instead: ["answer"] });
  });

  it("does not matter where something must be shown in the end", () => {
    const slow: LabelledGraph = {
      edges: [
        [0, "ask", 1],
        [1, undefined, 1],
        [1, "answer", 2],
      ],
    };
    expect(check(slow, answers).verdict).toBe("refines");
    expect(check(answers, slow).verdict).toBe("refines");
  });
});

it("does not judge what has been cut off", () => {
  const answers = endingSystem({
    edges: [
      [0, "ask", 1],
      [1, "answer", 2],
    ],
  });
  const cutOff = graphSystem({ edges: [[0, "ask", 1]] });
  expect(checkContainment({ rewritten: cutOff, original: new Specification(answers) }).verdict).toBe("refines");
  expect(
    checkContainment({ rewritten: endingSystem({ edges: [[0, "ask", 1]] }), original: new Specification(cutOff) })
      .counterexample?.kind,
  ).toBe("lost wake-up");
});

describe("coverage", () => {
  /** Counts up to 20, and shows each number. */
  const counter: LabelledGraph = { edges: Array.from({ length: 20 }, (_, n) => [n, String(n), n + 1] as const) };

  it("tells what was looked at", () => {
    const { coverage } = check(counter, counter);
    expect(coverage).toEqual({
      pairs: 21,
      subsumed: 0,
      rewrittenStates: 21,
      originalStates: 21,
      sets: 21,
      largestSet: 1,
      events: 20,
      depth: 20,
      isComplete: true,
    });
  });

  it.each([
    ["10 pairs", { pairs: 10 }],
    ["10 states", { states: 10 }],
    ["0 states after one history", { setSize: 0 }],
  ])("ends at a bound of %s", (bound, bounds) => {
    const containment = checkContainment({
      rewritten: endingSystem(counter),
      original: new Specification(endingSystem(counter)),
      bounds,
    });
    expect(containment).toMatchObject({ verdict: "bound reached", bound, coverage: { isComplete: false } });
    expect(containment.coverage.depth).toBeLessThan(11);
  });

  it("notices that nothing was ever seen", () => {
    expect(check({ edges: [[0, undefined, 1]] }, { edges: [] }).verdict).toBe("nothing exercised");
  });

  it("leaves out pairs that are easier to pass than others", () => {
    // After x the original can be in fewer states than after y.
    const original: LabelledGraph = {
      edges: [
        [0, "x", 1],
        [0, "y", 1],
        [0, "y", 2],
        [1, "z", 3],
        [2, "z", 3],
      ],
    };
    const rewritten: LabelledGraph = {
      edges: [
        [0, "x", 1],
        [0, "y", 1],
        [1, "z", 2],
      ],
    };
    expect(check(rewritten, original).coverage).toMatchObject({ pairs: 3, subsumed: 1 });
  });

  it("is told on the way", () => {
    const long: LabelledGraph = { edges: Array.from({ length: 2500 }, (_, n) => [n, "tick", n + 1] as const) };
    const told: number[] = [];
    const system = endingSystem(long);
    const onProgress = ({ coverage }: { coverage: { depth: number } }): number => told.push(coverage.depth);
    checkContainment({ rewritten: system, original: new Specification(system), onProgress });
    expect(told).toHaveLength(2);
  });
});

function check(rewritten: LabelledGraph, original: LabelledGraph): Containment {
  return checkContainment({ rewritten: endingSystem(rewritten), original: new Specification(endingSystem(original)) });
}
