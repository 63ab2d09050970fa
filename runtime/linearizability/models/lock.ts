/** A lock that one owner at a time can have, under each key one. */
import { impossible, type Model } from "../model.ts";
import { showValue } from "../plainValue.ts";
import { keyed, type Keyed } from "./keyed.ts";

export type LockInput = Keyed & {
  readonly f: "acquire" | "release";
  readonly owner: string | number;
};

/** Whether it was acquired, or released. Without an answer it was: then an `acquire` has waited until it could. */
export type LockOutput = boolean;

/** Who has it, or null. */
type LockState = string | number | null;

export function lock(): Model<LockState, LockInput, LockOutput> {
  return {
    name: "lock",
    init: () => null,
    ...keyed,
    isRead: (_input, output) => output === false,
    step: (state, { f, owner }, output) => {
      const succeeds = f === "acquire" ? state === null : state === owner;
      if (succeeds !== (output ?? true)) return impossible;
      if (!succeeds) return { ok: true, state };
      return { ok: true, state: f === "acquire" ? owner : null };
    },
    describe: ({ f, owner }, output) =>
      `${f} by ${String(owner)}${output === undefined ? "" : ` → ${showValue(output)}`}`,
  };
}
