import { judgeReplicated } from "../../../../plugin/analysis/replication/replicatedHandler.ts";
import { handlerOf, readSource, roleOf } from "../../../support/protocolInMemory.ts";

/** A store that is spread by `rows`, with a copy of `epoch` everywhere. */
const store = (body: string): string => `
import { On, peer, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Client {
  abstract told(m: { value: number }): void;
  abstract row(m: { key: string; value: number }): void;
  abstract listed(m: { rows: readonly { key: string; value: number }[] }): void;
}

@Role()
export class Store {
  private epoch = 0;
  private readonly rows = new Map<string, { key: string; value: number }>();

  @On() put(m: { key: string; value: number }): void {
    this.rows.set(m.key, { key: m.key, value: m.value });
  }

  @On() all(m: { n: number }, from: Ref<Client>): void {
    ${body}
  }
}
`;

function judge(body: string): ReturnType<typeof judgeReplicated> {
  const role = roleOf(readSource(store(body)).protocol, "Store");
  return judgeReplicated(handlerOf(role, "all"), { role, fields: new Set(["rows"]) });
}

function flawsOf(body: string): readonly string[] {
  return [...new Set(judge(body).obstacles.map(({ flaw }) => flaw.kind))];
}

describe("what every partition can do, each for its own entries", () => {
  it.each([
    ["changes a copy", "this.epoch += 1;"],
    ["changes a copy if the message says so", "if (m.n > this.epoch) this.epoch = m.n;"],
    [
      "takes entries away, one by one",
      "for (const [key, row] of this.rows) if (row.value < m.n) this.rows.delete(key);",
    ],
    ["changes each entry in place", "for (const row of this.rows.values()) row.value = this.epoch;"],
    ["takes all of them away", "this.rows.clear();"],
    ["throws for a reason that all of them know", 'if (m.n < 0) throw new Error("no");'],
  ])("%s", (_what, body) => {
    expect(flawsOf(body)).toEqual([]);
  });
});

describe("who sends", () => {
  it("is the first partition where nothing depends on entries", () => {
    expect(judge("from.told({ value: this.epoch });").sends).toEqual({});
  });

  it("is each partition in a loop over entries", () => {
    expect(judge("for (const row of this.rows.values()) from.row(row);").sends).toEqual({
      "Client.row": { kind: "each" },
    });
  });

  it("is all of them together where entries are listed", () => {
    expect(judge("from.listed({ rows: [...this.rows.values()] });").sends).toEqual({
      "Client.listed": { kind: "sealed", columns: [{ path: ["rows"] }] },
    });
  });
});

describe("what they cannot do", () => {
  it.each([
    ["keyed", "touch one entry", "this.epoch += 1; this.rows.delete(String(m.n));"],
    [
      "copy-from-entries",
      "compute a copy from entries",
      "this.epoch = Math.max(0, ...[...this.rows.values()].map((row) => row.value));",
    ],
    [
      "copy-from-entries",
      "change a copy for each entry",
      "for (const row of this.rows.values()) if (row.value > 0) this.epoch += 1;",
    ],
    [
      "other-entry",
      "change the entry of another turn",
      'for (const key of this.rows.keys()) this.rows.delete(key + "!");',
    ],
    ["not-a-union", "send how many there are", "from.told({ value: this.rows.size });"],
    ["not-a-union", "send the first two", "from.listed({ rows: [...this.rows.values()].slice(0, 2) });"],
    [
      "not-a-union",
      "send entries by their positions",
      "from.listed({ rows: [...this.rows.values()].filter((_, i) => i < 2) });",
    ],
    [
      "not-a-union",
      "compare entries with the whole",
      "from.listed({ rows: [...this.rows.values()].filter((row, _, all) => row === all[0]) });",
    ],
    ["sent-by-entries", "send if there are many", "if (this.rows.size > 2) from.told({ value: 1 });"],
    [
      "sent-by-entries",
      "send until one is large",
      "for (const row of this.rows.values()) { if (row.value > 3) break; from.row(row); }",
    ],
    [
      "sent-by-entries",
      "send the first one",
      "const [first] = this.rows.values(); if (first !== undefined) from.row(first);",
    ],
    [
      "throws",
      "throw for one entry",
      'for (const row of this.rows.values()) if (row.value > 3) throw new Error("no");',
    ],
    [
      "two-ways",
      "send one message once and for each entry",
      'for (const row of this.rows.values()) from.row(row); from.row({ key: "", value: 0 });',
    ],
    ["dark", "jump", "outer: for (const row of this.rows.values()) { for (;;) continue outer; }"],
  ])("%s: %s", (flaw, _what, body) => {
    expect(flawsOf(body)).toContain(flaw);
  });

  it("change in place what arrived in a message, which is frozen", () => {
    const source = store("for (const row of this.rows.values()) row.value += 1;").replace(
      "{ key: m.key, value: m.value }",
      "m",
    );
    const role = roleOf(readSource(source).protocol, "Store");
    const { obstacles } = judgeReplicated(handlerOf(role, "all"), { role, fields: new Set(["rows"]) });
    expect(obstacles.map(({ flaw }) => flaw.kind)).toEqual(["throws"]);
  });
});
