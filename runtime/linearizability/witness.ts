/**
 * The smallest history that shows what is wrong with one that is not linearizable.
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
import { search, type Limits } from "./search.ts";

export interface Witness<Input, Output> {
  /** Completed operations that cannot be put in any order, by the time of their invocations. */
  readonly contradiction: readonly Operation<Input, Output>[];
  /** Operations that may take effect at any time after they were invoked, or never. None of it helps. */
  readonly open: readonly Operation<Input, Output>[];
}

/**
 * @param operations One part of a history that is not linearizable.
 * @param culprit The first operation at whose response that is certain.
 * @param limits What all searches together may cost. What is left when they are spent is a proof too, only not as small.
 */
export function shrinkToWitness<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  culprit: Operation<Input, Output>,
  model: Model<State, Input, Output>,
  limits: Limits,
): Witness<Input, Output> {
  const isRead = ({ input, output }: Operation<Input, Output>): boolean => model.isRead?.(input, output) === true;
  const weakened = (operation: Operation<Input, Output>): readonly Operation<Input, Output>[] =>
    isRead(operation) ? [] : [isOpen(operation) ? operation : forgotten(operation)];

  let steps = limits.steps;
  const isWrong = (candidate: readonly Operation<Input, Output>[]): boolean => {
    if (steps <= 0) return false;
    const most = Math.max(LEAST_STEPS, STEPS_FOR_EACH * candidate.length);
    const found = search(candidate, model, { steps: Math.min(steps, most), bytes: limits.bytes });
    steps -= found.steps + candidate.length;
    return found.verdict === "violated";
  };

  /** Weakens so many neighbours at once, wherever what is left is still wrong. */
  const pass = (all: readonly Operation<Input, Output>[], size: number): readonly Operation<Input, Output>[] => {
    let kept = all;
    for (let from = 0; from < kept.length && steps > 0;) {
      const chunk = kept.slice(from, from + size);
      const weaker = chunk.flatMap((one) => (one === culprit ? [one] : weakened(one)));
      const isWeaker = weaker.length < chunk.length || weaker.some((one, i) => one !== chunk[i]);
      const candidate = isWeaker ? [...kept.slice(0, from), ...weaker, ...kept.slice(from + size)] : kept;
      const isTaken = isWeaker && isWrong(candidate);
      if (isTaken) kept = candidate;
      from += isTaken ? weaker.length : size;
    }
    return kept;
  };

  const { returned: end } = culprit;
  let kept: readonly Operation<Input, Output>[] = operations
    .filter(({ invoked }) => invoked <= end)
    .flatMap((one) => (one.returned > end ? weakened(one) : [one]));
  for (let size = Math.ceil(kept.length / 2); size > 1; size = Math.ceil(size / 2)) kept = pass(kept, size);
  // What was needed may not be any more, once something else is gone.
  for (let before = -1; before !== weightOf(kept);) {
    before = weightOf(kept);
    kept = pass(kept, 1);
  }
  const inOrder = [...kept].sort((a, b) => a.invoked - b.invoked);
  return { contradiction: inOrder.filter((one) => !isOpen(one)), open: inOrder.filter(isOpen) };
}

/** Less whenever something was weakened. */
function weightOf(operations: readonly Operation[]): number {
  return operations.length + operations.filter((one) => !isOpen(one)).length;
}

/** What one search may cost: what is hard to decide is left as it is. */
const LEAST_STEPS = 100_000;
const STEPS_FOR_EACH = 20;
