/** Cycles of a directed graph whose vertices are numbered from 0. */

export type Successors = readonly ReadonlyMap<number, unknown>[];

/** Whether a step from one vertex to another counts towards the length of a cycle. */
export type Counts = (from: number, to: number) => boolean;

/**
 * A shortest cycle, as its vertices in order (the first follows the last); undefined when there is none.
 */
export function findShortestCycle(successors: Successors, counts: Counts): readonly number[] | undefined {
  let shortest: { readonly path: readonly number[]; readonly length: number } | undefined;
  for (const members of cyclicComponents(successors)) {
    for (const start of members) {
      const found = shortestWayBack(start, successors, members, counts);
      if (found !== undefined && (shortest === undefined || found.length < shortest.length)) shortest = found;
    }
  }
  return shortest?.path;
}

/** The vertices such that each is before all that it leads to, and otherwise in the order of their times, then numbers. */
export function topologicalOrder(
  successors: Successors,
  timeOf: (vertex: number) => number = () => 0,
): readonly number[] {
  const waiting = successors.map(() => 0);
  for (const next of successors) for (const to of next.keys()) waiting[to] = (waiting[to] ?? 0) + 1;
  const ready = new Set(waiting.flatMap((count, vertex) => (count === 0 ? [vertex] : [])));
  const order: number[] = [];
  while (ready.size > 0) {
    const vertex = first(ready, timeOf);
    ready.delete(vertex);
    order.push(vertex);
    for (const to of successors[vertex]?.keys() ?? []) {
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) ready.add(to);
    }
  }
  return order;
}

function first(ready: Iterable<number>, timeOf: (vertex: number) => number): number {
  let [earliest, time] = [Infinity, Infinity];
  for (const vertex of ready) {
    const at = timeOf(vertex);
    if (at < time || (at === time && vertex < earliest)) [earliest, time] = [vertex, at];
  }
  return earliest;
}

/** The strongly connected components that contain a cycle. Tarjan's algorithm, with a stack of our own. */
function cyclicComponents(successors: Successors): ReadonlySet<number>[] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const components: Set<number>[] = [];
  const lower = (vertex: number, to: number): void => void low.set(vertex, Math.min(low.get(vertex) ?? to, to));

  const enter = (vertex: number): { vertex: number; rest: Iterator<number> } => {
    index.set(vertex, index.size);
    low.set(vertex, index.size - 1);
    stack.push(vertex);
    onStack.add(vertex);
    return { vertex, rest: (successors[vertex] ?? new Map<number, unknown>()).keys() };
  };
  const leave = (vertex: number): void => {
    if (low.get(vertex) !== index.get(vertex)) return;
    const members = new Set<number>();
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      onStack.delete(member);
      members.add(member);
      if (member === vertex) break;
    }
    if (members.size > 1 || successors[vertex]?.has(vertex) === true) components.push(members);
  };

  for (let root = 0; root < successors.length; root++) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.rest.next();
      if (step.done === true) {
        leave(top.vertex);
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) lower(parent.vertex, low.get(top.vertex) ?? Infinity);
      } else if (!index.has(step.value)) {
        path.push(enter(step.value));
      } else if (onStack.has(step.value)) {
        lower(top.vertex, index.get(step.value) ?? Infinity);
      }
    }
  }
  return components;
}

/** Breadth-first search in which steps that do not count are taken first. */
function shortestWayBack(
  start: number,
  successors: Successors,
  within: ReadonlySet<number>,
  counts: Counts,
): { readonly path: readonly number[]; readonly length: number } | undefined {
  const lengths = new Map([[start, 0]]);
  const cameFrom = new Map<number, number>();
  const done = new Set<number>();
  const queue = [start];
  let best: { readonly path: readonly number[]; readonly length: number } | undefined;
  for (let vertex = queue.shift(); vertex !== undefined; vertex = queue.shift()) {
    if (done.has(vertex)) continue;
    done.add(vertex);
    const length = lengths.get(vertex) ?? 0;
    if (best !== undefined && best.length <= length) break;
    for (const to of successors[vertex]?.keys() ?? []) {
      const step = counts(vertex, to) ? 1 : 0;
      if (to === start) {
        if (best === undefined || length + step < best.length)
          best = { path: pathTo(vertex, cameFrom), length: length + step };
        continue;
      }
      if (!within.has(to) || length + step >= (lengths.get(to) ?? Infinity)) continue;
      lengths.set(to, length + step);
      cameFrom.set(to, vertex);
      if (step === 0) queue.unshift(to);
      else queue.push(to);
    }
  }
  return best;
}

function pathTo(vertex: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path: number[] = [];
  for (let step: number | undefined = vertex; step !== undefined; step = cameFrom.get(step)) path.unshift(step);
  return path;
}
