import {
  checkLinearizability,
  formatOf,
  HistoryError,
  operationsOf,
  readHistory,
  spokenModels,
  type HistoryEvent,
  type Operation,
} from "../../../runtime/linearizability/index.ts";

function eventsOf(text: string, options: { readonly independent?: boolean } = {}): readonly HistoryEvent[] {
  return [...readHistory(text, formatOf(text), options)];
}

function operationsIn(text: string, model: string, options: { readonly independent?: boolean } = {}) {
  const spoken = spokenModels[model]?.({});
  if (spoken === undefined) throw new Error(`There is no ${model}.`);
  return { spoken, operations: operationsOf(readHistory(text, formatOf(text), options), spoken.dialect) };
}

const json = (...events: readonly object[]): string => events.map((event) => JSON.stringify(event)).join("\n");

test("JSON lines", () => {
  const text = json(
    { process: "a", type: "invoke", f: "put", key: "k", value: "1", time: 5 },
    { process: 1, type: "invoke", f: "get", key: "k", time: 6 },
    { process: "a", type: "ok", f: "put", key: "k", value: "1", time: 7 },
    { process: 1, type: "ok", f: "get", key: "k", value: "1", time: 8 },
  );
  const { operations } = operationsIn(`\n${text.replaceAll("\n", "\r\n")}\n\n`, "kv");
  expect(operations).toEqual([
    { process: "a", input: { key: "k", f: "put", value: "1" }, output: undefined, invoked: 1, returned: 3 },
    { process: 1, input: { key: "k", f: "get" }, output: "1", invoked: 2, returned: 4 },
  ]);
});

test("EDN, as maps one after the other with what Jepsen adds to them", () => {
  const text = [
    "{:process 0, :type :invoke, :f :write, :value 3, :time 12, :index 0}",
    "#jepsen.history.Op{:index 1, :time 13, :type :info, :process :nemesis, :f :start, :value nil}",
    '{:process 0, :type :ok, :f :write, :value 3, :time 14N, :index 2, :error [:x "a\\"b" #{1 2} \\newline 1.5e3]}',
    "#_ {:process 9}",
    "{:process 1, :type :invoke, :f :read, :value nil}",
    "{:process 1, :type :info, :f :read, :value nil, :error :timed-out}",
  ].join("\n");
  const { operations } = operationsIn(text, "register");
  expect(operations).toEqual([
    { process: 0, input: { f: "write", value: 3 }, output: undefined, invoked: 1, returned: 2 },
    { process: 1, input: { f: "read" }, invoked: 3, returned: Number.POSITIVE_INFINITY },
  ]);
});

test.each(["[", "("])("EDN, in one sequence that begins with %s", (opening) => {
  const closing = opening === "[" ? "]" : ")";
  const text = `; a comment\n${opening}{:process 0 :type :invoke :f :cas :value [1 2]}\n {:process 0 :type :fail :f :cas :value [1 2]}${closing}\n`;
  expect(eventsOf(text)).toMatchObject([
    { type: "invoke", f: "cas", value: [1, 2], line: 2 },
    { type: "fail", line: 3 },
  ]);
  expect(operationsIn(text, "register").operations).toEqual([]);
});

test("EDN of independent keys", () => {
  const text = [
    "{:process 0 :type :invoke :f :cas :value [7 [1 2]]}",
    "{:process 0 :type :ok :f :cas :value [7 [1 2]]}",
  ];
  expect(operationsIn(text.join("\n"), "register", { independent: true }).operations).toMatchObject([
    { input: { key: 7, f: "cas", from: 1, to: 2 }, output: true },
  ]);
});

test("EDN of a key-value store, as Porcupine keeps it", () => {
  const text = [
    '{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}',
    '{:process 1, :type :invoke, :f :get, :key "0", :value nil}',
    '{:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}',
    '{:process 1, :type :ok, :f :get, :key "0", :value "x 0 0 y"}',
  ].join("\n");
  const { spoken, operations } = operationsIn(text, "kv");
  expect(checkLinearizability(operations, spoken.model).verdict).toBe("linearizable");
});

test("logs of Jepsen, in which other lines say nothing", () => {
  const text = [
    "INFO  jepsen.core - Worker 0 starting",
    "INFO  jepsen.util - 2 \t:invoke :write \t38 \t:hint 0",
    "INFO  jepsen.util - :nemesis\t:info\t:start\tnil",
    "INFO  jepsen.util - 2\t:ok\t:write\t38",
  ].join("\n");
  expect(formatOf(text)).toBe("log");
  expect(eventsOf(text)).toEqual([
    { process: 2, type: "invoke", f: "write", value: 38, line: 2 },
    { process: 2, type: "ok", f: "write", value: 38, line: 4 },
  ]);
});

test("what each model reads", () => {
  const answered = (model: string, f: string, argument: unknown, answer: unknown): Operation | undefined =>
    operationsIn(
      json({ process: 0, type: "invoke", f, value: argument }, { process: 0, type: "ok", f, value: answer }),
      model,
    ).operations[0];
  expect(answered("set", "contains", 1, true)).toMatchObject({ input: { f: "contains", value: 1 }, output: true });
  expect(answered("set", "read", null, [1])).toMatchObject({ output: [1] });
  expect(answered("queue", "dequeue", null, null)).toMatchObject({ input: { f: "dequeue" }, output: null });
  expect(answered("counter", "add", 2, null)).toMatchObject({ input: { f: "add", value: 2 }, output: undefined });
  expect(answered("lock", "acquire", null, null)).toMatchObject({ input: { owner: 0 }, output: true });
  expect(answered("lock", "release", "me", false)).toMatchObject({ input: { owner: "me" }, output: false });
  expect(answered("list", "append", "x", null)).toMatchObject({ input: { f: "append", value: "x" } });
  expect(answered("log", "read", null, ["x"])).toMatchObject({ output: ["x"] });
});

const invoke = { process: 0, type: "invoke", f: "read" };

test.each<readonly [name: string, text: string, line: number, message: string]>([
  ["no JSON", `${json(invoke)}\n{"process": `, 2, "not JSON"],
  ["no record", '{"process": 0, "type": "invoke", "f": "read"}\n3', 2, "record"],
  ["a name that is not known", json({ ...invoke, valve: 1 }), 1, '"valve"'],
  ["no process", json({ type: "ok", f: "read" }), 1, '"process"'],
  ["a type that is not known", json({ ...invoke, type: "okay" }), 1, '"type"'],
  ["time that goes back", json({ ...invoke, time: 2 }, { ...invoke, process: 1, time: 1 }), 2, "before"],
  ["two operations of a process", json(invoke, invoke), 2, "line 1"],
  ["an answer to nothing", json({ ...invoke, type: "ok" }), 1, "no read under way"],
  ["an answer to something else", json(invoke, { ...invoke, type: "ok", f: "write" }), 2, "has invoked read"],
  ["an operation that is not known", json({ ...invoke, f: "peek" }), 1, "read, write and cas"],
  ["a cas of one value", json({ ...invoke, f: "cas", value: 3 }), 1, "[expected, new]"],
  ["a map that is not closed", "{:process 0\n :type :ok", 1, "never closed"],
  ["a key without a value", "{:process}", 1, "key without a value"],
  ["a text that is not closed", '{:process 0 :value "abc\n', 1, "never closed"],
  ["a number that is none", "\n{:process 1/2x}", 2, "1/2x"],
  ["a bracket too many", "{:process 0 ]}", 1, "nothing has opened"],
  ["an escape that is not known", '{:process "\\q"}', 1, "\\q"],
  ["something after the list", "[]\n{:process 0}", 2, "more after the list"],
  ["a list that does not end", "[{:process :nemesis}\n", 2, "ends before"],
  ["something nested too deep", `{:value ${"[".repeat(100_000)}`, 1, "levels deep"],
  ["an event without a type", "{:process 0 :f :read}", 1, ":type"],
  ["an event without a process", "{:type :ok :f :read}", 1, ":process"],
  ["a field that is there twice", "{:process 0 :process 1}", 1, "twice"],
  ["an event that is no map", "#{1 2}", 1, "is a map"],
  ["a line of a log without a value", "INFO  jepsen.util - 0\t:invoke\t:read", 1, "its value"],
])("%s is refused with its line", (_name, text, line, message) => {
  let thrown: unknown;
  try {
    operationsIn(text, "register");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(HistoryError);
  expect(thrown).toMatchObject({ line });
  expect(String(thrown)).toContain(message);
});

test("independent keys have to be there", () => {
  expect(() => eventsOf("{:process 0 :type :invoke :f :read :value nil}", { independent: true })).toThrow(
    "[key value]",
  );
});
