/** Keys through functions: what may be spread by them, how it is routed, and why the rest is refused. */
import { printKeyPart } from "../../../plugin/model/printKeyPart.ts";
import type { Component } from "../../../plugin/model/component.ts";
import { applySource, componentOf, printFinding } from "../../support/protocolInMemory.ts";

const PREAMBLE = `
@Role({ external: true }) export abstract class Client {
  abstract ok(m: { id: string }): void;
}
export const hash = (text: string): number => text.length * 7;
const secret = (text: string): string => text.slice(1);
`;

function source(body: string, others: string): string {
  return `${PREAMBLE}
@Role() export class Node {
  private readonly values = new Map<string | number, string>();
  private readonly counts = new Map<string | number, number>();
  private readonly clients = peers(() => Client);
  ${body}
}
${others}`;
}

function spread(body: string, by: string | undefined, others = ""): Component["partitioning"] | readonly string[] {
  const applied = applySource(
    source(body, others),
    `plan(Node, { node: { ${by === undefined ? "" : `by: ${by}, `}into: 3 } })`,
  );
  if (applied.findings.length > 0) return applied.findings.map((finding) => printFinding(applied.protocol, finding));
  return componentOf(applied, "Node", "node").partitioning;
}

function routes(body: string, by?: string, others = ""): { readonly [handler: string]: string } | readonly string[] {
  const applied = applySource(
    source(body, others),
    `plan(Node, { node: { ${by === undefined ? "" : `by: ${by}, `}into: 3 } })`,
  );
  if (applied.findings.length > 0) return applied.findings.map((finding) => printFinding(applied.protocol, finding));
  const keys = Object.entries(componentOf(applied, "Node", "node").partitioning?.keys ?? {});
  return Object.fromEntries(keys.map(([name, key]) => [name, key.map((part) => printKeyPart(part)).join(", ")]));
}

function codes(body: string, by?: string, others = ""): readonly string[] {
  const found = spread(body, by, others);
  return Array.isArray(found) ? found.map((text: string) => /RVN\d+/.exec(text)?.[0] ?? text) : ["accepted"];
}

describe("dependencies", () => {
  it("routes by the function that the state is keyed by, and by the column that has its value", () => {
    const body = `@On() put(m: { value: string }): void { this.values.set(hash(m.value), m.value); }
  @On() drop(m: { hash: number }): void { this.values.delete(m.hash); }`;
    expect(routes(body)).toEqual({ put: "hash(value)", drop: "hash" });
  });

  it("routes by a part of a key, and says how an entry tells it", () => {
    const body =
      "@On() put(m: { slot: number; name: string }): void { this.values.set(`${m.slot}/${m.name}`, m.name); this.counts.set(m.slot, 1); }";
    expect(routes(body, '"slot"')).toEqual({ put: "slot" });
    expect(spread(body, '"slot"')).toMatchObject({ owners: { values: [{ kind: "applied", name: "Number" }] } });
  });

  it("routes by a function of the key, where no entry has two values of it", () => {
    const body = `@On() put(m: { value: string }): void { this.values.set(m.value, "x"); this.counts.set(hash(m.value), 1); }`;
    expect(routes(body)).toEqual({ put: "hash(value)" });
    expect(codes(body, '"value"')).toEqual(["RVN306"]);
  });

  it("takes a column for a function of another when all who send it compute it", () => {
    const body = `@On() keep(m: { text: string; mark: number }, _from: Ref<Door>): void { this.values.set(hash(m.text), m.text); this.counts.set(m.mark, 1); }`;
    const door = `@Role() export class Door { private readonly node = peer(() => Node);
      @On() enter(m: { text: string }): void { this.node.keep({ text: m.text, mark: hash(m.text) }); } }`;
    expect(routes(body, '"mark"', door)).toEqual({ keep: "mark" });
    const careless = door.replace("hash(m.text) }", "m.text.length }");
    expect(codes(body, '"mark"', careless)).toEqual(["RVN306"]);
    const lazy = door.replace("hash(m.text) }", 'hash("" + m.text.slice(1)) }');
    expect(codes(body, '"mark"', lazy)).toEqual(["RVN306"]);
  });

  it("does not take what a client sends, or what was read from state", () => {
    const body = `@On() keep(m: { text: string; mark: number }, _from: Ref<Client | Door>): void { this.values.set(hash(m.text), m.text); this.counts.set(m.mark, 1); }`;
    const door = `@Role() export class Door { private readonly node = peer(() => Node); private readonly marks = new Map<string, number>();
      @On() enter(m: { text: string }): void { this.node.keep({ text: m.text, mark: hash(m.text) }); } }`;
    expect(codes(body, '"mark"', door)).toEqual(["RVN323"]);
    const reader = door.replace("mark: hash(m.text)", "mark: this.marks.get(m.text) ?? 0");
    expect(codes(body.replace("Client | Door", "Door"), '"mark"', reader)).not.toEqual(["accepted"]);
  });

  it.each([
    [
      "two texts",
      "@On() put(m: { a: string; b: string }): void { this.values.set(`${m.a}/${m.b}`, m.b); }",
      '"a"',
      "RVN321",
    ],
    [
      "numbers in JSON",
      '@On() put(m: { a: number; b: number }): void { this.values.set(JSON.stringify([m.a, m.b]), ""); }',
      '"a"',
      "RVN321",
    ],
    [
      "a part that is a number here and a text there",
      '@On() put(m: { a: number }): void { this.values.set(`k${m.a}`, ""); this.counts.set(m.a, 1); } @On() drop(m: { a: string }): void { this.values.delete(`k${m.a}`); this.counts.delete(m.a); }',
      '"a"',
      "RVN306",
    ],
  ])("refuses %s", (_, body, by, code) => {
    expect(codes(body, by)).toEqual([code]);
  });

  it("routes by what is chosen between columns, and by what stands for one that is missing", () => {
    const vip = `@On() put(m: { vip: boolean; region: string }): void { this.values.set(m.vip ? "vip" : m.region, "x"); }`;
    expect(routes(vip)).toEqual({ put: 'vip ? "vip" : region' });
    const region = `@On() put(m: { region?: string }): void { this.values.set(m.region ?? "eu", "x"); }`;
    expect(routes(region, '(m) => m.region ?? "eu"')).toEqual({ put: 'region ?? "eu"' });
    expect(codes(region, '"region"')).toEqual(["RVN311"]);
  });

  it("does not take what may be one of several for what the language would choose", () => {
    const body = `@On() put(m: { vip: boolean; region: string }): void {
    let key = m.region;
    for (let i = 0; i < 3; i += 1) key = m.vip ? key : "none";
    this.values.set(key, "x");
  }`;
    expect(codes(body)).not.toContain("accepted");
  });

  it("routes by the shard in an id, however it is read, where it can be told", () => {
    const body = `@On() make(m: { shard: string }): void {
    const n = Number(this.counts.get(m.shard) ?? 0) + 1;
    this.counts.set(m.shard, n);
    this.values.set(\`\${m.shard}:\${n}\`, "x");
  }
  @On() drop(m: { id: string }): void { this.values.delete(m.id); }`;
    const by = (read: string): string => `{ make: "shard", drop: (m) => ${read} }`;
    expect(codes(body, by('m.id.slice(0, m.id.lastIndexOf(":"))'))).toEqual(["accepted"]);
    expect(codes(body, by('m.id.substring(0, m.id.lastIndexOf(":"))'))).toEqual(["accepted"]);
    expect(codes(body, by('m.id.slice(0, m.id.indexOf(":"))'))).not.toEqual(["accepted"]);
    expect(codes(body, by('m.id.split(":")[0]'))).not.toEqual(["accepted"]);
  });

  it("tells 0 and -0 from each other nowhere, since collections do not", () => {
    const body = `@On() put(m: { n: number }): void { this.values.set(m.n, "x"); }`;
    expect(codes(body, "(m) => 1 / m.n")).toEqual(["RVN304"]);
    expect(codes(body, "(m) => Math.abs(m.n)")).toEqual(["accepted"]);
  });

  it("does not let senders compute what is not known to be the same everywhere, or another function", () => {
    const body = `@On() put(m: { text: string }): void { this.values.set(m.text.split(":").length, "x"); }`;
    expect(codes(body, '(m) => m.text.split(":").length')).toEqual(["RVN320"]);
    const other = `@On() put(m: { value: string }): void { this.values.set(hash(m.value), "x"); }`;
    expect(codes(other, "(m) => m.value.length")).toEqual(["RVN322"]);
  });

  it("does not route by a function that the module keeps to itself", () => {
    expect(codes(`@On() put(m: { a: string }): void { this.values.set(secret(m.a), ""); }`)).not.toContain("accepted");
  });
});
