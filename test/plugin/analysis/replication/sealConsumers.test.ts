import { findOrderSeen } from "../../../../plugin/analysis/replication/sealConsumers.ts";
import { handlerOf, readSource, roleOf, textAt } from "../../../support/protocolInMemory.ts";

/** A receiver of rows that were put together from parts; `key` tells them apart. */
const mirror = (body: string, members: string): string => `
import { On, peers, Role } from "riven";

@Role({ external: true })
export abstract class Client {
  abstract told(m: { value: number }): void;
  abstract row(m: { key: string; value: number }): void;
}

@Role()
export class Mirror {
  private readonly clients = peers(() => Client);
  ${members}

  @On() load(m: { by: string; rows: readonly { key: string; value: number }[] }): void {
    const client = this.clients.at(m.by);
    ${body}
  }
}
`;

function orderSeen(body: string, members: string): string | undefined {
  const { protocol } = readSource(mirror(body, members));
  const role = roleOf(protocol, "Mirror");
  const seal = { column: { path: ["rows"] }, is: "list", keys: [["key"]] } as const;
  const seen = findOrderSeen(protocol, role, handlerOf(role, "load"), seal);
  return seen === undefined ? undefined : textAt(protocol, seen.span);
}

const KNOWN = "private readonly known = new Map<string, number>();";

describe("a receiver cannot tell in which order a list was put together", () => {
  it.each([
    ["asks how many there are", "client.told({ value: m.rows.length });", ""],
    ["asks for one of them", "client.told({ value: m.rows.some((row) => row.value > 3) ? 1 : 0 });", ""],
    ["takes the highest", "client.told({ value: Math.max(0, ...m.rows.map((row) => row.value)) });", ""],
    ["answers for each", "for (const row of m.rows) client.row(row);", ""],
    ["keeps each under its key", "for (const row of m.rows) this.known.set(row.key, row.value);", KNOWN],
    [
      "keeps what there is of values",
      "for (const row of m.rows) this.seen.add(row.value);",
      "private readonly seen = new Set<number>();",
    ],
  ])("when it %s", (_what, body, members) => {
    expect(orderSeen(body, members)).toBeUndefined();
  });
});

describe("a receiver sees the order", () => {
  it.each([
    ["when it takes the first", "client.told({ value: m.rows[0]?.value ?? 0 });", ""],
    ["when it numbers them", "for (const [at, row] of m.rows.entries()) client.row({ key: row.key, value: at });", ""],
    [
      "when it looks for one behind the first",
      "client.told({ value: m.rows.map((row) => row.value).includes(3, 1) ? 1 : 0 });",
      "",
    ],
    [
      "when it compares them with the whole",
      "client.told({ value: m.rows.filter((row, _, all) => row.value > (all[0]?.value ?? 0)).length });",
      "",
    ],
    ["when the last one wins", "for (const row of m.rows) this.known.set(String(row.value), row.value);", KNOWN],
    ["when it stops at one", "for (const row of m.rows) { if (row.value > 3) break; client.row(row); }", ""],
    [
      "when it counts while it goes",
      "for (const row of m.rows) { this.n += 1; client.row({ key: row.key, value: this.n }); }",
      "private n = 0;",
    ],
    ["when it passes the list on", "this.last = m.rows;", "private last: readonly object[] = [];"],
    [
      "in a map that it takes apart",
      "for (const row of m.rows) this.known.set(row.key, row.value); const [first] = this.known; client.told({ value: first?.[1] ?? 0 });",
      KNOWN,
    ],
  ])("%s", (_what, body, members) => {
    expect(orderSeen(body, members)).toBeDefined();
  });
});
