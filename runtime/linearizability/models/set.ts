/** A set of values, under each key one. */
import { impossible, type Model, type Step } from "../model.ts";
import { keyOfValue, showValue } from "../plainValue.ts";
import { keyed, type Keyed } from "./keyed.ts";

export type SetInput = Keyed &
  (
    | { readonly f: "add"; readonly value: unknown }
    | { readonly f: "remove"; readonly value: unknown }
    | { readonly f: "contains"; readonly value: unknown }
    | { readonly f: "read" }
  );

/** Of a read the values in any order, each once; of `contains` whether it is there; `add` and `remove` may say whether they changed anything. */
export type SetOutput = readonly unknown[] | boolean;

/** The texts of the values, in order. */
type SetState = readonly string[];

export function set(): Model<SetState, SetInput, SetOutput> {
  return {
    name: "set",
    init: () => [],
    key: (state) => state.join(","),
    ...keyed,
    isRead: ({ f }, output) => f === "read" || f === "contains" || output === false,
    step: (state, input, output) => {
      switch (input.f) {
        case "read":
          return output === undefined || (typeof output === "object" && holdsExactly(state, output))
            ? { ok: true, state }
            : impossible;
        case "contains":
          return answer(state, state.includes(textOf(input.value)), output);
        case "add": {
          const text = textOf(input.value);
          const isNew = !state.includes(text);
          return answer(isNew ? [...state, text].sort() : state, isNew, output);
        }
        case "remove": {
          const text = textOf(input.value);
          const wasThere = state.includes(text);
          return answer(wasThere ? state.filter((one) => one !== text) : state, wasThere, output);
        }
      }
    },
    describe: (input, output) => {
      const said = output === undefined ? "" : ` → ${showValue(output)}`;
      return input.f === "read" ? `read${said}` : `${input.f} ${showValue(input.value)}${said}`;
    },
  };
}

function answer(state: SetState, expected: boolean, output: SetOutput | undefined): Step<SetState> {
  return output === undefined || output === expected ? { ok: true, state } : impossible;
}

function holdsExactly(state: SetState, values: readonly unknown[]): boolean {
  const texts = values.map(textOf).sort();
  return texts.length === state.length && texts.every((text, i) => text === state[i]);
}

/** JSON of what tells values apart: it has no comma outside of quotes, brackets and braces, so lists of it are unambiguous. */
function textOf(value: unknown): string {
  const key = keyOfValue(value);
  return typeof key === "bigint" ? `${String(key)}n` : JSON.stringify(key ?? null);
}
