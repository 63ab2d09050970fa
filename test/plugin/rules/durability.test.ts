/** What the rules make of durable fields, journals, one-shot timers and recovery. */
import {
  applySource,
  codesOf,
  componentOf,
  printFinding,
  textAt,
  type Applied,
} from "../../support/protocolInMemory.ts";

const store = (body: string): string => `
@Role({ external: true }) export abstract class Client { abstract ok(m: { id: string }): void; abstract count(m: { n: number }): void }
@Role() export class Store {
  private readonly clients = peers(() => Client);
  private readonly others = peers(() => Client);
  private readonly timers = timers<"due" | "tick">();
  private readonly log = journal<string>();
  @Durable() private readonly kept = new Map<string, { client: string; tries: number }>();
  @Durable() private readonly marks = new Map<string, string>();
  private readonly lost = new Map<string, string>();
  private readonly list: string[] = [];
  ${body}
}`;

const PUT = `@On() put(m: { id: string; other: string }, from: Ref<Client>): void {
    this.kept.set(m.id, { client: from.id, tries: 0 });
    this.marks.set(m.id, m.other);
    this.lost.set(m.id, m.other);
    this.timers.due.set(10, m.id);
  }
  @After("due") due(id: string): void {
    const entry = this.kept.get(id);
    if (entry !== undefined) this.clients.at(entry.client).ok({ id });
  }
  @After("tick") tick(): void {}`;

function partitioned(body: string, by = '"id"'): Applied {
  return applySource(store(`${PUT}\n${body}`), `plan(Store, { main: { by: ${by}, into: 3 } })`);
}

function decoupled(body: string, moves: readonly string[]): Applied {
  return applySource(store(body), `plan(Store, { part: { moves: ${JSON.stringify(moves)} } })`);
}

function refused(applied: Applied): readonly string[] {
  for (const finding of applied.findings) {
    expect(printFinding(applied.protocol, finding)).not.toMatch(/undefined|\[object/);
    expect(finding.scenario.length).toBeGreaterThan(0);
    expect(finding.advice).toBeDefined();
  }
  return applied.findings.map(({ code, span }) => `${code} ${textAt(applied.protocol, span).split("\n")[0] ?? ""}`);
}

describe("one-shot timers", () => {
  it("belong to the partition of their key", () => {
    const applied = partitioned("");
    expect(codesOf(applied)).toEqual([]);
    const { partitioning, proofs } = componentOf(applied, "Store", "main");
    expect(partitioning?.keys).toEqual({ put: [{ kind: "column", path: ["id"] }] });
    expect(partitioning?.positions).toMatchObject({ "timers.due": [0], kept: [0] });
    expect(proofs.flatMap(({ facts }) => facts).join()).toContain("`due` runs on the partition that armed its timer");
  });

  it.each([
    [
      "armed under another column",
      "@On() late(m: { id: string; other: string }): void { this.timers.due.set(1, m.other); this.lost.delete(m.id); }",
      ["RVN303 this.timers.due.set(1, m.other)"],
    ],
    [
      "armed without a key",
      "@On() late(m: { id: string }): void { this.lost.delete(m.id); this.timers.tick.set(1); }",
      ["RVN317 this.timers.tick.set(1)"],
    ],
    [
      "armed with a key here and without one there",
      "@On() late(m: { id: string }): void { this.timers.due.clear(m.id); } @On() all(m: { id: string }): void { this.timers.due.clear(); }",
      ["RVN317 this.timers.due.clear()"],
    ],
  ])("are not spread when they are %s", (_, body, expected) => {
    expect(refused(partitioned(body))).toEqual(expected);
  });

  it("may be armed without a key by what runs on the first partition anyway", () => {
    expect(codesOf(partitioned("@Every(5) beat(): void { this.timers.tick.set(1); }"))).toEqual([]);
  });

  it.each([
    ["arming from firing", ["put"], ["RVN203 this.timers.due.set(1, m.id)"]],
    ["disarming from arming", ["stop"], ["RVN203 this.timers.due.clear(m.id)"]],
    ["firing from the state that it looks at", ["due", "stop", "put"], ["RVN203 this.lost.delete(id)"]],
  ])("do not separate %s", (_, moves, expected) => {
    const body = `@On() put(m: { id: string }): void { this.timers.due.set(1, m.id); }
      @On() stop(m: { id: string }): void { this.timers.due.clear(m.id); }
      @On() look(m: { id: string }, from: Ref<Client>): void { if (this.lost.has(m.id)) from.ok(m); else this.lost.set(m.id, ""); }
      @After("due") due(id: string): void { this.lost.delete(id); }
      @After("tick") tick(): void {}`;
    expect(refused(decoupled(body, moves))).toEqual(expect.arrayContaining(expected));
  });

  it("of one field may be used in different components", () => {
    const body = `@On() put(m: { id: string }): void { this.timers.due.set(1, m.id); }
      @After("due") due(id: string): void { this.log.append(id); }
      @On() count(m: { id: string }): void { this.timers.tick.set(1); }
      @After("tick") tick(): void { this.log.append("tick"); }`;
    expect(codesOf(decoupled(body, ["count", "tick"]))).toEqual([]);
  });
});

describe("what is durable", () => {
  const TWO = `@On() prepare(m: { id: string }, from: Ref<Client>): void { this.marks.set(m.id, from.id); this.log.append(m.id); for (const c of this.others) c.ok({ id: m.id }); from.count({ n: 1 }); }
    @On() undo(m: { id: string }): void { this.marks.delete(m.id); }
    @On() note(m: { id: string }): void { this.log.append(m.id); }
    @After("due") due(id: string): void { this.log.append(id); } @After("tick") tick(): void {}`;

  it("does not leave the messages of its activation", () => {
    expect(refused(decoupled(TWO, ["marks"]))).toContain("RVN213 this.marks.set(m.id, from.id)");
  });

  it("stays where it is when the messages leave, which then wait for it", () => {
    const applied = decoupled(TWO, ["prepare -> Client.ok"]);
    expect(codesOf(applied)).toEqual([]);
    expect(componentOf(applied, "Store", "part").forwards).toMatchObject([{ from: "main", effects: [2] }]);
  });

  it("may be a journal with a part in each component", () => {
    expect(codesOf(decoupled(TWO, ["note", "due"]))).toEqual([]);
  });

  it("is not moved by the name of a journal, or of the timers", () => {
    expect(codesOf(decoupled(TWO, ["log"]))).toEqual(["RVN452"]);
    expect(codesOf(decoupled(TWO, ["timers"]))).toEqual(["RVN452"]);
  });
});

describe("recovery", () => {
  it.each([
    ["sends for each entry", "for (const [id, { client }] of this.kept) this.clients.at(client).ok({ id });"],
    ["sends to all for each entry", "for (const [id] of this.kept) for (const c of this.clients) c.ok({ id });"],
    ["sends for each entry to all", "for (const c of this.clients) for (const id of this.marks.keys()) c.ok({ id });"],
    ["arms a timer for each entry", "for (const id of this.kept.keys()) this.timers.due.set(5, id);"],
    [
      "looks up what is under the same key",
      "for (const [id, { tries }] of this.kept) if (tries < 3 && this.marks.has(id)) for (const c of this.clients) c.ok({ id });",
    ],
    ["uses a callback", "this.kept.forEach((entry, id) => { this.timers.due.set(entry.tries, id); });"],
    [
      "uses a helper",
      "for (const id of this.kept.keys()) this.again(id); } private again(id: string): void { this.timers.due.set(1, id); for (const c of this.clients) c.ok({ id });",
    ],
    ["forgets what has not survived", "for (const id of this.kept.keys()) this.lost.set(id, id);"],
    [
      "has several loops",
      "for (const id of this.kept.keys()) this.timers.due.set(1, id); for (const [id] of this.marks) for (const c of this.clients) c.ok({ id });",
    ],
  ])("may run on each partition when it %s", (_, body) => {
    const applied = partitioned(`@OnRecover() back(): void { ${body} }`);
    expect(applied.findings.map((finding) => printFinding(applied.protocol, finding))).toEqual([]);
    expect(
      componentOf(applied, "Store", "main")
        .proofs.flatMap(({ facts }) => facts)
        .join(),
    ).toContain("`back` runs on every partition");
  });

  it.each([
    ["does something once", 'for (const c of this.clients) c.ok({ id: "" });'],
    ["counts", "for (const c of this.clients) c.count({ n: this.kept.size });"],
    [
      "has pairs of entries",
      "for (const a of this.kept.keys()) for (const b of this.marks.keys()) this.clients.at(a).ok({ id: b });",
    ],
    [
      "has pairs of entries of one collection",
      "for (const a of this.kept.keys()) for (const b of this.kept.keys()) if (a < b) this.clients.at(a).ok({ id: b });",
    ],
    ["touches another entry", "for (const { client } of this.kept.values()) this.lost.set(client, client);"],
    [
      "sums up",
      "let n = 0; for (const { tries } of this.kept.values()) n += tries; for (const c of this.clients) c.count({ n });",
    ],
    ["counts turns", "let n = 0; for (const id of this.kept.keys()) { n += 1; this.clients.at(id).count({ n }); }"],
    [
      "gathers entries",
      "const all: string[] = []; for (const id of this.kept.keys()) { all.push(id); this.clients.at(id).count({ n: all.length }); }",
    ],
    [
      "gathers entries through an object",
      'const seen = { last: "" }; for (const id of this.kept.keys()) { this.clients.at(id).ok({ id: seen.last }); seen.last = id; }',
    ],
    [
      "stops at some entry",
      'for (const id of this.kept.keys()) { if (id === "x") break; this.clients.at(id).ok({ id }); }',
    ],
    [
      "returns at some entry",
      'for (const id of this.kept.keys()) { if (id === "x") return; this.clients.at(id).ok({ id }); }',
    ],
    [
      "asks for another entry",
      'for (const id of this.kept.keys()) if (this.marks.has("x")) this.clients.at(id).ok({ id });',
    ],
    [
      "asks about all entries",
      "for (const id of this.kept.keys()) if ([...this.marks.values()].includes(id)) this.clients.at(id).ok({ id });",
    ],
    [
      "asks whether there is any",
      "if (this.marks.size === 0) for (const id of this.kept.keys()) this.clients.at(id).ok({ id });",
    ],
    ["sorts", "for (const id of [...this.kept.keys()].sort()) this.clients.at(id).ok({ id });"],
    [
      "picks one",
      "const first = [...this.kept.keys()].at(0); if (first !== undefined) this.clients.at(first).ok({ id: first });",
    ],
    ["may throw", "for (const id of this.kept.keys()) this.clients.at(id).count({ n: this.kept.get(id)!.tries });"],
    ["clears", "this.lost.clear();"],
    ["touches state that is not spread", 'this.list.push("back");'],
    [
      "arms a timer without a key",
      "for (const id of this.kept.keys()) { this.lost.set(id, id); this.timers.tick.set(1); }",
    ],
  ])("may not run on each partition when it %s", (_, body) => {
    const codes = codesOf(partitioned(`@OnRecover() back(): void { ${body} }`));
    expect(codes).toEqual(["RVN318"]);
  });

  it("may not change what survives, since a crash may come before all partitions have", () => {
    const body = `@On() put(m: { id: string }): void { this.marks.set(m.id, ""); } @After("due") due(): void {} @After("tick") tick(): void {}
      @OnRecover() back(): void { for (const id of this.marks.keys()) this.marks.set(id, "back"); }`;
    const applied = applySource(store(body), 'plan(Store, { main: { by: "id", into: 2 } })');
    expect(refused(applied)).toEqual(['RVN318 this.marks.set(id, "back")']);
  });

  it("belongs to the component of the state that it uses", () => {
    const body = `@On() put(m: { id: string }): void { this.kept.set(m.id, { client: "", tries: 0 }); }
      @On() mark(m: { id: string }): void { this.marks.set(m.id, ""); }
      @OnRecover() back(): void { for (const id of this.kept.keys()) for (const c of this.clients) c.ok({ id }); }
      @After("due") due(): void {} @After("tick") tick(): void {}`;
    expect(refused(decoupled(body, ["back"]))).toEqual(["RVN214 this.kept.keys()"]);
    expect(codesOf(decoupled(body, ["back", "put"]))).toEqual([]);
    const both = body.replace("c.ok({ id })", "if (this.marks.has(id)) c.ok({ id })");
    expect(refused(decoupled(both, ["back", "put"]))).toEqual(["RVN214 this.marks.has(id)"]);
  });

  it("may have its sends leave", () => {
    const body = `@On() put(m: { id: string }): void { this.kept.set(m.id, { client: "", tries: 0 }); }
      @OnRecover() back(): void { for (const id of this.kept.keys()) { this.timers.due.set(1, id); for (const c of this.clients) c.ok({ id }); } }
      @After("due") due(id: string): void { for (const c of this.others) c.ok({ id }); } @After("tick") tick(): void {}`;
    expect(codesOf(decoupled(body, ["back -> Client.ok", "due -> Client.ok"]))).toEqual([]);
  });
});
