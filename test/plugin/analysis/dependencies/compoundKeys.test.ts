import fc from "fast-check";
import { compoundOf, readPart } from "../../../../plugin/analysis/dependencies/compoundKeys.ts";
import type { Column } from "../../../../plugin/model/protocol.ts";
import type { Term } from "../../../../plugin/model/term.ts";
import { column, handler } from "../../../support/model.ts";

type Type = "string" | "number" | "bigint" | "boolean";

const pure = (name: string, args: readonly Term[], injective = false): Term => ({
  kind: "pure",
  name,
  args,
  injective,
});

function handlerOf(types: readonly Type[]): ReturnType<typeof handler> {
  const columns = types.map((type, i): Column => ({ path: [`c${String(i)}`], type, keyable: true, optional: false }));
  return handler("put", { columns });
}

function template(texts: readonly string[]): Term {
  const args = texts.slice(1).map((_, i) => column(`c${String(i)}`));
  return pure(`\`${texts.join("${}")}\``, args);
}

function flawsOf(texts: readonly string[], types: readonly Type[]): readonly (string | undefined)[] | undefined {
  return compoundOf(handlerOf(types), template(texts))?.parts.map(({ flaw }) => flaw);
}

describe("compoundOf", () => {
  it.each<[readonly string[], readonly Type[], readonly (string | undefined)[]]>([
    [
      ["", "/", ""],
      ["number", "number"],
      [undefined, undefined],
    ],
    [
      ["", "/", ""],
      ["string", "number"],
      [undefined, undefined],
    ],
    [
      ["", "/", ""],
      ["number", "string"],
      [undefined, undefined],
    ],
    [
      ["", "", ""],
      ["number", "string"],
      ["no-separator", "no-separator"],
    ],
    [
      ["", "-", ""],
      ["number", "number"],
      ["no-separator", "no-separator"],
    ],
    [
      ["", "e5/", ""],
      ["number", "string"],
      ["no-separator", "no-separator"],
    ],
    [
      ["", "/5", ""],
      ["string", "number"],
      ["no-separator", "no-separator"],
    ],
    [
      ["", "/", ""],
      ["string", "string"],
      ["two-texts", "two-texts"],
    ],
    [
      ["a", "/", ":", "z"],
      ["number", "string", "bigint"],
      [undefined, undefined, undefined],
    ],
    [
      ["", ".", ""],
      ["bigint", "bigint"],
      [undefined, undefined],
    ],
    [
      ["", "t", ""],
      ["number", "boolean"],
      ["no-separator", "no-separator"],
    ],
  ])("judges %j of %j", (texts, types, flaws) => {
    expect(flawsOf(texts, types)).toEqual(flaws);
  });

  it("takes texts that are added up for a template", () => {
    const sum = pure("+", [pure("+", [column("c0"), { kind: "literal", value: "/" }]), column("c1")]);
    const types: readonly Type[] = ["string", "number"];
    expect(compoundOf(handlerOf(types), sum)?.id).toBe(compoundOf(handlerOf(types), template(["", "/", ""]))?.id);
  });

  it("does not take a sum of numbers before a text for their texts", () => {
    const sum = pure("+", [pure("+", [column("c0"), column("c1")]), column("c2")]);
    expect(compoundOf(handlerOf(["number", "number", "string"]), sum)?.parts).toHaveLength(2);
  });

  it("tells texts in JSON, but no numbers, of which some are null there", () => {
    const json = pure("JSON.stringify", [pure("array", [column("c0"), column("c1")])]);
    const parts = compoundOf(handlerOf(["string", "number"]), json)?.parts.map(({ flaw }) => flaw);
    expect(parts).toEqual([undefined, "number-in-json"]);
  });

  it("keeps keys of parts of different types apart", () => {
    const ids = [["number"], ["string"]].map(
      (types) => compoundOf(handlerOf(types as readonly Type[]), template(["k", ""]))?.id,
    );
    expect(new Set(ids).size).toBe(2);
  });
});

const values = (type: Type): fc.Arbitrary<string | number | bigint | boolean> => {
  switch (type) {
    case "string":
      return fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("1/2", "-", "e1", "/", "true", ""));
    case "number":
      return fc.oneof(
        fc.double({ noNaN: true }),
        fc.integer({ min: -12, max: 12 }),
        fc.constantFrom(Infinity, 1e21, -0),
      );
    case "bigint":
      return fc.bigInt({ min: -99n, max: 99n });
    case "boolean":
      return fc.boolean();
  }
};

const rowOf = (types: readonly Type[]): fc.Arbitrary<readonly (string | number | bigint | boolean)[]> =>
  types.reduce<fc.Arbitrary<readonly (string | number | bigint | boolean)[]>>(
    (rows, type) => fc.tuple(rows, values(type)).map(([row, value]) => [...row, value]),
    fc.constant([]),
  );

const sketches = fc
  .array(fc.constantFrom<Type>("string", "number", "bigint", "boolean"), { minLength: 1, maxLength: 3 })
  .chain((types) =>
    fc.record({
      types: fc.constant(types),
      texts: fc.array(fc.constantFrom("", "/", "-", "a", ":", ".", "1", "x/"), {
        minLength: types.length + 1,
        maxLength: types.length + 1,
      }),
      one: rowOf(types),
      other: rowOf(types),
    }),
  );

describe("parts that can be told", () => {
  it("are equal wherever the keys are, and can be read from the key", () => {
    fc.assert(
      fc.property(sketches, ({ types, texts, one, other }) => {
        const compound = compoundOf(handlerOf(types), template(texts));
        const write = (row: readonly unknown[]): string =>
          texts.slice(1).reduce<string>((text, next, i) => `${text}${String(row[i])}${next}`, texts[0] ?? "");
        compound?.parts.forEach(({ flaw }, i) => {
          if (flaw !== undefined) return;
          // Equal as keys are: 0 and -0 are one key.
          if (write(one) === write(other)) expect(one[i] === other[i]).toBe(true);
          const part = readPart(compound, i, { kind: "payload", path: ["0"] });
          expect(part).toBeDefined();
          if (part !== undefined) expect(evaluate(part, write(one)) === one[i]).toBe(true);
        });
      }),
      { numRuns: 2000 },
    );
  });
});

/** What a tool would compute. */
function evaluate(term: Term, key: string): unknown {
  if (term.kind === "payload") return key;
  if (term.kind === "literal") return term.value;
  if (term.kind !== "pure") throw new Error(`Not a function of the key: ${term.kind}`);
  const args = term.args.map((arg) => evaluate(arg, key));
  const [first, second, third] = args;
  switch (term.name) {
    case ".slice":
      return String(first).slice(Number(second), third === undefined ? undefined : Number(third));
    case ".indexOf":
      return String(first).indexOf(String(second));
    case ".lastIndexOf":
      return String(first).lastIndexOf(String(second));
    case "+":
      return Number(first) + Number(second);
    case "===":
      return first === second;
    case "Number":
      return Number(first);
    case "BigInt":
      return BigInt(String(first));
    default:
      throw new Error(`Not known: ${term.name}`);
  }
}
