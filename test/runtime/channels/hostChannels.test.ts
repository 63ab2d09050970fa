import { WINDOW_LIMIT } from "../../../runtime/channels/channelSender.ts";
import { PARKING_LIMIT } from "../../../runtime/channels/parking.ts";
import { deploy } from "../../../runtime/deployment.ts";
import type { HandlerRoute } from "../../../runtime/routing/routingTable.ts";
import { halves } from "./hosts.ts";
import { hub, rewrittenHub } from "./hub.ts";

describe("an acknowledged channel", () => {
  it("holds answers back until the other half has applied what was forwarded", () => {
    const { main, shelf, acknowledge } = halves("acknowledged");
    main.ask("put", { id: "a", n: 1 });
    const { forwards, answers } = main.take();
    expect([forwards.length, answers, main.channels.held]).toEqual([1, [], 1]);
    for (const forward of forwards) shelf.receive(forward);
    expect(main.take().answers).toEqual([]);
    acknowledge();
    expect(main.take().answers).toEqual(['done {"id":"a"}']);
    expect([main.channels.held, main.host.counters.held]).toEqual([0, 1]);
  });

  it("holds back what later activations send, whoever it goes to, and lets it go in order", () => {
    const { main, shelf, acknowledge } = halves("acknowledged");
    main.ask("put", { id: "a", n: 1 });
    main.ask("greet", { id: "b" });
    main.ask("put", { id: "c", n: 1 });
    main.ask("greet", { id: "d" });
    const [first, second] = main.take().forwards;
    if (first === undefined || second === undefined) throw new Error("There were two forwards.");
    shelf.receive(first);
    acknowledge();
    expect(main.take().answers).toEqual(['done {"id":"a"}', 'done {"id":"b"}']);
    shelf.receive(second);
    acknowledge();
    expect(main.take().answers).toEqual(['done {"id":"c"}', 'done {"id":"d"}']);
  });

  it("costs nothing while nothing is forwarded", () => {
    const { main } = halves("acknowledged");
    main.ask("greet", { id: "a" });
    expect([main.take().answers, main.host.counters.held]).toEqual([['done {"id":"a"}'], 0]);
  });

  it("does not carry what cannot matter, once it is known that it does not", () => {
    const { main, shelf, acknowledge } = halves("acknowledged");
    main.ask("raise", { id: "a", n: 5 });
    main.ask("raise", { id: "b", n: 5 });
    const { forwards } = main.take();
    expect(forwards).toHaveLength(2); // nobody knows yet that the first has been applied
    for (const forward of forwards) shelf.receive(forward);
    acknowledge();
    main.take();
    main.ask("raise", { id: "c", n: 5 });
    main.ask("raise", { id: "d", n: 4 });
    expect(main.take()).toEqual({ forwards: [], answers: ['done {"id":"c"}', 'done {"id":"d"}'] });
    main.ask("raise", { id: "e", n: 6 });
    expect(main.take()).toMatchObject({ forwards: [{ handler: "lift" }], answers: [] });
  });

  it("is acknowledged when what applying wrote is on stable storage", () => {
    const { main, shelf, acknowledge } = halves("acknowledged", ["shelf"]);
    main.ask("put", { id: "a", n: 1 });
    for (const forward of main.take().forwards) shelf.receive(forward);
    acknowledge();
    expect([main.take().answers, shelf.due]).toEqual([[], 0]);
    shelf.storage.endSync(shelf.storage.length);
    expect(shelf.due).toBe(1);
    acknowledge();
    expect(main.take().answers).toEqual(['done {"id":"a"}']);
  });
});

describe("a receiver that says nothing", () => {
  it("makes the sender take nothing more, loudly, until it does: no forward is given up", () => {
    const { main, shelf, acknowledge } = halves("ordered");
    for (let n = 0; n < WINDOW_LIMIT; n++) main.ask("put", { id: "a", n });
    expect([main.take().forwards.length, main.channels.isFull, main.log]).toEqual([WINDOW_LIMIT, true, []]);
    main.ask("put", { id: "b", n: 1 });
    expect([main.take(), main.host.counters.turnedAway]).toEqual([{ forwards: [], answers: [] }, 1]);
    expect(main.log).toEqual([expect.stringMatching(/put is not taken, because 65536 forwards have not been/)]);
    for (const forward of main.channels.underway().slice(0, 10)) shelf.receive(forward);
    acknowledge();
    main.ask("put", { id: "c", n: 1 });
    expect([main.take().forwards.length, main.channels.unacknowledged]).toEqual([1, WINDOW_LIMIT - 9]);
  });
});

describe("an ordered channel", () => {
  it("is applied in order, whatever arrives first, and holds nothing back", () => {
    const { main, shelf, acknowledge } = halves("ordered");
    for (const id of ["a", "b", "c"]) main.ask("put", { id, n: 1 });
    const { forwards, answers } = main.take();
    expect(answers).toHaveLength(3);
    for (const forward of [...forwards].reverse()) shelf.receive(forward);
    for (const forward of forwards) shelf.receive(forward);
    shelf.ask("tell", null);
    expect(shelf.take().answers).toEqual(['found {"id":"a b c","n":0}']);
    acknowledge();
    expect([main.channels.unacknowledged, shelf.channels.stashed]).toEqual([0, 0]);
  });

  it("has no gap where an activation failed, and goes on where applying failed", () => {
    const { main, shelf, acknowledge } = halves("ordered");
    main.ask("put", { id: "a", n: -1 });
    main.ask("put", { id: "evil", n: 1 });
    main.ask("put", { id: "c", n: 1 });
    for (const forward of main.take().forwards) shelf.receive(forward);
    shelf.ask("tell", null);
    expect(shelf.take().answers).toEqual(['found {"id":"c","n":0}']);
    acknowledge();
    expect([main.log, shelf.log, main.channels.unacknowledged]).toEqual([["Error: negative"], ["Error: evil"], 0]);
  });

  it("is sent again when nothing was acknowledged for a while, and only then", () => {
    const { main, shelf, acknowledge } = halves("ordered");
    main.ask("put", { id: "a", n: 1 });
    main.ask("put", { id: "b", n: 1 });
    expect(main.channels.takeOverdue()).toEqual([]);
    expect(main.channels.takeOverdue()).toMatchObject([{ channel: "ordered", times: 1, messages: [{}, {}] }]);
    const [first] = main.take().forwards;
    if (first === undefined) throw new Error("There were forwards.");
    shelf.receive(first);
    acknowledge();
    expect(main.channels.takeOverdue()).toEqual([]);
    const [overdue] = main.channels.takeOverdue();
    expect(overdue).toMatchObject({ times: 1, messages: [{ stamp: { sequence: 2 } }] });
    for (const message of overdue?.messages ?? []) shelf.receive(message);
    acknowledge();
    expect([main.channels.takeOverdue(), main.channels.takeOverdue()]).toEqual([[], []]);
  });
});

describe("a repeatable channel", () => {
  it("is applied when it comes, also twice", () => {
    const { main, shelf, acknowledge } = halves("repeatable");
    for (const id of ["a", "b"]) main.ask("put", { id, n: 1 });
    const [first, second] = main.take().forwards;
    if (first === undefined || second === undefined) throw new Error("There were two forwards.");
    shelf.receive(second);
    acknowledge();
    expect(main.channels.unacknowledged).toBe(2);
    shelf.receive(second);
    shelf.receive(first);
    shelf.ask("tell", null);
    expect(shelf.take().answers).toEqual(['found {"id":"b b a","n":0}']);
    acknowledge();
    expect(main.channels.unacknowledged).toBe(0);
  });
});

describe("a message that needs an entry", () => {
  it("waits until a forward has made it", () => {
    const { main, shelf } = halves("repeatable");
    shelf.ask("fetch", { id: "a" });
    shelf.ask("fetch", { id: "b" });
    shelf.ask("fetch", { id: "a" });
    expect([shelf.take().answers, shelf.channels.parked.length, shelf.host.counters.parked]).toEqual([[], 3, 3]);
    main.ask("put", { id: "a", n: 7 });
    for (const forward of main.take().forwards) shelf.receive(forward);
    expect(shelf.take().answers).toEqual(['found {"id":"a","n":7}', 'found {"id":"a","n":7}']);
    expect([shelf.channels.parked.length, shelf.host.counters.parked]).toEqual([1, 3]);
    shelf.ask("fetch", { id: "a" });
    expect(shelf.take().answers).toEqual(['found {"id":"a","n":7}']);
  });

  it("waits on when the forward has failed", () => {
    const { main, shelf } = halves("repeatable");
    shelf.ask("fetch", { id: "evil" });
    main.ask("put", { id: "evil", n: 1 });
    for (const forward of main.take().forwards) shelf.receive(forward);
    expect([shelf.take().answers, shelf.channels.parked.length]).toEqual([[], 1]);
  });

  it("waits on when the forward has not made the entry", () => {
    const { main, shelf } = halves("repeatable");
    shelf.ask("fetch", { id: "late" });
    const rounds = [1, 2].map((n) => {
      main.ask("put", { id: "late", n });
      for (const forward of main.take().forwards) shelf.receive(forward);
      return shelf.take().answers;
    });
    expect(rounds).toEqual([[], ['found {"id":"late","n":2}']]);
  });

  it("is dropped, loudly, when too many wait: the oldest goes", () => {
    const { main, shelf } = halves("repeatable");
    for (let n = 0; n <= PARKING_LIMIT; n++) shelf.ask("fetch", { id: `key ${String(n)}` });
    expect(shelf.host.counters).toMatchObject({ parked: PARKING_LIMIT + 1, parkedDropped: 1 });
    expect(shelf.log).toEqual([expect.stringMatching(/fetch has waited for an entry of shelf, and is dropped/)]);
    for (const id of ["key 0", "key 1"]) main.ask("put", { id, n: 1 });
    for (const forward of main.take().forwards) shelf.receive(forward);
    expect(shelf.take().answers).toEqual(['found {"id":"key 1","n":1}']);
  });

  it("is not parked when it makes no sense: it fails", () => {
    const { shelf } = halves("repeatable");
    shelf.receive({ handler: "fetch", from: { role: "Writer", id: "writer-1" }, payload: Uint8Array.of(0xff) });
    expect([shelf.host.counters.failures, shelf.host.counters.parked]).toEqual([1, 0]);
  });
});

describe("a crash", () => {
  it.each([
    ["takes the node along at both ends of a stateful channel", "ordered", true],
    ["does not at an end without state of one that remembers nothing", undefined, false],
  ] as const)("%s", (_, channel, expected) => {
    const { main, shelf } = halves(channel);
    expect([main.host.hasVolatileState, shelf.host.hasVolatileState]).toEqual([expected, true]);
  });

  it("does not concern channels where there are none", () => {
    expect(halves(undefined).main.host.channels).toBeUndefined();
  });
});

describe("a routing table", () => {
  const table = rewrittenHub("acknowledged");
  const withRoute = (change: Partial<HandlerRoute>, handler: string): (() => unknown) => {
    const role = table.routing.roles["Hub"];
    const route = role?.handlers[handler];
    if (role === undefined || route === undefined) throw new Error(`The hub has ${handler}.`);
    const handlers = { ...role.handlers, [handler]: { ...route, ...change } };
    return () => deploy(hub, { rewritten: { ...table, routing: { roles: { Hub: { ...role, handlers } } } } });
  };

  it.each<[string, Partial<HandlerRoute>, RegExp]>([
    ["put", { channel: "ordered" }, /Hub\.put has a channel, and is not internal/],
    ["put", { wakes: [] }, /Hub\.put wakes messages, and is not internal/],
    ["lift", { channel: "ordered" }, /Hub\.lift has a bound, and its channel is not acknowledged/],
    ["store", { parks: { field: "shelf", key: () => 1 } }, /Hub\.store waits for an entry, and has a channel/],
  ])("must make sense: %s", (handler, change, reason) => {
    expect(withRoute(change, handler)).toThrow(reason);
  });
});
