/** Calls on the lattices of the library are the effects and observations of the containers that they consist of. */
import { findRole } from "../../../../plugin/model/protocol.ts";
import { bodyOf, lowered, protocolOf } from "./lowered.ts";

const FIELDS = `
  private readonly seen = new GrowSet<string>();
  private readonly ballot = new MaxReg<readonly [number, string]>([0, ""]);
  private readonly replies = new GrowMap<string, GrowSet<string>>(() => new GrowSet());
  private readonly highs = new GrowMap<string, MaxReg<number>>(() => new MaxReg(0));
  private readonly deep = new GrowMap<string, GrowMap<string, Once>>(() => new GrowMap(() => new Once()));
  private readonly weight = new Counter();
  private readonly votes = new Tally<string>();
  private readonly done = new Once<string>();
`;
const handler = (body: string): readonly string[] =>
  lowered(
    `${FIELDS}@On() h(m: { id: string; n: number; ids: readonly string[]; ballot: readonly [number, string] }, from: Ref<Client>): void { ${body} }`,
  );

describe("shapes", () => {
  it("are those of the containers", () => {
    const fields = findRole(
      protocolOf(`${FIELDS}@On() h(m: { id: string }): void { this.seen.add(m.id); }`),
      "Node",
    )?.fields;
    const shapes = fields?.flatMap(({ name, is }) => (is.kind === "state" ? [[name, is.shape]] : []));
    const set = { kind: "set", lattice: "GrowSet" };
    const register = { kind: "record", fields: { value: { kind: "scalar" } }, lattice: "MaxReg" };
    const once = { kind: "set", lattice: "Once" };
    expect(shapes).toEqual([
      ["seen", set],
      ["ballot", register],
      ["replies", { kind: "map", value: set, lattice: "GrowMap" }],
      ["highs", { kind: "map", value: register, lattice: "GrowMap" }],
      ["deep", { kind: "map", value: { kind: "map", value: once, lattice: "GrowMap" }, lattice: "GrowMap" }],
      ["weight", { kind: "map", value: { kind: "scalar" }, lattice: "Counter" }],
      ["votes", { kind: "map", value: { kind: "set" }, lattice: "Tally" }],
      ["done", once],
    ]);
  });

  it("are not guessed where the library has no such lattice", () => {
    const own = "class Votes extends Tally<string> {}";
    const body = (type: string): string =>
      `private readonly s = new ${type}(); @On() h(m: { id: string }): void { this.s.add(m.id, m.id); }`;
    expect(lowered(body("Tally<string>"))).toEqual(["add s[m.id][m.id]"]);
    expect(lowered(body("Votes"), own).join()).toContain("not understood");
    expect(lowered(body("Tally<{ id: string }>")).join()).toContain("not understood");
  });
});

describe("GrowSet", () => {
  it("adds, asks and counts", () => {
    expect(handler("this.seen.add(m.id);")).toEqual(["add seen[m.id]"]);
    expect(handler("if (!this.seen.has(m.id)) from.no();")).toEqual([
      "send Client.no to the sender   when !(has seen[m.id])",
      "reads has seen[m.id]",
    ]);
    expect(handler("if (this.seen.size >= 2) from.no();")).toEqual([
      "send Client.no to the sender   when >=(seen.size, 2)",
      "reads seen.size",
    ]);
    expect(handler("if (this.seen.add(m.id).size >= m.n) from.no();")).toEqual([
      "add seen[m.id]",
      "send Client.no to the sender   when >=(seen.size, m.n)",
      "reads seen.size",
    ]);
  });

  it("merges lists, and other sets, of which it observes no order", () => {
    expect(handler("this.seen.merge(m.ids);")).toEqual(["add seen[each m.ids]  when m.ids"]);
    expect(handler("this.seen.merge(this.others.ids);")).toEqual(["add seen[each this.others.ids]"]);
    expect(handler("this.seen.merge(this.replies.at(m.id));")).toEqual([
      "putIfAbsent replies[m.id] set()",
      "add seen[each all of replies[m.id]]  when all of replies[m.id]",
      "reads all of replies[m.id]",
    ]);
  });

  it("is observed in order by who iterates over it", () => {
    expect(handler("for (const id of this.seen) this.only.take({ id });")).toEqual([
      "send Other.take to only { id: each all of seen, in order }  when all of seen, in order",
      "reads all of seen, in order",
    ]);
  });
});

describe("MaxReg", () => {
  it("takes the greater value, and is asked for it", () => {
    expect(handler("this.ballot.merge(m.ballot);")).toEqual(['max ballot["value"] m.ballot']);
    expect(handler("from.done({ id: m.id, value: this.ballot.value });")).toEqual([
      'send Client.done to the sender { id: m.id, value: ballot["value"] }',
      'reads ballot["value"]',
    ]);
  });

  it("takes the value of another one", () => {
    expect(handler("this.highs.at(m.id).merge(this.highs.at(from.id));")).toEqual([
      "putIfAbsent highs[m.id] { value: the start() }",
      "putIfAbsent highs[from.id] { value: the start() }",
      'max highs[m.id]["value"] highs[from.id]["value"]',
      'reads highs[from.id]["value"]',
    ]);
  });
});

describe("GrowMap", () => {
  it("makes an entry when it is asked for, and gives an alias", () => {
    expect(handler("const all = this.replies.at(m.id); all.add(from.id); if (all.size > 2) from.no();")).toEqual([
      "putIfAbsent replies[m.id] set()",
      "add replies[m.id][from.id]",
      "send Client.no to the sender   when >(replies[m.id].size, 2)",
      "reads replies[m.id].size",
    ]);
    expect(handler("this.deep.at(m.id).at(from.id).do('x', () => { from.no(); });")).toEqual([
      "putIfAbsent deep[m.id] map()",
      "putIfAbsent deep[m.id][from.id] set()",
      'add deep[m.id][from.id]["x"]  when not has deep[m.id][from.id]["x"]',
      'send Client.no to the sender   when not has deep[m.id][from.id]["x"]',
      'reads has deep[m.id][from.id]["x"]',
    ]);
  });

  it("looks for one", () => {
    expect(
      handler("if (this.replies.has(m.id) && this.replies.size < 3) this.replies.get(m.id)?.add(from.id);"),
    ).toEqual([
      "add replies[m.id][from.id]  when &&(has replies[m.id], <(replies.size, 3)) and replies[m.id]",
      "reads has replies[m.id]",
      "reads replies.size",
      "reads replies[m.id]",
    ]);
  });

  it("is iterated over as a map is", () => {
    expect(handler("for (const [id, all] of this.replies) if (all.has(m.id)) from.done({ id });")).toEqual([
      "send Client.done to the sender { id: each all of replies, in order }  when all of replies, in order and has replies[each all of replies, in order][m.id]",
      "reads all of replies, in order",
      "reads has replies[each all of replies, in order][m.id]",
    ]);
  });
});

describe("Counter", () => {
  it("takes the largest contribution of a source", () => {
    expect(handler("this.weight.add(from.id); this.weight.add(m.id, m.n);")).toEqual([
      "max weight[from.id] 1",
      "max weight[m.id] m.n",
    ]);
  });

  it("is asked for the sum, in no particular order, and for one source", () => {
    expect(handler("if (this.weight.value > this.weight.of(from.id)) from.no();")).toEqual([
      "send Client.no to the sender   when >(sum(all of weight), ??(weight[from.id], 0))",
      "reads all of weight",
      "reads weight[from.id]",
    ]);
  });
});

describe("Tally", () => {
  it("adds a source to the set of a key, and asks for thresholds", () => {
    expect(
      handler("this.votes.add(m.id, from.id); if (this.votes.reached(m.id, this.others.size)) from.no();"),
    ).toEqual([
      "add votes[m.id][from.id]",
      "send Client.no to the sender   when >=(votes[m.id].size, this.others.size)",
      "reads votes[m.id].size",
    ]);
    expect(
      handler("if (this.votes.has(m.id) && !this.votes.has(m.id, from.id) && this.votes.count(m.id) < 3) from.no();"),
    ).toEqual([
      "send Client.no to the sender   when &&(&&(has votes[m.id], !(has votes[m.id][from.id])), <(votes[m.id].size, 3))",
      "reads has votes[m.id]",
      "reads has votes[m.id][from.id]",
      "reads votes[m.id].size",
    ]);
  });
});

describe("Once", () => {
  it("is a guard that adds its key, around what is done", () => {
    expect(handler("this.done.do(m.id, () => from.no());")).toEqual([
      "add done[m.id]  when not has done[m.id]",
      "send Client.no to the sender   when not has done[m.id]",
      "reads has done[m.id]",
    ]);
    expect(
      handler(`
        let first = "no";
        this.done.do(m.id, () => {
          first = m.id;
          if (m.n === 0) return;
          from.no();
        });
        from.done({ id: first });
      `),
    ).toEqual([
      "add done[m.id]  when not has done[m.id]",
      "send Client.no to the sender   when not has done[m.id] and not ===(m.n, 0)",
      'send Client.done to the sender { id: ?:(has done[m.id], "no", mix("no", m.id)) }',
      "reads has done[m.id]",
    ]);
  });

  it("has the statements of what is done inside of its own", () => {
    const { root } = bodyOf(
      `${FIELDS}@On() h(m: { id: string }, from: Ref<Client>): void { this.done.do(m.id, () => { from.no(); from.done({ id: m.id }); }); }`,
    );
    const [statement] = root.children;
    expect(statement?.children.map(({ kind, effects }) => [kind, effects])).toEqual([["loop", [1, 2]]]);
    expect(statement?.children[0]?.children.map(({ kind, effects }) => [kind, effects])).toEqual([
      ["statement", [1]],
      ["statement", [2]],
    ]);
  });

  it("takes what is written there, nothing else", () => {
    expect(
      handler("const act = [() => undefined][0]; if (act !== undefined) this.done.do(m.id, act);").join(),
    ).toContain("not understood");
  });
});

describe("what does not grow", () => {
  it.each(["this.votes.merge(new Tally());", "this.replies.merge(this.replies);", "new GrowSet<string>().add(m.id);"])(
    "%s is not understood",
    (body) => {
      expect(handler(body).join()).toContain("not understood");
    },
  );
});
