import fc from "fast-check";
import { ActivationGraph } from "../../../plugin/verify/activationGraph.ts";
import { addConflicts } from "../../../plugin/verify/conflictOrder.ts";
import { deploy } from "../../../runtime/deployment.ts";
import type {
  Access,
  AccessKind,
  Activation,
  Cell,
  Durability,
  SimulatedRun,
} from "../../../runtime/simulator/index.ts";
import { NO_FAULTS } from "../../../runtime/simulator/run.ts";
import { rewrittenVoting, voting } from "../../fixtures/verify/voting.ts";

const deployment = deploy(voting, { rewritten: rewrittenVoting });
const copies = deployment.instances.filter(({ component }) => component === "collector");
const node = deployment.nodes.find(({ role }) => role === "Leader");

/** `votes["b1"]` in `votes`, and the size and order of each. */
const cells = cellsOf();
function cellsOf(): readonly Cell[] {
  if (node === undefined) throw new Error("The fixture has changed.");
  const outer: Cell = { node, field: "votes", name: "votes", aspect: "value", parent: undefined };
  const inner: Cell = { node, field: "votes", name: 'votes["b1"]', aspect: "value", parent: outer };
  const size: Cell = { node, field: "votes", name: 'votes["b1"].size', aspect: "size", parent: inner };
  const order: Cell = { node, field: "votes", name: 'votes["b1"].order', aspect: "order", parent: inner };
  return [outer, inner, size, order];
}

interface Sketch {
  readonly activation: number;
  readonly cell: number;
  readonly copy: number;
  readonly kind: AccessKind;
}

const ACTIVATIONS = 4;
const sketches = (numberOfCopies: number): fc.Arbitrary<readonly Sketch[]> =>
  fc.array(
    fc.record({
      activation: fc.nat({ max: ACTIVATIONS - 1 }),
      cell: fc.nat({ max: cells.length - 1 }),
      copy: fc.nat({ max: numberOfCopies - 1 }),
      kind: fc.constantFrom<AccessKind>("read", "write", "commute"),
    }),
    { maxLength: 12 },
  );

const durability: Durability = {
  position: undefined,
  wroteRecord: false,
  appended: [],
  stableAt: undefined,
  lost: false,
  undone: false,
  held: 0,
  left: false,
};

interface Scene {
  readonly graph: ActivationGraph;
  readonly accesses: readonly (Access & { readonly activation: number })[];
}

function stage(list: readonly Sketch[]): Scene {
  const accesses = list.flatMap(({ activation, cell: index, copy, kind }, sequence) => {
    const cell = cells[index];
    const instance = copies[copy];
    if (cell === undefined || instance === undefined) return [];
    // Only changes of a size commute.
    const possible: AccessKind = kind === "commute" && cell.aspect !== "size" ? "write" : kind;
    return [{ activation, cell, instance, kind: possible, value: "", sequence }];
  });
  const activations = Array.from({ length: ACTIVATIONS }, (_, id): Activation => {
    const own = accesses.filter(({ activation }) => activation === id);
    const fragments = own.map((access) => ({
      instance: access.instance,
      incarnation: 0,
      handler: "voted",
      at: access.sequence,
      accesses: [access],
      sent: [],
      failure: undefined,
      durability,
    }));
    return {
      id,
      node: cells[0]?.node ?? own[0]?.cell.node ?? fail(),
      incarnation: 0,
      handler: "voted",
      cause: { kind: "start" },
      fragments,
      undone: [],
      redone: [],
      lostForwards: 0,
      isCutShort: false,
    };
  });
  const run: SimulatedRun = {
    deployment,
    isAtRest: true,
    steps: 0,
    activations,
    parked: [],
    external: [],
    comebacks: [],
    operations: { issued: 0, completed: 0 },
    faults: NO_FAULTS,
    forwards: 0,
    channels: { once: 0, repeatable: 0, ordered: 0, acknowledged: 0, stalled: 0, repeated: 0, held: 0, parked: 0 },
    pendingTimers: new Map(),
    durable: new Map(),
    stopped: [],
    coordination: { begun: 0, decided: 0, overlapping: 0, repeated: 0, stopped: 0, merged: 0 },
    problems: [],
    hash: "",
  };
  const graph = new ActivationGraph(run);
  addConflicts(graph, run);
  return { graph, accesses };
}

function fail(): never {
  throw new Error("The fixture has changed.");
}

/** Whether a path leads from one activation to another one. */
function reaches(graph: ActivationGraph, from: number, to: number): boolean {
  const seen = new Set<number>();
  const queue = [from];
  for (let vertex = queue.pop(); vertex !== undefined; vertex = queue.pop()) {
    for (const next of graph.successors[vertex]?.keys() ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  return false;
}

/** Whether two accesses conflict, directly from the definition. */
function conflict(a: Access, b: Access, all: readonly Access[]): boolean {
  const within = (inner: Access, outer: Access): boolean =>
    outer.kind === "write" && ancestors(inner.cell).includes(outer.cell);
  if (a.cell !== b.cell) {
    // A replacement of the container is a write of the cell; whether anybody reads an order decides about it too.
    const [inner] = within(a, b) ? [a] : within(b, a) ? [b] : [];
    return inner !== undefined && isObservable(inner.cell, all);
  }
  if (a.kind === "read" && b.kind === "read") return false;
  if (a.kind === "commute" && b.kind === "commute") return false;
  return isObservable(a.cell, all);
}

function isObservable(cell: Cell, all: readonly Access[]): boolean {
  return cell.aspect !== "order" || all.some((access) => access.cell === cell && access.kind === "read");
}

function ancestors(cell: Cell): Cell[] {
  return cell.parent === undefined ? [] : [cell.parent, ...ancestors(cell.parent)];
}

it("orders conflicting accesses of one copy as they happened, and nothing else", () => {
  fc.assert(
    fc.property(sketches(1), (list) => {
      const { graph, accesses } = stage(list);
      const direct = new Set<string>();
      for (const a of accesses) {
        for (const b of accesses) {
          if (a.sequence >= b.sequence || a.activation === b.activation || !conflict(a, b, accesses)) continue;
          direct.add(`${String(a.activation)} ${String(b.activation)}`);
          expect(reaches(graph, a.activation, b.activation)).toBe(true);
        }
      }
      for (let from = 0; from < ACTIVATIONS; from++) {
        for (const to of graph.successors[from]?.keys() ?? [])
          expect(direct).toContain(`${String(from)} ${String(to)}`);
      }
    }),
    { numRuns: 500 },
  );
});

it("puts who has not seen a change before it, and two who have not seen each other into a circle", () => {
  const read = { cell: 2, kind: "read" } as const;
  const insert = { cell: 2, kind: "commute" } as const;
  const stale = stage([
    { activation: 0, copy: 0, ...insert },
    { activation: 1, copy: 1, ...read },
  ]).graph;
  expect([...(stale.successors[1]?.keys() ?? [])]).toEqual([0]);
  expect(stale.successors[0]?.size).toBe(0);

  const apart = stage([
    { activation: 0, copy: 0, cell: 0, kind: "write" },
    { activation: 1, copy: 1, cell: 0, kind: "write" },
  ]).graph;
  expect([reaches(apart, 0, 1), reaches(apart, 1, 0)]).toEqual([true, true]);

  const commuting = stage([
    { activation: 0, copy: 0, ...insert },
    { activation: 1, copy: 1, ...insert },
  ]).graph;
  expect([reaches(commuting, 0, 1), reaches(commuting, 1, 0)]).toEqual([false, false]);

  const replicated = stage([
    { activation: 0, copy: 0, cell: 0, kind: "write" },
    { activation: 0, copy: 1, cell: 0, kind: "write" },
    { activation: 1, copy: 0, cell: 0, kind: "write" },
    { activation: 1, copy: 1, cell: 0, kind: "write" },
  ]).graph;
  expect([reaches(replicated, 0, 1), reaches(replicated, 1, 0)]).toEqual([true, false]);
});

it("takes the parts of an activation for one", () => {
  const between = stage([
    { activation: 0, copy: 0, cell: 0, kind: "read" },
    { activation: 1, copy: 0, cell: 0, kind: "write" },
    { activation: 0, copy: 0, cell: 0, kind: "write" },
  ]).graph;
  expect([reaches(between, 0, 1), reaches(between, 1, 0)]).toEqual([true, true]);

  const harmless = stage([
    { activation: 0, copy: 0, cell: 2, kind: "commute" },
    { activation: 1, copy: 0, cell: 2, kind: "commute" },
    { activation: 0, copy: 0, cell: 2, kind: "commute" },
  ]).graph;
  expect([reaches(harmless, 0, 1), reaches(harmless, 1, 0)]).toEqual([false, false]);

  const seenAtOneOfTwo = stage([
    { activation: 0, copy: 0, cell: 0, kind: "write" },
    { activation: 0, copy: 1, cell: 0, kind: "write" },
    { activation: 1, copy: 1, cell: 0, kind: "read" },
  ]).graph;
  expect([reaches(seenAtOneOfTwo, 0, 1), reaches(seenAtOneOfTwo, 1, 0)]).toEqual([true, false]);

  const seenBetweenTheTwo = stage([
    { activation: 0, copy: 0, cell: 0, kind: "write" },
    { activation: 1, copy: 0, cell: 0, kind: "read" },
    { activation: 1, copy: 1, cell: 0, kind: "read" },
    { activation: 0, copy: 1, cell: 0, kind: "write" },
  ]).graph;
  expect([reaches(seenBetweenTheTwo, 0, 1), reaches(seenBetweenTheTwo, 1, 0)]).toEqual([true, true]);
});
