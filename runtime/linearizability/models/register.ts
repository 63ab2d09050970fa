/** One value that is read, written, and compared with another before it is replaced; under each key one. */
import { impossible, type Model } from "../model.ts";
import { equalValues, keyOfValue, showValue } from "../plainValue.ts";
import { keyed, type Keyed } from "./keyed.ts";

export type RegisterInput<Value> = Keyed &
  (
    | { readonly f: "read" }
    | { readonly f: "write"; readonly value: Value }
    | { readonly f: "cas"; readonly from: Value; readonly to: Value }
  );

/** Of a read the value, of a `cas` whether it was what was expected; of a write nothing. */
export type RegisterOutput<Value> = Value | boolean | null;

/** @param initial What is there before anything is written; null unless said. */
export function register<Value>(
  initial: Value | null = null,
): Model<Value | null, RegisterInput<Value>, RegisterOutput<Value>> {
  return {
    name: "register",
    init: () => initial,
    key: keyOfValue,
    ...keyed,
    isRead: ({ f }, output) => f === "read" || (f === "cas" && output === false),
    step: (state, input, output) => {
      switch (input.f) {
        case "read":
          return output === undefined || equalValues(output, state) ? { ok: true, state } : impossible;
        case "write":
          return { ok: true, state: input.value };
        case "cas": {
          const isThere = equalValues(state, input.from);
          if (output !== undefined && output !== isThere) return impossible;
          return { ok: true, state: isThere ? input.to : state };
        }
      }
    },
    describe: (input, output) => {
      const answer = output === undefined ? "" : ` → ${showValue(output)}`;
      switch (input.f) {
        case "read":
          return `read${answer}`;
        case "write":
          return `write ${showValue(input.value)}`;
        case "cas":
          return `cas ${showValue(input.from)} ${showValue(input.to)}${answer}`;
      }
    },
  };
}
