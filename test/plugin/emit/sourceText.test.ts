import { freeNames, memberNames, readSourceText, subtract } from "../../../plugin/emit/sourceText.ts";

const whole = (text: string): readonly { start: number; end: number }[] => [{ start: 0, end: text.length }];
const free = (text: string): { readonly [name: string]: string } =>
  Object.fromEntries(
    [...freeNames(readSourceText(text), whole(text))].map(([name, { asValue }]) => [name, asValue ? "value" : "type"]),
  );

describe("freeNames", () => {
  it.each<readonly [string, string, "value" | "type" | undefined]>([
    ["peers(() => X)", "an arrow's result", "value"],
    ["new X()", "a construction", "value"],
    ["f(a, X)", "an argument", "value"],
    ["a || X", "an alternative", "value"],
    ["X.size", "an object", "value"],
    ["a ? b : X", "a branch", "value"],
    ["({ a: 1, b: X })", "a property's value", "value"],
    ["g({ role: X })", "a property's value in an argument", "value"],
    ["class A extends X {}", "a base class", "value"],
    ["from: Ref<X>", "a type argument", "type"],
    ["new Map<string, X>()", "a second type argument", "type"],
    ["a: Ref<A | X>", "a member of a union", "type"],
    ["f(m: X): void {}", "a parameter's type", "type"],
    ["f(m?: X, from: Y): void {}", "an optional parameter's type", "type"],
    ["f(): X { return a; }", "a result's type", "type"],
    ["const a: X = b;", "a constant's type", "type"],
    ["private readonly a: X = b;", "a field's type", "type"],
    ["a as X", "an assertion", "type"],
    ["a.X", "a property", undefined],
    ["a?.X", "an optional property", undefined],
    ["this.X", "a member", undefined],
    ["({ X: 1 })", "a key", undefined],
    ["type A = { readonly X?: string }", "a property of a type", undefined],
    ["'X' // X", "a string and a comment", undefined],
    ["({ X })", "a shorthand property", "value"],
    ["`${X}`", "a substitution", "value"],
    ["case X: break;", "a case", "value"],
  ])("takes X in `%s` for %s", (text, _, expected) => {
    expect(free(text)["X"]).toBe(expected);
  });

  it("is a value as soon as one use is", () => {
    expect(free("const a: X = new X();")["X"]).toBe("value");
  });

  it("looks into the given ranges only", () => {
    const text = "a + b + c";
    expect([...freeNames(readSourceText(text), subtract({ start: 0, end: 9 }, [{ start: 4, end: 5 }])).keys()]).toEqual(
      ["a", "c"],
    );
  });
});

describe("memberNames", () => {
  it.each([
    ["this.votes.get(m.other)", ["votes"]],
    ["this?.votes", ["votes"]],
    ["const { votes } = this;", ["const", "votes", "this"]],
    ["m.votes", []],
  ])("finds the members in `%s`", (text, expected) => {
    expect([...memberNames(readSourceText(text), whole(text))]).toEqual(expected);
  });
});

describe("subtract", () => {
  it("cuts overlapping holes out", () => {
    const holes = [
      { start: 2, end: 4 },
      { start: 3, end: 6 },
      { start: 8, end: 12 },
    ];
    expect(subtract({ start: 0, end: 10 }, holes)).toEqual([
      { start: 0, end: 2 },
      { start: 6, end: 8 },
    ]);
  });
});
