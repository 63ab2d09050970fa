/** A number that is added to, under each key one. */
import { impossible, type Model } from "../model.ts";
import { showValue } from "../plainValue.ts";
import { keyed, type Keyed } from "./keyed.ts";

export type CounterInput = Keyed & ({ readonly f: "add"; readonly value: number } | { readonly f: "read" });

/** The number; an `add` may say what it is afterwards, or nothing. */
export type CounterOutput = number;

export function counter(initial = 0): Model<number, CounterInput, CounterOutput> {
  return {
    name: "counter",
    init: () => initial,
    ...keyed,
    isRead: ({ f }) => f === "read",
    step: (state, input, output) => {
      const after = input.f === "add" ? state + input.value : state;
      return output === undefined || output === after ? { ok: true, state: after } : impossible;
    },
    describe: (input, output) => {
      const answer = output === undefined ? "" : ` → ${showValue(output)}`;
      return input.f === "read" ? `read${answer}` : `add ${showValue(input.value)}${answer}`;
    },
  };
}
