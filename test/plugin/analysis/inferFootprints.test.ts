import {
  inferEffectFootprint,
  inferFootprint,
  inferFootprints,
  stateFields,
} from "../../../plugin/analysis/inferFootprints.ts";
import { printCell } from "../../../plugin/model/term.ts";
import { handlerOf, readSource, roleOf } from "../../support/protocolInMemory.ts";
import { column, handler, mapField, role, somewhere, write } from "../../support/model.ts";

const { protocol } = readSource(`
@Role({ external: true }) export abstract class Client { abstract ok(m: { id: string }): void; }
@Role() export class Node {
  private readonly store = new Map<string, number>();
  private readonly clients = peers(() => Client);
  @On() put(m: { id: string }): void { if (this.store.has(m.id)) this.add(m.id); }
  @On() odd(m: { id: string }): void { eval(m.id); }
  private add(id: string): void { this.store.set(id, 1); }
}
@Role() export class Limited {
  private readonly limit: number = 3;
  @On() get(m: { id: string }, from: Ref<Client>): void { if (this.limit > 2) from.ok({ id: m.id }); }
}`);
const node = roleOf(protocol, "Node");

describe("inferFootprints", () => {
  it("says what is read and written, through helpers", () => {
    const { accesses, uses, everything } = inferFootprint(node, handlerOf(node, "put"));
    expect(accesses.map(({ cell, write: operation }) => `${operation ?? "read"} ${printCell(cell)}`)).toEqual([
      "read has store[m.id]",
      "set store[m.id]",
    ]);
    expect(uses).toEqual(["store"]);
    expect(everything).toEqual([]);
  });

  it("does not count configuration as state, but as used", () => {
    const limited = roleOf(protocol, "Limited");
    const footprint = inferFootprint(limited, handlerOf(limited, "get"));
    expect(stateFields(footprint)).toEqual([]);
    expect(footprint.uses).toEqual(["limit"]);
  });

  it("is everything, with the reason, for what is not understood", () => {
    expect(inferFootprint(node, handlerOf(node, "odd")).everything).toHaveLength(1);
  });

  it("covers every handler inside the system", () => {
    expect(inferFootprints(protocol).map(({ role: owner, handler: name }) => `${owner}.${name}`)).toEqual([
      "Node.put",
      "Node.odd",
      "Limited.get",
    ]);
  });

  it("is everything for a role that is not understood, and for a handler without a body", () => {
    const h = handler("h", {});
    const dark = { ...role([], [h]), notUnderstood: [{ why: "a base class", span: somewhere() }] };
    expect(inferFootprint(dark, h).everything).toMatchObject([{ why: "a base class" }]);
    expect(inferFootprint(role([], []), { ...h, body: undefined }).everything).toHaveLength(1);
  });

  it("counts what the terms of an effect read, also where no access is named for it", () => {
    const h = handler("h", { writes: [write("f", { kind: "read", cell: { field: "g", keys: [], aspect: "value" } })] });
    const [effect] = h.body?.effects ?? [];
    if (effect === undefined) throw new Error("no effect");
    expect(inferEffectFootprint(effect).reads.map(({ cell }) => cell.field)).toEqual(["g"]);
    expect(stateFields(inferFootprint(role([mapField("f", 1), mapField("g", 0)], [h]), h))).toEqual(["g", "f"]);
  });

  it("takes a field that it does not know for state", () => {
    const h = handler("h", { writes: [write("ghost", column("id"))] });
    expect(stateFields(inferFootprint(role([], [h]), h))).toEqual(["ghost"]);
  });
});
