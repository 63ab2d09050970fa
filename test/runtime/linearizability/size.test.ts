import {
  checkLinearizability,
  counter,
  impossible,
  register,
  type Model,
  type Operation,
} from "../../../runtime/linearizability/index.ts";
import { Numbering } from "../../../runtime/linearizability/numbering.ts";
import { Visited, type Configuration } from "../../../runtime/linearizability/visited.ts";

/** All writes are concurrent, and the read sees what none has written: every order has to be tried. */
function hard(writes: number): readonly Operation<{ f: "add"; value: number } | { f: "read" }, number>[] {
  return [
    ...Array.from({ length: writes }, (_, i) => ({
      process: i,
      input: { f: "add" as const, value: 2 ** i },
      invoked: 0,
      returned: 100,
    })),
    { process: "reader", input: { f: "read" as const }, output: -1, invoked: 0, returned: 100 },
  ];
}

test.each([{ steps: 1000 }, { bytes: 50_000 }])("the budget %j ends a search", (budget) => {
  const checked = checkLinearizability(hard(20), counter(), { budget });
  expect(checked).toMatchObject({ verdict: "budget exhausted", undecided: [{ operations: { length: 21 } }] });
  if (budget.steps !== undefined) expect(checked.effort.steps).toBeLessThan(2 * budget.steps);
  if (budget.bytes !== undefined) expect(checked.effort.bytes).toBeLessThan(2 * budget.bytes);
});

test("within the budget the same is decided", () => {
  expect(checkLinearizability(hard(8), counter()).verdict).toBe("violated");
});

test("a part that is too hard does not hide that another one is wrong", () => {
  type Input = { readonly part: string } & ({ readonly f: "add"; readonly value: number } | { readonly f: "read" });
  const single = counter();
  const model: Model<number, Input, number> = {
    ...single,
    step: (state, input, output) => (input.part === "" ? impossible : single.step(state, input, output)),
    partition: ({ part }) => part,
  };
  const history = [
    ...hard(20).map((one) => ({ ...one, input: { ...one.input, part: "hard" } })),
    { process: 0, input: { part: "wrong", f: "read" as const }, output: 7, invoked: 0, returned: 1 },
  ];
  const checked = checkLinearizability(history, model, { budget: { steps: 1000 } });
  expect(checked).toMatchObject({ verdict: "violated", violation: { key: "wrong" } });
});

test("progress is reported while a search is under way", () => {
  const seen: number[] = [];
  checkLinearizability(hard(16), counter(), {
    onProgress: ({ steps }) => seen.push(steps),
    budget: { steps: 500_000 },
  });
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

test("neither length nor one operation that takes all the time exhausts the stack or the memory", () => {
  const history: Operation<{ f: "read" } | { f: "write"; value: number }, number | boolean | null>[] = [
    { process: "slow", input: { f: "write", value: -1 }, invoked: 0, returned: 1e9 },
  ];
  for (let i = 0; i < 60_000; i++) {
    history.push({ process: i % 2, input: { f: "write", value: i }, invoked: 2 * i + 1, returned: 2 * i + 3.5 });
  }
  history.push({ process: "reader", input: { f: "read" }, output: -1, invoked: 1e9 + 1, returned: 1e9 + 2 });
  const checked = checkLinearizability(history, register<number>());
  expect(checked.verdict).toBe("linearizable");
  expect(checked.effort.bytes).toBeLessThan(100_000_000);
});

test("numbers go on where one map is full", () => {
  const numbers = new Numbering(4);
  const keys = Array.from({ length: 30 }, (_, i) => `key ${i % 15}`);
  expect(keys.map((key) => numbers.of(key))).toEqual(keys.map((_, i) => i % 15));
  expect(numbers.find("another")).toBeUndefined();
});

describe("the table of configurations", () => {
  const configuration = (
    state: number,
    high: number,
    stragglers: readonly number[] = [],
    open: readonly number[] = [],
  ): Configuration => ({
    state,
    high,
    stragglers: Int32Array.from(stragglers),
    stragglerCount: stragglers.length,
    open: Int32Array.from(open),
    openCount: open.length,
  });

  test("knows what it has, as it grows", () => {
    const visited = new Visited(2 ** 24, 2);
    const all = Array.from({ length: 3000 }, (_, i) =>
      configuration(i % 7, i % 50, i % 3 === 0 ? [i] : [i, i + 1], i % 5 === 0 ? [] : [i]),
    );
    expect(all.map((one) => visited.add(one)).every((addition) => addition === "new")).toBe(true);
    expect(all.map((one) => visited.add(one)).every((addition) => addition === "known")).toBe(true);
    expect(visited.size).toBe(3000);
  });

  test("takes a configuration for known when fewer open operations have led to the same", () => {
    const visited = new Visited(2 ** 20);
    expect(visited.add(configuration(1, 2, [0], [3, 5]))).toBe("new");
    expect(visited.add(configuration(1, 2, [0], [3, 4, 5]))).toBe("known");
    expect(visited.add(configuration(1, 2, [0], [3, 4]))).toBe("new");
    expect(visited.add(configuration(1, 2, [0], [5]))).toBe("new");
    expect(visited.add(configuration(1, 2, [1], [3, 5]))).toBe("new");
    expect(visited.add(configuration(2, 2, [0], [3, 5]))).toBe("new");
  });

  test("says when there is no room", () => {
    const visited = new Visited(8000, 2);
    const additions = Array.from({ length: 3000 }, (_, i) => visited.add(configuration(i, i)));
    expect(additions).toContain("no room");
    expect(visited.bytes).toBeLessThanOrEqual(8000);
  });
});
