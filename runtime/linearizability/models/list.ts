/** A list that only grows, under each key one: a log, as its clients see it. */
import { impossible, type Model } from "../model.ts";
import { showValue } from "../plainValue.ts";
import { Chain } from "./chain.ts";
import { keyed, type Keyed } from "./keyed.ts";

export type ListInput = Keyed & ({ readonly f: "append"; readonly value: unknown } | { readonly f: "read" });

/** Of a read the list; an append may say at which place the value is, counted from 0, or nothing. */
export type ListOutput = readonly unknown[] | number;

export function appendOnlyList(): Model<Chain, ListInput, ListOutput> {
  return listModel("append-only list", (list, value) => ({ list: list.with(value), place: list.length }));
}

/**
 * A log in which every value is at most once: appending one that is there already changes nothing, as when a client sends a
 * command again and the command is executed once.
 */
export function logAtMostOnce(): Model<Chain, ListInput, ListOutput> {
  return listModel("log at most once", (list, value) => {
    const known = list.indexOf(value);
    return known < 0 ? { list: list.with(value), place: list.length } : { list, place: known };
  });
}

function listModel(
  name: string,
  append: (list: Chain, value: unknown) => { readonly list: Chain; readonly place: number },
): Model<Chain, ListInput, ListOutput> {
  return {
    name,
    init: () => Chain.empty(),
    ...keyed,
    isRead: ({ f }) => f === "read",
    step: (state, input, output) => {
      switch (input.f) {
        case "read":
          return output === undefined || (typeof output === "object" && state.equals(output))
            ? { ok: true, state }
            : impossible;
        case "append": {
          const { list, place } = append(state, input.value);
          return output === undefined || output === place ? { ok: true, state: list } : impossible;
        }
      }
    },
    describe: (input, output) => {
      const answer = output === undefined ? "" : ` → ${showValue(output)}`;
      return input.f === "read" ? `read${answer}` : `append ${showValue(input.value)}${answer}`;
    },
  };
}
