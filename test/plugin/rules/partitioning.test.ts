/** Every reason for which state may not be spread, on protocols in TypeScript, and what looks risky and may. */
import { printKeyPart } from "../../../plugin/model/printKeyPart.ts";
import { applySource, componentOf, printFinding, textAt, type Applied } from "../../support/protocolInMemory.ts";
import type { Component } from "../../../plugin/model/component.ts";

function refusedBy(applied: Applied): readonly string[] {
  for (const finding of applied.findings) {
    expect(finding.message).not.toMatch(/undefined|\[object/);
    expect(finding.advice).toBeDefined();
  }
  return applied.findings.map(({ code, span }) => `${code} ${textAt(applied.protocol, span)}`);
}

const CLIENT = `
@Role({ external: true }) export abstract class Client {
  abstract ok(m: { id: string }): void;
  abstract count(m: { n: number }): void;
}
`;

const node = (body: string): string => `${CLIENT}
@Role() export class Node {
  private seq = 0;
  private readonly store = new Map<string, number>();
  private readonly log = new Map<string, Map<string, number>>();
  private readonly byName: Record<string | number, number> = {};
  private readonly clients = peers(() => Client);
  ${body}
}`;

function apply(body: string, by: string | undefined): Applied {
  return applySource(node(body), `plan(Node, { node: { ${by === undefined ? "" : `by: ${by}, `}into: 3 } })`);
}

function routes(
  body: string,
  by?: string,
): { readonly keys: { readonly [name: string]: string }; readonly positions: Component["partitioning"] } {
  const applied = apply(body, by);
  expect(applied.findings.map((finding) => printFinding(applied.protocol, finding))).toEqual([]);
  const { partitioning } = componentOf(applied, "Node", "node");
  const keys = Object.entries(partitioning?.keys ?? {}).map(
    ([name, key]) => [name, key.map((part) => printKeyPart(part)).join(", ")] as const,
  );
  return { keys: Object.fromEntries(keys), positions: partitioning };
}

describe("co-hashing", () => {
  it("spreads what is keyed by one column everywhere", () => {
    const body = `@On() put(m: { id: string }): void { this.store.set(m.id, (this.store.get(m.id) ?? 0) + 1); }
  @On() drop(m: { id: string }): void { if (this.store.has(m.id)) this.store.delete(m.id); }`;
    expect(routes(body, '"id"')).toMatchObject({
      keys: { put: "id", drop: "id" },
      positions: { partitions: 3, positions: { store: [0] } },
    });
  });

  it("follows the key through local names, helpers and aliases of state", () => {
    const body = `@On() put(m: { order: { sku: string }; who: string }): void { const sku = m.order.sku; this.add(sku, m.who); }
  private add(sku: string, who: string): void {
    const entry = this.log.get(sku) ?? new Map<string, number>();
    this.log.set(sku, entry);
    entry.set(who, entry.size);
  }`;
    expect(routes(body, '"order.sku"')).toMatchObject({
      keys: { put: "order.sku" },
      positions: { positions: { log: [0] } },
    });
  });

  it("chooses the one column that is legal, and the coarsest of several", () => {
    const one = `@On() put(m: { a: string; id: string }): void { this.store.set(m.id, 1); }`;
    expect(routes(one).keys).toEqual({ put: "id" });
    const two = `@On() put(m: { a: string; b: string }): void { this.log.set(m.a, (this.log.get(m.a) ?? new Map<string, number>()).set(m.b, 1)); }`;
    expect(routes(two).keys).toEqual({ put: "a" });
  });

  it("takes tuples, for messages that touch no state", () => {
    const body = `@On() put(m: { a: string; b: string }, from: Ref<Client>): void { from.ok({ id: m.a }); }`;
    expect(routes(body, '["a", "b"]').keys).toEqual({ put: "a, b" });
  });

  it("refuses the inner key of nested maps: whether the inner map exists is a question about the outer key", () => {
    const body = `@On() put(m: { a: string; b: string }): void { this.log.get(m.a)?.set(m.b, 1); }`;
    expect(refusedBy(apply(body, '["a", "b"]'))).toEqual(["RVN304 this.log.get(m.a)"]);
    expect(routes(body, '"a"').keys).toEqual({ put: "a" });
  });

  it("takes a key for each handler where messages name it differently, and infers what is left out", () => {
    const body = `@On() put(m: { key: string }): void { this.store.set(m.key, 1); }
  @On() get(m: { name: string }, from: Ref<Client>): void { from.count({ n: this.store.get(m.name) ?? 0 }); }`;
    expect(routes(body, '{ put: "key", get: "name" }').keys).toEqual({ put: "key", get: "name" });
    expect(routes(body, '{ put: "key" }').keys).toEqual({ put: "key", get: "name" });
    expect(routes(body).keys).toEqual({ put: "key", get: "name" });
  });

  it("routes by the sender", () => {
    const body = `@On() put(m: { id: string }, from: Ref<Client>): void { this.store.set(from.id, 1); }`;
    expect(routes(body, '"from.id"').keys).toEqual({ put: "from.id" });
    expect(routes(body).keys).toEqual({ put: "from.id" });
  });

  it("lets handlers without state have any key, and none", () => {
    const body = `@On() put(m: { id: string }): void { this.store.set(m.id, 1); }
  @On() echo(m: { id: string; x: string }, from: Ref<Client>): void { from.ok({ id: m.id }); }
  @On() ping(m: { x: string }, from: Ref<Client>): void { from.ok({ id: m.x }); }`;
    expect(routes(body, '"id"').keys).toEqual({ put: "id", echo: "id", ping: "" });
  });

  it("runs a timer with state of its own on the first partition", () => {
    const body = `@On() put(m: { id: string }): void { this.store.set(m.id, 1); }
  @Every(10) tick(): void { this.seq += 1; }
  @Every(10) ping(): void { for (const c of this.clients) c.ok({ id: "t" }); }`;
    expect(routes(body, '"id"').keys).toEqual({ put: "id" });
  });

  it("routes forwards by the columns of the message that they came from", () => {
    const source = node(
      `@On() go(m: { id: string; n: number }, from: Ref<Client>): void { this.seq += 1; for (const c of this.clients) c.count({ n: m.n }); }`,
    );
    const applied = applySource(source, `plan(Node, { out: { moves: ["go -> Client.count"], by: "id", into: 2 } })`);
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Node", "out").partitioning?.keys).toEqual({
      goCount: [{ kind: "column", path: ["id"] }],
    });
  });

  it("says when a forward does not see the column", () => {
    const source = node(`@On() go(m: { id: string; n: number }): void { this.seq += 1; this.tell(m.n); }
  private tell(n: number): void { const k = this.seq; for (const c of this.clients) c.count({ n: n + k }); }`);
    const applied = applySource(source, `plan(Node, { out: { moves: ["go -> Client.count"], by: "id", into: 2 } })`);
    expect(refusedBy(applied)).toEqual(["RVN305 for (const c of this.clients) c.count({ n: n + k });"]);
    const byUsed = applySource(source, `plan(Node, { out: { moves: ["go -> Client.count"], by: "n", into: 2 } })`);
    expect(byUsed.findings).toEqual([]);
  });

  it.each<readonly [string, string, string, string | undefined]>([
    [
      "RVN301",
      "this.seq++",
      `@On() put(m: { id: string }, from: Ref<Client>): void { this.store.set(m.id, this.seq++); }`,
      '"id"',
    ],
    [
      "RVN301",
      'this.store.get("total")',
      `@On() put(m: { id: string }): void { this.store.set("total", (this.store.get("total") ?? 0) + 1); }`,
      '"id"',
    ],
    [
      "RVN302",
      "this.store.size",
      `@On() put(m: { id: string }): void { if (this.store.size < 10) this.store.set(m.id, 1); }`,
      '"id"',
    ],
    [
      "RVN302",
      "this.store.clear()",
      `@On() put(m: { id: string }): void { this.store.set(m.id, 1); } @On() reset(m: { id: string }): void { this.store.clear(); this.store.set(m.id, 0); }`,
      '"id"',
    ],
    [
      "RVN303",
      "this.store.get(m.to)",
      `@On() pay(m: { id: string; to: string }): void { this.store.set(m.id, 0); this.store.set(m.to, this.store.get(m.to) ?? 0); }`,
      '"id"',
    ],
    [
      "RVN304",
      "this.store.set(m.id, 1)",
      `@On() put(m: { id: string; who: string }): void { this.store.set(m.id, 1); }`,
      '"who"',
    ],
    [
      "RVN304",
      "this.store.set(m.id, 1)",
      `@On() put(m: { id: string }, from: Ref<Client>): void { this.store.set(m.id, 1); }`,
      '"from.id"',
    ],
    [
      "RVN305",
      "m: { seq: string }",
      `@On() put(m: { id: string }): void { this.store.set(m.id, 1); } @On() ack(m: { seq: string }): void { this.store.delete(m.seq); }`,
      '"id"',
    ],
    [
      "RVN321",
      "this.store.set(",
      "@On() put(m: { id: string; user: string }): void { this.store.set(`${m.id}${m.user}`, 1); }",
      '"id"',
    ],
    [
      "RVN306",
      "this.store.set(",
      "@On() put(m: { id: string }): void { this.store.set(m.id.slice(0, 2), 1); }",
      '"id"',
    ],
    [
      "RVN307",
      "this.store.set(",
      `private readonly owner = new Map<string, string>();
  @On() own(m: { id: string; owner: string }): void { this.owner.set(m.id, m.owner); }
  @On() put(m: { id: string }): void { const owner = this.owner.get(m.id) ?? ""; this.store.set(owner, 1); }`,
      '"id"',
    ],
    [
      "RVN308",
      "this.store.set(id, 1)",
      `@On() put(m: { id: string; ids: readonly string[] }): void { for (const id of m.ids) this.store.set(id, 1); }`,
      '"id"',
    ],
    [
      "RVN308",
      "this.store.set(c.id, 1)",
      `@On() put(m: { id: string }): void { for (const c of this.clients) this.store.set(c.id, 1); }`,
      '"id"',
    ],
    [
      "RVN321",
      "this.byName[m.id]",
      `@On() put(m: { id: string | number }): void { this.byName[m.id] = (this.byName[m.id] ?? 0) + 1; }`,
      '"id"',
    ],
    [
      "RVN310",
      "m: { id: { a: string } }",
      `@On() put(m: { id: { a: string } }): void { this.store.set(m.id.a, 1); }`,
      '"id"',
    ],
    [
      "RVN311",
      "m: { id?: string }",
      `@On() put(m: { id?: string }): void { if (m.id !== undefined) this.store.set(m.id, 1); }`,
      '"id"',
    ],
    ["RVN312", "put", `@Fifo() @On() put(m: { id: string }): void { this.store.set(m.id, 1); }`, '"id"'],
    [
      "RVN314",
      "this.store.delete(",
      `@On() put(m: { id: string }): void { this.store.set(m.id, 1); } @Every(10) expire(): void { this.store.delete("old"); }`,
      '"id"',
    ],
    [
      "RVN314",
      'this.store.set("first", 0)',
      `@On() put(m: { id: string }): void { this.store.set(m.id, 1); } @OnStart() begin(): void { this.store.set("first", 0); }`,
      '"id"',
    ],
    ["RVN315", "eval(m.id)", `@On() put(m: { id: string }): void { eval(m.id); }`, '"id"'],
    ["RVN316", "", `@Every(10) tick(): void { this.seq += 1; }`, undefined],
    [
      "RVN301",
      "this.seq",
      `@On() put(m: { id: string }, from: Ref<Client>): void { this.store.set(m.id, this.seq++); }`,
      undefined,
    ],
  ])("refuses with %s at %s", (code, at, body, by) => {
    const refused = refusedBy(apply(body, by));
    expect(refused.map((one) => one.slice(0, 6))).toContain(code);
    expect(refused.find((one) => one.startsWith(code))).toContain(at);
  });

  it("names who would have to send a column that is missing", () => {
    const source = `${CLIENT}
@Role() export class Node {
  private readonly store = new Map<string, string>();
  private readonly workers = peers(() => Worker);
  @On() put(m: { key: string; seq: string }): void { this.store.set(m.key, m.seq); for (const w of this.workers) w.work({ seq: m.seq }); }
  @On() done(m: { seq: string }, from: Ref<Worker>): void { this.store.delete(m.seq); }
}
@Role() export class Worker { @On() work(m: { seq: string }, from: Ref<Node>): void { from.done({ seq: m.seq }); } }`;
    const applied = applySource(source, `plan(Node, { node: { by: "key", into: 3 } })`);
    const [finding] = applied.findings;
    expect(finding?.code).toBe("RVN305");
    expect(finding?.advice).toContain("`Worker.work` would have to send it");
    expect(finding?.related.map(({ span }) => textAt(applied.protocol, span))).toContain("from.done({ seq: m.seq })");
  });

  it("keeps @Fifo handlers on one partition for each sender", () => {
    const body = `@Fifo() @On() put(m: { id: string }, from: Ref<Client>): void { this.store.set(from.id, 1); }
  @Fifo() @On() echo(m: { id: string }, from: Ref<Client>): void { from.ok({ id: m.id }); }`;
    expect(routes(body, '"from.id"').keys).toEqual({ put: "from.id", echo: "from.id" });
    expect(routes(body).keys).toEqual({ put: "from.id", echo: "from.id" });
  });

  it("does not spread what sends to a @Fifo handler", () => {
    const source = `
@Role() export class Leader {
  private readonly slots = new Map<string, number>();
  private readonly replicas = peers(() => Replica);
  @On() put(m: { slot: string }): void { this.slots.set(m.slot, 1); for (const r of this.replicas) r.apply({ slot: m.slot }); }
}
@Role() export class Replica { private last = ""; @Fifo() @On() apply(m: { slot: string }): void { this.last = m.slot; } }`;
    const applied = applySource(source, `plan(Leader, { main: { by: "slot", into: 3 } })`);
    expect(refusedBy(applied)).toEqual(["RVN313 r.apply({ slot: m.slot })"]);
  });

  it("accepts what only looks risky", () => {
    const lock = `@On() acquire(m: { lock: string }, from: Ref<Client>): void {
    const token = (this.store.get(m.lock) ?? 0) + 1; // a token for each lock
    this.store.set(m.lock, token);
    from.count({ n: token });
  }`;
    expect(routes(lock, '"lock"').keys).toEqual({ acquire: "lock" });
    const broker = `private readonly topics = new Map<string, Set<string>>();
  @On() subscribe(m: { topic: string }, from: Ref<Client>): void { this.topics.set(m.topic, (this.topics.get(m.topic) ?? new Set<string>()).add(from.id)); }
  @On() publish(m: { topic: string; id: string }): void { for (const s of this.topics.get(m.topic) ?? []) this.clients.at(s).ok({ id: m.id }); }`;
    expect(routes(broker, '"topic"').keys).toEqual({ subscribe: "topic", publish: "topic" });
  });
});
