/** The parts of a history that have nothing to do with each other. */
import type { Operation } from "./history.ts";
import type { Model } from "./model.ts";
import { Numbering } from "./numbering.ts";

export interface Partition<Input, Output> {
  /** What the model calls the part; undefined when it has no parts. */
  readonly key: unknown;
  readonly operations: readonly Operation<Input, Output>[];
}

/** The smallest first: what is wrong with a small one is found and understood soonest. */
export function partitionsOf<Input, Output>(
  history: readonly Operation<Input, Output>[],
  { partition }: Pick<Model<never, Input, Output>, "partition">,
): readonly Partition<Input, Output>[] {
  if (partition === undefined) return [{ key: undefined, operations: history }];
  const numbers = new Numbering();
  const partitions: { readonly key: unknown; readonly operations: Operation<Input, Output>[] }[] = [];
  for (const operation of history) {
    const key = partition(operation.input);
    const number = numbers.of(key);
    const known = partitions[number];
    if (known === undefined) partitions.push({ key, operations: [operation] });
    else known.operations.push(operation);
  }
  return partitions.sort((a, b) => a.operations.length - b.operations.length);
}
