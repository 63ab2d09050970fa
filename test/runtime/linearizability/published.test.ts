/** Histories with known verdicts: of quizzes and papers in their essence, and what real systems have done, told small. */
import {
  checkLinearizability,
  keyValueMap,
  logAtMostOnce,
  operationsOf,
  queue,
  readHistory,
  register,
  spokenModels,
  type Operation,
} from "../../../runtime/linearizability/index.ts";

function op<Input, Output>(
  process: number,
  input: Input,
  output: Output,
  invoked: number,
  returned = Number.POSITIVE_INFINITY,
): Operation<Input, NonNullable<Output> | Extract<Output, null>> {
  return { process, input, output, invoked, returned } as Operation<Input, NonNullable<Output> | Extract<Output, null>>;
}

const read = { f: "read" } as const;
const write = (value: number) => ({ f: "write", value }) as const;

/** A log as Jepsen writes it. */
function log(...lines: readonly string[]): string {
  return lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(" | ", "\t")}\n`).join("");
}

function verdictOfLog(text: string): string {
  const spoken = spokenModels["register"]?.({ failedCasAnswers: true });
  if (spoken === undefined) throw new Error("There is no register.");
  return checkLinearizability(operationsOf(readHistory(text), spoken.dialect), spoken.model).verdict;
}

describe("a register", () => {
  test("two reads during one write may see it and not see it, in the order of their effects", () => {
    const history = [op(0, write(1), undefined, 0, 100), op(1, read, 1, 25, 75), op(2, read, null, 30, 60)];
    expect(checkLinearizability(history, register<number>()).verdict).toBe("linearizable");
  });

  test("a read after a read that saw a write sees it too", () => {
    const history = [op(0, write(1), undefined, 0, 100), op(1, read, 1, 10, 30), op(2, read, null, 40, 90)];
    const checked = checkLinearizability(history, register<number>());
    expect(checked).toMatchObject({ verdict: "violated", violation: { next: { output: null } } });
    if (checked.verdict !== "violated") return;
    expect(checked.violation.witness.contradiction.map(({ process }) => process)).toEqual([1, 2]);
    expect(checked.violation.witness.open.map(({ process }) => process)).toEqual([0]);
  });

  test("operations that begin when another ends are concurrent with it", () => {
    const history = [op(0, write(1), undefined, 0, 10), op(1, read, null, 10, 10), op(1, read, 1, 10, 10)];
    expect(checkLinearizability(history, register<number>()).verdict).toBe("linearizable");
  });

  test("an open write may take effect late, once, or never", () => {
    const open = op(0, write(1), undefined, 0);
    const one = register<number>(0);
    const verdict = (...values: readonly number[]): string =>
      checkLinearizability([open, ...values.map((value, i) => op(1, read, value, 2 * i + 1, 2 * i + 2))], one).verdict;
    expect(verdict(0, 0, 0)).toBe("linearizable");
    expect(verdict(0, 0, 1)).toBe("linearizable");
    expect(verdict(0, 1, 0)).toBe("violated");
  });

  test("a write that repeats what is there is needed where it is needed", () => {
    const history = [
      op(0, write(1), undefined, 0, 1),
      op(0, write(1), undefined, 2, 9),
      op(1, write(2), undefined, 3, 8),
      op(2, read, 2, 4, 5),
      op(2, read, 1, 6, 7),
    ];
    expect(checkLinearizability(history, register<number>()).verdict).toBe("linearizable");
  });
});

describe("what a store without quorum reads does", () => {
  const stale = [
    "0 | :invoke | :write | 1",
    "0 | :ok | :write | 1",
    "1 | :invoke | :write | 2",
    "1 | :ok | :write | 2",
    "2 | :invoke | :read | nil",
    "2 | :ok | :read | 1",
  ];

  test("a stale read is found", () => {
    expect(verdictOfLog(log(...stale))).toBe("violated");
  });

  test("and excused by a write of the same value of which nobody knows the end", () => {
    expect(verdictOfLog(log("9 | :invoke | :write | 1", "9 | :info | :write | :timed-out", ...stale))).toBe(
      "linearizable",
    );
  });

  test("a compare-and-set that fails has found another value", () => {
    const end = ["3 | :invoke | :cas | [2 4]", "3 | :fail | :cas | [2 4]"];
    expect(verdictOfLog(log(...stale.slice(0, 4), ...end))).toBe("violated");
    expect(verdictOfLog(log(...stale.slice(0, 4), end[0] ?? "", "3 | :info | :cas | :timed-out"))).toBe("linearizable");
  });
});

test("of many keys, the one that is wrong is named", () => {
  const history = ["a", "b", "c"].flatMap((key, i) => [
    op(i, { f: "put", key, value: "1" } as const, undefined, 0, 10),
    op(i, { f: "append", key, value: "2" } as const, undefined, 11, 20),
    op(3, { f: "get", key } as const, key === "b" ? "21" : "12", 30 + i, 30.5 + i),
  ]);
  const checked = checkLinearizability(history, keyValueMap());
  expect(checked).toMatchObject({ verdict: "violated", violation: { key: "b" }, effort: { partitions: 3 } });
});

test("a queue gives what came first first", () => {
  const enqueue = (value: number) => ({ f: "enqueue", value }) as const;
  const dequeue = { f: "dequeue" } as const;
  const overlapping = [op(0, enqueue(1), undefined, 0, 5), op(1, enqueue(2), undefined, 1, 4), op(2, dequeue, 2, 6, 7)];
  expect(checkLinearizability(overlapping, queue()).verdict).toBe("linearizable");
  const apart = [op(0, enqueue(1), undefined, 0, 1), op(1, enqueue(2), undefined, 2, 3), op(2, dequeue, 2, 6, 7)];
  expect(checkLinearizability(apart, queue()).verdict).toBe("violated");
});

test("a command that is sent twice is in the log once", () => {
  const append = { f: "append", value: "x" } as const;
  const history = (list: readonly string[]) => [
    op(0, append, undefined, 0),
    op(0, append, 0, 1, 2),
    op(1, { f: "read" } as const, list, 3, 4),
  ];
  expect(checkLinearizability(history(["x"]), logAtMostOnce()).verdict).toBe("linearizable");
  expect(checkLinearizability(history(["x", "x"]), logAtMostOnce()).verdict).toBe("violated");
});
