import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { createMembrane } from "../../../runtime/node/membrane.ts";
import type { StateObserver } from "../../../runtime/node/stateObserver.ts";

class Leader {
  round = 0;
  leader: string | undefined;
  readonly votes = new Map<string, Set<string>>();
  readonly log: { slot: number; done: boolean }[] = [{ slot: 0, done: false }];
  readonly config: Record<string, { weight: number }> = { a: { weight: 1 } };
  readonly blob = new Uint8Array([1, 2, 3]);
  readonly bump = (): void => {
    this.round++;
  };
}

/** `read votes["b1"].size = 2` */
function watch<T extends object>(
  instance: T,
): { view: T; seen: () => string[]; run: (handler: (self: T) => unknown) => string[] } {
  let lines: string[] = [];
  const print = (kind: string, keys: readonly unknown[], field: string, aspect: string, value: unknown): string => {
    const path = field + keys.map((key) => `[${JSON.stringify(key)}]`).join("");
    const shown =
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? value.constructor.name
        : ((JSON.stringify(value) as string | undefined) ?? "undefined");
    return `${kind} ${path}${aspect === "value" ? "" : `.${aspect}`} = ${shown}`;
  };
  const observer: StateObserver = {
    onRead: ({ field, keys }, aspect, value) => lines.push(print("read", keys, field, aspect, value)),
    onWrite: ({ field, keys }, aspect, value, commutes) =>
      lines.push(print(commutes ? "write (commutes)" : "write", keys, field, aspect, value)),
  };
  const membrane = createMembrane(instance, { observer });
  const view = membrane.view as T;
  return {
    view,
    seen: () => lines,
    run: (handler) => {
      lines = [];
      membrane.begin();
      handler(view);
      membrane.commit();
      return lines;
    },
  };
}

describe("what an observer is told", () => {
  it("names the cells of a map in a map, and not what commuting code does not observe", () => {
    const { run } = watch(new Leader());
    expect(run(({ votes }) => votes.set("b1", new Set(["p1"])))).toEqual([
      "read votes = Map",
      'write votes["b1"] = Set',
      "write (commutes) votes.size = 1",
      'write votes.order = "b1"',
    ]);
    expect(
      run(({ votes }) => {
        const voters = votes.get("b1") ?? new Set<string>();
        votes.set("b1", voters.add("p2"));
        expect(voters.size).toBe(2);
      }),
    ).toEqual([
      "read votes = Map",
      'read votes["b1"] = Set',
      'write votes["b1"]["p2"] = true',
      'write (commutes) votes["b1"].size = 2',
      'write votes["b1"].order = "p2"',
      'read votes["b1"].size = 2',
    ]);
  });

  it("takes iteration for a read of the order and of the entries", () => {
    const { run } = watch(new Leader());
    run(({ votes }) => votes.set("b1", new Set(["p1"])));
    expect(run(({ votes }) => expect([...votes.keys()]).toEqual(["b1"]))).toEqual([
      "read votes = Map",
      'read votes.order = ["b1"]',
      'read votes["b1"] = Set',
    ]);
  });

  it("reports deletions, which observe whether there was something", () => {
    const { run } = watch(new Leader());
    run(({ votes }) => votes.set("b1", new Set(["p1"])));
    expect(run(({ votes }) => votes.delete("b1"))).toEqual([
      "read votes = Map",
      'read votes["b1"] = Set',
      'write votes["b1"] = undefined',
      "write (commutes) votes.size = 0",
      'write votes.order = "b1"',
    ]);
    expect(run(({ votes }) => votes.delete("b1"))).toEqual(["read votes = Map", 'read votes["b1"] = undefined']);
  });

  it("follows arrays, records and bytes", () => {
    const { run } = watch(new Leader());
    expect(run(({ log }) => log.push({ slot: 1, done: false }))).toEqual([
      'read log = [{"slot":0,"done":false}]',
      "read log.size = 1",
      "write log[1] = Object",
      "write log.size = 2",
      "read log.size = 2", // `push` sets the length that the array already has
    ]);
    expect(
      run(({ log }) => {
        const last = log[1];
        if (last !== undefined) last.done = true;
      }).slice(1),
    ).toEqual(["read log[1] = Object", 'write log[1]["done"] = true']);
    expect(run(({ config }) => expect(config["a"]?.weight).toBe(1)).slice(1)).toEqual([
      'read config["a"] = Object',
      'read config["a"]["weight"] = 1',
    ]);
    expect(run(({ blob }) => expect(blob[0]).toBe(1))).toEqual(["read blob = Uint8Array", "read blob = Uint8Array"]);
    expect(run(({ blob }) => void (blob[0] = 9)).at(-1)).toBe("write blob = Uint8Array");
  });

  it("follows an element that moves inside its array, and a container that moves to another field", () => {
    class Moves {
      readonly queue = [{ n: 1 }, { n: 2 }];
      readonly done = new Map<string, { n: number }>();
    }
    const { run } = watch(new Moves());
    run(({ queue }) => queue.shift());
    expect(run(({ queue }) => (queue[0] ?? { n: 0 }).n++).slice(-2)).toEqual([
      'read queue[0]["n"] = 2',
      'write queue[0]["n"] = 3',
    ]);
    run(({ queue, done }) => {
      const first = queue.pop();
      if (first !== undefined) done.set("x", first);
    });
    expect(run(({ done }) => (done.get("x") ?? { n: 0 }).n++).slice(-1)).toEqual(['write done["x"]["n"] = 4']);
  });

  it("follows what a handler kept in a container of its own", () => {
    class Keeps {
      queue = [{ n: 1 }, { n: 2 }];
    }
    const { run } = watch(new Keeps());
    run((self) => {
      self.queue = self.queue.filter(({ n }) => n === 2);
    });
    expect(run(({ queue }) => (queue[0] ?? { n: 0 }).n++).slice(-1)).toEqual(['write queue[0]["n"] = 3']);
  });

  it("does not take storing back the same container for a write", () => {
    const { run } = watch(new Leader());
    run(({ votes }) => votes.set("b1", new Set()));
    expect(run(({ votes }) => votes.set("b1", votes.get("b1") ?? new Set())).join()).not.toContain("write");
  });
});

describe("fields", () => {
  it("are tracked also through closures that captured this, and when a handler is the first to assign them", () => {
    const instance = new Leader();
    Reflect.deleteProperty(instance, "leader"); // as without useDefineForClassFields
    const membrane = createMembrane(instance, {});
    const view = membrane.view as Leader;
    membrane.begin();
    view.bump();
    view.leader = "x";
    expect([view.round, view.leader]).toEqual([1, "x"]);
    membrane.rollback();
    expect([view.round, view.leader]).toEqual([0, undefined]);
    expect(view).toBeInstanceOf(Leader);
  });

  it("leave alone what the topology gave to the node", () => {
    const bound = Object.freeze({ [Symbol.for("riven.bound")]: true, size: 3 });
    const membrane = createMembrane({ bound }, {});
    expect((membrane.view as { bound: object }).bound).toBe(bound);
  });

  it("refuse what cannot be undone", () => {
    const membrane = createMembrane({ at: new Date(0) }, {});
    expect(() => (membrane.view as { at: Date }).at).toThrow(/instance of Date.*plain data/);
  });
});

describe("what was removed", () => {
  it("is back in its place after an activation that failed", () => {
    const membrane = createMembrane(
      {
        record: { a: 1, b: 2, c: 3 } as Record<string, number>,
        recent: new Map([
          ["a", 1],
          ["b", 2],
          ["c", 3],
        ]),
      },
      {},
    );
    const { record, recent } = membrane.view as { record: Record<string, number>; recent: Map<string, number> };
    membrane.begin();
    delete record["a"];
    record["d"] = 4;
    recent.delete("a");
    recent.set("a", 9);
    expect([Object.keys(record), [...recent.keys()]]).toEqual([
      ["b", "c", "d"],
      ["b", "c", "a"],
    ]);
    membrane.rollback();
    expect([Object.entries(record), [...recent]]).toEqual(
      Array.from({ length: 2 }, () => [
        ["a", 1],
        ["b", 2],
        ["c", 3],
      ]),
    );
  });
});

describe("views", () => {
  it("are identical within and across activations, and what a handler created is itself until it ends", () => {
    const membrane = createMembrane(new Leader(), {});
    const { votes } = membrane.view as Leader;
    membrane.begin();
    const created = new Set<string>();
    votes.set("b1", created);
    expect(votes.get("b1")).toBe(created);
    membrane.commit();
    membrane.begin();
    const view = votes.get("b1");
    expect(votes.get("b1")).toBe(view);
    membrane.commit();
    expect(votes.get("b1")).toBe(view);
  });

  it("travel as the containers that they stand for", () => {
    const { view } = createMembrane(new Leader(), {});
    const { votes, log, config } = view as Leader;
    votes.set("b1", new Set(["p1"]));
    const received = decodePayload(encodePayload({ votes, log, config })) as Pick<Leader, "votes" | "log" | "config">;
    expect([...received.votes].map(([ballot, voters]) => [ballot, [...voters]])).toEqual([["b1", ["p1"]]]);
    expect([received.log, received.config]).toEqual([[{ slot: 0, done: false }], { a: { weight: 1 } }]);
  });

  it("keep parts of received messages as they are, and refuse to change them", () => {
    const message = decodePayload(encodePayload({ items: [{ n: 1 }], tags: new Set(["x"]) })) as {
      items: { n: number }[];
      tags: Set<string>;
    };
    const membrane = createMembrane({ kept: new Map<string, typeof message>() }, {});
    const { kept } = membrane.view as { kept: Map<string, typeof message> };
    membrane.begin();
    kept.set("a", message);
    membrane.commit();
    membrane.begin();
    expect(kept.get("a")?.items[0]?.n).toBe(1);
    expect(() => kept.get("a")?.items.push({ n: 2 })).toThrow(TypeError);
    expect(() => kept.get("a")?.tags.add("y")).toThrow(TypeError);
    expect(() => kept.get("a")?.tags.delete("x")).toThrow(/must not be changed/);
    membrane.rollback();
    expect(kept.get("a")?.tags.has("x")).toBe(true);
  });
});
