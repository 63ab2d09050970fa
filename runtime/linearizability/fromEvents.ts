/** Operations from what the clients of a system sent and received, and invariants that ask for a linearizable system. */
import type { ExternalEvent, Invariant } from "../system.ts";
import { checkLinearizability, type Budget } from "./check.ts";
import { explain } from "./explain.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./model.ts";

/** What an event is to an operation. */
export type Meaning<Input, Output> =
  /** The client asks for it. Asking again, under the same id, is the same operation. */
  | { readonly calls: string; readonly input: Input }
  /** The client hears what came of it; only the first answer counts. Undefined: that it is done, and no more. */
  | { readonly answers: string; readonly output: Output | undefined };

/**
 * The operations of a run.
 *
 * @param meaning What an event is; undefined when it is nothing. Ids of operations are those of one client.
 * @throws Error for an answer to something that the client has not asked for.
 */
export function historyOf<Input, Output>(
  events: readonly ExternalEvent[],
  meaning: (event: ExternalEvent) => Meaning<Input, Output> | undefined,
): readonly Operation<Input, Output>[] {
  const operations = new Map<string, Operation<Input, Output>>();
  for (const [time, event] of events.entries()) {
    const one = meaning(event);
    if (one === undefined) continue;
    const process = event.node.id;
    const id = JSON.stringify([process, "calls" in one ? one.calls : one.answers]);
    const known = operations.get(id);
    if ("calls" in one) {
      if (known !== undefined) continue;
      operations.set(id, { process, input: one.input, invoked: time, returned: Number.POSITIVE_INFINITY });
    } else if (known === undefined) {
      throw new Error(`${process} got an answer to ${one.answers}, which it has not asked for.`);
    } else if (known.returned === Number.POSITIVE_INFINITY) {
      operations.set(id, { ...known, output: one.output, returned: time });
    }
  }
  return [...operations.values()];
}

/**
 * An invariant of a system: to its clients it is one object that does one operation at a time.
 *
 * It throws with a small proof when that is not so, and when the budget does not suffice to tell.
 */
export function linearizable<State, Input, Output>(
  model: Model<State, Input, Output>,
  meaning: (event: ExternalEvent) => Meaning<Input, Output> | undefined,
  {
    name = `the system is a linearizable ${model.name}`,
    budget,
  }: { readonly name?: string; readonly budget?: Budget } = {},
): Invariant {
  return {
    name,
    holds: (history) => {
      const checked = checkLinearizability(historyOf(history, meaning), model, budget === undefined ? {} : { budget });
      if (checked.verdict === "linearizable") return true;
      throw new Error(explain(checked, model));
    },
  };
}
