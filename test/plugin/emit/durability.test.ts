/** What is emitted of durable fields, journals, one-shot timers and recovery. */
import { judgeStatically, readFixture } from "../../support/judges.ts";

const emitted = new Map(
  judgeStatically(readFixture("outbox-by-order")).files.map(({ path, text }) => [path.split("/").at(-1) ?? "", text]),
);

describe("the classes", () => {
  it("have no decorators, and keep what makes journals and timers", () => {
    const shop = emitted.get("shop.main.ts") ?? "";
    expect(shop).not.toMatch(/^\s*@\w+/m);
    expect(shop).toContain("private readonly pending = new Map<string, { buyer: string; tries: number }>();");
    expect(shop).toContain('private readonly timers = timers<"again">();');
    expect(shop).toContain("private readonly audit = journal<{ order: string; event: string }>();");
    expect(shop).toContain('import { journal, peer, peers, type Ref, timers } from "riven";');
    expect(shop).toContain("overdue(order: string): void {");
  });
});

describe("the routing table", () => {
  const routing = emitted.get("routing.ts") ?? "";

  it("says which fields of a component survive", () => {
    expect(routing).toContain('durable: ["pending"]');
    expect(routing).toContain("main: { partitions: 2, partitioned: true },");
  });

  it("says which partition keeps an entry, from the keys that lead to it", () => {
    expect(routing).toContain("owners: { pending: (keys: readonly [string]) => keys[0] }");
  });

  it("says which component runs what no message starts", () => {
    expect(routing).toContain('overdue: { component: "main" }');
    expect(routing).toContain('resume: { component: "main" }');
  });

  it("routes no timer by a key, since it fires where it was armed", () => {
    expect(routing.match(/overdue/g)).toHaveLength(1);
  });
});
