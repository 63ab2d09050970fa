/** Histories that an object has produced, some of them with an answer that it has not given. */
import fc from "fast-check";
import type { Model, Operation } from "../../../../runtime/linearizability/index.ts";

/** What a model would answer: tests find it by asking for each answer that there could be. */
export interface Workload<State, Input, Output> {
  readonly model: Model<State, Input, Output>;
  readonly inputs: readonly Input[];
  readonly outputs: readonly (Output | undefined)[];
}

interface Running<Input, Output> {
  readonly input: Input;
  readonly invoked: number;
  answer?: Output | undefined;
  tookEffect: boolean;
}

/** Of up to so many operations; `isRight` when it was produced by the object, and nothing was changed. */
export function histories<State, Input, Output>(
  { model, inputs, outputs }: Workload<State, Input, Output>,
  most: number,
): fc.Arbitrary<{ readonly operations: readonly Operation<Input, Output>[]; readonly isRight: boolean }> {
  const moves = fc.array(fc.tuple(fc.nat(3), fc.constantFrom(...inputs), fc.nat(20)), { maxLength: 4 * most });
  const change = fc.option(fc.tuple(fc.nat(most), fc.constantFrom(...outputs)), { freq: 2 });
  return fc.tuple(moves, change).map(([all, changed]) => {
    const operations: Operation<Input, Output>[] = [];
    const running = new Map<number, Running<Input, Output>>();
    let [state, time, started] = [model.init(), 0, 0];
    for (const [process, input, luck] of all) {
      const one = running.get(process);
      if (one === undefined) {
        if (started++ < most) running.set(process, { input, invoked: time++, tookEffect: false });
        continue;
      }
      const { invoked } = one;
      if (luck === 0) {
        operations.push({ process, input: one.input, invoked, returned: Number.POSITIVE_INFINITY });
        running.delete(process);
      } else if (one.tookEffect) {
        operations.push({ process, input: one.input, output: one.answer, invoked, returned: time++ });
        running.delete(process);
      } else {
        for (const output of outputs) {
          const step = model.step(state, one.input, output);
          if (!step.ok) continue;
          state = step.state;
          one.answer = output;
          one.tookEffect = true;
          break;
        }
      }
    }
    for (const [process, { input, invoked }] of running) {
      operations.push({ process, input, invoked, returned: Number.POSITIVE_INFINITY });
    }
    const victim = changed === null ? undefined : operations[changed[0]];
    if (changed === null || victim?.returned === Number.POSITIVE_INFINITY) return { operations, isRight: true };
    return {
      operations: operations.map((one) => (one === victim ? { ...one, output: changed[1] } : one)),
      isRight: victim === undefined,
    };
  });
}
