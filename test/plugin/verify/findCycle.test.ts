import fc from "fast-check";
import { findShortestCycle, topologicalOrder } from "../../../plugin/verify/findCycle.ts";

type Edge = readonly [from: number, to: number];

const SIZE = 7;
const edges: fc.Arbitrary<readonly Edge[]> = fc.array(fc.tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: SIZE - 1 })), {
  maxLength: 14,
});

function graphOf(list: readonly Edge[]): ReadonlyMap<number, unknown>[] {
  const graph = Array.from({ length: SIZE }, () => new Map<number, unknown>());
  for (const [from, to] of list) graph[from]?.set(to, null);
  return graph;
}

/** The length of a shortest cycle, by distances between all pairs. */
function lengthByBruteForce(list: readonly Edge[], weight: (edge: Edge) => number): number {
  const distance = Array.from({ length: SIZE }, () => Array.from({ length: SIZE }, () => Infinity));
  for (const edge of list) (distance[edge[0]] ?? [])[edge[1]] = weight(edge);
  const at = (i: number, j: number): number => distance[i]?.[j] ?? Infinity;
  for (let k = 0; k < SIZE; k++)
    for (let i = 0; i < SIZE; i++)
      for (let j = 0; j < SIZE; j++) (distance[i] ?? [])[j] = Math.min(at(i, j), at(i, k) + at(k, j));
  return Math.min(...distance.map((_, i) => at(i, i)));
}

/** Some edges are free, as steps in time are; the same pair of vertices always has the same weight. */
const counts = (from: number, to: number): boolean => (from + 2 * to) % 3 !== 0;

it("finds a shortest cycle exactly when there is one", () => {
  fc.assert(
    fc.property(edges, (list) => {
      const cycle = findShortestCycle(graphOf(list), counts);
      const expected = lengthByBruteForce(list, ([from, to]) => (counts(from, to) ? 1 : 0));
      if (cycle === undefined) return expected === Infinity;
      const steps = cycle.map((from, index): Edge => [from, cycle[(index + 1) % cycle.length] ?? from]);
      expect(steps.every(([from, to]) => list.some(([a, b]) => a === from && b === to))).toBe(true);
      return steps.filter(([from, to]) => counts(from, to)).length === expected;
    }),
  );
});

it("orders an acyclic graph, and otherwise by number", () => {
  fc.assert(
    fc.property(edges, (list) => {
      const forward = list.filter(([from, to]) => from % 3 < to % 3);
      const order = topologicalOrder(graphOf(forward));
      expect([...order].sort()).toEqual(Array.from({ length: SIZE }, (_, vertex) => vertex));
      return forward.every(([from, to]) => order.indexOf(from) < order.indexOf(to));
    }),
  );
  expect(topologicalOrder(graphOf([[5, 0]]))).toEqual([1, 2, 3, 4, 5, 0, 6]);
});
