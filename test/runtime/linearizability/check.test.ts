import fc from "fast-check";
import {
  appendOnlyList,
  checkLinearizability,
  counter,
  keyValueMap,
  lock,
  logAtMostOnce,
  queue,
  register,
  set,
  type Model,
  type Operation,
} from "../../../runtime/linearizability/index.ts";
import { hasLinearization } from "./support/bruteForce.ts";
import { histories, type Workload } from "./support/histories.ts";

type AnyWorkload = Workload<unknown, unknown, unknown>;

/** Erases the types of a workload, which a table of several cannot keep. */
function workload<State, Input, Output>(one: Workload<State, Input, Output>): AnyWorkload {
  return one as AnyWorkload;
}

const lists = [[], ["a"], ["b"], ["a", "b"], ["b", "a"], ["a", "a"]] as const;

const workloads: Readonly<Record<string, AnyWorkload>> = {
  register: workload({
    model: register<number>(),
    inputs: [{ f: "read" }, { f: "write", value: 1 }, { f: "write", value: 2 }, { f: "cas", from: 1, to: 2 }],
    outputs: [null, true, false, 1, 2],
  }),
  "key-value map": workload({
    model: keyValueMap(),
    inputs: [
      { f: "get", key: "k" },
      { f: "put", key: "k", value: "a" },
      { f: "append", key: "k", value: "a" },
      { f: "delete", key: "k" },
      { f: "cas", key: "k", from: "a", to: "b" },
    ],
    outputs: [null, "a", "b", "aa", "bb", "aaa", true, false],
  }),
  set: workload({
    model: set(),
    inputs: [
      { f: "add", value: "a" },
      { f: "add", value: "b" },
      { f: "remove", value: "a" },
      { f: "contains", value: "a" },
      { f: "read" },
    ],
    outputs: [true, false, [], ["a"], ["b"], ["b", "a"]],
  }),
  queue: workload({
    model: queue(),
    inputs: [{ f: "enqueue", value: 1 }, { f: "enqueue", value: 2 }, { f: "dequeue" }],
    outputs: [null, 1, 2],
  }),
  counter: workload({
    model: counter(),
    inputs: [{ f: "add", value: 1 }, { f: "add", value: 2 }, { f: "read" }],
    outputs: [0, 1, 2, 3, 4, 5, 6],
  }),
  lock: workload({
    model: lock(),
    inputs: [
      { f: "acquire", owner: "a" },
      { f: "release", owner: "a" },
      { f: "acquire", owner: "b" },
      { f: "release", owner: "b" },
    ],
    outputs: [true, false],
  }),
  "append-only list": workload({
    model: appendOnlyList(),
    inputs: [{ f: "append", value: "a" }, { f: "append", value: "b" }, { f: "read" }],
    outputs: [...lists, undefined, 0, 1],
  }),
  "log at most once": workload({
    model: logAtMostOnce(),
    inputs: [{ f: "append", value: "a" }, { f: "append", value: "b" }, { f: "read" }],
    outputs: [...lists, 0, 1, undefined],
  }),
};

const runs = Number(process.env["FAST_CHECK_RUNS"] ?? 400);

describe.each(Object.entries(workloads))("%s", (_name, { model, inputs, outputs }) => {
  test("histories of the object are linearizable, and of others exactly those that have an order", () => {
    fc.assert(
      fc.property(histories({ model, inputs, outputs }, 7), ({ operations, isRight }) => {
        const expected = hasLinearization(operations, model);
        expect(expected || !isRight).toBe(true);
        const checked = checkLinearizability(operations, model);
        expect(checked.verdict).toBe(expected ? "linearizable" : "violated");
        if (checked.verdict === "linearizable") {
          for (const { order } of checked.linearizations) expectOrder(order, model);
          const placed = checked.linearizations.flatMap(({ order }) => order);
          expect(operations.filter((one) => Number.isFinite(one.returned) && !placed.includes(one))).toEqual([]);
        }
        if (checked.verdict === "violated") {
          const { witness, order } = checked.violation;
          expectOrder(order, model);
          const proof = [...witness.contradiction, ...witness.open];
          expect(hasLinearization(proof, model)).toBe(false);
          expect(hasLinearization(witness.contradiction, model)).toBe(false);
        }
      }),
      { numRuns: runs },
    );
  });
});

/** Each operation is possible where it is, and none is before one that had returned when it was invoked. */
function expectOrder(order: readonly Operation[], model: Model<unknown, unknown, unknown>): void {
  let state = model.init();
  let latest = Number.NEGATIVE_INFINITY;
  for (const { input, output, invoked, returned } of order) {
    const step = model.step(state, input, output);
    if (!step.ok) throw new Error(`Impossible: ${JSON.stringify({ input, output, state })}`);
    state = step.state;
    latest = Math.max(latest, invoked);
    expect(returned).toBeGreaterThanOrEqual(latest);
  }
}
