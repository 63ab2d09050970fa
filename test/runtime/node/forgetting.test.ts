import { Forget, GrowMap, GrowSet, On, Tally } from "../../../decorators/index.ts";
import { DurableState } from "../../../runtime/node/durableState.ts";
import { FieldDependencies } from "../../../runtime/node/fieldDependencies.ts";
import { createMembrane } from "../../../runtime/node/membrane.ts";

interface Ballot {
  readonly voters: Set<string>;
  decided: boolean;
}

class Leader {
  @Forget((ballot: Ballot) => ballot.decided) ballots = new Map<string, Ballot>([
    ["old", { voters: new Set(), decided: true }],
  ]);
  @Forget((left: number) => left <= 0) readonly stock: Record<string, number> = { a: 2 };
  @Forget((acks: ReadonlySet<string>) => acks.size >= 2) readonly acks = new Tally<string>();
  @Forget((all: GrowSet<string>) => all.has("end")) readonly parts = new GrowMap<string, GrowSet<string>>(
    () => new GrowSet(),
  );
  readonly others = new Map<string, Ballot>();

  @On() open(id: string): void {
    this.ballots.set(id, { voters: new Set(), decided: false });
  }

  @On() decide(id: string): void {
    const ballot = this.ballots.get(id);
    if (ballot !== undefined) ballot.decided = true;
  }

  @On() vote(id: string, voter: string): void {
    this.ballots.get(id)?.voters.add(voter);
  }
}

function run(instance: Leader): (act: (leader: Leader) => void) => readonly string[] {
  const lines: string[] = [];
  const membrane = createMembrane(instance, {
    observer: {
      onRead: () => undefined,
      onWrite: ({ field, keys }, aspect, value) => {
        if (aspect === "value") lines.push(`${[field, ...keys].join(".")} = ${String(value)}`);
      },
    },
  });
  return (act) => {
    lines.length = 0;
    membrane.begin();
    try {
      act(membrane.view as Leader);
      membrane.forget();
      membrane.commit();
    } catch (error) {
      membrane.rollback();
      throw error;
    }
    return [...lines];
  };
}

describe("@Forget", () => {
  it("deletes an entry that the activation wrote when the condition holds, and the observer sees that", () => {
    const activate = run(new Leader());
    activate((leader) => {
      leader.open("b");
    });
    expect(
      activate((leader) => {
        leader.decide("b");
      }),
    ).toEqual(["ballots.b.decided = true", "ballots.b = undefined"]);
    activate(({ ballots }) => {
      expect([...ballots.keys()]).toEqual(["old"]);
    });
  });

  it("does not ask about entries that were only read, or are written in another field", () => {
    const activate = run(new Leader());
    activate((leader) => {
      leader.others.set("old", { voters: new Set(), decided: true });
      leader.ballots.get("old");
    });
    activate(({ ballots, others }) => {
      expect([ballots.size, others.size]).toEqual([1, 1]);
    });
  });

  it("asks whatever was written inside of an entry", () => {
    const activate = run(new Leader());
    activate((leader) => {
      leader.vote("old", "p");
    });
    activate(({ ballots }) => {
      expect(ballots.size).toBe(0);
    });
  });

  it("asks about all entries of a field that is assigned", () => {
    const activate = run(new Leader());
    activate((leader) => {
      const voters = new Set<string>();
      leader.ballots = new Map([
        ["x", { voters, decided: true }],
        ["y", { voters: new Set(), decided: false }],
      ]);
    });
    activate(({ ballots }) => {
      expect([...ballots.keys()]).toEqual(["y"]);
    });
  });

  it("leaves alone what the handler deletes itself, and what it deletes and makes again", () => {
    const activate = run(new Leader());
    activate(({ ballots }) => {
      ballots.delete("old");
      ballots.set("old", { voters: new Set(), decided: false });
      ballots.set("gone", { voters: new Set(), decided: true });
      ballots.delete("gone");
    });
    activate(({ ballots }) => {
      expect([...ballots.keys()]).toEqual(["old"]);
    });
  });

  it("works on records and on lattices", () => {
    const activate = run(new Leader());
    activate(({ stock, acks, parts }) => {
      stock["a"] = (stock["a"] ?? 0) - 2;
      stock["b"] = 1;
      acks.add("k", "p");
      acks.add("l", "p");
      acks.add("l", "q");
      parts.at("one").add("end");
      parts.at("two").add("x");
    });
    activate(({ stock, acks, parts }) => {
      expect(stock).toEqual({ b: 1 });
      expect([acks.has("k"), acks.has("l"), parts.has("one"), parts.has("two")]).toEqual([true, false, false, true]);
      acks.add("k", "q");
      parts.at("two").add("end");
    });
    activate(({ acks, parts }) => {
      expect([acks.has("k"), parts.size]).toEqual([false, 0]);
    });
  });

  it("is undone with the activation", () => {
    const instance = new Leader();
    const membrane = createMembrane(instance, {});
    membrane.begin();
    (membrane.view as Leader).vote("old", "p");
    membrane.forget();
    membrane.rollback();
    membrane.begin();
    expect([...(membrane.view as Leader).ballots.keys()]).toEqual(["old"]);
  });

  it("is stored with what the activation changed", () => {
    const state = new DurableState(["ballots", "acks"]);
    const membrane = createMembrane(new Leader(), { durable: { state, dependencies: new FieldDependencies() } });
    const log = [state.encodeSnapshot()];
    membrane.begin();
    (membrane.view as Leader).vote("old", "p");
    (membrane.view as Leader).acks.add("k", "p");
    (membrane.view as Leader).acks.add("k", "q");
    membrane.forget();
    log.push(state.encodeChanges([]) ?? new Uint8Array());
    membrane.commit();
    const again = new DurableState(["ballots", "acks"]);
    const recovered = createMembrane(new Leader(), {
      durable: { state: again, dependencies: new FieldDependencies() },
    });
    again.restore(log);
    expect([(recovered.view as Leader).ballots.size, (recovered.view as Leader).acks.has("k")]).toEqual([0, false]);
  });
});
