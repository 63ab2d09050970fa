/** A first-in first-out queue, under each key one. */
import { impossible, type Model } from "../model.ts";
import { equalValues, keyOfValue, showValue } from "../plainValue.ts";
import { keyed, type Keyed } from "./keyed.ts";

export type QueueInput = Keyed & ({ readonly f: "enqueue"; readonly value: unknown } | { readonly f: "dequeue" });

/** Of a dequeue the value, or null when there is none; of an enqueue nothing. */
export type QueueOutput = unknown;

export function queue(): Model<readonly unknown[], QueueInput, QueueOutput> {
  return {
    name: "queue",
    init: () => [],
    key: keyOfValue,
    ...keyed,
    step: (state, input, output) => {
      switch (input.f) {
        case "enqueue":
          return { ok: true, state: [...state, input.value] };
        case "dequeue": {
          const [first = null] = state;
          if (output !== undefined && !equalValues(output, first)) return impossible;
          return { ok: true, state: state.length === 0 ? state : state.slice(1) };
        }
      }
    },
    describe: (input, output) => {
      if (input.f === "enqueue") return `enqueue ${showValue(input.value)}`;
      return output === undefined ? "dequeue" : `dequeue → ${showValue(output)}`;
    },
  };
}
