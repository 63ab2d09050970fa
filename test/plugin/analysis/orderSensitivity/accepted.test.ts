/** Spellings that do not depend on order or repetition. */
import { componentOf, linesOf, sensitivityOf } from "./component.ts";

const VOTES = `private readonly votes = new Map<string, Set<string>>(); private readonly done = new Set<string>();`;
const DECIDE = `this.done.add(m.id); this.only.take({ id: m.id });`;
const M = `m: { id: string }, from: Ref<Other>`;

interface Case {
  readonly body: string;
  readonly top?: string;
  readonly direct?: readonly string[];
}

const ACCEPTED: { readonly [name: string]: Case } = {
  "a set that grows": { body: `private readonly seen = new Set<string>(); @On() h(${M}) { this.seen.add(m.id); }` },
  "get or create with ??": {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (v.size >= this.others.size && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "get or create with ??, added first": {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); v.add(from.id); this.votes.set(m.id, v); if (this.votes.get(m.id)!.size >= this.others.size && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "get or create with let": {
    body: `${VOTES} @On() h(${M}) { let v = this.votes.get(m.id); if (!v) { v = new Set(); this.votes.set(m.id, v); } v.add(from.id); if (v.size < this.others.size) return; if (this.done.has(m.id)) return; ${DECIDE} }`,
  },
  "get or create with let, set afterwards": {
    body: `${VOTES} @On() h(${M}) { let v = this.votes.get(m.id); if (v === undefined) v = new Set(); v.add(from.id); this.votes.set(m.id, v); if (v.size > 2 && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "get or create with has": {
    body: `${VOTES} @On() h(${M}) { if (!this.votes.has(m.id)) this.votes.set(m.id, new Set()); this.votes.get(m.id)!.add(from.id); if (this.votes.get(m.id)!.size === this.others.size && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "get or create with an optional call": {
    body: `${VOTES} @On() h(${M}) { if (!this.votes.has(m.id)) this.votes.set(m.id, new Set()); this.votes.get(m.id)?.add(from.id); if ((this.votes.get(m.id)?.size ?? 0) >= 2 && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "both branches": {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id); if (v) v.add(from.id); else this.votes.set(m.id, new Set([from.id])); }`,
  },
  "an entry object with a flag": {
    body: `private readonly entries = new Map<string, { votes: Set<string>; done: boolean }>();
      @On() h(${M}) { let e = this.entries.get(m.id); if (e === undefined) { e = { votes: new Set(), done: false }; this.entries.set(m.id, e); } e.votes.add(from.id); if (!e.done && this.quorum(e.votes)) { e.done = true; this.only.take({ id: m.id }); } }
      private quorum(s: ReadonlySet<string>): boolean { return s.size * 2 > this.others.size; }`,
  },
  "a flag that goes down": {
    body: `private readonly entries = new Map<string, { votes: Set<string>; open: boolean }>();
      @On() h(${M}) { const e = this.entries.get(m.id) ?? { votes: new Set<string>(), open: true }; this.entries.set(m.id, e); e.votes.add(from.id); if (e.open && e.votes.size >= 2) { e.open = false; this.only.take({ id: m.id }); } }`,
  },
  "a state by name": {
    body: `private readonly entries = new Map<string, { votes: Set<string>; state: "open" | "closed" }>();
      @On() h(${M}) { let e = this.entries.get(m.id); if (!e) { e = { votes: new Set(), state: "open" }; this.entries.set(m.id, e); } if (e.state === "closed") return; e.votes.add(from.id); if (e.votes.size >= 2) { e.state = "closed"; this.only.take({ id: m.id }); } }`,
  },
  "records as maps": {
    body: `private readonly votes: Record<string, Record<string, true>> = {}; private readonly done: Record<string, boolean> = {};
      @On() h(${M}) { (this.votes[m.id] ??= {})[from.id] = true; if (Object.keys(this.votes[m.id]!).length >= 2 && !this.done[m.id]) { this.done[m.id] = true; this.only.take({ id: m.id }); } }`,
  },
  "a map of constants": {
    body: `private readonly done = new Map<string, boolean>(); @On() h(${M}) { if (this.done.get(m.id)) return; this.done.set(m.id, true); this.only.take({ id: m.id }); }`,
  },
  "an early return at the mark": {
    body: `${VOTES} @On() h(${M}) { if (this.done.has(m.id)) return; const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (v.size !== this.others.size) return; ${DECIDE} }`,
  },
  "a new element, then the size": {
    body: `private readonly voters = new Set<string>(); @On() h(${M}) { if (this.voters.has(from.id)) return; this.voters.add(from.id); if (this.voters.size === this.others.size) this.only.take({ id: "all" }); }`,
  },
  everyone: {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if ([...this.others].every((p) => v.has(p.id)) && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "everyone but by ids": {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (!this.others.ids.some((id) => !v.has(id)) && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "how many of the members": {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (this.others.ids.filter((id) => v.has(id)).length > this.others.size / 2 && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "De Morgan": {
    body: `${VOTES} @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (v.size < 2 || this.done.has(m.id)) return; ${DECIDE} }`,
  },
  "the smaller side first": {
    body: `${VOTES} private readonly quorum = 2; @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (!(this.quorum > v.size) && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "a getter for the quorum": {
    body: `${VOTES} private get quorum(): number { return Math.floor(this.others.size / 2) + 1; } @On() h(${M}) { const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (v.size >= this.quorum && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "a maximum": { body: `private b = 0; @On() h(m: { b: number }) { if (m.b > this.b) this.b = m.b; }` },
  "a maximum by function": { body: `private b = 0; @On() h(m: { b: number }) { this.b = Math.max(m.b, this.b); }` },
  "a maximum by ?:": { body: `private b = 0; @On() h(m: { b: number }) { this.b = m.b > this.b ? m.b : this.b; }` },
  "a maximum after an early return": {
    body: `private b = 0; @On() h(m: { b: number }) { if (m.b <= this.b) return; this.b = m.b; }`,
  },
  "a maximum for each key": {
    body: `private readonly b = new Map<string, number>(); @On() h(m: { id: string; b: number }) { if (m.b > (this.b.get(m.id) ?? -1)) this.b.set(m.id, m.b); }`,
  },
  "a maximum where there may be none": {
    body: `private readonly b = new Map<string, number>(); @On() h(m: { id: string; b: number }) { const old = this.b.get(m.id); if (old === undefined || old < m.b) this.b.set(m.id, m.b); }`,
  },
  "the largest ballot as an object": {
    body: `private ballot: Ballot = { n: 0, id: "" }; @On() h(m: { ballot: Ballot }) { if (lt(this.ballot, m.ballot)) this.ballot = m.ballot; }`,
    top: `export interface Ballot { n: number; id: string } function lt(a: Ballot, b: Ballot): boolean { return a.n < b.n || (a.n === b.n && a.id < b.id); }`,
  },
  "the largest ballot as an object, part by part": {
    body: `private ballot = { n: 0, id: "" }; @On() h(m: { n: number; id: string }) { if (m.n < this.ballot.n) return; if (m.n === this.ballot.n && m.id <= this.ballot.id) return; this.ballot.n = m.n; this.ballot.id = m.id; }`,
  },
  "the largest ballot as a tuple": {
    body: `private ballot: [number, string] = [0, ""]; @On() h(m: { ballot: [number, string] }) { if (m.ballot[0] > this.ballot[0] || (m.ballot[0] === this.ballot[0] && m.ballot[1] > this.ballot[1])) this.ballot = m.ballot; }`,
  },
  "a bound on a maximum": {
    body: `private b = 0; private told = false; @On() h(m: { b: number }) { if (m.b > this.b) this.b = m.b; if (this.b >= 10 && !this.told) { this.told = true; this.only.take({ id: "ten" }); } }`,
  },
  "a value that is a function of its key": {
    body: `private readonly names = new Map<string, string>(); @On() h(${M}) { if (!this.names.has(m.id)) this.names.set(m.id, m.id.toUpperCase()); }`,
  },
  "a tombstone": {
    body: `${VOTES} @On() h(${M}) { if (this.done.has(m.id)) return; const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (v.size >= 2) { ${DECIDE} this.votes.delete(m.id); } }`,
  },
  "two handlers with a common helper": {
    body: `private readonly a = new Set<string>(); private readonly b = new Set<string>(); private readonly done = new Set<string>();
      @On() left(${M}) { this.a.add(m.id); this.check(m.id); }
      @On() right(m: { key: string }) { this.b.add(m.key); this.check(m.key); }
      private check(id: string) { if (this.a.has(id) && this.b.has(id) && !this.done.has(id)) { this.done.add(id); this.only.take({ id }); } }`,
  },
  "two handlers that test the same in two spellings": {
    body: `private readonly a = new Set<string>(); private readonly b = new Set<string>(); private readonly done = new Set<string>();
      @On() left(${M}) { this.a.add(m.id); if (!this.b.has(m.id) || this.done.has(m.id)) return; this.done.add(m.id); this.only.take({ id: m.id }); }
      @On() right(m: { key: string }) { this.b.add(m.key); if (this.a.has(m.key) && !this.done.has(m.key)) { this.only.take({ id: m.key }); this.done.add(m.key); } }`,
  },
  "a direct handler that waits": {
    body: `private readonly known = new Set<string>(); @On() learn(${M}) { this.known.add(m.id); } @On() ask(${M}) { if (!this.known.has(m.id)) return; from.take({ id: m.id }); }`,
    direct: ["ask"],
  },
  "a direct handler that waits for an entry with a value of the key": {
    body: `private readonly known = new Map<string, { name: string }>(); @On() learn(${M}) { if (!this.known.has(m.id)) this.known.set(m.id, { name: m.id + "!" }); } @On() ask(${M}) { const e = this.known.get(m.id); if (!e) return; from.take({ id: e.name }); }`,
    direct: ["ask"],
  },
  "a direct handler without state": { body: `@On() h(${M}) { from.take(m); }`, direct: ["h"] },
  "a direct counter": {
    body: `private readonly acks = new Map<string, number>(); @On() h(${M}) { const n = (this.acks.get(m.id) ?? 0) + 1; this.acks.set(m.id, n); if (n === this.others.size) this.only.take({ id: m.id }); }`,
    direct: ["h"],
  },
  "a direct counter in an entry": {
    body: `private readonly entries: Record<string, { acks: number }> = {}; @On() h(${M}) { const x = (this.entries[m.id] ??= { acks: 0 }); if (++x.acks === this.others.size) this.only.take({ id: m.id }); }`,
    direct: ["h"],
  },
  "a condition on the message": {
    body: `${VOTES} @On() h(m: { id: string; ok: boolean }, from: Ref<Other>) { if (!m.ok) return; const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id)); if (v.size >= 2 && !this.done.has(m.id)) { ${DECIDE} } }`,
  },
  "a key of two columns": {
    body: `private readonly acks = new Map<number, Map<number, Set<string>>>(); private readonly done = new Map<number, Set<number>>();
      @On() h(m: { slot: number; ballot: number }, from: Ref<Other>) {
        if (!this.acks.has(m.slot)) this.acks.set(m.slot, new Map());
        const slot = this.acks.get(m.slot)!; if (!slot.has(m.ballot)) slot.set(m.ballot, new Set()); const acks = slot.get(m.ballot)!; acks.add(from.id);
        if (!this.done.has(m.slot)) this.done.set(m.slot, new Set()); const done = this.done.get(m.slot)!;
        if (acks.size >= 2 && !done.has(m.ballot)) { done.add(m.ballot); this.only.take({ id: \`\${m.slot}/\${m.ballot}\` }); }
      }`,
  },
  "several keys in one message": {
    body: `${VOTES} @On() h(m: { ids: readonly string[] }, from: Ref<Other>) { for (const id of m.ids) { const v = this.votes.get(id) ?? new Set<string>(); this.votes.set(id, v.add(from.id)); if (v.size >= 2 && !this.done.has(id)) { this.done.add(id); this.only.take({ id }); } } }`,
  },
  "the lattice library: a tally and once": {
    body: `private readonly tally = new Tally(); private readonly decided = new Once();
      @On() h(${M}) { this.tally.add(m.id, from.id); if (this.tally.reached(m.id, this.others.size)) this.decided.do(m.id, () => this.only.take({ id: m.id })); }`,
  },
  "the lattice library: a set, and a register for each key": {
    body: `private readonly seen = new GrowSet<string>(); private readonly high = new GrowMap<string, MaxReg<number>>(() => new MaxReg(0)); private readonly told = new Once();
      @On() h(m: { id: string; n: number }) { this.seen.add(m.id); this.high.at(m.id).merge(m.n); if (this.high.at(m.id).value >= 3) this.told.do(m.id, () => this.only.take({ id: m.id })); }`,
  },
  "the lattice library: a counter by source": {
    body: `private readonly weight = new Counter(); private readonly told = new Once();
      @On() h(m: { n: number }, from: Ref<Other>) { this.weight.add(from.id, m.n); if (this.weight.value >= 10) this.told.do("ten", () => this.only.take({ id: "ten" })); }`,
  },
  "a broadcast once": {
    body: `private readonly seen = new Set<string>(); @On() h(${M}) { if (this.seen.has(m.id)) return; this.seen.add(m.id); for (const p of this.others) p.take({ id: m.id }); }`,
  },
};

describe("code that depends neither on order nor on repetition", () => {
  test.each(Object.entries(ACCEPTED))("%s", (_, { body, top, direct }) => {
    const component = componentOf(body, top);
    expect(linesOf(component, sensitivityOf(component, direct))).toEqual([]);
  });
});
