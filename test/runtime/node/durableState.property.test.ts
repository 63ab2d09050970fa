import fc from "fast-check";
import { DurableState } from "../../../runtime/node/durableState.ts";
import { FieldDependencies } from "../../../runtime/node/fieldDependencies.ts";
import { createMembrane, type Membrane } from "../../../runtime/node/membrane.ts";
import { activations, copyOf, dump, perform, Sample } from "./stateSteps.ts";

type Field = keyof Sample;
const FIELDS: readonly Field[] = ["count", "map", "set", "list", "record", "bytes"];

interface Life {
  readonly sample: Sample;
  readonly state: DurableState;
  readonly membrane: Membrane;
}

/** A sample whose fields hold what the records say, and the snapshot that its log begins with. */
function begin(durable: readonly Field[], log: readonly Uint8Array[]): Life & { readonly log: Uint8Array[] } {
  const sample = new Sample();
  const state = new DurableState(durable);
  const membrane = createMembrane(sample, { durable: { state, dependencies: new FieldDependencies() } });
  state.restore(log);
  return { sample, state, membrane, log: [state.encodeSnapshot()] };
}

/** What is stored tells holes of an array from elements that are undefined no more than the language does. */
function shown(fields: readonly Field[], view: object): unknown {
  return fields.map((field) => [field, JSON.stringify(withoutHoles(dump(Reflect.get(view, field))))]);
}

function withoutHoles(dumped: unknown): unknown {
  if (!Array.isArray(dumped)) return dumped === undefined ? "undefined" : dumped;
  if (dumped[0] !== "list") return dumped.map(withoutHoles);
  const elements = new Map(
    (dumped.slice(2) as readonly (readonly [string, unknown])[]).map(([i, v]) => [Number(i), v]),
  );
  return ["list", ...Array.from({ length: dumped[1] as number }, (_, i) => withoutHoles(elements.get(i)))];
}

describe.each<readonly [string, readonly Field[]]>([
  ["all fields are durable", FIELDS],
  ["some fields are durable", ["map", "list", "count"]],
])("what is stored, when %s", (_name, durable) => {
  it("gives the same state back, after any activations, failures, snapshots and crashes", () => {
    fc.assert(
      fc.property(
        activations,
        fc.array(fc.constantFrom("go on", "snapshot", "crash"), { maxLength: 6 }),
        (all, events) => {
          let life = begin(durable, []);
          let plain = new Sample();
          for (const [index, { steps, fails }] of all.entries()) {
            const before = copyOf(plain);
            life.membrane.begin();
            for (const step of steps) {
              perform(life.membrane.view, step);
              perform(plain, step);
            }
            if (fails) {
              life.membrane.rollback();
              plain = before;
            } else {
              const record = life.state.encodeChanges([]);
              life.membrane.commit();
              if (record !== undefined) life.log.push(record);
            }
            const event = events[index];
            if (event === "snapshot") life.log.splice(0, life.log.length, life.state.encodeSnapshot());
            if (event === "crash") {
              life = begin(durable, life.log);
              const lost = new Sample();
              for (const field of durable) Reflect.set(lost, field, plain[field]);
              plain = copyOf(lost);
            }
            expect(shown(durable, begin(durable, life.log).membrane.view)).toEqual(shown(durable, plain));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("durable state", () => {
  class Ledger {
    balances: unknown = new Map<string, number>([["a", 1]]);
    note?: string;
  }

  function ledger(log: readonly Uint8Array[] = []): {
    readonly state: DurableState;
    readonly object: Ledger;
    readonly membrane: Membrane;
  } {
    const object = new Ledger();
    const state = new DurableState(["balances", "note"]);
    const membrane = createMembrane(object, { durable: { state, dependencies: new FieldDependencies() } });
    state.restore(log);
    membrane.begin();
    return { state, object: membrane.view as Ledger, membrane };
  }

  it("has nothing to say of an activation that changed nothing, or only what is volatile", () => {
    const { state, object } = ledger();
    state.encodeSnapshot();
    (object.balances as Map<string, number>).get("a");
    Reflect.set(object, "other", 1);
    expect(state.encodeChanges([])).toBeUndefined();
  });

  it("costs a few bytes for a change, however large the state", () => {
    const { state, object, membrane } = ledger();
    const balances = object.balances as Map<string, number>;
    for (let i = 0; i < 10_000; i++) balances.set(`account ${String(i)}`, i);
    membrane.commit();
    expect(state.encodeSnapshot().length).toBeGreaterThan(100_000);
    membrane.begin();
    balances.set("account 77", 5);
    expect(state.encodeChanges([])?.length).toBeLessThan(30);
  });

  it.each<readonly [string, unknown, RegExp]>([
    ["a function", () => 0, /would hold a function/],
    ["an instance", new Date(0), /would hold an instance of Date/],
    ["an object as a key", new Map([[{}, 1]]), /an object as a key/],
    ["half a character", "\uD800", /cannot be stored.*lone surrogate|cannot be stored/],
  ])("refuses %s, and is as it was", (_name, value, reason) => {
    const { state, object, membrane } = ledger();
    state.encodeSnapshot();
    object.balances = value;
    expect(() => state.encodeChanges([])).toThrow(reason);
    membrane.rollback();
    membrane.begin();
    (object.balances as Map<string, number>).set("b", 2);
    expect(state.encodeChanges([])).toBeDefined();
  });

  it("refuses what another class has stored", () => {
    const state = new DurableState(["gone"]);
    createMembrane({ gone: 1 }, { durable: { state, dependencies: new FieldDependencies() } });
    const log = [state.encodeSnapshot()];
    expect(() => ledger(log)).toThrow(/has a durable field gone, and the class has none of that name/);
  });

  it("keeps the initial value of a field that is new", () => {
    const state = new DurableState(["note"]);
    createMembrane({ note: "kept" }, { durable: { state, dependencies: new FieldDependencies() } });
    const { object } = ledger([state.encodeSnapshot()]);
    expect([object.note, dump(object.balances)]).toEqual(["kept", ["map", ["a", 1]]]);
  });
});
