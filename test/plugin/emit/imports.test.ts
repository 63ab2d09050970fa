import { printImports, type ImportedName } from "../../../plugin/emit/imports.ts";

const value = (specifier: string, name: string, local = name): ImportedName => ({
  specifier,
  name,
  local,
  typeOnly: false,
});
const type = (specifier: string, name: string, local = name): ImportedName => ({
  specifier,
  name,
  local,
  typeOnly: true,
});

describe("printImports", () => {
  it("puts packages first, then what is above, then what is beside, and sorts names without regard to case", () => {
    const names = [
      value("./b.ts", "b"),
      value("../a.ts", "z"),
      value("../a.ts", "B"),
      value("../a.ts", "a"),
      value("riven", "peers"),
    ];
    expect(printImports(names)).toBe(
      'import { peers } from "riven";\nimport { a, B, z } from "../a.ts";\nimport { b } from "./b.ts";\n',
    );
  });

  it.each<readonly [string, readonly ImportedName[], string]>([
    ["only types", [type("m", "A"), type("m", "B")], "import type { A, B } from"],
    ["types and values", [type("m", "A"), value("m", "b")], "import { type A, b } from"],
    ["a type that is used as a value too", [type("m", "A"), value("m", "A")], "import { A } from"],
    ["another name", [value("m", "peers", "others")], "import { peers as others } from"],
    ["a namespace", [type("m", "*", "all"), value("m", "b")], 'import type * as all from "m";\nimport { b } from'],
    ["a default", [value("m", "default", "Main")], "import Main from"],
    ["a default type", [type("m", "default", "Main")], "import type Main from"],
    ["a default and names", [value("m", "default", "Main"), type("m", "A")], "import Main, { type A } from"],
    [
      "a default type and names",
      [type("m", "default", "Main"), type("m", "A")],
      "import type { A, default as Main } from",
    ],
    [
      "a default type and values",
      [type("m", "default", "Main"), value("m", "a")],
      "import { a, type default as Main } from",
    ],
    ["nothing", [], ""],
  ])("prints %s", (_, names, expected) => {
    expect(printImports(names)).toBe(expected === "" ? "" : `${expected} "m";\n`);
  });

  it("breaks what is too long for a line", () => {
    const names = Array.from({ length: 12 }, (_, i) => value("riven", `somethingLong${String(i)}`));
    expect(printImports(names).split("\n")).toHaveLength(15);
  });
});
