/** Keys as text: what is written means what the parts say, whatever binds tighter. */
import type { KeyPart } from "../../../plugin/model/component.ts";
import { printKeyPart } from "../../../plugin/model/printKeyPart.ts";
import { escapeTemplate, moduleName, pureForm, shortName } from "../../../plugin/model/pureForm.ts";

const a: KeyPart = { kind: "column", path: ["a"] };
const b: KeyPart = { kind: "column", path: ["b", "c"] };
const two: KeyPart = { kind: "literal", value: 2 };
const applied = (name: string, ...args: readonly KeyPart[]): KeyPart => ({ kind: "applied", name, args });

describe("printKeyPart", () => {
  it.each([
    ["a * (b.c + 2)", applied("*", a, applied("+", b, two))],
    ["a + b.c * 2", applied("+", a, applied("*", b, two))],
    ["a - (b.c - 2)", applied("-", a, applied("-", b, two))],
    ["a - b.c - 2", applied("-", applied("-", a, b), two)],
    ["(a ?? b.c) || 2", applied("||", applied("??", a, b), two)],
    ["-(-a)", applied("-", applied("-", a))],
    ["(-a) ** 2", applied("**", applied("-", a), two)],
    ["(a ? b.c : 2) % 2", applied("%", applied("?:", a, b, two), two)],
    ["(a + 2).toString()", applied(".toString", applied("+", a, two))],
    ['a.split("/")[0]', applied(".0", applied(".split", a, { kind: "literal", value: "/" }))],
    ["`x${a}/${b.c}`", applied("`x${}/${}`", a, b)],
    ["JSON.stringify([a, from.id])", applied("JSON.stringify", applied("array", a, { kind: "sender" }))],
    ["hash(a)", applied(moduleName("lib/hash.ts", "hash", true), a)],
  ])("%s", (text, part) => {
    expect(printKeyPart(part)).toBe(text);
  });
});

describe("the names of pure terms", () => {
  it("tell what a module exports from what it keeps to itself", () => {
    expect(pureForm(moduleName("a/b.ts", "f", true), 1)).toMatchObject({ file: "a/b.ts", name: "f", exported: true });
    expect(pureForm(moduleName("a/b.ts", "f", false), 1)).toMatchObject({ file: "a/b.ts", name: "f", exported: false });
    expect(shortName(moduleName("a/b.ts", "f", false))).toBe("f");
  });

  it("keep what looks like a hole out of the holes of a template", () => {
    const name = `\`${escapeTemplate("${}")}\${}\``;
    expect(pureForm(name, 1)).toEqual({ kind: "template", texts: ["\\$\\{}", ""] });
  });

  it("say nothing of what is named otherwise", () => {
    expect(["mystery", "element", "when", ".toLocaleString()"].map((name) => pureForm(name, 1))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });
});
