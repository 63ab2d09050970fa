/** What handlers do besides changing state and sending: records, timers, and what starts them. */
import { bodyOf, lowered, protocolOf } from "./lowered.ts";

const FIELDS = `
  private readonly log = journal<{ id: string }>();
  private readonly timers = timers<"due" | "again">();
  @Durable() private readonly kept = new Map<string, string>();
  private readonly lost = new Map<string, string>();
`;

describe("journals", () => {
  it("are appended to", () => {
    expect(
      lowered(`${FIELDS}@On() h(m: { id: string; ok: boolean }): void { if (m.ok) this.log.append({ id: m.id }); }`),
    ).toEqual(["append to log { id: m.id }  when m.ok"]);
  });

  it("say what a record is made of", () => {
    expect(
      lowered(
        `${FIELDS}@On() h(m: { id: string }): void { this.log.append({ id: this.kept.get(m.id) ?? "" }); this.kept.delete(m.id); }`,
      ),
    ).toEqual(['append to log { id: ??(kept[m.id], "") }', "delete kept[m.id]", "reads kept[m.id]"]);
  });

  it("are not followed under another name", () => {
    expect(
      lowered(`${FIELDS}private put(log: { append(r: { id: string }): void }): void { log.append({ id: "" }); }
      @On() h(m: { id: string }): void { const all = { log: this.log }; this.put(all.log); }`)[0],
    ).toBe('append to log { id: "" }');
    expect(
      lowered(
        `${FIELDS}@On() h(m: { id: string }): void { const { append } = this.log; append({ id: m.id }); }`,
      ).join(),
    ).toContain("not understood");
  });
});

describe("timers", () => {
  it("are armed and disarmed, with a key and without", () => {
    const body = `@On() h(m: { id: string; wait: number }): void {
      this.timers.due.set(m.wait, m.id);
      this.timers.due.clear(m.id);
      const { again } = this.timers;
      again.set(10);
      again.clear();
    }
    @After("due") due(id: string): void { this.lost.delete(id); }
    @After("again") again(): void {}`;
    expect(lowered(FIELDS + body)).toEqual([
      "set timer timers.due[m.id] after m.wait ms",
      "clear timer timers.due[m.id]",
      "set timer timers.again after 10 ms",
      "clear timer timers.again",
    ]);
  });

  it("may not have a key that may be missing", () => {
    expect(
      lowered(`${FIELDS}@On() h(m: { id: string | undefined }): void { this.timers.due.clear(m.id); }`).at(-1),
    ).toMatch(/^not understood: a key of the timer due/);
  });

  it("may not be chosen by a name that is computed", () => {
    expect(
      lowered(`${FIELDS}@On() h(m: { name: "due" | "again" }): void { this.timers[m.name].set(1); }`).join(),
    ).toContain("not understood: a computed property");
  });

  it("hand their key to their handler", () => {
    expect(
      lowered(`${FIELDS}@After("due") h(id: string): void { this.lost.delete(id); this.clients.at(id).no(); }`),
    ).toEqual(["delete lost[the timer's key]", "send Client.no to clients[the timer's key]"]);
  });

  it("are effects that a cut leaves where they are", () => {
    const { root } = bodyOf(
      `${FIELDS}@On() h(m: { id: string }): void { this.timers.due.set(1, m.id); for (const c of this.clients) c.no(); }`,
    );
    expect(root.children.map(({ effects }) => effects)).toEqual([[0], [1]]);
  });
});

describe("roles", () => {
  const node = protocolOf(`${FIELDS}
    @After("due") due(id: string): void { this.lost.set(id, ""); this.kept.set(id, ""); }
    @OnRecover() back(): void { for (const [id] of this.kept) this.timers.due.set(1, id); }`).roles.find(
    ({ name }) => name === "Node",
  );

  it("know which of their fields survive", () => {
    expect(node?.fields.filter(({ durable }) => durable).map(({ name }) => name)).toEqual(["kept"]);
    expect(node?.fields.filter(({ name }) => name === "log" || name === "timers").map(({ is }) => is)).toEqual([
      { kind: "journal" },
      { kind: "timers", names: ["due", "again"] },
    ]);
  });

  it("know what starts their handlers", () => {
    expect(node?.handlers.map(({ name, trigger, payload }) => ({ name, trigger, payload }))).toMatchObject([
      {
        name: "due",
        trigger: { kind: "after", timer: "due", key: { name: "id", type: "string" } },
        payload: undefined,
      },
      { name: "back", trigger: { kind: "recover" }, payload: undefined },
    ]);
  });
});

describe("forEach of a map", () => {
  it("gives the callback a value and its key", () => {
    const body = `${FIELDS}@On() w(m: { id: string }): void { this.kept.delete(m.id); } @On() h(): void { this.kept.forEach((value, id) => { this.lost.set(id, value); this.log.append({ id }); }); }`;
    expect(lowered(body).slice(0, 2)).toEqual([
      "set lost[each all of kept, in order] kept[each all of kept, in order]  when all of kept, in order",
      "append to log { id: each all of kept, in order }  when all of kept, in order",
    ]);
  });

  it("mixes what its turns leave in variables around it", () => {
    const body = `${FIELDS}@On() w(m: { id: string }): void { this.kept.delete(m.id); } @On() h(): void { let last = ""; this.kept.forEach((value) => { this.lost.set(last, value); last = value; }); }`;
    expect(lowered(body)[0]).toMatch(/^set lost\[mix\(/);
  });
});
