import fc from "fast-check";
import { Counter, GrowMap, GrowSet, MaxReg, Once, Tally } from "../../../decorators/index.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { DurableState } from "../../../runtime/node/durableState.ts";
import { FieldDependencies } from "../../../runtime/node/fieldDependencies.ts";
import { createMembrane, type Membrane } from "../../../runtime/node/membrane.ts";
import { contentsOf, latticeActivations, Ledger, take } from "../../support/latticeSteps.ts";

const NAMES = Object.keys(new Ledger()) as readonly (keyof Ledger)[];

describe("the state of lattices", () => {
  it("is what the activations that succeeded made of it, and the observer sees no less than it asks", () => {
    fc.assert(
      fc.property(latticeActivations, (activations) => {
        const membrane = createMembrane(new Ledger(), {
          observer: { onRead: () => undefined, onWrite: () => undefined },
        });
        const view = membrane.view as Ledger;
        const plain = new Ledger();
        for (const { steps, fails } of activations) {
          membrane.begin();
          for (const step of steps) take(view, step);
          if (fails) {
            membrane.rollback();
          } else {
            membrane.commit();
            for (const step of steps) take(plain, step);
          }
          expect(contentsOf(view)).toEqual(contentsOf(plain));
          expect(view.fired).toBe(plain.fired);
        }
      }),
    );
  });

  it("comes back from what is stored, after any activations, failures, snapshots and crashes", () => {
    const events = fc.array(fc.constantFrom("go on", "snapshot", "crash"), { maxLength: 8 });
    fc.assert(
      fc.property(latticeActivations, events, (activations, after) => {
        let life = begin([]);
        const plain = new Ledger();
        for (const [index, { steps, fails }] of activations.entries()) {
          life.membrane.begin();
          for (const step of steps) take(life.membrane.view as Ledger, step);
          if (fails) {
            life.membrane.rollback();
          } else {
            const record = life.state.encodeChanges([]);
            life.membrane.commit();
            if (record !== undefined) life.log.push(record);
            for (const step of steps) take(plain, step);
          }
          if (after[index] === "snapshot") life.log.splice(0, life.log.length, life.state.encodeSnapshot());
          if (after[index] === "crash") life = begin(life.log);
          expect(contentsOf(begin(life.log).membrane.view as Ledger)).toEqual(contentsOf(plain));
          expect(contentsOf(life.membrane.view as Ledger)).toEqual(contentsOf(plain));
        }
      }),
    );
  });

  it("refuses what was stored for something else", () => {
    const before = new DurableState(["votes"]);
    createMembrane({ votes: new Set() }, { durable: { state: before, dependencies: new FieldDependencies() } });
    const after = new DurableState(["votes"]);
    createMembrane({ votes: new Tally() }, { durable: { state: after, dependencies: new FieldDependencies() } });
    expect(() => {
      after.restore([before.encodeSnapshot()]);
    }).toThrow("What is stored for a Tally is not the content of one.");
  });
});

interface Life {
  readonly membrane: Membrane;
  readonly state: DurableState;
  readonly log: Uint8Array[];
}

function begin(log: readonly Uint8Array[]): Life {
  const state = new DurableState(NAMES);
  const membrane = createMembrane(new Ledger(), { durable: { state, dependencies: new FieldDependencies() } });
  state.restore(log);
  return { membrane, state, log: [state.encodeSnapshot()] };
}

describe("what an observer is told", () => {
  /** The cells that an activation touches, without the fields themselves. */
  function cells(instance: Ledger, before: (ledger: Ledger) => void, act: (ledger: Ledger) => void): readonly string[] {
    const lines: string[] = [];
    const print = (kind: string, field: string, keys: readonly unknown[], aspect: string): void => {
      if (keys.length > 0 || aspect !== "value") lines.push(`${kind} ${[field, ...keys].join(".")}:${aspect}`);
    };
    const membrane = createMembrane(instance, {
      observer: {
        onRead: ({ field, keys }, aspect) => {
          print("read", field, keys, aspect);
        },
        onWrite: ({ field, keys }, aspect, _value, commutes) => {
          print(commutes ? "commute" : "write", field, keys, aspect);
        },
      },
    });
    for (const run of [before, act]) {
      lines.length = 0;
      membrane.begin();
      run(membrane.view as Ledger);
      membrane.commit();
    }
    return lines;
  }
  const nothing = (): void => undefined;

  it("are the cells of the container that a lattice consists of", () => {
    expect(cells(new Ledger(), nothing, ({ seen }) => seen.add("a"))).toEqual([
      "write seen.a:value",
      "commute seen:size",
      "write seen:order",
    ]);
    expect(cells(new Ledger(), nothing, ({ seen }) => seen.has("a"))).toEqual(["read seen.a:value"]);
    expect(
      cells(
        new Ledger(),
        ({ votes }) => {
          votes.add("b", "p");
        },
        ({ votes }) => votes.reached("b", 2),
      ),
    ).toEqual(["read votes.b:value", "read votes.b:size"]);
    expect(
      cells(new Ledger(), nothing, ({ high }) => {
        high.merge(1);
      }),
    ).toEqual(["read high.value:value", "write high.value:value"]);
  });

  it("goes as deep as lattices are nested", () => {
    expect(
      cells(
        new Ledger(),
        ({ nested }) => {
          nested.at("k").at(1).merge(1);
        },
        ({ nested }) => {
          nested.at("k").at(1).merge(2);
        },
      ),
    ).toEqual([
      "read nested.k:value",
      "read nested.k.1:value",
      "read nested.k.1.value:value",
      "write nested.k.1.value:value",
    ]);
  });
});

describe("where a lattice may be", () => {
  function run(instance: object, act: (view: never) => void): () => void {
    const membrane = createMembrane(instance, {});
    return () => {
      membrane.begin();
      act(membrane.view as never);
      membrane.commit();
    };
  }

  it("stays where its initialiser made it", () => {
    const assign = run({ seen: new GrowSet() }, (self: { seen: GrowSet<string> }) => {
      self.seen = new GrowSet();
    });
    expect(assign).toThrow("seen is a GrowSet, which only grows. It cannot be assigned.");
    const late = run({ seen: undefined }, (self: { seen: unknown }) => {
      self.seen = new GrowSet();
    });
    expect(late).toThrow(
      "A GrowSet can be kept in a field, where its initialiser makes it, or in a GrowMap, and nowhere else.",
    );
  });

  it("is in no other container", () => {
    const put = run({ map: new Map() }, (self: { map: Map<string, Once> }) => self.map.set("a", new Once()));
    expect(put).toThrow("A Once can be kept in a field");
    const start = run({ map: new Map([["a", new Counter()]]) }, (self: { map: Map<string, Counter> }) =>
      self.map.get("a"),
    );
    expect(start).toThrow("A Counter can be kept in a field");
  });

  it("may be assigned to itself", () => {
    const seen = new GrowSet<string>();
    const keep = run({ seen }, (self: { seen: GrowSet<string> }) => {
      self.seen = self.seen;
    });
    expect(keep).not.toThrow();
  });

  it.each([
    [new GrowSet(), "payload.it is a GrowSet, which is state of its node. Send its members: [...set]."],
    [new MaxReg(0), "payload.it is a MaxReg, which is state of its node. Send its value: register.value."],
    [
      new GrowMap(() => new Once()),
      "payload.it is a GrowMap, which is state of its node. Send what the receiver needs of its entries: map.at(key).",
    ],
    [new Counter(), "payload.it is a Counter, which is state of its node. Send its value: counter.value."],
    [
      new Tally(),
      "payload.it is a Tally, which is state of its node. Send how many there are for a key: tally.count(key).",
    ],
    [
      new Once(),
      "payload.it is a Once, which is state of its node. Send whether it has happened for a key: once.has(key).",
    ],
  ])("is in no message", (it, message) => {
    expect(() => encodePayload({ it })).toThrow(message);
    const membrane = createMembrane({ it }, {});
    expect(() => encodePayload({ it: (membrane.view as { it: unknown }).it })).toThrow(message);
  });
});
