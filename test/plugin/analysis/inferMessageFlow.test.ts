import { canLeadTo, inferMessageFlow, sendersOf } from "../../../plugin/analysis/inferMessageFlow.ts";
import { readSource } from "../../support/protocolInMemory.ts";

const { protocol } = readSource(`
@Role({ external: true }) export abstract class Client { abstract ok(m: { id: string }): void; }
@Role({ external: true }) export abstract class Auditor { abstract note(m: { id: string }): void; }
@Role() export class Leader {
  private readonly members = peers(() => Member);
  private readonly auditors = peers(() => Auditor);
  @On() ask(m: { id: string }, from: Ref<Client>): void { for (const p of this.members) p.vote({ id: m.id }); }
  @On() voted(m: { id: string }, from: Ref<Member>): void { for (const a of this.auditors) a.note({ id: m.id }); }
  @On() silent(m: { id: string }, from: Ref<Member>): void {}
}
@Role() export class Member {
  @On() vote(m: { id: string }, from: Ref<Leader>): void { from.voted({ id: m.id }); }
}`);
const flow = inferMessageFlow(protocol);
const at = (role: string, handler: string): { readonly role: string; readonly handler: string } => ({ role, handler });

describe("inferMessageFlow", () => {
  it("finds the senders of a handler from the sends, and from the type of its sender", () => {
    expect(sendersOf(flow, "Member", "vote")).toMatchObject([{ kind: "send", role: "Leader", handler: "ask" }]);
    expect(sendersOf(flow, "Leader", "voted")).toMatchObject([{ kind: "send", role: "Member", handler: "vote" }]);
    expect(sendersOf(flow, "Leader", "ask")).toMatchObject([{ kind: "external", role: "Client" }]);
    expect(sendersOf(flow, "Leader", "silent")).toEqual([]);
  });

  it("follows messages through other nodes, and through the outside world as one node", () => {
    expect(canLeadTo(flow, at("Leader", "ask"), at("Leader", "voted"))).toBe(true);
    expect(canLeadTo(flow, at("Leader", "voted"), at("Leader", "ask"))).toBe(true); // the auditor may talk to the client
    expect(canLeadTo(flow, at("Leader", "silent"), at("Leader", "voted"))).toBe(false);
    expect(canLeadTo(flow, at("Leader", "ask"), at("Leader", "silent"))).toBe(false);
  });

  it("lets a handler that is not understood send anything to anyone", () => {
    const dark = readSource(`
@Role() export class A { @On() odd(m: { id: string }): void { eval(m.id); } }
@Role() export class B { @On() b(m: { id: string }, from: Ref<A>): void {} }`).protocol;
    expect(sendersOf(inferMessageFlow(dark), "B", "b")).toMatchObject([{ kind: "unknown", role: "A", handler: "odd" }]);
  });
});
