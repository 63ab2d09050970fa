import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Term } from "../../../plugin/model/term.ts";
import { diagnostics, type Code } from "../../../plugin/diagnostics/codes.ts";
import { openInMemory } from "../../../plugin/frontend/openInMemory.ts";
import { readPlans, type PlansRead } from "../../../plugin/frontend/readPlans.ts";
import { roleDeclarations } from "../../../plugin/frontend/syntax/roleDeclarations.ts";

const protocol = readFileSync(resolve(__dirname, "../../../samples/voting/protocol.ts"), "utf8");
const header = `import { plan } from "riven";\nimport { Client, Leader, Participant } from "./protocol.ts";\n`;

function read(plan: string | undefined): PlansRead & { readonly text: string } {
  const text = plan === undefined ? "" : header + plan;
  const open = openInMemory(
    plan === undefined ? { "protocol.ts": protocol } : { "protocol.ts": protocol, "riven.plan.ts": text },
  );
  return { ...readPlans(open, roleDeclarations(open.sources)), text };
}

function column(...path: readonly string[]): Term {
  return { kind: "payload", path };
}

describe("readPlans", () => {
  it("has nothing to read without a plan file", () => {
    expect(read(undefined)).toMatchObject({ plans: [], findings: [] });
  });

  it("reads the plan of the voting sample, with places", () => {
    const sample = readFileSync(resolve(__dirname, "../../../samples/voting/riven.plan.ts"), "utf8");
    const { plans, findings, text } = read(sample.replace(/^import.*$/gm, ""));
    expect(findings).toEqual([]);
    expect(plans.map(({ role }) => role)).toEqual(["Leader", "Participant"]);
    const [collector, broadcaster] = plans[0]?.components ?? [];
    expect(collector).toMatchObject({
      name: "collector",
      moves: [{ text: "voted" }],
      by: { kind: "everywhere", key: [column("id")] },
      into: { partitions: 3 },
    });
    const move = broadcaster?.moves?.[0];
    expect(move?.text).toBe("propose -> Participant.vote");
    expect(text.slice(move?.span.start, move?.span.end)).toBe(`"propose -> Participant.vote"`);
    expect(plans[1]?.components).toMatchObject([{ moves: undefined, into: { partitions: 3 } }]);
  });

  it.each([
    ["a tuple", `["id", "from.id"]`, { kind: "everywhere", key: [column("id"), { kind: "sender" }] }],
    ["a nested column", `\`order.sku\``, { kind: "everywhere", key: [column("order", "sku")] }],
    [
      "a key per handler",
      `{ voted: "id", "propose": ["order.sku", "id"] }`,
      { kind: "perHandler", keys: { voted: [column("id")], propose: [column("order", "sku"), column("id")] } },
    ],
  ])("reads %s as a key", (_, by, expected) => {
    const { plans, findings } = read(`export default plan(Leader, { a: { moves: ["voted"], by: ${by}, into: 1_0 } });`);
    expect(findings).toEqual([]);
    expect(plans[0]?.components[0]?.by).toMatchObject(expected);
    expect(plans[0]?.components[0]?.into?.partitions).toBe(10);
  });

  it("looks through assertions, namespaces and aliases", () => {
    const open = openInMemory({
      "protocol.ts": protocol,
      "index.ts": `export { Leader as Chief } from "./protocol.ts";`,
      "riven.plan.ts":
        `import { plan as p } from "riven";\nimport * as all from "./protocol.ts";\nimport { Chief } from "./index.ts";\n` +
        `export default ([p(Chief, { a: { moves: ["voted"] as const } } satisfies object), p(all.Participant, ({ b: {} }))] as const);`,
    });
    const { plans, findings } = readPlans(open, roleDeclarations(open.sources));
    expect(findings).toEqual([]);
    expect(plans.map(({ role }) => role)).toEqual(["Leader", "Participant"]);
  });

  // [code, what the finding is placed at, the plan file]
  const wrong: readonly (readonly [Code, string, string])[] = [
    ["RVN410", "import", `export const leader = plan(Leader, { a: { moves: ["voted"] } });`],
    ["RVN410", "{ role: Leader }", `export default { role: Leader };`],
    ["RVN410", "other", `const other = 1;\nexport default [plan(Leader, { a: { moves: ["voted"] } }), other];`],
    ["RVN411", "moves", `const moves = ["voted"];\nexport default plan(Leader, { a: { moves } });`],
    ["RVN411", "steps()", `declare function steps(): {};\nexport default plan(Leader, steps());`],
    ["RVN411", "...rest", `const rest = {};\nexport default plan(Leader, { a: { moves: ["voted"], ...rest } });`],
    ["RVN411", "n * 2", `const n = 2;\nexport default plan(Leader, { a: { moves: ["voted"], into: n * 2 } });`],
    ["RVN411", "`vot${1}`", "export default plan(Leader, { a: { moves: [`vot${1}`] } });"],
    [
      "RVN411",
      `["x" + 1]: { moves: ["voted"] }`,
      `export default plan(Leader, { ["x" + 1]: { moves: ["voted"] }, b: {} });`,
    ],
    ["RVN412", "move", `export default plan(Leader, { a: { move: ["voted"] } });`],
    ["RVN412", "partitions", `export default plan(Leader, { a: { moves: ["voted"], partitions: 3 } });`],
    ["RVN413", `"voted"`, `export default plan(Leader, { a: { moves: "voted" } });`],
    [
      "RVN413",
      `"propose => Participant.vote"`,
      `export default plan(Leader, { a: { moves: ["propose => Participant.vote"] } });`,
    ],
    ["RVN413", "0", `export default plan(Leader, { a: { moves: ["voted"], into: 0 } });`],
    ["RVN413", "2.5", `export default plan(Leader, { a: { moves: ["voted"], into: 2.5 } });`],
    ["RVN413", `"m..id"`, `export default plan(Leader, { a: { moves: ["voted"], by: "m..id" } });`],
    ["RVN413", "[]", `export default plan(Leader, { a: { moves: ["voted"], by: [] } });`],
    ["RVN413", "{}", `export default plan(Leader, { a: { moves: ["voted"], by: {} } });`],
    ["RVN413", "3", `export default plan(Leader, { a: 3 });`],
    ["RVN414", `"Leader"`, `export default plan("Leader", { a: { moves: ["voted"] } });`],
    [
      "RVN414",
      "Participants",
      `class Participants {}\nexport default plan(Participants, { a: { moves: ["voted"] } });`,
    ],
    ["RVN415", "Client", `export default plan(Client, { a: { moves: ["decided"] } });`],
    ["RVN416", "plan(Leader, { b: {} })", `export default [plan(Leader, { a: {} }), plan(Leader, { b: {} })];`],
    ["RVN417", "[]", `export default [];`],
    ["RVN417", "{}", `export default plan(Leader, {});`],
    ["RVN417", "[]", `export default plan(Leader, { a: { moves: [] } });`],
    ["RVN418", `"vote-collector"`, `export default plan(Leader, { "vote-collector": { moves: ["voted"] } });`],
    ["RVN418", "voteR", `export default plan(Leader, { voter: { moves: ["voted"] }, voteR: { moves: ["votes"] } });`],
    ["RVN418", "main", `export default plan(Leader, { main: { moves: ["voted"] } });`],
    ["RVN419", "b", `export default plan(Leader, { a: { by: "id" }, b: { by: "id" } });`],
  ];

  it.each(wrong)("%s at %s", (code, place, plan) => {
    const { findings, text } = read(plan);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    const span = findings[0]?.span;
    if (span === undefined) throw new Error("no finding");
    expect(text.slice(span.start, span.end).startsWith(place)).toBe(true);
    expect(span.file).toBe("riven.plan.ts");
  });

  it("suggests what was meant", () => {
    expect(read(`export default plan(Leader, { a: { move: ["voted"] } });`).findings[0]?.message).toContain(
      "Did you mean moves?",
    );
    expect(read(`class Laeder {}\nexport default plan(Laeder, { a: {} });`).findings[0]?.message).toContain(
      "Did you mean Leader?",
    );
    expect(read(`class Bus {}\nexport default plan(Bus, { a: {} });`).findings[0]?.message).toContain(
      "It has Leader, Participant.",
    );
  });

  it("has complete entries for its codes", () => {
    for (const code of wrong.map(([c]) => c)) {
      const { title, explanation, remedy, example } = diagnostics[code];
      for (const text of [title, explanation, remedy, example.wrong, example.right]) expect(text).not.toBe("");
    }
  });

  it("gives the examples in the table the codes that they illustrate", () => {
    for (const code of new Set(wrong.map(([c]) => c))) {
      const { wrong: bad, right } = diagnostics[code].example;
      const bare = (text: string): string => text.replace(/^import.*$/gm, "");
      expect({ code, found: read(bare(bad)).findings.map((f) => f.code) }).toEqual({
        code,
        found: expect.arrayContaining([code]) as Code[],
      });
      expect({ code, found: read(bare(right)).findings }).toEqual({ code, found: [] });
    }
  });
});
