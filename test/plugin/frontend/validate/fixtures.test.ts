/**
 * Every file in test/fixtures/language is a protocol. A line ends with `//! RVN104 console.log` for each finding that
 * begins on it: the code, and the first line of the text that it is placed at. What is not announced must not be found.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Code } from "../../../../plugin/diagnostics/codes.ts";
import type { Finding, Fix } from "../../../../plugin/diagnostics/finding.ts";
import { openInMemory } from "../../../../plugin/frontend/openInMemory.ts";
import { validateLanguage } from "../../../../plugin/frontend/validate/validateLanguage.ts";

const folder = resolve(__dirname, "../../../fixtures/language");
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".ts"));

function read(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function validate(text: string): readonly Finding[] {
  return validateLanguage(openInMemory({ "protocol.ts": text }));
}

function announced(text: string): readonly string[] {
  return text.split("\n").flatMap((line, i) => {
    const [, ...marks] = line.split("//! ");
    return marks.map((mark) => `${String(i + 1)}: ${mark.trim()}`);
  });
}

function found(findings: readonly Finding[], text: string): readonly string[] {
  return findings.map(({ code, span }) => {
    const [first = ""] = text.slice(span.start, span.end).split("\n");
    return `${String(span.line)}: ${code} ${first.replace(/\s*\/\/! .*$/, "")}`;
  });
}

function applied(fix: Fix, text: string): string {
  const edits = fix.edits.toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end);
  return edits.reduce(
    (result, { span, newText }) => result.slice(0, span.start) + newText + result.slice(span.end),
    text,
  );
}

function count(findings: readonly Finding[], code: Code): number {
  return findings.filter((finding) => finding.code === code).length;
}

describe("the language", () => {
  it.each(fixtures)("%s", (name) => {
    const text = read(name);
    const findings = validate(text);
    expect(found(findings, text).toSorted()).toEqual([...announced(text)].toSorted());
    const says = announced(text).length === 0;
    expect(name.startsWith("ok-")).toBe(says);
  });

  it.each(fixtures.filter((name) => !name.startsWith("ok-")))(
    "the fixes of %s compile, and remove what they mend",
    (name) => {
      const text = read(name);
      const before = validate(text);
      for (const finding of before) {
        for (const fix of finding.fixes) {
          const after = validate(applied(fix, text));
          const title = `${finding.code} at line ${String(finding.span.line)}: ${fix.title}`;
          const codes = new Set([...before, ...after].map(({ code }) => code));
          const more = [...codes].filter((code) => count(after, code) > count(before, code));
          expect({ title, more }).toEqual({ title, more: [] });
          expect({ title, left: count(after, finding.code) }).toEqual({ title, left: count(before, finding.code) - 1 });
        }
      }
    },
  );
});
