/** Every reason for which code may not move, on protocols in TypeScript, and what looks risky and may. */
import {
  applySource,
  codesOf,
  componentOf,
  printFinding,
  textAt,
  type Applied,
} from "../../support/protocolInMemory.ts";

function only({ findings, protocol }: Applied): {
  readonly code: string;
  readonly at: string;
  readonly also: readonly string[];
} {
  const [finding, ...others] = findings;
  if (finding === undefined || others.length > 0) {
    throw new Error(`expected one finding:\n${findings.map((one) => printFinding(protocol, one)).join("\n")}`);
  }
  expect(finding.message).not.toMatch(/undefined|\[object/);
  expect(finding.scenario.length).toBeGreaterThan(0);
  expect(finding.advice).toBeDefined();
  return {
    code: finding.code,
    at: textAt(protocol, finding.span),
    also: finding.related.map(({ span }) => textAt(protocol, span)),
  };
}

const CLIENT = `
@Role({ external: true }) export abstract class Client {
  abstract granted(m: { id: string }): void;
  abstract denied(m: { id: string }): void;
}
`;

describe("mutually independent decoupling", () => {
  const lockServer = `${CLIENT}
@Role() export class Locks {
  private readonly holders = new Map<string, string>();
  private readonly asked = new Map<string, number>();
  private size = 3;
  @On() acquire(m: { id: string }, from: Ref<Client>): void {
    if (this.holders.has(m.id)) return;
    this.holders.set(m.id, from.id);
    from.granted({ id: m.id });
  }
  @On() release(m: { id: string }): void { this.holders.delete(m.id); }
  @On() check(m: { id: string }, from: Ref<Client>): void {
    if (this.holders.get(m.id) !== from.id) from.denied({ id: m.id });
  }
  @On() ask(m: { id: string }): void { this.asked.set(m.id, this.size); }
  @On() answer(m: { id: string }, from: Ref<Client>): void { if (this.asked.has(m.id)) from.granted({ id: m.id }); }
  @On() echo(m: { id: string }, from: Ref<Client>): void { from.granted({ id: m.id }); }
}`;

  it("separates handlers that share no mutable state", () => {
    const applied = applySource(
      lockServer,
      `plan(Locks, { asking: { moves: ["ask", "answer"] }, echoing: { moves: ["echo"] } })`,
    );
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Locks", "main").handlers).toEqual(["acquire", "release", "check"]);
    expect(componentOf(applied, "Locks", "asking")).toMatchObject({
      handlers: ["ask", "answer"],
      proofs: [{ rule: "mutually independent decoupling" }],
    });
    expect(componentOf(applied, "Locks", "echoing").handlers).toEqual(["echo"]);
  });

  it("does so when the plan names the field", () => {
    const applied = applySource(lockServer, `plan(Locks, { asking: { moves: ["asked"] } })`);
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Locks", "asking").handlers).toEqual(["ask", "answer"]);
  });

  it("does so when the plan names the field and a handler of it", () => {
    const applied = applySource(lockServer, `plan(Locks, { asking: { moves: ["ask", "asked"] } })`);
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Locks", "asking").handlers).toEqual(["ask", "answer"]);
  });

  it("refuses to separate two writers", () => {
    const applied = applySource(lockServer, `plan(Locks, { releasing: { moves: ["release"] } })`);
    expect(only(applied)).toMatchObject({
      code: "RVN201",
      at: "this.holders.delete(m.id)",
      also: ["this.holders.set(m.id, from.id)", ""],
    });
    expect(applied.rewrite.roles[0]?.components.map(({ name }) => name)).toEqual(["main"]);
  });

  it("refuses to separate a reader, and tells how its caller knew better", () => {
    const applied = applySource(lockServer, `plan(Locks, { checking: { moves: ["check"] } })`);
    expect(only(applied)).toMatchObject({ code: "RVN202", at: "this.holders.get(m.id)" });
    expect(applied.findings[0]?.scenario[1]).toContain("Whoever is told of it goes on");
  });

  it("refuses to separate a writer from a reader that stays", () => {
    expect(only(applySource(lockServer, `plan(Locks, { asking: { moves: ["ask"] } })`))).toMatchObject({
      code: "RVN202",
    });
  });

  it("reports a conflict between two components that moved once", () => {
    const applied = applySource(lockServer, `plan(Locks, { a: { moves: ["ask"] }, b: { moves: ["answer"] } })`);
    expect(codesOf(applied)).toEqual(["RVN202"]);
  });

  it("refuses to separate a timer from what it guards", () => {
    const leases = `
@Role() export class Leases {
  private readonly until = new Map<string, number>();
  private now = 0;
  @On() renew(m: { id: string; until: number }): void { this.until.set(m.id, m.until); }
  @Every(100) expire(): void { this.now += 1; for (const [id, until] of this.until) if (until < this.now) this.until.delete(id); }
}`;
    expect(only(applySource(leases, `plan(Leases, { reaper: { moves: ["expire"] } })`))).toMatchObject({
      code: "RVN203",
    });
    const together = applySource(leases, `plan(Leases, { all: { moves: ["expire", "renew"] } })`);
    expect(together.findings).toEqual([]);
    expect(together.rewrite.roles[0]?.components.map(({ name }) => name)).toEqual(["all"]);
  });

  it("moves a timer with state of its own, and one without any", () => {
    const beats = `
@Role() export class Beats {
  private count = 0;
  private readonly seen = new Map<string, number>();
  private readonly others = peers(() => Beats);
  @On() beat(m: { n: number }, from: Ref<Beats>): void { this.seen.set(from.id, m.n); }
  @Every(100) tick(): void { this.count += 1; for (const o of this.others) o.beat({ n: this.count }); }
  @Every(50) ping(): void { for (const o of this.others) o.beat({ n: 0 }); }
}`;
    const applied = applySource(beats, `plan(Beats, { beater: { moves: ["tick"] }, pinger: { moves: ["ping"] } })`);
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Beats", "pinger").handlers).toEqual(["ping"]);
  });

  it("follows private helpers to the state that they touch", () => {
    const counters = `
@Role() export class Counters {
  private n = 0;
  @On() up(m: { by: number }): void { this.add(m.by); }
  @On() down(m: { by: number }): void { this.add(-m.by); }
  private add(by: number): void { this.n += by; }
}`;
    expect(only(applySource(counters, `plan(Counters, { downs: { moves: ["down"] } })`)).code).toBe("RVN201");
  });

  it("keeps what is not understood with whatever uses a field, configuration included", () => {
    const table = `${CLIENT}
@Role() export class Table {
  private limit = 3;
  private readonly rows = new Map<string, number>();
  @On() set(m: { field: "limit"; value: number }): void { this[m.field] = m.value; }
  @On() put(m: { id: string }): void { this.rows.set(m.id, 1); }
  @On() ask(m: { id: string }, from: Ref<Client>): void { if (this.limit > 2) from.granted({ id: m.id }); }
  @On() echo(m: { id: string }, from: Ref<Client>): void { from.granted({ id: m.id }); }
}`;
    expect(only(applySource(table, `plan(Table, { rows: { moves: ["put"] } })`)).code).toBe("RVN212");
    expect(only(applySource(table, `plan(Table, { asker: { moves: ["ask"] } })`)).code).toBe("RVN212");
    expect(only(applySource(table, `plan(Table, { setter: { moves: ["set"] } })`)).code).toBe("RVN212");
    expect(applySource(table, `plan(Table, { echoing: { moves: ["echo"] } })`).findings).toEqual([]);
  });

  const log = `${CLIENT}
@Role() export class Writer {
  private readonly logs = peers(() => Log);
  @On() first(m: { id: string }): void { for (const l of this.logs) l.append({ id: m.id }); }
  @On() second(m: { id: string }): void { for (const l of this.logs) l.truncate({ id: m.id }); }
  @On() third(m: { id: string }): void { for (const l of this.logs) l.note({ id: m.id }); }
}
@Role() export class Log {
  private readonly a = new Map<string, string>();
  private readonly b = new Map<string, string>();
  @Fifo() @On() append(m: { id: string }, from: Ref<Writer>): void { this.a.set(m.id, from.id); }
  @Fifo() @On() truncate(m: { id: string }, from: Ref<Writer>): void { this.b.set(m.id, from.id); }
  @On() note(m: { id: string }): void {}
}`;

  it("keeps the @Fifo handlers of a class together", () => {
    expect(only(applySource(log, `plan(Log, { cutter: { moves: ["truncate"] } })`)).code).toBe("RVN211");
    expect(applySource(log, `plan(Log, { log: { moves: ["append", "truncate"] } })`).findings).toEqual([]);
    expect(applySource(log, `plan(Log, { noter: { moves: ["note"] } })`).findings).toEqual([]);
  });

  it("keeps handlers together that send to @Fifo handlers of one role", () => {
    expect(only(applySource(log, `plan(Writer, { cutter: { moves: ["second"] } })`)).code).toBe("RVN210");
    expect(applySource(log, `plan(Writer, { cutter: { moves: ["first", "second"] } })`).findings).toEqual([]);
    expect(applySource(log, `plan(Writer, { noter: { moves: ["third"] } })`).findings).toEqual([]);
  });

  it("counts a read that nothing depends on", () => {
    const dead = `
@Role() export class Dead {
  private n = 0;
  @On() up(m: { by: number }): void { this.n += m.by; }
  @On() look(m: { by: number }): void { const unused = this.n; }
}`;
    expect(only(applySource(dead, `plan(Dead, { looker: { moves: ["look"] } })`)).code).toBe("RVN202");
  });
});

describe("functional decoupling", () => {
  const withGo = (body: string): string => `${CLIENT}
@Role() export class Leader {
  private n = 0;
  private readonly seen = new Map<string, number>();
  private readonly members = peers(() => Member);
  @On() bump(m: { id: string; by: number }): void { this.n += m.by; this.seen.set(m.id, m.by); }
  ${body}
}
@Role() export class Member {
  private total = 0;
  @On() vote(m: { id: string; n: number }): void { this.total += m.n; }
  @Fifo() @On() log(m: { id: string }): void { this.total += 1; }
}`;
  const OUT = `plan(Leader, { out: { moves: ["go -> Member.vote"] } })`;

  interface Left {
    readonly region: string;
    readonly live: readonly string[];
    readonly ahead: readonly string[];
    readonly references: readonly string[];
  }

  function whatLeaves(body: string, plan = OUT): readonly Left[] {
    const applied = applySource(withGo(body), plan);
    expect(applied.findings.map((finding) => printFinding(applied.protocol, finding))).toEqual([]);
    return componentOf(applied, "Leader", "out").forwards.map((forward) => ({
      region: textAt(applied.protocol, forward.region),
      live: forward.live.flatMap(({ name, columns }) => columns?.map((one) => `${name}.${one}`) ?? [name]),
      ahead: forward.hoisted.map(({ operand, name }) => `${name} = ${textAt(applied.protocol, operand.span)}`),
      references: (forward.references ?? []).map(({ name, field }) => `${name} of ${field}`),
    }));
  }

  it("moves the outermost statement, with the columns that it uses", () => {
    const body = `@On() go(m: { id: string; n: number; blob: Uint8Array }): void { this.n += 1; for (const p of this.members) p.vote({ id: m.id, n: m.n }); }`;
    expect(whatLeaves(body)).toEqual([
      {
        region: "for (const p of this.members) p.vote({ id: m.id, n: m.n });",
        live: ["m.id", "m.n"],
        ahead: [],
        references: [],
      },
    ]);
  });

  it("computes state before the statement leaves, also out of a loop", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; for (const p of this.members) p.vote({ id: m.id, n: this.n }); }`;
    expect(whatLeaves(body)).toMatchObject([{ ahead: ["n = this.n"], live: ["m.id"] }]);
  });

  it("leaves guards on state behind, and forwards each time that the send is reached", () => {
    const body = `@On() go(m: { id: string }): void { for (const p of this.members) { if (!this.seen.has(p.id)) p.vote({ id: m.id, n: 1 }); } }`;
    expect(whatLeaves(body)).toEqual([
      { region: "p.vote({ id: m.id, n: 1 });", live: ["m.id"], ahead: [], references: ["p of members"] },
    ]);
  });

  it("computes what may throw before the handler has taken effect", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; for (const p of this.members) p.vote({ id: m.id, n: Number(BigInt(m.id)) }); }`;
    const [left] = whatLeaves(body);
    expect(left?.region).toBe("p.vote({ id: m.id, n: Number(BigInt(m.id)) });");
    expect(left?.ahead).toEqual(["value = Number(BigInt(m.id))"]);
  });

  it("goes through the body of a helper that has one caller", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; this.fan(m.id); }
  private fan(id: string): void { const k = this.n; for (const p of this.members) p.vote({ id, n: k }); }`;
    expect(whatLeaves(body)).toMatchObject([
      { region: "for (const p of this.members) p.vote({ id, n: k });", live: ["id", "k"] },
    ]);
  });

  it("moves the whole call of a helper that has several", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; this.fan(m.id, this.n); }
  @On() again(m: { id: string }): void { this.fan(m.id, 0); }
  private fan(id: string, k: number): void { for (const p of this.members) p.vote({ id, n: k }); }`;
    expect(whatLeaves(body)).toMatchObject([{ region: "this.fan(m.id, this.n);", ahead: ["n = this.n"] }]);
  });

  it("takes the value of a getter or helper as one expression", () => {
    const body = `private get total(): number { return this.n + 1; }
  @On() go(m: { id: string }): void { for (const p of this.members) p.vote({ id: m.id, n: this.total }); }`;
    expect(whatLeaves(body)).toMatchObject([{ ahead: ["n = this.total"] }]);
  });

  it("does not take along a name that only occurs in what is computed before", () => {
    const body = `@On() go(m: { id: string; key: string }): void { const seen = this.seen.get(m.key); if (seen !== undefined) { this.members.at(m.id).vote({ id: m.id, n: this.n + m.key.length }); } }`;
    expect(whatLeaves(body)).toMatchObject([{ live: ["m.id", "m.key"], ahead: [expect.stringContaining("this.n")] }]);
  });

  it("does not let a statement leave that changes a local object", () => {
    const body = `@On() go(m: { id: string }, from: Ref<Client>): void { const ids: string[] = []; for (const p of this.members) { ids.push(p.id); p.vote({ id: m.id, n: 1 }); } from.granted({ id: ids.join() }); }`;
    expect(whatLeaves(body)).toMatchObject([{ region: "p.vote({ id: m.id, n: 1 });" }]);
    const assigned = body.replace("ids.push(p.id);", "ids[0] = p.id;");
    expect(whatLeaves(assigned)).toMatchObject([{ region: "p.vote({ id: m.id, n: 1 });" }]);
  });

  it.each([
    "const list = ids; list.push(p.id);",
    "const also = [ids]; also[0]?.push(p.id);",
    "note(ids, p.id);",
    "this.note(ids, p.id);",
  ])("does not let a statement leave that hands a local object on: %s", (statement) => {
    const body = `private note(ids: string[], id: string): void { ids.push(id); }
  @On() go(m: { id: string }, from: Ref<Client>): void { const ids: string[] = []; for (const p of this.members) { ${statement} p.vote({ id: m.id, n: 1 }); } from.granted({ id: ids.join() }); }`;
    const source = withGo(body).replace(
      "@Role() export class Leader",
      "function note(ids: string[], id: string): void { ids.push(id); }\n@Role() export class Leader",
    );
    const applied = applySource(source, OUT);
    for (const forward of componentOf(applied, "Leader", "out").forwards) {
      expect(textAt(applied.protocol, forward.region)).toBe("p.vote({ id: m.id, n: 1 });");
    }
  });

  it("lets a statement leave that sends a local object as it is", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; const message = { id: m.id, n: this.n }; for (const p of this.members) p.vote(message); }`;
    expect(whatLeaves(body)).toMatchObject([
      { region: "for (const p of this.members) p.vote(message);", live: ["message"] },
    ]);
    const spread = body.replace("p.vote(message)", "p.vote({ ...message, n: 1 })");
    expect(whatLeaves(spread)).toMatchObject([{ live: ["message"] }]);
    const nested = body.replace("p.vote(message)", "p.vote({ id: message.id, n: message.n })");
    expect(whatLeaves(nested)).toMatchObject([{ live: ["message.id", "message.n"] }]);
  });

  it("does not let a statement leave that may ask whether two objects are one", () => {
    const body = `@On() go(m: { id: string; all: readonly { n: number }[] }): void { const best = m.all[0]; this.n += best?.n ?? 0; for (const one of m.all) this.members.at(m.id).vote({ id: m.id, n: one === best ? 1 : 0 }); }`;
    expect(only(applySource(withGo(body), OUT)).code).toBe("RVN207");
    const ahead = body
      .replace("one === best ? 1 : 0", "one.n === 3 ? 1 : 0")
      .replace("const best = m.all[0]; this.n += best?.n ?? 0;", "");
    expect(whatLeaves(ahead)).toHaveLength(1);
  });

  it("moves sends out of a timer", () => {
    const body = `@Every(10) go(): void { for (const p of this.members) p.vote({ id: "t", n: this.n }); }`;
    expect(whatLeaves(body)).toMatchObject([{ ahead: ["n = this.n"], live: [] }]);
  });

  it("moves several sends to one component, each with what it needs", () => {
    const body = `@On() go(m: { id: string }, from: Ref<Client>): void { from.granted({ id: m.id }); this.n += 1; this.members.at(m.id).vote({ id: m.id, n: 1 }); }`;
    const left = whatLeaves(body, `plan(Leader, { out: { moves: ["go -> Client.granted", "go -> Member.vote"] } })`);
    expect(left.map(({ region }) => region)).toEqual([
      "from.granted({ id: m.id });",
      "this.members.at(m.id).vote({ id: m.id, n: 1 });",
    ]);
  });

  it("names forwards after handler and message, and never after something that is there", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; this.members.at(m.id).vote({ id: m.id, n: 1 }); this.n += 1; this.members.at(m.id).vote({ id: m.id, n: 2 }); }
  private goVote(): number { return this.n; }
  @On() use(): void { this.n = this.goVote(); }`;
    const applied = applySource(
      withGo(body),
      `plan(Leader, { out: { moves: ["go -> Member.vote", "go -> Member.vote#2"] } })`,
    );
    expect(componentOf(applied, "Leader", "out").forwards.map(({ name }) => name)).toEqual(["goVote2", "goVote3"]);
  });

  it.each<readonly [string, string, string]>([
    [
      "RVN205",
      "this.n",
      `@On() go(m: { id: string }): void { this.members.ids.forEach((id) => this.members.at(id).vote({ id: m.id, n: this.n + id.length })); }`,
    ],
    [
      "RVN205",
      "this.seen.get(id)",
      `@On() go(m: { id: string }): void { this.members.ids.forEach((id) => this.members.at(id).vote({ id, n: this.seen.get(id) ?? 0 })); }`,
    ],
    [
      "RVN206",
      "BigInt(m.id)",
      `@On() go(m: { id: string }): void { this.n += 1; this.members.ids.forEach((id) => this.members.at(id).vote({ id: m.id, n: Number(BigInt(m.id)) })); }`,
    ],
    [
      "RVN207",
      "tell(1);",
      `@On() go(m: { id: string }): void { const tell = (n: number): void => { for (const p of this.members) p.vote({ id: m.id, n }); }; this.n += 1; tell(1); }`,
    ],
    [
      "RVN208",
      "this.n",
      `@On() go(m: { id: string }): void { this.fan(m.id); } @On() again(m: { id: string }): void { this.fan(m.id); }
  private fan(id: string): void { for (const p of this.members) p.vote({ id, n: this.n }); }`,
    ],
    [
      "RVN209",
      "this.n++",
      `@On() go(m: { id: string }): void { this.members.ids.forEach((id) => this.members.at(id).vote({ id, n: this.n++ })); }`,
    ],
    [
      "RVN209",
      "const sent = this.members.at(m.id).vote({ id: m.id, n: 1 });",
      `@On() go(m: { id: string }): void { const sent = this.members.at(m.id).vote({ id: m.id, n: 1 }); this.n += typeof sent === "string" ? 1 : 0; }`,
    ],
    [
      "RVN212",
      "eval(m.id)",
      `@On() go(m: { id: string }): void { eval(m.id); this.members.at(m.id).vote({ id: m.id, n: 1 }); }`,
    ],
  ])("refuses with %s at %s", (code, at, body) => {
    const found = only(applySource(withGo(body), OUT));
    expect(found.code).toBe(code);
    expect(found.at).toContain(at);
  });

  it("refuses when a neighbour that is not understood could change the configuration", () => {
    const body = `@On() go(m: { id: string }): void { this.members.at(m.id).vote({ id: m.id, n: 1 }); } @On() odd(m: { id: string }): void { eval(m.id); }`;
    expect(only(applySource(withGo(body), OUT))).toMatchObject({ code: "RVN212", at: "eval(m.id)" });
  });

  it("refuses sends to @Fifo handlers", () => {
    const body = `@On() go(m: { id: string }): void { this.members.at(m.id).log({ id: m.id }); }`;
    expect(only(applySource(withGo(body), `plan(Leader, { out: { moves: ["go -> Member.log"] } })`)).code).toBe(
      "RVN210",
    );
  });

  it("splits a handler where a field takes a part of it along", () => {
    const body = `@On() go(m: { id: string }): void { this.n += 1; this.seen.delete(m.id); }`;
    const applied = applySource(withGo(body), `plan(Leader, { out: { moves: ["seen"] } })`);
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Leader", "out").forwards.map(({ channel }) => channel)).toContain("ordered");
  });
});
