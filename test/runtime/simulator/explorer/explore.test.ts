import { Durable, Every, Fifo, On, OnStart, peer, peers, Role, self, type Ref } from "riven";
import {
  explore,
  exploredSystem,
  HostCallError,
  withoutHostCalls,
  type ExploreOptions,
  type Progress,
} from "../../../../runtime/simulator/index.ts";
import { deploy } from "../../../../runtime/deployment.ts";
import type { SnapshotInvariant } from "../../../../runtime/snapshot.ts";
import { instances, system, type Invariant, type SystemDefinition } from "../../../../runtime/system.ts";
import { replica, throughProxies } from "../../../fixtures/verify/replica.ts";
import { bank, relayed } from "../../../fixtures/verify/bank.ts";
import {
  rewrittenVoting,
  voting,
  votingWithBrittleBroadcaster,
  votingWithForgetfulBroadcaster,
} from "../../../fixtures/verify/voting.ts";

@Role({ external: true })
abstract class Client {
  abstract counted(m: { id: string; count: number }): string;
}

@Role()
class Counter {
  protected readonly self = self();
  private readonly clients = peers(() => Client);
  @Durable() private count = 0;
  private volatile = 0;
  private heard = "";

  @On() increment(m: { id: string }, from: Ref<Client>): void {
    this.count++;
    this.volatile++;
    from.counted({ id: m.id, count: this.count });
  }

  @On() @Fifo() say(m: { word: string }): void {
    this.heard += m.word;
  }

  @Every(10) forgetHalf(): void {
    this.volatile >>= 1;
    if (this.heard === "never") for (const client of this.clients) client.counted({ id: "", count: 0 });
  }

  static readonly keepsPace: SnapshotInvariant = {
    name: "nothing volatile is lost",
    always: (nodes) => nodes.all(Counter).every((counter) => counter.count === counter.volatile),
  };

  static readonly hearsInOrder: SnapshotInvariant = {
    name: "words come in order",
    always: (nodes) => nodes.all(Counter).every(({ heard }) => "abc".startsWith(heard)),
  };

  static readonly isAmazing: SnapshotInvariant = {
    name: "is amazing",
    always: (nodes) => {
      throw new Error(`${String(nodes.all(Counter).length)} counters, ${String(nodes.history.length)} events`);
    },
  };
}

class Counting extends Client {
  private readonly self = self();
  private readonly counter = peer(() => Counter);

  request(n: number): string {
    const id = `${this.self.id}/${String(n)}`;
    this.counter.increment({ id });
    return id;
  }

  override counted(m: { id: string }): string {
    return m.id;
  }
}

class Talking extends Counting {
  private readonly listener = peer(() => Counter);

  override request(n: number): string {
    for (const word of "abc") this.listener.say({ word });
    return super.request(n);
  }
}

/** Says what nobody listens to. */
class Muttering extends Counting {
  private readonly listener = peer(() => Counter);

  override request(n: number): string {
    this.listener.say({ word: "" });
    return super.request(n);
  }
}

const muttering = system({ name: "muttering", roles: [instances(Counter, 1)], clients: { driver: Muttering } });
const counting = system({ name: "counting", roles: [instances(Counter, 1)], clients: { driver: Counting } });
const talking = system({ name: "talking", roles: [instances(Counter, 1)], clients: { driver: Talking } });

/** Counts never repeat. A history that is not finished satisfies that as well. */
const countsOnce: Invariant = {
  name: "no count is given twice",
  holds: (history) => {
    const counts = history.flatMap(({ kind, payload }) =>
      kind === "received" ? [(payload as { count: number }).count] : [],
    );
    return new Set(counts).size === counts.length;
  },
};

const FEW: ExploreOptions = { clients: 2, operations: 1, firings: 0 };

describe("exploring", () => {
  it("ends when every state was visited, as written and rewritten", () => {
    for (const rewritten of [undefined, rewrittenVoting]) {
      const exploration = explore(voting, { clients: 1, operations: 2, rewritten });
      expect(exploration).toMatchObject({ verdict: "exhausted", violation: undefined, bound: undefined });
      expect(exploration.deadlocks).toEqual({ count: 0, trace: undefined });
      expect(exploration.generated).toBeGreaterThan(exploration.distinct);
    }
  });

  it("tells how it goes", () => {
    const heard: Progress[] = [];
    const { distinct } = explore(counting, { ...FEW, onProgress: (progress) => heard.push(progress) });
    expect(heard.at(-1)).toMatchObject({ distinct, queue: 0 });
  });

  it("shows operations that are never complete, with a shortest way there", () => {
    const { verdict, deadlocks } = explore(voting, { clients: 1, rewritten: votingWithForgetfulBroadcaster });
    expect(verdict).toBe("exhausted");
    expect(deadlocks.count).toBeGreaterThan(0);
    expect(deadlocks.trace?.at(-1)?.description).toMatch(/^Leader\/leader#collector\.\d handles voted/);
  });

  it("counts a delivery that has no effect as a transition, unless it is told otherwise", () => {
    const options: ExploreOptions = { clients: 1, issue: "at once", firings: 0 };
    const [all, effective] = [explore(counting, options), explore(counting, { ...options, deliveries: "effective" })];
    // The operation, and its answer; at the end the client takes that, and is another.
    expect([all.distinct, all.generated]).toEqual([3, 3]);
    expect([effective.distinct, effective.generated]).toEqual([3, 3]);
    const idle: ExploreOptions = { ...options, clients: 2, operations: 1 };
    expect(explore(muttering, idle).generated).toBeGreaterThan(
      explore(muttering, { ...idle, deliveries: "effective" }).generated,
    );
  });
});

describe("bounds", () => {
  it("end it, and say so", () => {
    expect(explore(counting, { ...FEW, bound: { states: 5 } })).toMatchObject({
      verdict: "bound reached",
      bound: "states",
      distinct: 5,
    });
    expect(explore(counting, { ...FEW, bound: { depth: 2 } })).toMatchObject({ bound: "depth", depth: 2 });
    expect(explore(voting, { clients: 3, operations: 2, bound: { bytes: 1 } })).toMatchObject({
      verdict: "bound reached",
      bound: "bytes",
    });
  });

  it.each([{ operations: -1 }, { operations: 1.5 }, { window: 0 }])(
    "are no bounds when nothing could happen within them: %j",
    (limits) => {
      expect(() => explore(voting, limits)).toThrow("is a whole number");
    },
  );

  it("are no bounds for what is smaller", () => {
    const { distinct, depth } = explore(counting, FEW);
    expect(explore(counting, { ...FEW, bound: { states: distinct, depth: depth + 1 } })).toMatchObject({
      verdict: "exhausted",
      distinct,
    });
  });
});

describe("invariants", () => {
  it("hold, or come with a shortest way to where they do not", () => {
    expect(explore(counting, { ...FEW, invariants: [countsOnce, Counter.keepsPace] }).verdict).toBe("exhausted");
    const { violation } = explore(counting, { ...FEW, firings: 1, invariants: [Counter.keepsPace] });
    expect(violation?.invariant).toBe("nothing volatile is lost");
    expect(violation?.trace.map(({ description }) => description)).toEqual([
      "all start",
      "Client/client-1#main.0 issues its next operation",
      'Counter/counter-1#main.0 handles increment({ id: "client-1/0" }) from Client/client-1',
      "Counter/counter-1#main.0 fires forgetHalf",
    ]);
    expect(violation?.trace[1]?.events).toMatchObject([{ kind: "sent", message: "increment" }]);
  });

  it("do not hold when they throw, and see the history", () => {
    const { violation } = explore(counting, { ...FEW, invariants: [Counter.isAmazing] });
    expect(violation?.invariant).toBe("is amazing: Error: 1 counters, 0 events");
  });

  it("are refused where they cannot be asked", () => {
    expect(() => explore(voting, { rewritten: rewrittenVoting, invariants: [Counter.keepsPace] })).toThrow(
      "nothing volatile is lost is about the nodes of the system as written, and this one is rewritten.",
    );
    expect(() => explore(voting, { history: "forgotten", invariants: [countsOnce] })).toThrow(
      "no count is given twice is about histories, and these are not part of the states",
    );
    expect(() => explore(counting, { ...FEW, history: "forgotten", invariants: [Counter.isAmazing] })).toThrow(
      "The history is not part of explored states.",
    );
  });
});

describe("handlers that throw", () => {
  const options: ExploreOptions = { clients: 1, operations: 3, rewritten: votingWithBrittleBroadcaster };

  it("are violations", () => {
    const { verdict, violation } = explore(voting, options);
    expect(verdict).toBe("violated");
    expect(violation?.invariant).toBe("proposeVote threw Error: the third ballot of a client");
    expect(violation?.trace.at(-1)?.description).toMatch(/handles proposeVote/);
  });

  it("are tolerated on demand, and do nothing", () => {
    const { verdict, deadlocks } = explore(voting, { ...options, failures: "tolerated" });
    expect(verdict).toBe("exhausted");
    expect(deadlocks.count).toBeGreaterThan(0);
  });
});

describe("the network", () => {
  it("keeps the order that handlers rely on, and no other", () => {
    const ordered = explore(talking, { clients: 1, firings: 0, invariants: [Counter.hearsInOrder] });
    expect(ordered.verdict).toBe("exhausted");
    const mixed = explore(talking, { clients: 2, firings: 0, invariants: [Counter.hearsInOrder] });
    expect(mixed.violation?.invariant).toBe("words come in order");
  });

  it("keeps it between instances, so two proxies have no order", () => {
    const inOrder: Invariant = {
      name: "the log grows",
      holds: (history) =>
        history.every(({ kind, payload }) => {
          const { log } = payload as { readonly log: readonly number[] };
          return kind === "sent" || log.every((slot, index) => slot === index);
        }),
    };
    const options: ExploreOptions = { ...FEW, invariants: [inOrder] };
    expect(explore(replica, options).verdict).toBe("exhausted");
    expect(explore(replica, { ...options, rewritten: throughProxies }).violation?.invariant).toBe("the log grows");
  });

  it("may bring forwards on channels twice, and nobody notices", () => {
    const options: ExploreOptions = { ...FEW, rewritten: relayed };
    const once = explore(bank, options);
    const twice = explore(bank, { ...options, faults: { repetitions: 1 } });
    expect([once.verdict, twice.verdict]).toEqual(["exhausted", "exhausted"]);
    expect(twice.distinct).toBeGreaterThan(once.distinct);
    expect(twice.parts.histories).toBe(once.parts.histories);
  });

  it("loses as many messages as it may", () => {
    expect(explore(counting, { ...FEW, faults: { losses: 1 } }).deadlocks.count).toBeGreaterThan(0);
    expect(() => explore(counting, { ...FEW, faults: { losses: -1 } })).toThrow(
      "The number of losses is from 0 to 1023, not -1.",
    );
  });
});

describe("crashes", () => {
  it("lose what is volatile, and not what is durable", () => {
    const options: ExploreOptions = { ...FEW, faults: { crashes: 1 } };
    expect(explore(counting, { ...options, invariants: [Counter.keepsPace] }).violation?.invariant).toBe(
      "nothing volatile is lost",
    );
    expect(explore(counting, { ...options, invariants: [countsOnce] }).verdict).toBe("exhausted");
  });

  it("may lose what no sync has covered, so messages wait for that", () => {
    const { verdict, violation } = explore(counting, {
      ...FEW,
      clients: 1,
      faults: { crashes: 1 },
      invariants: [{ name: "never answered", holds: (history) => history.every(({ kind }) => kind === "sent") }],
    });
    expect(verdict).toBe("violated");
    expect(violation?.trace.map(({ description }) => description)).toContain(
      "Counter/counter-1#main.0 has 1 more records on stable storage",
    );
  });
});

let leaked = 0;

@Role()
class Leaking {
  private count = 0;

  @OnStart() begin(): void {
    this.count = ++leaked;
  }

  @On() increment(m: { id: string }, from: Ref<Client>): void {
    from.counted({ id: m.id, count: this.count });
  }

  @Every(10) beat(): void {
    this.count = 2 * this.count;
  }
}

@Role()
class Hasty {
  @On() increment(m: { id: string }, from: Ref<Client>): void {
    from.counted({ id: m.id, count: Date.now() });
  }
}

function with_(role: typeof Leaking | typeof Hasty): SystemDefinition {
  class Driver extends Client {
    private readonly target = peer<Leaking | Hasty>(() => role);

    request(n: number): string {
      this.target.increment({ id: String(n) });
      return String(n);
    }

    override counted(m: { id: string }): string {
      return m.id;
    }
  }
  return system({ name: "with", roles: [instances(role, 1)], clients: { driver: Driver } });
}

describe("classes that are no functions of their inputs", () => {
  it("are found out when they keep something elsewhere", () => {
    expect(() => explore(with_(Leaking), { clients: 2, firings: 2 })).toThrow(
      "Leaking/leaking-1#main.0 is not in the same state after the same inputs.",
    );
  });

  it("are found out when they ask the host", () => {
    expect(() => explore(with_(Hasty), { clients: 1 })).toThrow(HostCallError);
  });
});

describe("an explored system", () => {
  const explored = withoutHostCalls(() => exploredSystem(deploy(counting, { clients: 1 }), { firings: 1 }));

  it("gives for a state the same successors whenever it is asked", () => {
    const [first, second] = withoutHostCalls(() => [
      explored.successors(explored.initial),
      explored.successors(explored.initial),
    ]);
    expect(first.map(({ to, event }) => [to, event])).toEqual(second.map(({ to, event }) => [to, event]));
    expect(first.map(({ event }) => event)).toEqual([
      undefined,
      'Client/client-1 sent increment({ id: "client-1/0" }) to Counter/counter-1',
    ]);
  });

  it("is at rest when nothing but repeated timers is left", () => {
    withoutHostCalls(() => {
      let state = explored.initial;
      const rests: boolean[] = [];
      for (let i = 0; i < 3; i++) {
        rests.push(explored.isAtRest(state));
        const next = explored.successors(state).find(({ describe }) => !describe().endsWith("fires forgetHalf"));
        state = next?.to ?? state;
      }
      expect([...rests, explored.isAtRest(state)]).toEqual([false, false, false, true]);
    });
    expect(explored.size).toBeGreaterThan(3);
    expect(explored.bytes).toBeGreaterThan(0);
  });
});
