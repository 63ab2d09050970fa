/** Which statements leave a handler together with the state that goes with them, and why others do not. */
import { inferCuts } from "../../../plugin/analysis/inferCuts.ts";
import { inferEffectFootprint } from "../../../plugin/analysis/inferFootprints.ts";
import type { Effect } from "../../../plugin/model/effect.ts";
import { handlerOf, readSource, roleOf, textAt } from "../../support/protocolInMemory.ts";

const OWNED = ["votes", "done", "log", "timers.expire"];

interface Leaving {
  readonly text: string;
  readonly live: readonly string[];
  readonly ahead: readonly string[];
  readonly whole: boolean;
}

/** Cuts the effects on `votes`, `done`, `log` and the timer, and all sends of `decided` and `tell`, out of `go`. */
function cutOut(body: string, members = "", owned = OWNED): { cuts: readonly Leaving[]; refused: readonly string[] } {
  const { protocol } = readSource(`@Role({ external: true }) export abstract class Client {
  abstract decided(m: { id: string; n?: number }): void;
  abstract heard(m: { id: string }): void;
}
@Role() export class Member { @On() tell(m: { id: string; n: number }): void { void m; } }
@Role() export class Leader {
  private readonly votes = new Map<string, Set<string>>();
  private readonly done = new Set<string>();
  private readonly log = new Map<number, { value: string; acks: string[] }>();
  private readonly journal = journal<{ id: string }>();
  private readonly timers = timers<"expire">();
  private next = 0;
  private epoch = 0;
  private readonly open = new Set<string>();
  private readonly clients = peers(() => Client);
  private readonly members = peers(() => Member);
  ${body}
  @After("expire") expired(id: string): void { this.votes.delete(id); }
  @On() touch(m: { id: string }): void { this.epoch += 1; this.open.add(m.id); this.next += 1; this.done.add(m.id); this.log.clear(); this.journal.append({ id: m.id }); }
  ${members}
}`);
  const role = roleOf(protocol, "Leader");
  const handler = handlerOf(role, "go");
  const leaves = (effect: Effect): boolean =>
    effect.kind === "send"
      ? ["decided", "tell"].includes(effect.message)
      : owned.includes(inferEffectFootprint(effect).writes?.field ?? "");
  const effects = (handler.body?.effects ?? []).filter(leaves).map(({ id }) => id);
  const { cuts, refused } = inferCuts(protocol, role, handler, effects, owned);
  return {
    cuts: cuts.map(({ region, live, hoisted, whole }) => ({
      text: textAt(protocol, region.span).replace(/\s+/g, " "),
      live: live.map(({ name, columns }) => [name, ...(columns ?? [])].join(" ")),
      ahead: hoisted.map(({ name, operand }) => `${name} = ${textAt(protocol, operand.span)}`),
      whole,
    })),
    refused: refused.map(({ obstacle }) => obstacle.kind),
  };
}

const COUNT = `const voters = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, voters.add(from.id));`;
const GO = "@On() go(m: { id: string; n: number; value: string }, from: Ref<Client>): void";

describe("cuts of statements with state", () => {
  it("lets all of a handler leave, which may throw then", () => {
    const body = `${COUNT} if (voters.size < BigInt(m.id)) return; this.clients.at(m.id).decided({ id: m.id });`;
    expect(cutOut(`${GO} { ${body} }`)).toMatchObject({ cuts: [{ text: `{ ${body} }`.slice(2, -2), whole: true }] });
  });

  it("takes the rest of a handler along, with its early ends, and forwards once", () => {
    const rest = `${COUNT} if (this.done.has(m.id)) return; if (voters.size >= this.members.size) { this.done.add(m.id); this.clients.at(m.id).decided({ id: m.id }); }`;
    expect(cutOut(`${GO} { this.epoch += 1; ${rest} }`)).toEqual({
      cuts: [{ text: rest, live: ["m id"], ahead: [], whole: false }],
      refused: [],
    });
  });

  it("leaves guards on other state behind, and computes other state before", () => {
    const { cuts } = cutOut(
      `${GO} { if (this.open.has(m.id)) { this.done.add(m.id); from.decided({ id: m.id, n: this.epoch }); } }`,
    );
    expect(cuts).toEqual([
      {
        text: "this.done.add(m.id); from.decided({ id: m.id, n: this.epoch });",
        live: ["m id"],
        ahead: ["epoch = this.epoch"],
        whole: false,
      },
    ]);
  });

  it("takes an expression apart that reads state of both sides", () => {
    const { cuts } = cutOut(`${GO} { from.decided({ id: m.id, n: this.done.size + this.epoch }); this.epoch += 1; }`);
    expect(cuts).toMatchObject([{ ahead: ["epoch = this.epoch"], live: ["m id"] }]);
  });

  it("takes loops over configuration, and over its own state, along", () => {
    const loops = `this.done.add(m.id); for (const p of this.members) p.tell({ id: m.id, n: 1 }); for (const id of this.done) this.clients.at(id).decided({ id });`;
    expect(cutOut(`${GO} { this.epoch += 1; ${loops} }`).cuts).toMatchObject([{ text: loops }]);
  });

  it("goes into a helper with one caller, and takes a helper with several along", () => {
    const helper = `private note(id: string): void { if (this.done.has(id)) return; this.done.add(id); }`;
    expect(cutOut(`${GO} { this.note(m.id); this.epoch += 1; }`, helper).cuts).toMatchObject([
      { text: "this.note(m.id);" },
    ]);
    const again = `${helper} @On() other(m: { id: string }): void { this.note(m.id); }`;
    expect(cutOut(`${GO} { this.epoch += 1; this.note(m.id); }`, again).cuts).toMatchObject([
      { text: "this.note(m.id);" },
    ]);
    const mixed = `private note(id: string): void { this.epoch += 1; if (this.done.has(id)) return; this.done.add(id); }`;
    expect(cutOut(`${GO} { this.note(m.id); this.next += 1; }`, mixed).cuts).toMatchObject([
      { text: "if (this.done.has(id)) return; this.done.add(id);", live: ["id"] },
    ]);
  });

  it("lets timers leave when they are owned", () => {
    const set = `this.votes.set(m.id, new Set()); this.timers.expire.set(10, m.id);`;
    expect(cutOut(`${GO} { this.epoch += 1; ${set} }`).cuts).toMatchObject([{ text: set }]);
  });

  it("computes an argument before that changes what stays", () => {
    const { cuts, refused } = cutOut(`${GO} { this.members.at(m.id).tell({ id: m.id, n: this.next++ }); }`, "", []);
    expect(refused).toEqual([]);
    expect(cuts).toMatchObject([{ ahead: ["next = this.next++"], whole: false }]);
  });

  it("makes several forwards where something that stays is between", () => {
    const { cuts } = cutOut(`${GO} { this.done.add(m.id); this.epoch += 1; this.votes.delete(m.id); }`);
    expect(cuts.map(({ text }) => text)).toEqual(["this.done.add(m.id);", "this.votes.delete(m.id);"]);
  });

  it("takes a loop's turn, but not the end of the turn", () => {
    const { cuts } = cutOut(
      `${GO} { for (const p of this.members) { if (p.id === m.id) continue; this.epoch += 1; this.done.add(p.id); } }`,
    );
    expect(cuts).toMatchObject([{ text: "this.done.add(p.id);" }]);
  });

  it.each<readonly [string, string]>([
    ["unaccounted", `{ this.epoch += 1; this.log.get(m.n)!.acks.push(from.id); }`],
    ["assigns", `{ const size = this.votes.set(m.id, new Set()).size; this.epoch += size; }`],
    ["owned-name", `{ const size = this.votes.size; this.epoch += size; from.decided({ id: m.id, n: size }); }`],
    [
      "kept-copy",
      `{ const entry = { value: m.value, acks: [from.id] }; this.epoch += entry.acks.length; this.log.set(m.n, entry); }`,
    ],
    ["stays", `{ this.members.ids.forEach((id) => this.done.add(id + String(this.next++))); }`],
  ])("refuses: %s", (kind, body) => {
    const { refused } = cutOut(`${GO} ${body}`);
    expect(refused).toContain(kind);
  });
});
