import { GrowSet } from "riven";
import { canonicalText } from "../../../../runtime/simulator/explorer/canonicalText.ts";

describe("the text of a state", () => {
  it("keeps apart what a handler can tell apart", () => {
    const shared = { a: 1 };
    const advanced = /a/g;
    advanced.lastIndex = 1;
    const lattice = new GrowSet<number>();
    lattice.add(1);
    const states: readonly unknown[] = [
      undefined,
      null,
      0,
      -0,
      1,
      1n,
      "1",
      true,
      NaN,
      [],
      [undefined],
      new Array(1),
      {},
      { a: undefined },
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      new Map([["a", 1]]),
      new Map([[1, "a"]]),
      new Set(["a", "b"]),
      new Set(["b", "a"]),
      new Set([1]),
      lattice,
      Uint8Array.of(1, 2),
      [1, 2],
      [shared, shared],
      [{ a: 1 }, { a: 1 }],
      /a/,
      /a/g,
      advanced,
    ];
    expect(new Set(states.map(canonicalText)).size).toBe(states.length);
  });

  it("is the same for what nobody can tell apart", () => {
    const [one, other] = [{ list: [1, 2] }, { list: [1, 2] }];
    expect(canonicalText(new Map([["x", one]]))).toBe(canonicalText(new Map([["x", other]])));
  });

  it("is refused to what may do anything", () => {
    expect(() => canonicalText({ call: () => 1 })).toThrow("A function is no plain data.");
    expect(() => canonicalText([new Date(0)])).toThrow("An instance of Date is no plain data.");
    expect(() => canonicalText(Symbol("s"))).toThrow("A symbol is no plain data.");
  });
});
