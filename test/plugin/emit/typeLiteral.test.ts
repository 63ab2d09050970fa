import { propertiesOf } from "../../../plugin/emit/typeLiteral.ts";

describe("propertiesOf", () => {
  it.each([
    ["{ id: string; n?: number }", ["id: string", "n?: number"]],
    ["{ readonly id: string; at: { x: number; y: number }; }", ["readonly id: string", "at: { x: number; y: number }"]],
    [
      "{ of: Map<string, { n: number }>, f: readonly [a: 1, b: 2] }",
      ["of: Map<string, { n: number }>", "f: readonly [a: 1, b: 2]"],
    ],
    ['{ kind: "a;b" | `c;${string}` }', ['kind: "a;b" | `c;${string}`']],
    ["{}", []],
  ])("reads %s", (type, properties) => {
    expect([...(propertiesOf(type) ?? ["not read"]).values()]).toEqual(properties);
  });

  it.each(["Ballot", "{ id: string } & { n: number }", "{ id: string }[]", "{ [id: string]: number }", '{ "a-b": 1 }'])(
    "does not read %s",
    (type) => {
      expect(propertiesOf(type)).toBeUndefined();
    },
  );
});
