/** Texts under keys: what is put, and appended to. */
import { impossible, type Model } from "../model.ts";
import { showValue } from "../plainValue.ts";
import { keyed } from "./keyed.ts";

export type KeyValueInput = { readonly key: unknown } & (
  | { readonly f: "get" }
  | { readonly f: "put"; readonly value: string }
  | { readonly f: "append"; readonly value: string }
  | { readonly f: "delete" }
  | { readonly f: "cas"; readonly from: string | null; readonly to: string }
);

/**
 * Of `get` what is there, of `cas` whether that was what was expected. The others may say what is there afterwards, or
 * nothing. Null: nothing is there.
 */
export type KeyValueOutput = string | boolean | null;

/** @param absent What a key without a value reads as; null unless said. Some systems say an empty text. */
export function keyValueMap(absent: "" | null = null): Model<string | null, KeyValueInput, KeyValueOutput> {
  const afterwards = (state: string | null, output: KeyValueOutput | undefined) =>
    output === undefined || output === state ? { ok: true as const, state } : impossible;
  return {
    name: "key-value map",
    init: () => absent,
    ...keyed,
    isRead: ({ f }, output) => f === "get" || (f === "cas" && output === false),
    step: (state, input, output) => {
      switch (input.f) {
        case "get":
          return afterwards(state, output);
        case "put":
          return afterwards(input.value, output);
        case "append":
          return afterwards((state ?? "") + input.value, output);
        case "delete":
          return afterwards(absent, output);
        case "cas": {
          const isThere = state === input.from;
          if (output !== undefined && output !== isThere) return impossible;
          return { ok: true, state: isThere ? input.to : state };
        }
      }
    },
    describe: (input, output) => {
      const answer = output === undefined ? "" : ` → ${showValue(output)}`;
      const key = showValue(input.key);
      switch (input.f) {
        case "get":
        case "delete":
          return `${input.f} ${key}${answer}`;
        case "put":
        case "append":
          return `${input.f} ${key} ${showValue(input.value)}${answer}`;
        case "cas":
          return `cas ${key} ${showValue(input.from)} ${showValue(input.to)}${answer}`;
      }
    },
  };
}
