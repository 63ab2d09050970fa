/** A checker that tries every order: slow, and obviously right. */
import type { Model, Operation } from "../../../../runtime/linearizability/index.ts";

export function hasLinearization<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  state: State = model.init(),
): boolean {
  const completed = operations.filter(({ returned }) => Number.isFinite(returned));
  if (completed.length === 0) return true;
  return operations.some((next) => {
    if (completed.some((other) => other !== next && other.returned < next.invoked)) return false;
    const step = model.step(state, next.input, next.output);
    const rest = operations.filter((other) => other !== next);
    return step.ok && hasLinearization(rest, model, step.state);
  });
}
