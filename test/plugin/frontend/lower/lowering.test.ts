import { bodyOf, lowered, protocolOf } from "./lowered.ts";

describe("writes and reads of keyed state", () => {
  const VOTES = "private readonly votes = new Map<string, Set<string>>();";

  it("sees through get-or-create with ??", () => {
    expect(
      lowered(`${VOTES}
      @On() h(m: { id: string }, from: Ref<Other>): void {
        const voters = this.votes.get(m.id) ?? new Set<string>();
        this.votes.set(m.id, voters.add(from.id));
        if (voters.size === this.others.size) this.only.take({ id: m.id });
      }`),
    ).toEqual([
      "add votes[m.id][from.id]",
      "set votes[m.id] ??(votes[m.id], set(from.id))",
      "send Other.take to only { id: m.id }  when ===(votes[m.id].size, this.others.size)",
      "reads votes[m.id]",
      "reads votes[m.id].size",
    ]);
  });

  it("sees through get-or-create with if, and knows that the new object became the state", () => {
    expect(
      lowered(`${VOTES}
      @On() h(m: { id: string }, from: Ref<Other>): void {
        let voters = this.votes.get(m.id);
        if (voters === undefined) {
          voters = new Set();
          this.votes.set(m.id, voters);
        }
        voters.add(from.id);
      }`),
    ).toEqual([
      "set votes[m.id] set()  when ===(votes[m.id], undefined)",
      "add votes[m.id][from.id]",
      "reads votes[m.id]",
    ]);
  });

  it("sees through get-or-create in a helper, with ??= on a record used as a map", () => {
    expect(
      lowered(`private readonly count: Record<string, number[]> = {};
      private list(key: string): number[] { return (this.count[key] ??= []); }
      @On() h({ order: { sku }, n }: { order: { sku: string }; n: number }): void { this.list(sku).push(n); }`),
    ).toEqual([
      "putIfAbsent count[m.order.sku] array()  when not count[m.order.sku]",
      "append count[m.order.sku][end(count[m.order.sku].size)] m.n",
      "reads count[m.order.sku]",
      "reads count[m.order.sku].size",
    ]);
  });

  it("follows aliases of records, at any depth, under any name", () => {
    expect(
      lowered(`private readonly log = new Map<number, { acks: Set<string>; n: number }>();
      @On() h(m: { slot: number }, from: Ref<Other>): void {
        const { log } = this;
        const entry = this.log.get(m.slot);
        if (!entry) return;
        const { acks: voters } = entry;
        voters.add(from.id);
        entry.n += 1;
        if (++entry.n === 3) this.only.take({ id: from.id, n: entry.n });
      }`).filter((line) => !line.startsWith("reads")),
    ).toEqual([
      'add log[m.slot]["acks"][from.id]  when not !(log[m.slot])',
      'increment log[m.slot]["n"] 1  when not !(log[m.slot])',
      'set log[m.slot]["n"] +(log[m.slot]["n"], 1)  when not !(log[m.slot])',
      'send Other.take to only { id: from.id, n: log[m.slot]["n"] }  when not !(log[m.slot]) and ===(+(log[m.slot]["n"], 1), 3)',
    ]);
  });

  it("knows that objects name their properties by strings, and maps do not", () => {
    expect(
      lowered(`private readonly byName: Record<string, number> = {}; private readonly byNumber = new Map<number, number>();
      @On() h(m: { n: number; s: string }): void { this.byName[m.n] = 1; this.byName[m.s] = 2; this.byNumber.set(m.n, 3); delete this.byName[m.n]; }`),
    ).toEqual(["set byName[String(m.n)] 1", "set byName[m.s] 2", "set byNumber[m.n] 3", "delete byName[String(m.n)]"]);
  });

  it("tells an entry from the whole collection", () => {
    const reads = bodyOf(`private readonly m1 = new Map<string, number>(); private readonly s1 = new Set<string>();
      @On() h(m: { id: string }): void {
        this.m1.set("a", this.m1.size);
        this.s1.add(m.id);
        const all = [...this.s1].sort();
        this.only.take({ id: m.id, all, n: [...this.m1.values()].length });
        if (this.m1.has(m.id)) this.s1.clear();
      }`).reads.map((access) => access.cell.aspect);
    expect(reads).toEqual(["size", "order", "order", "has"]);
  });
});

describe("conditions", () => {
  it("turns early returns into guards of what follows, also nested and in helpers", () => {
    expect(
      lowered(`private n = 0;
      private busy(): boolean { if (this.n > 3) return true; return false; }
      @On() h(m: { a: boolean; b: boolean }): void {
        if (m.a) { if (m.b) return; this.n = 1; }
        if (this.busy()) return;
        this.only.take({ id: "x" });
      }`).filter((line) => !line.startsWith("reads")),
    ).toEqual([
      "set n 1  when m.a and not m.b",
      'send Other.take to only { id: "x" }  when not &&(m.a, m.b) and not ?:(>(n, 3), true, false)',
    ]);
  });

  it("keeps both values of a variable that a branch assigns, with the condition", () => {
    expect(
      lowered(`@On() h(m: { a: boolean; x: string; y: string }): void {
        let id = m.x;
        if (m.a) id = m.y;
        this.only.take({ id });
      }`),
    ).toEqual(["send Other.take to only { id: ?:(m.a, m.y, m.x) }"]);
  });

  it("guards the clauses of a switch, with fall-through and default", () => {
    expect(
      lowered(`private n = 0;
      @On() h(m: { k: string }): void {
        switch (m.k) { case "a": this.n = 1; case "b": this.n = 2; break; default: this.n = 3; }
        this.n = 4;
      }`),
    ).toEqual([
      'set n 1  when ===(m.k, "a")',
      'set n 2  when ||(===(m.k, "a"), ===(m.k, "b"))',
      'set n 3  when !(||(===(m.k, "a"), ===(m.k, "b")))',
      "set n 4",
    ]);
  });

  it("guards what optional chaining and short circuits guard", () => {
    expect(
      lowered(`private readonly sets = new Map<string, Set<string>>();
      @On() h(m: { id: string; ok: boolean }, from: Ref<Client>): void {
        this.sets.get(m.id)?.delete(from.id);
        m.ok && from.no();
      }`),
    ).toEqual([
      "delete sets[m.id][from.id]  when sets[m.id]",
      "send Client.no to the sender   when m.ok",
      "reads sets[m.id]",
    ]);
  });
});

describe("loops", () => {
  it("sends to every member of a configuration, unconditionally", () => {
    expect(lowered(`@On() h(m: { id: string }): void { for (const o of this.others) o.take({ id: m.id }); }`)).toEqual([
      "send Other.take to each of others { id: m.id }",
    ]);
  });

  it("knows nodes in a list of nodes, and which of them a filter keeps", () => {
    expect(
      lowered(`private readonly alive = new Set<string>();
      @On() h(m: { id: string }): void {
        this.alive.add(m.id);
        for (const o of [...this.others].filter((one) => this.alive.has(one.id))) o.take({ id: m.id });
      }`).slice(1, 2),
    ).toEqual([expect.stringMatching(/^send Other\.take to each of others \{ id: m\.id \} {2}when .*has alive\[/)]);
  });

  it("finds what a callback without a block takes from the state", () => {
    const { root } = bodyOf(`private n = 0;
      @On() h(m: { id: string }): void { this.n = 1; this.others.ids.forEach((id) => this.others.at(id).take({ id, n: this.n })); }`);
    expect(
      root.children.map(({ operands }) => operands.map(({ reads }) => reads.map(({ cell }) => cell.field))),
    ).toEqual([[], [["n"]]]);
  });

  it("knows that a key from a loop is not the key before it", () => {
    expect(
      lowered(`private readonly seen = new Map<string, number>();
      @On() h(m: { id: string; list: readonly string[] }): void {
        let key = m.id;
        for (const next of m.list) { this.seen.set(key, 1); key = next; }
      }`),
    ).toEqual(["set seen[mix(each m.list, m.id)] 1  when m.list"]);
  });

  it("knows the same of callbacks", () => {
    expect(
      lowered(`private readonly seen = new Map<string, number>();
      @On() h(m: { id: string; list: readonly string[] }): void {
        let key = m.id;
        m.list.forEach((next) => { this.seen.set(key, 1); key = next; });
      }`)[0],
    ).toMatch(/^set seen\[mix\(.*m\.list/);
  });

  it("makes what follows a break depend on it", () => {
    expect(
      lowered(`private readonly seen = new Set<string>();
      @On() h(m: { list: readonly string[]; stop: string }): void {
        for (const one of m.list) { if (one === m.stop) break; this.seen.add(one); }
      }`)[0],
    ).toContain("and not mix(===(each m.list, m.stop))");
  });

  it("reads the state in order when it iterates over it, but not for some and every", () => {
    const aspects = bodyOf(`private readonly log = new Map<string, Set<string>>();
      private readonly done = new Set<string>();
      @On() h(m: { id: string }): void {
        this.done.add(m.id);
        for (const [id, voters] of this.log) voters.delete(m.id);
        if (this.others.ids.every((id) => this.done.has(id)) && [...this.log].length > 0) this.only.take({ id: m.id });
      }`).reads.map((access) => `${access.cell.field}.${access.cell.aspect}`);
    expect(aspects).toEqual(["log.order", "done.has", "log.order"]);
  });

  it("runs a while loop under its condition, on state that it changes", () => {
    expect(
      lowered(`private next = 0; private readonly log = new Map<number, string>();
      @On() h(m: { slot: number; id: string }): void {
        this.log.set(m.slot, m.id);
        while (this.log.has(this.next)) { this.only.take({ id: this.log.get(this.next) ?? "" }); this.next++; }
      }`).slice(0, 3),
    ).toEqual([
      "set log[m.slot] m.id",
      'send Other.take to only { id: ??(log[next], "") }  when has log[next]',
      "increment next 1  when has log[next]",
    ]);
  });
});

describe("functions", () => {
  it("keeps the name of a function that only computes, and executes one that touches the state", () => {
    expect(
      lowered(
        `private readonly seen = new Map<string, number>();
      @On() h(m: { id: string; v: string }): void {
        const touch = (k: string): void => { this.seen.set(k, 1); };
        touch(digest(m.v));
        touch(shorten(m.v, 3));
      }`,
        `const digest = pure((v: string): string => v + "!");
         function shorten(v: string, n: number): string { return v.slice(0, n); }`,
      ),
    ).toEqual([
      "set seen[digest(m.v)] 1",
      "set seen[shorten(m.v, 3)] 1",
      "may throw: it may cut a character in two, and no message can carry half of one",
    ]);
  });

  it("tells template keys with different text apart and equal ones together", () => {
    const keys = bodyOf(`private readonly a = new Set<string>();
      @On() h(m: { t: string; u: string }): void { this.a.add(\`\${m.t}:\${m.u}\`); this.a.add(\`\${m.t}-\${m.u}\`); }`).effects;
    expect(keys.map((effect) => (effect.kind === "write" ? JSON.stringify(effect.cell.keys) : ""))).toHaveLength(2);
    expect(new Set(keys.map((effect) => (effect.kind === "write" ? JSON.stringify(effect.cell.keys) : ""))).size).toBe(
      2,
    );
  });
});

describe("what is not followed", () => {
  it.each([
    [
      "an escaping this",
      "private n = 0; @On() h(): void { register(this); }",
      "declare function register(x: object): void;",
    ],
    ["a computed field", 'private n = 0; @On() h(m: { f: "n" }): void { this[m.f] = 1; }', ""],
    [
      "a package function",
      "private n = 0; @On() h(): void { this.n = outside(1); }",
      "declare function outside(n: number): number;",
    ],
    [
      "an alias of a container in two places",
      "private a = new Map<string, Set<string>>(); private b = new Map<string, Set<string>>(); @On() h(m: { id: string }): void { const s = this.a.get(m.id); if (s) this.b.set(m.id, s); }",
      "",
    ],
    [
      "a copy that shares a container",
      "private a = new Map<string, { s: Set<string> }>(); @On() h(m: { id: string; to: string }): void { const e = this.a.get(m.id); if (e) this.a.set(m.to, { ...e }); }",
      "",
    ],
    [
      "one object in two places",
      "private a = new Map<string, Set<string>>(); @On() h(m: { id: string; to: string }): void { const s = new Set<string>(); this.a.set(m.id, s); this.a.set(m.to, s); }",
      "",
    ],
    [
      "module state",
      "private n = 0; @On() h(): void { this.n = counter; }",
      "let counter = 0; export function bump(): void { counter++; }",
    ],
    ["a clock", "private n = 0; @On() h(): void { this.n = Date.now(); }", ""],
    ["chance", "private n = 0; @On() h(): void { this.n = Math.random(); }", ""],
    ["a changed payload", 'private n = 0; @On() h(m: { list: string[] }): void { m.list.push("x"); }', ""],
    [
      "recursion",
      "private n = 0; private walk(n: number): number { return n === 0 ? this.n : this.walk(n - 1); } @On() h(): void { this.n = this.walk(3); }",
      "",
    ],
    ["try", "private n = 0; @On() h(): void { try { this.n = 1; } catch { this.n = 2; } }", ""],
    [
      "a class instance in the state",
      "private b = new Box(); @On() h(): void { this.b.open(); }",
      "class Box { open(): void {} }",
    ],
    [
      "an alias that moves in a loop",
      "private m1 = new Map<string, Set<string>>(); @On() h(m: { ids: readonly string[] }): void { let s = new Set<string>(); for (const id of m.ids) { s.add(id); s = this.m1.get(id) ?? new Set(); } }",
      "",
    ],
    ["eval", 'private n = 0; @On() h(): void { eval("this.n = 1"); }', ""],
    ["a generator's state", "private it = [1].values(); @On() h(): void { this.it.next(); }", ""],
  ])("says so: %s", (_name, body, top) => {
    const handler = bodyOf(body, top);
    expect(handler.notUnderstood.length).toBeGreaterThan(0);
    for (const one of handler.notUnderstood) expect(one.span.line).toBeGreaterThan(0);
  });
});

describe("fields", () => {
  it("are configuration when no handler writes them, unless something is not understood", () => {
    const kinds = (handler: string): string =>
      protocolOf(
        `private readonly limit = new Map<string, number>(); constructor(private readonly f: number) {} ${handler}`,
      )
        .roles.find((role) => role.name === "Node")
        ?.fields.filter((field) => ["limit", "f"].includes(field.name))
        .map((field) => field.is.kind)
        .join() ?? "";
    expect(
      kinds("@On() h(m: { id: string }): void { if ((this.limit.get(m.id) ?? 0) > this.f) this.only.take(m); }"),
    ).toBe("configuration,configuration");
    expect(kinds("@On() h(m: { id: string }): void { this.limit.delete(m.id); }")).toBe("state,configuration");
    expect(kinds("@On() h(m: { id: string }): void { eval(m.id); }")).toBe("state,state");
  });
});
