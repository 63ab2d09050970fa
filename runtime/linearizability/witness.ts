/**
 * A small history that shows what is wrong with one that is not linearizable.
 *
 * Each change that is made turns every linearizable history into a linearizable one. So when the history is still not
 * linearizable after it, it was not before, and what is left is a proof on its own:
 *
 * - *ending the history* at a response: linearizability is closed under prefixes. What had not returned is open.
 * - *leaving out a read*: the other operations of a linearization see the same without it.
 * - *leaving out other parts* of the object: linearizability is local.
 * - *forgetting a response*: an operation that may take effect at any later time, or never, can do what it did.
 *
 * Leaving out an operation that writes is not such a change, for others may have seen what it wrote; so its response is
 * forgotten instead. Of what is left, the completed operations contradict each other; the open ones may take effect whenever
 * that would help, and it does not.
 */
import { forgotten, isOpen, type Operation } from "./history.ts";
import type { Model } from "./model.ts";
import { search, type DeadEnd, type Limits } from "./search.ts";

export interface Witness<Input, Output> {
  /** Completed operations that cannot be put in any order, by the time of their invocations. */
  readonly contradiction: readonly Operation<Input, Output>[];
  /** Operations that may take effect at any time after they were invoked, or never. None of it helps. */
  readonly open: readonly Operation<Input, Output>[];
}

/**
 * @param operations One part of a history that is not linearizable.
 * @param deadEnd How far the search for a linearization got.
 * @param limits What all searches together may cost. What is left when they are spent is a proof too, only not as small.
 */
export function shrinkToWitness<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  deadEnd: DeadEnd<Input, Output>,
  model: Model<State, Input, Output>,
  limits: Limits,
): Witness<Input, Output> {
  const weakened = (operation: Operation<Input, Output>): readonly Operation<Input, Output>[] => {
    if (model.isRead?.(operation.input, operation.output) === true) return [];
    return [isOpen(operation) ? operation : forgotten(operation)];
  };
  let steps = limits.steps;
  const isWrong = (candidate: readonly Operation<Input, Output>[]): boolean => {
    if (steps <= 0) return false;
    const most = Math.max(LEAST_STEPS, STEPS_FOR_EACH * candidate.length);
    const found = search(candidate, model, { steps: Math.min(steps, most), bytes: limits.bytes });
    steps -= found.steps + candidate.length;
    return found.verdict === "violated";
  };
  const endingAt = (end: number): readonly Operation<Input, Output>[] =>
    operations.filter(({ invoked }) => invoked <= end).flatMap((one) => (one.returned > end ? weakened(one) : [one]));

  const end = firstWrongEnd(operations, deadEnd.next.returned, (time) => isWrong(endingAt(time)));
  let kept = endingAt(end);
  for (let size = Math.ceil(kept.length / 2); size > 1; size = Math.ceil(size / 2)) kept = pass(kept, size);
  // What was needed may not be any more, once something else is gone.
  for (let before = -1; before !== weightOf(kept);) {
    before = weightOf(kept);
    kept = pass(kept, 1);
  }
  const inOrder = [...kept].sort((a, b) => a.invoked - b.invoked);
  return { contradiction: inOrder.filter((one) => !isOpen(one)), open: inOrder.filter(isOpen) };

  /** Weakens so many neighbours at once, wherever what is left is still wrong. */
  function pass(all: readonly Operation<Input, Output>[], size: number): readonly Operation<Input, Output>[] {
    let left = all;
    for (let from = 0; from < left.length && steps > 0;) {
      const chunk = left.slice(from, from + size);
      const weaker = chunk.flatMap(weakened);
      const isWeaker = weaker.length < chunk.length || weaker.some((one, i) => one !== chunk[i]);
      const candidate = isWeaker ? [...left.slice(0, from), ...weaker, ...left.slice(from + size)] : left;
      const isTaken = isWeaker && isWrong(candidate);
      if (isTaken) left = candidate;
      from += isTaken ? weaker.length : size;
    }
    return left;
  }
}

/**
 * The first response at which a history can end and be wrong, as far as can be told; at the last one it is. It need not be
 * the one at which a search got stuck: the search knows what operations will return that are under way there.
 */
function firstWrongEnd(operations: readonly Operation[], guess: number, isWrongAt: (end: number) => boolean): number {
  const ends = [...new Set(operations.filter((one) => !isOpen(one)).map(({ returned }) => returned))];
  ends.sort((a, b) => a - b);
  // Up to there the search has found an order.
  let low = ends.indexOf(guess);
  let high = ends.length - 1;
  for (let middle = low; low < high; middle = Math.floor((low + high) / 2)) {
    if (isWrongAt(ends[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return ends[high] ?? guess;
}

/** Less whenever something was weakened. */
function weightOf(operations: readonly Operation[]): number {
  return operations.length + operations.filter((one) => !isOpen(one)).length;
}

/** What one search may cost: what is hard to decide is left as it is. */
const LEAST_STEPS = 20_000;
const STEPS_FOR_EACH = 20;
