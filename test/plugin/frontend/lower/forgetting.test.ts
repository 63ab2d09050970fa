/** `@Forget` on a field is a deletion at the end of each handler that writes an entry of it. */
import { bodyOf, lowered } from "./lowered.ts";

const FIELDS = `
  @Forget((ballot: { voters: Set<string>; decided: boolean }) => ballot.decided)
  private readonly ballots = new Map<string, { voters: Set<string>; decided: boolean }>();
  @Forget((acks: ReadonlySet<string>) => acks.size >= 3) private readonly acks = new Tally<string>();
  @Forget((left: number) => isNothing(left)) private stock: Record<string, number> = {};
  private readonly rest = new Map<string, number>();
`;
const TOP = "function isNothing(n: number): boolean { return n <= 0; }";
const handler = (body: string): readonly string[] =>
  lowered(`${FIELDS}@On() h(m: { id: string; voter: string; n: number }): void { ${body} }`, TOP).filter(
    (line) => !line.startsWith("reads"),
  );

describe("@Forget", () => {
  it("deletes the entry that was written, when its condition holds", () => {
    expect(
      handler("const known = this.ballots.get(m.id); if (known !== undefined) known.voters.add(m.voter);"),
    ).toEqual([
      'add ballots[m.id]["voters"][m.voter]  when !==(ballots[m.id], undefined)',
      'forget ballots[m.id]  when !==(ballots[m.id], undefined) and ballots[m.id]["decided"]',
    ]);
    expect(handler("this.acks.add(m.id, m.voter); this.acks.add(m.id, m.id);")).toEqual([
      "add acks[m.id][m.voter]",
      "add acks[m.id][m.id]",
      "forget acks[m.id]  when >=(acks[m.id].size, 3)",
    ]);
    expect(handler("this.stock[m.id] = m.n;")).toEqual([
      "set stock[m.id] m.n",
      "forget stock[m.id]  when isNothing(stock[m.id])",
    ]);
  });

  it("asks once for each entry, and under the conditions of its writes", () => {
    expect(handler("if (m.n > 1) this.acks.add(m.id, m.voter); else this.acks.add(m.id, m.id);")).toEqual([
      "add acks[m.id][m.voter]  when >(m.n, 1)",
      "add acks[m.id][m.id]  when not >(m.n, 1)",
      "forget acks[m.id]  when >(m.n, 1) and >=(acks[m.id].size, 3)",
      "forget acks[m.id]  when not >(m.n, 1) and >=(acks[m.id].size, 3)",
    ]);
    expect(handler("if (m.n > 1) this.acks.add(m.id, m.voter); this.acks.add(m.id, m.id);").slice(2)).toEqual([
      "forget acks[m.id]  when >=(acks[m.id].size, 3)",
    ]);
  });

  it("has nothing to do with what is read, deleted, or in other fields", () => {
    expect(handler("if (this.ballots.has(m.id)) this.rest.set(m.id, m.n); this.ballots.delete(m.voter);")).toEqual([
      "set rest[m.id] m.n  when has ballots[m.id]",
      "delete ballots[m.voter]",
    ]);
  });

  it("is observed, and belongs to no statement", () => {
    const { effects, reads, root } = bodyOf(
      `${FIELDS}@On() h(m: { id: string; voter: string }): void { this.acks.add(m.id, m.voter); }`,
      TOP,
    );
    expect(effects.map((effect) => effect.kind === "write" && effect.forgets)).toEqual([undefined, true]);
    expect(effects[1]?.reads.map(({ cell }) => cell.aspect)).toEqual(["size"]);
    expect(reads.map(({ cell }) => cell.aspect)).toEqual(["value", "size"]);
    expect(root.effects).toEqual([0]);
  });

  it("is not understood where the field is assigned, or the condition does something else", () => {
    expect(handler("this.stock = {};").join()).toContain("not understood: the assignment of stock");
    const odd = `@Forget((n: number) => Date.now() > n) private readonly due = new Map<string, number>();
      @On() h(m: { id: string }): void { this.due.set(m.id, 1); }`;
    expect(lowered(odd).join()).toContain("not understood");
  });
});
