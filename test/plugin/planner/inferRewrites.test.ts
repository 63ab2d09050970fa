import { inferRewrites } from "../../../plugin/planner/inferRewrites.ts";
import { readSource } from "../../support/protocolInMemory.ts";

const { protocol } = readSource(`
@Role({ external: true }) export abstract class Client { abstract decided(m: { id: string }): void; }
@Role() export class Leader {
  private readonly votes = new Map<string, Set<string>>();
  private round = 0;
  private readonly clients = peers(() => Client);
  private readonly members = peers(() => Member);
  @On() propose(m: { id: string }, from: Ref<Client>): void {
    for (const p of this.members) p.vote({ id: m.id, client: from.id });
  }
  @On() voted(m: { id: string; client: string }, from: Ref<Member>): void {
    const voters = this.votes.get(m.id) ?? new Set<string>();
    this.votes.set(m.id, voters.add(from.id));
    if (voters.size === this.members.size) this.clients.at(m.client).decided({ id: m.id });
  }
  @On() forget(m: { id: string }, from: Ref<Client>): void { this.votes.delete(m.id); }
  @Every(1000) next(): void { this.round += 1; this.members.ids.forEach((id) => this.members.at(id).ping({ round: this.round + id.length })); }
}
@Role() export class Member {
  @On() vote(m: { id: string; client: string }, from: Ref<Leader>): void { from.voted({ id: m.id, client: m.client }); }
  @On() ping(m: { round: number }): void {}
}`);

describe("inferRewrites", () => {
  const [leader, member] = inferRewrites(protocol);

  it("leaves external roles out", () => {
    expect(inferRewrites(protocol).map(({ role }) => role)).toEqual(["Leader", "Member"]);
  });

  it("groups handlers that have to stay together, with the reason", () => {
    expect(leader?.groups.map(({ handlers, fields }) => [handlers, fields])).toEqual([
      [["propose"], []],
      [["voted", "forget"], ["votes"]],
      [["next"], ["round"]],
    ]);
    expect(leader?.groups.every(({ proof }) => proof !== undefined)).toBe(true);
    expect(
      leader?.groups[1]?.apart.map(({ handler, refusals }) => [handler, refusals.map(({ code }) => code)]),
    ).toEqual([
      ["voted", ["RVN201"]],
      ["forget", ["RVN201"]],
    ]);
  });

  it("finds the handlers that can leave by forwarding what concerns the rest", () => {
    const read = readSource(`
@Role({ external: true }) export abstract class Client { abstract done(m: { id: string }): void; }
@Role() export class Server {
  private highest = 0;
  private readonly acks = new Map<string, Set<string>>();
  @On() ask(m: { id: string }, from: Ref<Client>): void { if (this.highest > 9) from.done({ id: m.id }); }
  @On() tell(m: { id: string; n: number }, from: Ref<Client>): void {
    if (m.n > this.highest) this.highest = m.n;
    this.acks.set(m.id, (this.acks.get(m.id) ?? new Set<string>()).add(from.id));
    from.done({ id: m.id });
  }
}`);
    const [server] = inferRewrites(read.protocol);
    expect(
      server?.handlers.map(({ handler, split, returned, proof }) => [handler, split, returned, proof.rule]),
    ).toEqual([["tell", [], ["highest"], "asymmetric decoupling"]]);
  });

  it("finds the sends that can leave, and says why the others cannot", () => {
    expect(
      leader?.sends.map(({ name, refusals, region }) => [name, refusals.map(({ code }) => code), region !== undefined]),
    ).toEqual([
      ["propose -> Member.vote", [], true],
      ["voted -> Client.decided", [], true],
      ["next -> Member.ping", ["RVN205"], false],
    ]);
  });

  it("finds the keys of each group and of the whole role, and says why the others are none", () => {
    const votes = leader?.groups[1]?.keys;
    expect(votes?.legal.map(({ by }) => by)).toEqual(["id"]);
    expect(votes?.refused.map(({ by, refusals }) => [by, refusals.map(({ code }) => code)])).toEqual([
      ["client", ["RVN305"]], // forget has no such column
      ["from.id", ["RVN304"]],
    ]);
    expect(leader?.keys.legal.map(({ by }) => by)).toEqual(["id"]);
    expect(member?.keys.legal.map(({ by }) => by)).toEqual(["id", "client", "from.id", "round"]);
  });

  it("mentions no plan", () => {
    const refusals = leader?.groups.flatMap(({ apart, keys }) => [
      ...apart.flatMap((a) => a.refusals),
      ...keys.refused.flatMap((r) => r.refusals),
    ]);
    expect(refusals?.flatMap(({ related }) => related).filter(({ message }) => message.startsWith("The plan"))).toEqual(
      [],
    );
  });
});
