import { createFinding } from "../../../plugin/diagnostics/createFinding.ts";
import type { Finding } from "../../../plugin/diagnostics/finding.ts";
import { renderFinding, renderFindings } from "../../../plugin/diagnostics/render.ts";
import { renderEntry } from "../../../plugin/diagnostics/renderEntry.ts";
import { findingToJson } from "../../../plugin/diagnostics/renderJson.ts";
import type { Sources } from "../../../plugin/diagnostics/sources.ts";
import type { Span } from "../../../plugin/model/span.ts";

const text = `@Role()
export class Counter {
  private next = 0;

  @On() take(m: { id: string }, from: Ref<Client>): void {
    this.next += 1;
    from.taken({ id: m.id, number: this.next });
  }
}
`;

const sources: Sources = {
  text: (file) => (file === "counter.ts" ? text : undefined),
  name: (file) => `protocols/${file}`,
};

/** The place of a piece of the text above. */
function placeOf(piece: string): Span {
  const start = text.indexOf(piece);
  const position = (offset: number): { line: number; column: number } => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  };
  const [from, to] = [position(start), position(start + piece.length)];
  return { file: "counter.ts", start, end: start + piece.length, ...from, endLine: to.line, endColumn: to.column };
}

const told: Finding = createFinding(
  "RVN403",
  "`Counter` cannot be partitioned by `m.id`: the state `next` has no key, and every message of `take` changes it.",
  placeOf("this.next += 1"),
  {
    related: [{ message: "The number that is sent depends on it:", span: placeOf("this.next }") }],
    scenario: ["Client a takes 1 from the first partition.", "Client b takes 1 from the second partition."],
    advice: "Number per id, in a `Map<string, number>`.",
  },
);

const untold: Finding = createFinding("RVN401", "There is no tsconfig.json in x or in any folder above it.", {
  ...placeOf("@Role()"),
  file: "x",
});

test("a finding reads from the code to the advice", () => {
  expect(renderFinding(told, sources, false)).toBe(
    `error RVN403 no-role
\`Counter\` cannot be partitioned by \`m.id\`: the state \`next\` has no key, and every message of \`take\`
changes it.

  protocols/counter.ts:6:5
    4 |
    5 |   @On() take(m: { id: string }, from: Ref<Client>): void {
  > 6 |     this.next += 1;
      |     ^^^^^^^^^^^^^^
    7 |     from.taken({ id: m.id, number: this.next });
    8 |   }

  The number that is sent depends on it:
  protocols/counter.ts:7:36
  > 7 |     from.taken({ id: m.id, number: this.next });
      |                                    ^^^^^^^^^^^

What would go wrong:
  1. Client a takes 1 from the first partition.
  2. Client b takes 1 from the second partition.

What to do: Number per id, in a \`Map<string, number>\`.

riven explain RVN403 tells more.`,
  );
});

test("a finding about something without text has a place and no frame", () => {
  expect(renderFinding(untold, sources, false)).toBe(
    `error RVN401 no-tsconfig
There is no tsconfig.json in x or in any folder above it.

  protocols/x

What to do: Add a \`tsconfig.json\`, or run Riven on a folder inside a TypeScript project. \`npx tsc
--init\` writes one.

riven explain RVN401 tells more.`,
  );
});

test("a span of many lines is framed where it begins", () => {
  const long = { ...placeOf(text.trim()), endLine: 90 };
  const rendered = renderFinding({ ...told, span: long, related: [], scenario: [] }, sources, false);
  expect(rendered).toContain("> 1 | @Role()");
  expect(rendered).not.toContain("4 |");
});

test("errors come before hints, and are counted", () => {
  const hint: Finding = { ...told, severity: "hint" };
  const rendered = renderFindings([hint, untold, untold], sources, false);
  expect(rendered.indexOf("hint RVN403")).toBeGreaterThan(rendered.lastIndexOf("error RVN401"));
  expect(rendered.endsWith("\n\n\n2 errors, 1 hint")).toBe(true);
  expect(renderFindings([], sources, false)).toBe("");
});

test("colour changes nothing but colour", () => {
  const coloured = renderFinding(told, sources, true);
  expect(coloured).toContain("\u001b[");
  expect(withoutColour(coloured)).toBe(renderFinding(told, sources, false));
});

test("the page of a code", () => {
  const page = renderEntry("RVN401", false);
  expect(page.startsWith("RVN401 no-tsconfig  error, plan\nNo tsconfig.json applies to the folder.\n\nWhy\n")).toBe(
    true,
  );
  expect(page).toContain("\n\nInstead of\n  my-protocol/protocol.ts\n\nwrite\n  my-protocol/protocol.ts\n");
  expect(withoutColour(renderEntry("RVN401", true))).toBe(page.replaceAll("`", ""));
});

test("JSON has every key, and null for what is not there", () => {
  expect(findingToJson(untold, sources.name)).toEqual({
    code: "RVN401",
    name: "no-tsconfig",
    severity: "error",
    message: untold.message,
    span: { file: "protocols/x", start: 0, end: 7, line: 1, column: 1, endLine: 1, endColumn: 8 },
    related: [],
    scenario: [],
    advice: null,
    fixes: [],
  });
});

function withoutColour(rendered: string): string {
  return rendered.replace(/\u001b\[\d+m/g, "");
}
