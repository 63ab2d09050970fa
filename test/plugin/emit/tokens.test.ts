import fc from "fast-check";
import { tokenize } from "../../../plugin/emit/tokens.ts";

const texts = (source: string): readonly string[] => tokenize(source).map(({ text }) => text);

describe("tokenize", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["strings with quotes in them", `a("it's", 'x\\'y')`, ["a", "(", `"it's"`, ",", `'x\\'y'`, ")"]],
    ["comments", "a // b\n/* c */ d", ["a", "// b", "/* c */", "d"]],
    ["a comment sign in a string", `"// no" x`, [`"// no"`, "x"]],
    ["regular expressions", "x = /[/}]\\//g.test(y)", ["x", "=", "/[/}]\\//g", ".", "test", "(", "y", ")"]],
    ["division", "a / b / c", ["a", "/", "b", "/", "c"]],
    ["division after a bracket", "(a) / b", ["(", "a", ")", "/", "b"]],
    ["a regular expression after a word", "return /a'b/", ["return", "/a'b/"]],
    ["templates", "`a${b}c` d", ["`a${", "b", "}c`", "d"]],
    [
      "templates with braces in what is substituted",
      "`${{ a: 1 }.a}`",
      ["`${", "{", "a", ":", "1", "}", ".", "a", "}`"],
    ],
    ["templates in templates", "`a${`b${c}`}d`", ["`a${", "`b${", "c", "}`", "}d`"]],
    ["dollars in templates", "`$a\\${b}`", ["`$a\\${b}`"]],
    ["optional chaining and the conditional operator", "a?.b ? .5 : c", ["a", "?.", "b", "?", ".5", ":", "c"]],
    ["arrows and spreads", "(...a) => b", ["(", "...", "a", ")", "=>", "b"]],
    ["numbers", "1_000n + 1e-3", ["1_000n", "+", "1e-3"]],
    ["names that are not ASCII", "größe.λ", ["größe", ".", "λ"]],
    ["private names", "this.#a", ["this", ".", "#a"]],
  ])("reads %s", (_, source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it("covers every character of any text that is not white space, in order", () => {
    const pieces = fc.constantFrom(
      "`",
      "${",
      "}",
      "{",
      '"',
      "'",
      "/",
      "*/",
      "/*",
      "//",
      "\\",
      "a",
      "1",
      " ",
      "\n",
      "?.",
      "=>",
      "é",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (source) => {
        let at = 0;
        for (const token of tokenize(source)) {
          expect(source.slice(at, token.start).trim()).toBe("");
          expect(source.slice(token.start, token.end)).toBe(token.text);
          expect(token.end).toBeGreaterThan(token.start);
          at = token.end;
        }
        expect(source.slice(at).trim()).toBe("");
      }),
    );
  });
});
