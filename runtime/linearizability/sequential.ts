/** Histories in which nothing is concurrent: there is one order, and nothing to search. */
import { isOpen, type Operation } from "./history.ts";
import type { Model } from "./model.ts";

/** Whether a history, in the order given, is such a one and right; false says nothing. */
export function isRightInOrder<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const operation of operations) {
    if (isOpen(operation) || operation.invoked <= last) return false;
    last = operation.returned;
  }
  let state = model.init();
  for (const { input, output } of operations) {
    const step = model.step(state, input, output);
    if (!step.ok) return false;
    state = step.state;
  }
  return true;
}
