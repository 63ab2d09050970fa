import fc from "fast-check";
import { PairTable } from "../../../../runtime/simulator/explorer/pairTable.ts";
import { FingerprintSet, StateStore } from "../../../../runtime/simulator/explorer/states.ts";

const state = fc.array(fc.nat({ max: 3 }), { maxLength: 5 });

/** As many states as make every table grow. */
const MANY = 25_000;

function manyStates(): Uint32Array[] {
  return Array.from({ length: MANY }, (_, i) => Uint32Array.of(i % 7, i, i >>> 8, 2 ** 31 + i));
}

describe.each([
  ["fingerprints", () => new FingerprintSet()],
  ["whole states", () => new StateStore()],
])("a set of %s", (_, create) => {
  it("has what was added, as a Set has it", () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 60 }), (states) => {
        const set = create();
        const expected = new Set<string>();
        for (const words of states) {
          const scratch = Uint32Array.of(...words, 9, 9, 9); // more than the state
          const isKnown = expected.has(words.join());
          expect(set.has(scratch, words.length)).toBe(isKnown);
          expect(set.add(scratch, words.length)).toBe(!isKnown);
          expected.add(words.join());
          expect(set.size).toBe(expected.size);
        }
      }),
    );
  });

  it("grows", () => {
    const set = create();
    for (const words of manyStates()) set.add(words, words.length);
    expect(set.size).toBe(MANY);
    for (const words of manyStates()) if (!set.has(words, words.length)) throw new Error("A state is gone.");
    expect(set.has(Uint32Array.of(1), 1)).toBe(false);
    expect(set.bytes).toBeGreaterThan(8 * MANY);
  });
});

describe("a store of states", () => {
  it("gives each its number, and gives it back", () => {
    const store = new StateStore();
    const states = manyStates();
    expect(states.every((words, number) => store.numberOf(words, words.length) === number)).toBe(true);
    expect(states.every((words, number) => store.numberOf(words, words.length) === number)).toBe(true);
    expect([...store.read(12_345)]).toEqual([...(states[12_345] ?? [])]);
    expect(() => store.read(MANY)).toThrow("There is no state 25000.");
  });
});

describe("a table of pairs", () => {
  it("knows what a Map knows, however large it gets", () => {
    const table = new PairTable();
    for (let i = 0; i < MANY; i++) table.add(i >>> 3, i & 7, i);
    for (let i = 0; i < MANY; i++) if (table.get(i >>> 3, i & 7) !== i) throw new Error(`${String(i)} is gone.`);
    expect(table.get(0, 8)).toBe(-1);
    expect(table.get(2 ** 31, 2 ** 31)).toBe(-1);
  });
});
