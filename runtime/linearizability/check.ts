/** Whether a history is one of a linearizable object. */
import { assertOperation, type Operation } from "./history.ts";
import type { Model } from "./model.ts";
import { partitionsOf, type Partition } from "./partitions.ts";
import { search, type DeadEnd, type SearchProgress } from "./search.ts";
import { isRightInOrder } from "./sequential.ts";
import { shrinkToWitness, type Witness } from "./witness.ts";

export interface Budget {
  /** How many times the model may be asked what an operation does; a hundred million unless said. */
  readonly steps?: number;
  /** How much memory the search may use for what it has seen, about; a gibibyte unless said. */
  readonly bytes?: number;
}

export interface CheckProgress extends SearchProgress {
  /** The operations of the part that is being searched, and how many parts are done, of how many. */
  readonly operations: number;
  readonly partitionsDone: number;
  readonly partitions: number;
}

export interface CheckOptions {
  readonly budget?: Budget;
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** An order in which the operations of one part can have taken effect. Open operations are there if they have to be. */
export interface Linearization<Input, Output> {
  readonly key: unknown;
  readonly order: readonly Operation<Input, Output>[];
}

export interface Violation<Input, Output> extends DeadEnd<Input, Output> {
  /** The part that is not linearizable, as the model calls it; undefined when it has no parts. */
  readonly key: unknown;
  /** All operations of that part. */
  readonly operations: readonly Operation<Input, Output>[];
  readonly witness: Witness<Input, Output>;
}

export interface Effort {
  readonly operations: number;
  readonly partitions: number;
  readonly steps: number;
  /** Of the search that needed most. */
  readonly bytes: number;
}

export type Checked<Input, Output> = { readonly effort: Effort } & (
  | { readonly verdict: "linearizable"; readonly linearizations: readonly Linearization<Input, Output>[] }
  | { readonly verdict: "violated"; readonly violation: Violation<Input, Output> }
  | {
      readonly verdict: "budget exhausted";
      /** The parts that could not be decided; all others are linearizable. */
      readonly undecided: readonly Partition<Input, Output>[];
    }
);

const DEFAULT_BUDGET = { steps: 100_000_000, bytes: 2 ** 30 };
const WITNESS_STEPS = 1_000_000;

/**
 * Decides whether there is an order of the operations that respects real time and in which the model does what clients saw.
 *
 * @param history In any order.
 * @returns One of three verdicts: with an order for each part of the object; with the first part that was found to have none, and the
 *   proof of that, made as small as its own budget allows; or neither, when the budget ended before. Never more than the budget, and no exception for a history that is large.
 * @throws RangeError for an operation that returns before it is invoked.
 */
export function checkLinearizability<State, Input, Output>(
  history: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  { budget, onProgress }: CheckOptions = {},
): Checked<Input, Output> {
  for (const operation of history) assertOperation(operation);
  const limits = { ...DEFAULT_BUDGET, ...budget };
  const partitions = partitionsOf(history, model);
  const linearizations: Linearization<Input, Output>[] = [];
  const undecided: Partition<Input, Output>[] = [];
  let [steps, bytes] = [0, 0];
  const effort = (): Effort => ({ operations: history.length, partitions: partitions.length, steps, bytes });
  for (const [done, { key, operations }] of partitions.entries()) {
    if (isRightInOrder(operations, model)) {
      steps += operations.length;
      linearizations.push({ key, order: operations });
      continue;
    }
    // Those that come later are larger, and get what is left over.
    const share = Math.max(0, limits.steps - steps) / (partitions.length - done);
    const report =
      onProgress &&
      ((progress: SearchProgress): void =>
        onProgress({
          ...progress,
          steps: steps + progress.steps,
          operations: operations.length,
          partitionsDone: done,
          partitions: partitions.length,
        }));
    const found = search(operations, model, { steps: share, bytes: limits.bytes }, report);
    steps += found.steps;
    bytes = Math.max(bytes, found.bytes);
    switch (found.verdict) {
      case "linearizable":
        linearizations.push({ key, order: found.order });
        break;
      case "budget exhausted":
        undecided.push({ key, operations });
        break;
      case "violated": {
        const limitsOfWitness = { steps: Math.min(WITNESS_STEPS, limits.steps), bytes: limits.bytes };
        const witness = shrinkToWitness(operations, found.deadEnd, model, limitsOfWitness);
        return { verdict: "violated", violation: { ...found.deadEnd, key, operations, witness }, effort: effort() };
      }
    }
  }
  if (undecided.length > 0) return { verdict: "budget exhausted", undecided, effort: effort() };
  return { verdict: "linearizable", linearizations, effort: effort() };
}
