/** What is said where nothing stands in the way, and what waits. */
import type { Role } from "../../../../plugin/model/protocol.ts";
import { printTerm } from "../../../../plugin/model/term.ts";
import { componentOf, linesOf, sensitivityOf } from "./component.ts";

const COLLECT = `private readonly votes = new Map<string, Set<string>>(); private readonly decided = new Set<string>();
  @On() voted(m: { id: string; client: string }, from: Ref<Other>) {
    const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id));
    if (v.size >= this.others.size && !this.decided.has(m.id)) { this.decided.add(m.id); this.clients.at(m.client).done({ id: m.id }); }
  }`;

/** The role with a promise on one of its handlers. */
function promising(role: Role, handler: string, from: string, to: string): Role {
  const handlers = role.handlers.map((one) => (one.name === handler ? { ...one, determines: [{ from, to }] } : one));
  return { ...role, handlers };
}

describe("what is said", () => {
  it("names what grows and what happens once", () => {
    const component = componentOf(COLLECT.replace("m.client", "m.id"));
    expect(sensitivityOf(component).facts).toEqual([
      "`votes[…][…]` only grows",
      "`decided[…]` only grows",
      "`decided` lets `done` of `Client` in `voted` fire once per `m.id`",
    ]);
  });

  it("relies on what senders promise about columns, and on nothing else", () => {
    const component = componentOf(COLLECT);
    expect(linesOf(component, sensitivityOf(component))).toEqual([
      "not-of-key in voted: this.clients.at(m.client).done({ id: m.id }) / this.decided.add(m.id)",
    ]);
    const promised = { ...component, role: promising(component.role, "voted", "id", "client") };
    expect(linesOf(promised, sensitivityOf(promised))).toEqual([]);
    const other = { ...component, role: promising(component.role, "voted", "client", "id") };
    expect(sensitivityOf(other).obstacles).toHaveLength(1);
  });

  it("lets a message wait only when it has no effect without the entry, and the entry stays", () => {
    const learn = `private readonly known = new Map<string, Set<string>>(); private readonly asked = new Set<string>();
      @On() learn(m: { id: string }, from: Ref<Other>) { if (!this.known.has(m.id)) this.known.set(m.id, new Set()); this.known.get(m.id)!.add(from.id); }`;
    const waits = componentOf(
      `${learn} @On() ask(m: { key: string }, from: Ref<Other>) { if (this.known.get(m.key) !== undefined) from.take({ id: m.key }); }`,
    );
    const { parks, obstacles } = sensitivityOf(waits, ["ask"]);
    expect(obstacles).toEqual([]);
    expect(Object.entries(parks).map(([name, { field, key }]) => [name, field, printTerm(key)])).toEqual([
      ["ask", "known", "m.key"],
    ]);

    const also = componentOf(
      `${learn} @On() ask(m: { key: string }, from: Ref<Other>) { this.asked.add(m.key); if (this.known.has(m.key)) from.take({ id: m.key }); }`,
    );
    expect(sensitivityOf(also, ["ask"])).toMatchObject({ parks: {}, obstacles: [{ kind: "not-once" }] });

    const gone = componentOf(
      `${learn} @On() forget(m: { id: string }) { this.known.delete(m.id); } @On() ask(m: { key: string }, from: Ref<Other>) { if (this.known.has(m.key)) from.take({ id: m.key }); }`,
    );
    expect(sensitivityOf(gone, ["ask"]).parks).toEqual({});

    const forwarded = componentOf(
      `${learn} @On() ask(m: { key: string }, from: Ref<Other>) { if (this.known.has(m.key)) from.take({ id: m.key }); }`,
    );
    expect(sensitivityOf(forwarded)).toMatchObject({ parks: {}, obstacles: [{ kind: "not-once" }] });
  });

  it("says the same each time", () => {
    const component = componentOf(COLLECT);
    expect(sensitivityOf(component)).toEqual(sensitivityOf(component));
  });
});
