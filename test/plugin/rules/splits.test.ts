/** Handlers that are split together with the state that they use: what each of the three rules takes, and what it does not. */
import type { Forward } from "../../../plugin/model/component.ts";
import {
  applySource,
  codesOf,
  componentOf,
  printFinding,
  textAt,
  type Applied,
} from "../../support/protocolInMemory.ts";

const CLIENT = `
@Role({ external: true }) export abstract class Client {
  abstract done(m: { id: string }): void;
  abstract denied(m: { id: string }): void;
  abstract ok(m: { id: string }): void;
}
`;

const split = (source: string, plan: string): Applied => applySource(CLIENT + source, plan);

function accepted(
  applied: Applied,
  role: string,
  component: string,
): { readonly rules: readonly string[]; readonly forwards: readonly Forward[] } {
  expect(applied.findings.map((finding) => printFinding(applied.protocol, finding))).toEqual([]);
  const made = componentOf(applied, role, component);
  return { rules: made.proofs.map(({ rule }) => rule), forwards: made.forwards };
}

function refused(applied: Applied): { readonly code: string; readonly at: string } {
  const [finding, ...others] = applied.findings;
  expect(others).toEqual([]);
  if (finding === undefined) throw new Error("It is accepted.");
  expect(printFinding(applied.protocol, finding)).not.toMatch(/undefined|\[object/);
  expect(finding.scenario.length).toBeGreaterThan(1);
  expect(finding.advice).toBeDefined();
  return {
    code: finding.code,
    at: textAt(applied.protocol, finding.span),
  };
}

const TALLY = `
    const voters = this.votes.get(m.id) ?? new Set<string>();
    this.votes.set(m.id, voters);
    voters.add(m.voter);
    if (voters.size >= 3 && !this.done.has(m.id)) {
      this.done.add(m.id);
      this.clients.done({ id: m.id });
    }`;

const station = (voted: string, postal: string, more = ""): string => `
@Role() export class Station {
  private turnout = 0;
  private readonly votes = new Map<string, Set<string>>();
  private readonly counts = new Map<string, number>();
  private readonly done = new Set<string>();
  private readonly clients = peer(() => Client);
  @On() voted(m: { id: string; voter: string; n: number }, from: Ref<Client>): void {
    this.turnout += 1;
    if (this.turnout > 5) from.ok({ id: m.id });
    ${voted}
  }
  @On() postal(m: { id: string; voter: string; n: number }, from: Ref<Client>): void { ${postal} }
  ${more}
}`;

const tally = (...fields: readonly string[]): string =>
  `plan(Station, { tally: { moves: [${fields.map((field) => `"${field}", `).join("")}"postal"] } })`;

describe("monotonic decoupling", () => {
  it("takes a threshold over sets out of two handlers, one of which stays", () => {
    const applied = split(station(TALLY, TALLY), tally("votes", "done"));
    const { rules, forwards } = accepted(applied, "Station", "tally");
    expect(rules).toEqual(["monotonic decoupling"]);
    expect(forwards).toMatchObject([{ handler: "voted", from: "main", channel: "repeatable" }]);
  });

  it("takes a helper that both sides share", () => {
    const helper = `private count(m: { id: string; voter: string }): void { ${TALLY} }`;
    const applied = split(station("this.count(m);", "this.count(m);", helper), tally("votes", "done"));
    expect(accepted(applied, "Station", "tally").rules).toEqual(["monotonic decoupling"]);
  });

  it("partitions the component by the key that its forwards carry", () => {
    const plan = `plan(Station, { tally: { moves: ["votes", "done", "postal"], by: "id", into: 2 } })`;
    const applied = split(station(TALLY, TALLY), plan);
    expect(accepted(applied, "Station", "tally").rules).toEqual(["monotonic decoupling", "co-hashing"]);
    expect(Object.keys(componentOf(applied, "Station", "tally").partitioning?.keys ?? {})).toHaveLength(2);
  });

  it("lets a message wait for its entry when its handler does nothing without it", () => {
    const hall = `
@Role() export class Hall {
  private readonly permits = new Map<string, string>();
  private readonly clients = peer(() => Client);
  @On() permit(m: { id: string }, from: Ref<Client>): void { this.permits.set(m.id, "yes"); from.ok({ id: m.id }); }
  @On() board(m: { id: string }): void { if (this.permits.has(m.id)) this.clients.done({ id: m.id }); }
}`;
    const applied = split(hall, `plan(Hall, { ramp: { moves: ["permits", "board"] } })`);
    const waiting = { field: "permits", key: [{ kind: "column", path: ["id"] }] };
    expect(accepted(applied, "Hall", "ramp").forwards).toMatchObject([{ channel: "repeatable", wakes: [waiting] }]);
    expect(componentOf(applied, "Hall", "ramp").parks).toEqual({ board: waiting });
  });

  const count = `const n = (this.counts.get(m.id) ?? 0) + 1; this.counts.set(m.id, n); if (n === 3) this.clients.done({ id: m.id });`;
  const untested = `const voters = this.votes.get(m.id) ?? new Set<string>(); this.votes.set(m.id, voters); voters.add(m.voter);`;
  it.each([
    ["RVN218", "a count", count, count, ["counts"]],
    [
      "RVN222",
      "no mark",
      TALLY.replace("&& !this.done.has(m.id)", "").replace("this.done.add(m.id);", ""),
      "from.ok({ id: m.id });",
      ["votes"],
    ],
    ["RVN217", "a handler that does not test", untested, TALLY, ["votes", "done"]],
    [
      "RVN224",
      "a payload that the key does not determine",
      TALLY.replace("done({ id: m.id })", "done({ id: m.voter })"),
      TALLY.replace("done({ id: m.id })", "done({ id: m.voter })"),
      ["votes", "done"],
    ],
  ])("refuses with %s: %s", (code, _what, voted, postal, fields) => {
    // Something is told about it, so that the order in one sequence would not do either.
    const told = `from.ok({ id: m.id }); ${voted}`;
    const applied = split(station(told, `${postal} ${code === "RVN222" ? voted : ""}`), tally(...fields));
    const found = refused(applied);
    expect(found.code).toBe(code);
  });
});

const broker = (more = ""): string => `
@Role() export class Broker {
  private readonly topics = new Map<string, Set<string>>();
  private readonly clients = peers(() => Client);
  @On() subscribe(m: { id: string }, from: Ref<Client>): void {
    const readers = this.topics.get(m.id) ?? new Set<string>();
    this.topics.set(m.id, readers);
    readers.add(from.id);
    from.ok({ id: m.id });
  }
  @On() publish(m: { id: string }): void {
    for (const reader of this.topics.get(m.id) ?? []) this.clients.at(reader).done({ id: m.id });
  }
  ${more}
}`;

describe("state machine decoupling", () => {
  it("takes state that nobody else asks for, in order", () => {
    const shop = `
@Role() export class Shop {
  private readonly stock = new Map<string, number>();
  private readonly log = new Map<string, string>();
  @On() buy(m: { id: string }, from: Ref<Client>): void {
    const left = this.stock.get(m.id) ?? 3;
    if (left === 0) { from.denied({ id: m.id }); return; }
    this.stock.set(m.id, left - 1);
    this.log.set(m.id, from.id);
    from.ok({ id: m.id });
  }
}`;
    const applied = split(shop, `plan(Shop, { ledger: { moves: ["log"], by: "id", into: 2 } })`);
    const { rules, forwards } = accepted(applied, "Shop", "ledger");
    expect(rules).toEqual(["state machine decoupling", "co-hashing"]);
    expect(forwards).toMatchObject([{ handler: "buy", channel: "ordered" }]);
  });

  it("takes a timer of its own", () => {
    const meter = `
@Role() export class Meter {
  private total = 0;
  private readonly clients = peer(() => Client);
  @On() add(m: { id: string; n: number }, from: Ref<Client>): void { this.total += m.n; from.ok({ id: m.id }); }
  @Every(100) report(): void { this.clients.done({ id: String(this.total) }); }
}`;
    const applied = split(meter, `plan(Meter, { reporter: { moves: ["report"] } })`);
    expect(accepted(applied, "Meter", "reporter").rules).toEqual(["state machine decoupling"]);
  });

  it("does not let a publication overtake a confirmed subscription", () => {
    const found = refused(split(broker(), `plan(Broker, { publisher: { moves: ["publish"] } })`));
    expect(found).toEqual({
      code: "RVN215",
      at: "from.ok({ id: m.id })",
    });
  });

  it("takes it when the confirmation is held", () => {
    const applied = split(broker(), `plan(Broker, { publisher: { moves: ["publish"], hold: true } })`);
    expect(accepted(applied, "Broker", "publisher").forwards).toMatchObject([{ channel: "acknowledged" }]);
  });

  it("says that holding has no effect where nothing is waited for", () => {
    const applied = split(station(TALLY, TALLY), tally("votes", "done").replace("] }", "], hold: true }"));
    expect(codesOf(applied)).toEqual(["RVN459"]);
  });

  it.each([
    ["the receiver", `publisher: { moves: ["publish"], hold: true, by: "id", into: 2 }`, ["RVN319"]],
    [
      "both, by the same column",
      `main: { by: "id", into: 2 }, publisher: { moves: ["publish"], hold: true, by: "id", into: 2 }`,
      [],
    ],
    [
      "the sender, which is waited for",
      `main: { by: "id", into: 2 }, publisher: { moves: ["publish"], hold: true }`,
      [],
    ],
  ])("judges partitions of %s", (_what, plan, codes) => {
    expect(codesOf(split(broker(), `plan(Broker, { ${plan} })`))).toEqual(codes);
  });

  it("does not spread what sends in order only", () => {
    const shop = `
@Role() export class Shop {
  private readonly log = new Map<string, string>();
  @On() buy(m: { id: string; item: string }, from: Ref<Client>): void { this.log.set(m.item, from.id); from.ok({ id: m.id }); }
}`;
    const plan = `plan(Shop, { main: { by: "id", into: 2 }, ledger: { moves: ["log"] } })`;
    expect(codesOf(split(shop, plan))).toEqual(["RVN319"]);
  });

  it("refuses a lock server with acquire and release apart", () => {
    const locks = `
@Role() export class Locks {
  private tickets = 0;
  private readonly owner = new Map<string, string>();
  @On() acquire(m: { id: string }, from: Ref<Client>): void {
    this.tickets += 1;
    from.ok({ id: String(this.tickets) });
    if (!this.owner.has(m.id)) this.owner.set(m.id, from.id);
  }
  @On() release(m: { id: string }, from: Ref<Client>): void {
    if (this.owner.get(m.id) !== from.id) { from.denied({ id: m.id }); return; }
    this.owner.delete(m.id);
  }
}`;
    expect(refused(split(locks, `plan(Locks, { releaser: { moves: ["release"] } })`)).code).toBe("RVN215");
  });

  it("refuses two pieces of one activation where something else may come between them", () => {
    const pair = `
@Role() export class Pair {
  private n = 0;
  private left = 0;
  private right = 0;
  private readonly clients = peer(() => Client);
  @On() move(m: { id: string }): void { this.left -= 1; this.n += 1; const k = this.n * 2; if (k > 6) this.n = 0; this.right = k; }
  @Every(50) check(): void { if (this.left + this.right > 0) this.clients.done({ id: "odd" }); }
}`;
    expect(refused(split(pair, `plan(Pair, { books: { moves: ["left", "right", "check"] } })`)).code).toBe("RVN216");
  });

  it("refuses the check apart from the act", () => {
    const store = `
@Role() export class Store {
  private readonly stock = new Map<string, number>();
  private sold = 0;
  @On() sell(m: { id: string }, from: Ref<Client>): void {
    const left = this.stock.get(m.id) ?? 0;
    if (left === 0) return;
    this.sold += 1;
    this.stock.set(m.id, left - 1);
    if (this.sold > 3) from.ok({ id: m.id });
  }
}`;
    expect(refused(split(store, `plan(Store, { stock: { moves: ["stock"] } })`))).toMatchObject({
      code: "RVN216",
      at: "this.stock.get(m.id)",
    });
  });

  it("refuses to record in one component what another one answers for", () => {
    const log = `
@Role() export class Voter {
  private asked = 0;
  @Durable() private readonly prepared = new Set<string>();
  @On() prepare(m: { id: string }, from: Ref<Client>): void { this.asked += 1; this.prepared.add(m.id); from.ok({ id: m.id }); }
}`;
    expect(refused(split(log, `plan(Voter, { logger: { moves: ["prepared"] } })`)).code).toBe("RVN213");
  });

  it("refuses to split what runs when the node comes back", () => {
    const rooms = `
@Role() export class Rooms {
  private ready = 0;
  private readonly rooms = new Set<string>();
  @OnRecover() reopen(): void { this.rooms.add("lobby"); this.ready += 1; }
  @On() enter(m: { id: string }, from: Ref<Client>): void { if (this.ready > 0) from.ok({ id: m.id }); }
  @On() list(m: { id: string }, from: Ref<Client>): void { if (this.rooms.has(m.id)) from.done({ id: m.id }); }
}`;
    expect(refused(split(rooms, `plan(Rooms, { rooms: { moves: ["rooms", "list"] } })`)).code).toBe("RVN228");
  });
});

describe("asymmetric decoupling", () => {
  const proposer = (p2b: string, more = ""): string => `
@Role() export class Proposer {
  private ballot = 0;
  private slot = 0;
  private readonly acks = new Map<string, Set<string>>();
  private readonly done = new Set<string>();
  private readonly clients = peer(() => Client);
  private readonly acceptors = peers(() => Acceptor);
  @On() propose(m: { id: string }): void {
    this.slot += 1;
    if (this.slot > this.ballot) return;
    for (const acceptor of this.acceptors) acceptor.p2a({ ballot: this.ballot, id: m.id });
  }
  @On() p2b(m: { ballot: number; mine: number; id: string }, from: Ref<Acceptor>): void { ${p2b} }
  ${more}
}
@Role() export class Acceptor {
  private promised = 0;
  @On() p2a(m: { ballot: number; id: string }, from: Ref<Proposer>): void {
    if (m.ballot > this.promised) this.promised = m.ballot;
    from.p2b({ ballot: this.promised, mine: m.ballot, id: m.id });
  }
}`;
  const collect = `
    const acks = this.acks.get(m.id) ?? new Set<string>();
    this.acks.set(m.id, acks);
    acks.add(from.id);
    if (acks.size >= 2 && !this.done.has(m.id)) { this.done.add(m.id); this.clients.done({ id: m.id }); }`;
  const plan = `plan(Proposer, { proxy: { moves: ["p2b"], by: "id", into: 3 } })`;

  it("collects in proxies, and sends back only what can matter", () => {
    const body = `if (m.ballot > m.mine) { if (m.ballot > this.ballot) this.ballot = m.ballot; return; } ${collect}`;
    const applied = split(proposer(body), plan);
    expect(accepted(applied, "Proposer", "proxy").rules).toEqual(["asymmetric decoupling", "co-hashing"]);
    expect(componentOf(applied, "Proposer", "main").forwards).toMatchObject([
      { handler: "p2b", from: "proxy", channel: "acknowledged", above: { name: "m", path: ["ballot"] } },
    ]);
  });

  it("sends everything back where the maximum may be lowered", () => {
    const body = `if (m.ballot > m.mine) { this.ballot = m.ballot; return; } ${collect}`;
    const [forward] = componentOf(split(proposer(body), plan), "Proposer", "main").forwards;
    expect(forward).toMatchObject({ channel: "acknowledged" });
    expect(forward?.above).toBeUndefined();
  });

  it("refuses to collect by a ballot that the proposer changes", () => {
    const body = `if (m.mine !== this.ballot) return; ${collect}`;
    const raise = `@On() raise(m: { ballot: number; id: string }, from: Ref<Client>): void { this.ballot = m.ballot; from.ok({ id: m.id }); }`;
    expect(refused(split(proposer(body, raise), plan)).code).toBe("RVN215");
  });
});

describe("fields and handlers that cannot be told apart", () => {
  it("refuses what would empty a handler that nobody named", () => {
    const two = broker(
      `@On() leave(m: { id: string }, from: Ref<Client>): void { this.topics.get(m.id)?.delete(from.id); }`,
    );
    expect(refused(split(two, `plan(Broker, { publisher: { moves: ["publish"] } })`))).toMatchObject({
      code: "RVN226",
      at: "leave",
    });
  });

  it("says what it has always said where nothing can be split", () => {
    const lock = `
@Role() export class Locks {
  private readonly holders = new Map<string, string>();
  @On() acquire(m: { id: string }): void { this.holders.set(m.id, "x"); }
  @On() release(m: { id: string }): void { this.holders.delete(m.id); }
}`;
    expect(refused(split(lock, `plan(Locks, { releaser: { moves: ["release"] } })`)).code).toBe("RVN201");
  });

  it("refuses forwards from two components where their order matters", () => {
    const league = `
@Role() export class League {
  private goals = 0;
  private fouls = 0;
  private readonly points = new Map<string, number>();
  @On() goal(m: { id: string }): void { this.goals += 1; this.points.set(m.id, (this.points.get(m.id) ?? 0) + 1); }
  @On() foul(m: { id: string }): void { this.fouls += 1; this.points.set(m.id, (this.points.get(m.id) ?? 0) * 2); }
  @On() ask(m: { id: string }, from: Ref<Client>): void { if ((this.points.get(m.id) ?? 0) > 2) from.done({ id: m.id }); }
  @On() count(m: { id: string }, from: Ref<Client>): void { if (this.goals > 2) from.ok({ id: m.id }); }
  @On() tell(m: { id: string }, from: Ref<Client>): void { if (this.fouls > 2) from.ok({ id: m.id }); }
}`;
    const plan = `plan(League, { fouls: { moves: ["foul", "tell"] }, table: { moves: ["points", "ask"] } })`;
    expect(refused(split(league, plan)).code).toBe("RVN218");
    const [finding] = split(league, plan).findings;
    expect(finding?.related.map(({ message }) => message).join(" ")).toContain("no order among themselves");
  });
});
