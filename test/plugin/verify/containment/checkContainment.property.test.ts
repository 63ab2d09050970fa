/** Exact containment against what enumerating runs of bounded length says. */
import fc from "fast-check";
import { checkContainment } from "../../../../plugin/verify/containment/checkContainment.ts";
import { Specification } from "../../../../plugin/verify/containment/specification.ts";
import { graphSystem, type LabelledGraph } from "./labelledGraph.ts";

const STEPS = 7;

const graphs: fc.Arbitrary<LabelledGraph> = fc.integer({ min: 1, max: 5 }).chain((states) => {
  const state = fc.nat(states - 1);
  return fc.record({
    edges: fc.array(fc.tuple(state, fc.constantFrom(undefined, undefined, "a", "b"), state), { maxLength: 9 }),
    atRest: fc.uniqueArray(state, { maxLength: 2 }),
  });
});

it("finds a shortest run that the original cannot show, or there is none", () => {
  fc.assert(
    fc.property(graphs, graphs, (rewritten, original) => {
      const { verdict, counterexample } = checkContainment({
        rewritten: graphSystem(rewritten),
        original: new Specification(graphSystem(original)),
      });
      const shortest = shortestProblem(rewritten, original, isStop);
      if (verdict !== "counterexample") {
        expect(shortestProblem(rewritten, original, isEnd)).toBeUndefined();
      } else if (counterexample?.kind === "never answers") {
        expect(shortest).toBeUndefined();
        expect(mayEndAfter(original, counterexample.history)).toBe(false);
      } else {
        const steps = counterexample?.steps.length ?? 0;
        expect(shortest).toBe(steps <= STEPS ? steps : undefined);
      }
    }),
    { numRuns: 1000 },
  );
});

it("shows a run of the rewritten system, and what the original can show instead", () => {
  fc.assert(
    fc.property(graphs, graphs, (rewritten, original) => {
      const { counterexample } = checkContainment({
        rewritten: graphSystem(rewritten),
        original: new Specification(graphSystem(original)),
      });
      if (counterexample === undefined) return;
      const { kind, steps, history, instead } = counterexample;
      let at = 0;
      for (const { description, event } of steps) {
        const edge = rewritten.edges.find(([from, label, to]) => description === `${from} ${label ?? "-"} ${to}`);
        expect(edge?.slice(0, 2)).toEqual([at, event]);
        at = edge?.[2] ?? 0;
      }
      expect(history).toEqual(steps.flatMap(({ event }) => event ?? []));
      const before = kind === "impossible event" ? history.slice(0, -1) : history;
      const possible = ["a", "b"].filter((event) => statesAfter(original, [...before, event]).size > 0);
      expect(instead).toEqual(possible);
    }),
    { numRuns: 500 },
  );
});

it("says the same of a system and itself, and of one that can do less", () => {
  fc.assert(
    fc.property(graphs, graphs, ({ edges, atRest = [] }, extra) => {
      const more = { edges: [...edges, ...extra.edges], atRest };
      // The same ends: nothing that stops in the smaller one must go on in the larger.
      const rested = { edges, atRest: [0, 1, 2, 3, 4] };
      const moreRested = { ...more, atRest: [0, 1, 2, 3, 4] };
      expect(
        checkContainment({ rewritten: graphSystem(more), original: new Specification(graphSystem(more)) }).verdict,
      ).not.toBe("counterexample");
      expect(
        checkContainment({ rewritten: graphSystem(rested), original: new Specification(graphSystem(moreRested)) })
          .verdict,
      ).not.toBe("counterexample");
    }),
    { numRuns: 500 },
  );
});

type Ending = (graph: LabelledGraph, state: number) => boolean;

/** How many steps the shortest run takes that the original cannot follow, or that ends where it cannot. */
function shortestProblem(rewritten: LabelledGraph, original: LabelledGraph, ending: Ending): number | undefined {
  let runs = new Map([["0 ", { state: 0, history: [] as readonly string[] }]]);
  for (let steps = 0; steps <= STEPS; steps++) {
    for (const { state, history } of runs.values()) {
      if (statesAfter(original, history).size === 0) return steps;
      if (ending(rewritten, state) && !mayEndAfter(original, history)) return steps;
    }
    const longer = [...runs.values()].flatMap(({ state, history }) =>
      rewritten.edges
        .filter(([from]) => from === state)
        .map(([, event, to]) => ({ state: to, history: event === undefined ? history : [...history, event] })),
    );
    runs = new Map(longer.map((run) => [`${run.state} ${run.history.join("")}`, run]));
  }
  return undefined;
}

function mayEndAfter(graph: LabelledGraph, history: readonly string[]): boolean {
  return [...statesAfter(graph, history)].some((state) => isEnd(graph, state));
}

/** Every state in which a system can be after a history. */
function statesAfter(graph: LabelledGraph, history: readonly string[]): ReadonlySet<number> {
  let states = silently(graph, new Set([0]));
  for (const event of history) {
    const next = graph.edges.filter(([from, label]) => states.has(from) && label === event).map(([, , to]) => to);
    states = silently(graph, new Set(next));
  }
  return states;
}

function silently({ edges }: LabelledGraph, from: ReadonlySet<number>): ReadonlySet<number> {
  const states = new Set(from);
  for (let size = -1; size !== states.size;) {
    size = states.size;
    for (const [source, event, to] of edges) if (event === undefined && states.has(source)) states.add(to);
  }
  return states;
}

function isStop({ atRest = [] }: LabelledGraph, state: number): boolean {
  return atRest.includes(state);
}

/** A stop, or a place from which nothing is ever shown, no stop is reached, and nothing ends otherwise. */
function isEnd(graph: LabelledGraph, state: number): boolean {
  if (isStop(graph, state)) return true;
  const reached = silently(graph, new Set([state]));
  return [...reached].every((one) => {
    const leaving = graph.edges.filter(([from]) => from === one);
    return !isStop(graph, one) && leaving.length > 0 && leaving.every(([, event]) => event === undefined);
  });
}
