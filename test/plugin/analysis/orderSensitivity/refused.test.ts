/** Code that depends on order or repetition, and what is said about it. */
import { componentOf, linesOf, sensitivityOf } from "./component.ts";

const VOTES = `private readonly votes = new Map<string, Set<string>>(); private readonly done = new Set<string>();`;
const VOTE = `const v = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, v.add(from.id));`;
const M = `m: { id: string; client: string; n: number }, from: Ref<Other>`;

interface Case {
  readonly body: string;
  readonly direct?: readonly string[];
  readonly expected: readonly string[];
}

const REFUSED: { readonly [name: string]: Case } = {
  // not-a-join
  "the last writer wins": {
    body: `private last = ""; @On() h(${M}) { this.last = m.id; }`,
    expected: ["not-a-join in h: this.last = m.id"],
  },
  "the first writer wins": {
    body: `private readonly owner = new Map<string, string>(); @On() h(${M}) { if (!this.owner.has(m.id)) this.owner.set(m.id, m.client); }`,
    expected: ["not-a-join in h: this.owner.set(m.id, m.client)"],
  },
  "the first writer wins by ??=": {
    body: `private readonly owner: Record<string, string> = {}; @On() h(${M}) { this.owner[m.id] ??= m.client; }`,
    expected: ["not-a-join in h: this.owner[m.id] ??= m.client"],
  },
  "the first element wins": {
    body: `private readonly votes = new Map<string, Set<string>>(); @On() h(${M}) { if (!this.votes.has(m.id)) this.votes.set(m.id, new Set([from.id])); }`,
    expected: ["not-a-join in h: this.votes.set(m.id, new Set([from.id]))"],
  },
  "a value that comes with the maximum": {
    body: `private b = 0; private value = ""; @On() h(${M}) { if (m.n > this.b) { this.b = m.n; this.value = m.id; } }`,
    expected: ["not-a-join in h: this.value = m.id"],
  },
  "a maximum by one part only": {
    body: `private b = { n: 0, id: "" }; @On() h(${M}) { if (m.n > this.b.n) this.b = { n: m.n, id: m.id }; }`,
    expected: ["not-a-join in h: this.b = { n: m.n, id: m.id }"],
  },
  "a list": {
    body: `private readonly log: string[] = []; @On() h(${M}) { this.log.push(m.id); }`,
    expected: ["not-a-join in h: this.log.push(m.id)"],
  },
  "a mark that goes up and down": {
    body: `private busy = false; @On() h(${M}) { this.busy = true; } @On() g(${M}) { this.busy = false; }`,
    expected: ["not-a-join in g: this.busy = false / this.busy = true"],
  },
  "two outcomes with one mark": {
    body: `private readonly done = new Set<string>();
      @On() commit(${M}) { if (!this.done.has(m.id)) { this.done.add(m.id); this.clients.at(m.id).done({ id: m.id }); } }
      @On() abort(${M}) { if (!this.done.has(m.id)) { this.done.add(m.id); this.clients.at(m.id).failed({ id: m.id }); } }`,
    expected: ["not-a-join in abort: this.done.add(m.id) / this.done.add(m.id)"],
  },
  "a container that is made anew": {
    body: `private readonly votes = new Map<string, Set<string>>(); @On() h(${M}) { this.votes.set(m.id, new Set()); this.votes.get(m.id)!.add(from.id); }`,
    expected: ["not-a-join in h: this.votes.set(m.id, new Set())"],
  },
  // counts
  "a counter": { body: `private n = 0; @On() h(${M}) { this.n += 1; }`, expected: ["counts in h: this.n += 1"] },
  "a counter by ++": {
    body: `private readonly entries: Record<string, { acks: number }> = {}; @On() h(${M}) { const x = (this.entries[m.id] ??= { acks: 0 }); x.acks++; }`,
    expected: ["counts in h: x.acks++"],
  },
  "a counter in a map": {
    body: `private readonly n = new Map<string, number>(); @On() h(${M}) { this.n.set(m.id, (this.n.get(m.id) ?? 0) + 1); }`,
    expected: ["counts in h: this.n.set(m.id, (this.n.get(m.id) ?? 0) + 1)"],
  },
  // deletes
  "a deletion": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); } @On() g(${M}) { this.s.delete(m.id); }`,
    expected: ["deletes in g: this.s.delete(m.id) / this.s.add(m.id)"],
  },
  "a deletion at the decision": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= 2 && !this.done.has(m.id)) { this.done.add(m.id); this.votes.delete(m.id); } }`,
    expected: ["deletes in h: this.votes.delete(m.id) / v.add(from.id)"],
  },
  "everything cleared": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); } @On() g() { this.s.clear(); }`,
    expected: ["deletes in g: this.s.clear() / this.s.add(m.id)"],
  },
  // state-in-output
  "a number in a payload": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); from.take({ id: String(this.s.size) }); }`,
    direct: ["h"],
    expected: ["state-in-output in h: from.take({ id: String(this.s.size) }) / this.s.size"],
  },
  "a destination from an entry": {
    body: `private readonly known = new Map<string, { client: string }>(); @On() learn(${M}) { if (!this.known.has(m.id)) this.known.set(m.id, { client: m.client }); } @On() ask(${M}) { const e = this.known.get(m.id); if (!e) return; this.clients.at(e.client).done({ id: m.id }); }`,
    direct: ["ask"],
    expected: [
      "not-a-join in learn: this.known.set(m.id, { client: m.client })",
      "state-in-output in ask: this.clients.at(e.client).done({ id: m.id }) / e.client",
    ],
  },
  "a key from the state": {
    body: `private b = 0; private readonly s = new Set<number>(); @On() h(${M}) { this.s.add(this.b); } @On() g(m: { b: number }) { if (m.b > this.b) this.b = m.b; }`,
    expected: ["state-in-output in h: this.s.add(this.b) / this.b"],
  },
  "a value from the state": {
    body: `private b = 0; private readonly s = new Map<string, number>(); @On() h(${M}) { this.s.set(m.id, this.b); } @On() g(m: { b: number }) { if (m.b > this.b) this.b = m.b; }`,
    expected: ["state-in-output in h: this.s.set(m.id, this.b) / this.b"],
  },
  // not-up-closed
  "a negation": {
    body: `private readonly cancelled = new Set<string>(); @On() cancel(${M}) { this.cancelled.add(m.id); } @On() ship(${M}) { if (!this.cancelled.has(m.id)) from.take({ id: m.id }); }`,
    direct: ["ship"],
    expected: ["not-up-closed in ship: !this.cancelled.has(m.id) / from.take({ id: m.id })"],
  },
  "below a bound": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); if (this.s.size < 3) from.take({ id: m.id }); }`,
    direct: ["h"],
    expected: ["not-up-closed in h: this.s.size < 3 / from.take({ id: m.id })"],
  },
  "else of a threshold": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= 2) { if (this.done.has(m.id)) return; this.done.add(m.id); this.only.take({ id: m.id }); } else from.take({ id: m.id }); }`,
    expected: ["not-up-closed in h: v.size >= 2 / from.take({ id: m.id })"],
  },
  "exactly so many, with nothing that says once": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size === 2) this.only.take({ id: m.id }); }`,
    expected: ["not-up-closed in h: v.size === 2 / this.only.take({ id: m.id })"],
  },
  "exactly so many, beside another condition": {
    body: `${VOTES} private readonly open = new Set<string>(); @On() o(${M}) { this.open.add(m.id); }
      @On() h(${M}) { ${VOTE} if (v.size === 2 && this.open.has(m.id) && !this.done.has(m.id)) { this.done.add(m.id); this.only.take({ id: m.id }); } }`,
    expected: [
      "not-up-closed in h: v.size === 2 && this.open.has(m.id) && !this.done.has(m.id) / this.done.add(m.id)",
      "not-up-closed in h: v.size === 2 && this.open.has(m.id) && !this.done.has(m.id) / this.only.take({ id: m.id })",
    ],
  },
  "a stale ballot": {
    body: `private b = 0; @On() h(${M}) { if (m.n >= this.b) from.take({ id: m.id }); } @On() g(m: { b: number }) { if (m.b > this.b) this.b = m.b; }`,
    direct: ["h"],
    expected: ["not-up-closed in h: m.n >= this.b / from.take({ id: m.id })"],
  },
  "nothing after it is there": {
    body: `private readonly closed = new Set<string>(); private readonly s = new Set<string>(); @On() close(${M}) { this.closed.add(m.id); } @On() h(${M}) { if (this.closed.has(m.id)) return; this.s.add(m.id); } @On() ask(${M}) { if (this.s.has(m.id)) from.take({ id: m.id }); }`,
    direct: ["ask"],
    expected: ["not-up-closed in h: return; / this.s.add(m.id)"],
  },
  // not-once
  "a threshold without a mark": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= 2) this.only.take({ id: m.id }); }`,
    expected: ["not-once in h: this.only.take({ id: m.id }) / v.size >= 2"],
  },
  "a send in a forward": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); from.take({ id: m.id }); }`,
    expected: ["not-once in h: from.take({ id: m.id }) / h"],
  },
  "everyone, again": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (this.others.ids.every((id) => v.has(id))) this.only.take({ id: m.id }); }`,
    direct: ["h"],
    expected: ["not-once in h: this.only.take({ id: m.id }) / this.others.ids.every((id) => v.has(id))"],
  },
  // not-of-key
  "a column of whoever comes last": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= 2 && !this.done.has(m.id)) { this.done.add(m.id); this.clients.at(m.id).done({ id: m.id, value: m.client }); } }`,
    expected: ["not-of-key in h: this.clients.at(m.id).done({ id: m.id, value: m.client }) / this.done.add(m.id)"],
  },
  "a destination of whoever comes last": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= 2 && !this.done.has(m.id)) { this.done.add(m.id); this.clients.at(m.client).done({ id: m.id }); } }`,
    expected: ["not-of-key in h: this.clients.at(m.client).done({ id: m.id }) / this.done.add(m.id)"],
  },
  "an answer to whoever comes last": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= 2 && !this.done.has(m.id)) { this.done.add(m.id); from.take({ id: m.id }); } }`,
    expected: ["not-of-key in h: from.take({ id: m.id }) / this.done.add(m.id)"],
  },
  "a condition on whoever comes last": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (m.n > 3 && v.size >= 2 && !this.done.has(m.id)) { this.done.add(m.id); this.only.take({ id: m.id }); } }`,
    expected: [
      "not-of-key in h: this.done.add(m.id) / v.add(from.id)",
      "not-of-key in h: this.only.take({ id: m.id }) / v.add(from.id)",
    ],
  },
  "a threshold of the message": {
    body: `${VOTES} @On() h(${M}) { ${VOTE} if (v.size >= m.n && !this.done.has(m.id)) { this.done.add(m.id); this.only.take({ id: m.id }); } }`,
    expected: [
      "not-of-key in h: this.done.add(m.id) / v.size >= m.n && !this.done.has(m.id)",
      "not-of-key in h: this.only.take({ id: m.id }) / v.size >= m.n && !this.done.has(m.id)",
    ],
  },
  "a key that is not unambiguous": {
    body: `private readonly done = new Set<string>(); @On() h(${M}) { const k = \`\${m.id}\${m.client}\`; if (!this.done.has(k)) { this.done.add(k); this.only.take({ id: m.id }); } }`,
    expected: ["not-of-key in h: this.only.take({ id: m.id }) / this.done.add(k)"],
  },
  "what comes after the threshold only": {
    body: `${VOTES} private readonly late = new Set<string>(); @On() h(${M}) { ${VOTE} if (v.size >= 2) this.late.add(from.id); }`,
    expected: ["not-of-key in h: this.late.add(from.id) / v.size >= 2"],
  },
  // edge-triggered
  "both, tested at one": {
    body: `private readonly a = new Set<string>(); private readonly b = new Set<string>(); private readonly done = new Set<string>();
      @On() left(${M}) { this.a.add(m.id); if (this.a.has(m.id) && this.b.has(m.id) && !this.done.has(m.id)) { this.done.add(m.id); this.only.take({ id: m.id }); } }
      @On() right(${M}) { this.b.add(m.id); }`,
    expected: [
      "edge-triggered in left: this.a.has(m.id) && this.b.has(m.id) && !this.done.has(m.id) / this.b.add(m.id)",
      "edge-triggered in left: this.a.has(m.id) && this.b.has(m.id) && !this.done.has(m.id) / this.b.add(m.id)",
    ],
  },
  "tested before it grows": {
    body: `private readonly s = new Set<string>(); private readonly t = new Set<string>(); @On() h(${M}) { if (this.s.size >= 2) this.t.add("two"); this.s.add(m.id); }`,
    expected: ["edge-triggered in h: this.s.size >= 2 / this.s.add(m.id)"],
  },
  "added to what is there only": {
    body: `private readonly votes = new Map<string, Set<string>>(); @On() open(${M}) { if (!this.votes.has(m.id)) this.votes.set(m.id, new Set()); } @On() h(${M}) { this.votes.get(m.id)?.add(from.id); }`,
    expected: ["edge-triggered in h: this.votes.get(m.id) / this.votes.set(m.id, new Set())"],
  },
  "another message for the same": {
    body: `private readonly a = new Set<string>(); private readonly b = new Set<string>(); private readonly done = new Set<string>();
      @On() left(${M}) { this.a.add(m.id); if (this.b.has(m.id) && !this.done.has(m.id)) { this.done.add(m.id); this.only.take({ id: m.id }); } }
      @On() right(${M}) { this.b.add(m.id); if (this.a.has(m.id) && !this.done.has(m.id)) { this.done.add(m.id); this.only.take({ id: "right" }); } }`,
    expected: [
      "edge-triggered in left: this.b.has(m.id) && !this.done.has(m.id) / this.b.add(m.id)",
      "edge-triggered in right: this.a.has(m.id) && !this.done.has(m.id) / this.a.add(m.id)",
      "not-a-join in right: this.done.add(m.id) / this.done.add(m.id)",
    ],
  },
  // order-observed
  "the first of a set": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); from.take({ id: [...this.s][0]! }); }`,
    direct: ["h"],
    expected: ["order-observed in h: from.take({ id: [...this.s][0]! }) / ...this.s"],
  },
  "sends in the order of entries": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { this.s.add(m.id); for (const id of this.s) this.only.take({ id }); }`,
    direct: ["h"],
    expected: ["order-observed in h: this.only.take({ id }) / this.s"],
  },
  "text in the order of entries": {
    body: `private readonly s = new Set<string>(); private t = ""; @On() h(${M}) { this.s.add(m.id); } @On() g() { this.t = [...this.s].join(); }`,
    expected: ["order-observed in g: this.t = [...this.s].join() / ...this.s"],
  },
  // timers, and what is not understood
  "a timer that is armed": {
    body: `private readonly t = timers<"late">(); @On() h(${M}) { this.t.late.set(10, m.id); } @After("late") late(id: string) { this.only.take({ id }); }`,
    expected: ["timer in late: late"],
  },
  "something that is not followed": {
    body: `private readonly s = new Set<string>(); @On() h(${M}) { try { this.s.add(m.id); } finally { this.s.add("x"); } }`,
    expected: ['not-understood in h: try { this.s.add(m.id); } finally { this.s.add("x"); }'],
  },
  "an entry that has to be there": {
    body: `private readonly votes = new Map<string, Set<string>>(); @On() open(${M}) { if (!this.votes.has(m.id)) this.votes.set(m.id, new Set()); } @On() h(${M}) { this.votes.get(m.id)!.add(from.id); }`,
    expected: ["not-understood in h: this.votes.get(m.id)!"],
  },
  "an exception because of the state": {
    body: `private readonly s = new Set<string>(); private readonly t = new Set<string>(); @On() h(${M}) { this.s.add(m.id); if (this.s.size >= 3) throw new Error("full"); this.t.add(m.id); }`,
    expected: [
      'not-up-closed in h: throw new Error("full"); / this.t.add(m.id)',
      'not-understood in h: throw new Error("full");',
    ],
  },
  "a drain": {
    body: `private readonly log = new Map<number, string>(); private next = 0; @On() h(m: { slot: number }) { this.log.set(m.slot, String(m.slot)); while (this.log.has(this.next)) { this.only.take({ id: String(this.next) }); this.next += 1; } }`,
    expected: [
      "state-in-output in h: this.only.take({ id: String(this.next) }) / this.next",
      "counts in h: this.next += 1",
    ],
  },
};

describe("code that depends on order or repetition", () => {
  test.each(Object.entries(REFUSED))("%s", (_, { body, direct, expected }) => {
    const component = componentOf(body);
    expect(linesOf(component, sensitivityOf(component, direct))).toEqual(expected);
  });
});
