/**
 * The conflict order: on the logical cells of the original, wherever copies or partitions of them live. One activation
 * comes before another when the other observed or overwrote a write of it, or when it accessed a cell without
 * observing a write of the other. Accesses that commute are exempt, and so are changes of an iteration order that
 * nobody reads.
 *
 * A node that comes back after a crash has new cells: everything that it did before comes before everything that it does
 * afterwards anyway (messageOrder.ts), and what its durable cells hold is for the replay to judge. That includes an order
 * that somebody reads only then: it matters from the beginning.
 */
import type { DeployedInstance } from "../../runtime/routing/address.ts";
import type { Access, Cell, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { ActivationGraph, Touch } from "./activationGraph.ts";
import { isSpread, replicationOf } from "./replication.ts";

/**
 * Adds the edges, and gives the number of activations that conflicted with another one.
 *
 * @param isLenient instances whose accesses are not ordered among each other
 */
export function addConflicts(graph: ActivationGraph, run: SimulatedRun, isLenient: IsLenient = () => false): number {
  const conflicting = new Set<number>();
  const orders = ordersRead(run);
  const isPart = (touch: Touch): boolean =>
    isSpread(run.deployment, touch.access) && replicationOf(run.deployment, touch.activation) !== undefined;
  for (const byCell of touchesByCell(run)) {
    for (const cell of byCell.keys()) {
      if (cell.aspect !== "order" || orders.has(cell))
        addConflictsAt(touchesOf(cell, byCell), graph, conflicting, isLenient, isPart);
    }
  }
  return conflicting.size;
}

export type IsLenient = (instance: DeployedInstance) => boolean;

function addConflictsAt(
  touches: readonly Touch[] | undefined,
  graph: ActivationGraph,
  conflicting: Set<number>,
  isLenient: IsLenient,
  isPart: (touch: Touch) => boolean,
): void {
  if (touches === undefined) return;
  const add = (first: Touch, second: Touch, seen: boolean): void => {
    if (first.activation === second.activation) return;
    if (isLenient(first.access.instance) && isLenient(second.access.instance)) return;
    graph.order(first.activation, second.activation, { kind: "conflict", first, second, seen });
    conflicting.add(first.activation.id).add(second.activation.id);
  };
  if (isOneCopy(touches)) orderOneCopy(touches, add);
  else orderCopies(touches, add, isPart);
}

type AddEdge = (first: Touch, second: Touch, seen: boolean) => void;

/** The iteration orders that somebody reads at some time. */
function ordersRead({ activations }: SimulatedRun): ReadonlySet<Cell> {
  const orders = new Set<Cell>();
  for (const { fragments } of activations) {
    for (const { accesses } of fragments) {
      for (const { cell, kind } of accesses) if (kind === "read" && cell.aspect === "order") orders.add(cell);
    }
  }
  return orders;
}

type TouchesByCell = ReadonlyMap<Cell, readonly Touch[]>;

/**
 * For each incarnation of the nodes. What partitions do, after their node came back, because it was decided before, they
 * do as if it had happened then.
 */
function touchesByCell({ activations, deployment }: SimulatedRun): Iterable<TouchesByCell> {
  const incarnations = new Map<number, Map<Cell, Touch[]>>();
  for (const activation of activations) {
    const isReplicated = replicationOf(deployment, activation) !== undefined;
    for (const { accesses, ...fragment } of activation.fragments) {
      const { incarnation } = isReplicated ? activation : fragment;
      const byCell = incarnations.get(incarnation) ?? new Map<Cell, Touch[]>();
      incarnations.set(incarnation, byCell);
      for (const access of accesses) {
        const touches = byCell.get(access.cell);
        if (touches === undefined) byCell.set(access.cell, [{ activation, access }]);
        else touches.push({ activation, access });
      }
    }
  }
  return incarnations.values();
}

/** What touched a cell, replacements of what contains it included, in order; undefined when none of it can conflict. */
function touchesOf(cell: Cell, byCell: TouchesByCell): readonly Touch[] | undefined {
  const own = byCell.get(cell) ?? [];
  const touches = [...own];
  for (let container = cell.parent; container !== undefined; container = container.parent) {
    for (const touch of byCell.get(container) ?? []) if (touch.access.kind === "write") touches.push(touch);
  }
  if (touches.every(({ access }) => access.kind === "read")) return undefined;
  return touches.sort((a, b) => a.access.sequence - b.access.sequence);
}

function isOneCopy(touches: readonly Touch[]): boolean {
  return touches.every(({ access }) => access.instance === touches[0]?.access.instance);
}

function conflict(a: Access, b: Access): boolean {
  return a.kind !== b.kind || a.kind === "write";
}

/**
 * One copy: everything happened in one sequence. Neighbours that do not conflict form a block; since each block
 * conflicts with the next as a whole, edges between neighbouring blocks imply all others.
 */
function orderOneCopy(touches: readonly Touch[], add: AddEdge): void {
  let previous: Touch[] = [];
  let block: Touch[] = [];
  for (const touch of touches) {
    const [first] = block;
    if (first !== undefined && conflict(first.access, touch.access)) {
      previous = block;
      block = [];
    }
    for (const earlier of previous) add(earlier, touch, true);
    block.push(touch);
  }
}

/**
 * Several copies: what an activation did to one of them is seen at that copy only. Of what is spread over partitions, an
 * activation that runs on all of them meets the part that is there. It says nothing of others that it did not meet
 * elsewhere: where they were, another fragment of it was, or would have been if a crash had not come first.
 *
 * @param isPart whether a touch is one to such a part
 */
function orderCopies(touches: readonly Touch[], add: AddEdge, isPart: (touch: Touch) => boolean): void {
  for (const mine of touches) {
    for (const [, writes] of conflictingWrites(mine, touches)) {
      const here = writes.filter(({ access }) => access.instance === mine.access.instance);
      const before = here.find(({ access }) => access.sequence < mine.access.sequence);
      const after = here.find(({ access }) => access.sequence > mine.access.sequence);
      if (before !== undefined) add(before, mine, true);
      if (after !== undefined) add(mine, after, true);
      const elsewhere = writes.find((write) => !areBothInsertions(mine.access, write.access));
      if (here.length > 0 || elsewhere === undefined || isPart(mine) || isPart(elsewhere)) continue;
      add(mine, elsewhere, false);
    }
  }
}

/** Entries that came to different copies: nobody can have read in which order. */
function areBothInsertions(a: Access, b: Access): boolean {
  return a.kind !== "read" && a.cell.aspect === "order" && b.cell.aspect === "order";
}

/** The writes of other activations that conflict with an access, by activation. */
function conflictingWrites(mine: Touch, touches: readonly Touch[]): ReadonlyMap<number, readonly Touch[]> {
  const byActivation = new Map<number, Touch[]>();
  for (const touch of touches) {
    const { activation, access } = touch;
    if (access.kind === "read" || activation === mine.activation || !conflict(mine.access, access)) continue;
    byActivation.set(activation.id, [...(byActivation.get(activation.id) ?? []), touch]);
  }
  return byActivation;
}
