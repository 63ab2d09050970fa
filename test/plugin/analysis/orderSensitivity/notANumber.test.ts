import { isNeverNaN } from "../../../../plugin/analysis/orderSensitivity/notANumber.ts";
import type { Term } from "../../../../plugin/model/term.ts";

const column: Term = { kind: "payload", path: ["n"] };
const one: Term = { kind: "literal", value: 1 };
const pure = (name: string, ...args: readonly Term[]): Term => ({ kind: "pure", name, args, injective: false });

describe("isNeverNaN", () => {
  it.each<[string, Term]>([
    ["what a message carries", column],
    ["a part of it", pure(".0", column)],
    ["the next number", pure("+", column, one)],
  ])("holds of %s", (_, term) => {
    expect(isNeverNaN(term)).toBe(true);
  });

  it.each<[string, Term]>([
    ["a difference of two columns, which may both be infinite", pure("-", column, column)],
    ["a quotient", pure("/", column, one)],
    ["a text read as a number", pure("Number", column)],
    ["state", { kind: "read", cell: { field: "best", keys: [], aspect: "value" } }],
  ])("does not hold of %s", (_, term) => {
    expect(isNeverNaN(term)).toBe(false);
  });
});
