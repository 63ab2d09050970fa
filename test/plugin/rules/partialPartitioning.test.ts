/** Copies beside what is spread: what is accepted, in what form, and why the rest is refused. */
import type { Component } from "../../../plugin/model/component.ts";
import { applySource, componentOf, printFinding, textAt, type Applied } from "../../support/protocolInMemory.ts";

const CLIENT = `
@Role({ external: true }) export abstract class Client {
  abstract rows(m: { rows: readonly { slot: number; ballot: number }[] }): void;
  abstract map(m: { all: ReadonlyMap<number, { slot: number; ballot: number }> }): void;
  abstract keys(m: { slots: readonly number[] }): void;
  abstract record(m: { all: Record<string, { slot: number; ballot: number }> }): void;
  abstract no(m: { ballot: number }): void;
}
`;

const acceptor = (prepare: string, more = ""): string => `${CLIENT}
@Role() export class Acceptor {
  private ballot = 0;
  private readonly log = new Map<number, { slot: number; ballot: number }>();
  @On() prepare(m: { ballot: number }, from: Ref<Client>): void {
    if (m.ballot <= this.ballot) return from.no({ ballot: this.ballot });
    this.ballot = m.ballot;
    ${prepare}
  }
  @On() accept(m: { slot: number; ballot: number }, from: Ref<Client>): void {
    if (m.ballot !== this.ballot) return from.no({ ballot: this.ballot });
    this.log.set(m.slot, m);
  }
  ${more}
}`;

function apply(source: string): Applied {
  return applySource(source, 'plan(Acceptor, { main: { by: "slot", into: 2 } })');
}

function accepted(source: string): Component["partitioning"] {
  const applied = apply(source);
  expect(applied.findings.map((finding) => printFinding(applied.protocol, finding))).toEqual([]);
  return componentOf(applied, "Acceptor", "main").partitioning;
}

function refused(source: string): readonly string[] {
  const applied = apply(source);
  for (const finding of applied.findings) {
    expect(finding.message).not.toMatch(/undefined|\[object/);
    expect(finding.advice).toBeDefined();
    expect(finding.scenario.length).toBeGreaterThan(0);
  }
  return applied.findings.map(({ code, span }) => `${code} ${textAt(applied.protocol, span).slice(0, 20)}`);
}

const BY_SLOT = "(a: { readonly slot: number }, b: { readonly slot: number }) => a.slot - b.slot";

describe("seals", () => {
  it.each([
    ["from.rows({ rows: [...this.log.values()].sort((a, b) => a.slot - b.slot) });", "rows", BY_SLOT],
    [
      "from.rows({ rows: [...this.log].map(([slot, e]) => ({ slot, ballot: e.ballot })).sort((a, b) => a.slot - b.slot) });",
      "rows",
      BY_SLOT,
    ],
    [
      "const rows = []; for (const [slot, e] of this.log) rows.push({ slot, ballot: e.ballot }); rows.sort((a, b) => a.slot - b.slot); from.rows({ rows });",
      "rows",
      BY_SLOT,
    ],
    [
      "from.keys({ slots: [...this.log.keys()].toSorted((a, b) => b - a) });",
      "slots",
      "(a: number, b: number) => b - a",
    ],
    ["from.map({ all: this.log });", "all", undefined],
    ["from.record({ all: Object.fromEntries(this.log) });", "all", undefined],
  ])("%s", (prepare, column, order) => {
    const partitioning = accepted(acceptor(prepare));
    expect(partitioning?.keys).toEqual({ accept: [{ kind: "column", path: ["slot"] }] });
    expect(partitioning?.replication?.fields).toEqual(["ballot"]);
    const [send] = Object.values(partitioning?.replication?.handlers["prepare"]?.sends ?? {});
    expect(send).toEqual({
      kind: "sealed",
      columns: [{ path: [column], ...(order === undefined ? {} : { order }) }],
    });
  });

  it.each([
    ["from.keys({ slots: [this.log.size] });", "RVN332"],
    ["from.keys({ slots: [0, ...this.log.keys()] });", "RVN332"],
    ["from.keys({ slots: [...this.log.keys()].slice(0, 1) });", "RVN332"],
    ["const [first] = [...this.log.keys()]; from.keys({ slots: [first ?? 0] });", "RVN332"],
    ["from.keys({ slots: [...this.log.keys()] });", "RVN335"],
    ["from.keys({ slots: [...this.log.values()].map((e, i) => i) });", "RVN332"],
    ["if (this.log.has(3)) from.no({ ballot: 1 });", "RVN30"],
    ["if (this.log.size > 3) from.no({ ballot: 1 });", "RVN333"],
    ["let n = 0; for (const _ of this.log) n = 7; from.no({ ballot: n });", "RVN33"],
    ["const r = { ballot: 0 }; for (const _ of this.log) r.ballot = 5; from.no(r);", "RVN332"],
    ["for (const slot of this.log.keys()) { if (slot > 3) break; this.log.delete(slot); }", "RVN334"],
    ["for (const slot of this.log.keys()) this.log.delete(slot - 1);", "RVN334"],
    ["for (const slot of this.log.keys()) this.ballot = slot;", "RVN331"],
  ])("refuses %s", (prepare, code) => {
    const findings = refused(acceptor(prepare));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]).toContain(code);
  });
});

it("sends for each entry from the partition that has it, and drops entries below a bound", () => {
  const partitioning = accepted(
    acceptor(
      "for (const [slot, e] of this.log) { if (slot > m.ballot) continue; this.log.delete(slot); from.no({ ballot: e.ballot }); }",
    ).replace("return from.no({ ballot: this.ballot });\n    this.ballot", "return;\n    this.ballot"),
  );
  expect(partitioning?.replication?.handlers).toEqual({ prepare: { sends: { "Client.no": { kind: "each" } } } });
});

it("refuses a message that is sent once here, and for each entry there", () => {
  expect(refused(acceptor("for (const e of this.log.values()) from.no({ ballot: e.ballot });"))[0]).toContain("RVN339");
});

it("refuses the textbook, and leaves alone what has no handler of its own for its counter", () => {
  const textbook = acceptor("from.map({ all: this.log });").replace(
    "this.log.set",
    "this.ballot = m.ballot; this.log.set",
  );
  expect(refused(textbook)).toEqual(["RVN330 this.log.set(m.slot,"]);
});

it("gives the coordinator a name of its own", () => {
  const source = acceptor(
    "from.map({ all: this.log });",
    "@On() ping(m: { slot: number }, from: Ref<Client>): void { from.no({ ballot: m.slot }); }",
  );
  const applied = applySource(
    source,
    'plan(Acceptor, { main: { by: "slot", into: 2 }, coordinator: { moves: ["ping"] } })',
  );
  expect(applied.findings.map((finding) => printFinding(applied.protocol, finding))).toEqual([]);
  expect(componentOf(applied, "Acceptor", "main").partitioning?.replication?.coordinator).toBe("mainCoordinator");
});
