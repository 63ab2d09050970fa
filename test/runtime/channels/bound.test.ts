import fc from "fast-check";
import { copyBound, exceeds } from "../../../runtime/channels/bound.ts";

/** Lexicographic order, written down another way: the first difference decides. */
function larger(one: readonly number[], other: readonly number[]): boolean {
  const difference = one.findIndex((part, index) => part !== other[index]);
  return difference >= 0 && (one[difference] ?? 0) > (other[difference] ?? 0);
}

describe("bounds", () => {
  it("compare from the first part on", () => {
    const tuple = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(tuple, tuple, (one, other) => {
        expect(exceeds(one, other)).toBe(larger(one, other));
      }),
    );
  });

  it.each([
    [2, 1, true],
    [1, 1, false],
    [0, -0, false],
    [2n, 1, true],
    [1, 2n, false],
    [1, 1n, false],
    ["b", "a", true],
    ["a", "a", false],
    ["Z", "a", false],
    [[1, "b"], [1, "a"], true],
    [[[1, 2], 3], [[1, 2], 3], false],
  ])("%p exceeds %p: %p", (bound, other, expected) => {
    expect(exceeds(bound, other)).toBe(expected);
  });

  it.each([
    [Number.NaN, 1],
    [1, Number.NaN],
    ["1", 2],
    [1, "2"],
    [1, [2]],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [
      ["a", 1],
      [2, 1],
    ],
  ])("%p may exceed %p, which it cannot be compared with", (bound, other) => {
    expect(exceeds(bound, other)).toBe(true);
  });

  it("stay as they are when what they were made of changes", () => {
    const state = [1, [2, "x"]] as [number, (number | string)[]];
    const kept = copyBound(state);
    state[1].push(3);
    state[0] = 9;
    expect(kept).toEqual([1, [2, "x"]]);
  });
});
