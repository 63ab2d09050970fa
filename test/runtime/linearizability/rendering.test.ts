import {
  checkLinearizability,
  describer,
  explain,
  register,
  renderHistory,
  renderHistoryAsSvg,
  type Operation,
  type RegisterInput,
} from "../../../runtime/linearizability/index.ts";

type OnRegister = Operation<RegisterInput<unknown>>;

const model = register<unknown>();
const described = describer(model);
const open = Number.POSITIVE_INFINITY;
const stale: readonly OnRegister[] = [
  { process: 0, input: { f: "write", value: 1 }, invoked: 0, returned: 1 },
  { process: 1, input: { f: "write", value: 2 }, invoked: 2, returned: 3 },
  { process: 10, input: { f: "write", value: 9 }, invoked: 2, returned: open },
  { process: 2, input: { f: "read" }, output: 1, invoked: 4, returned: 5 },
];

test("a line for each process, marks, and open ends", () => {
  expect(renderHistory(stale, { describe: described, marked: stale.slice(3) })).toBe(
    [
      " 0  [write 1  ]",
      " 1             [write 2  ]",
      " 2                        <read → 1  >",
      "10              [write 9················",
    ].join("\n"),
  );
});

test("a process with two operations under way has two lines", () => {
  const both: readonly OnRegister[] = [
    { process: "a", input: { f: "read" }, output: 1, invoked: 0, returned: 3 },
    { process: "a", input: { f: "read" }, output: 2, invoked: 1, returned: 2 },
  ];
  expect(renderHistory(both, { describe: described }).split("\n")).toHaveLength(2);
});

test("the explanation has what contradicts each other, what does not help, and where the search ended", () => {
  const text = explain(checkLinearizability(stale, model), model);
  expect(text).toContain("not linearizable: 4 operations on a register.");
  expect(text).toContain("[write 1  ]");
  expect(text).toContain("do not help (1): write 9 of process 10.");
  expect(text).toContain("then read → 1 of process 2 is impossible in");
});

test("the explanation of what could not be decided", () => {
  const checked = checkLinearizability(stale, model, { budget: { steps: 0 } });
  expect(explain(checked, model)).toBe(
    "not decided: 4 operations on a register. The budget ended after 1 step; " +
      "1 of 1 parts are open (4 operations), all others are linearizable.",
  );
});

describe("SVG", () => {
  const svg = (value: unknown): string =>
    renderHistoryAsSvg([{ process: "<p>", input: { f: "write", value }, invoked: 0, returned: 1 }] as OnRegister[], {
      describe: described,
      title: 'a "title" & more',
    });

  test("is escaped", () => {
    const text = svg("]]></text><script>alert('1')</script>\u0000\u202e");
    expect(text).toContain("&lt;script&gt;alert(&#39;1&#39;)");
    expect(text).toContain("a &quot;title&quot; &amp; more");
    expect(text).not.toMatch(/<script|<p>|\u0000|\u202e/);
  });

  test("is the same each time, and has a point for each operation of the order", () => {
    const history: readonly OnRegister[] = stale.slice(0, 2);
    const picture = { describe: described, title: "t", order: history };
    const text = renderHistoryAsSvg(history, picture);
    expect(renderHistoryAsSvg(history, picture)).toBe(text);
    expect(text.match(/<circle/g)).toHaveLength(2);
    expect(text).toContain("green: takes effect, in this order");
  });

  test("points out what is marked, and what is open", () => {
    const text = renderHistoryAsSvg(stale, { describe: described, title: "t", marked: stale.slice(3) });
    expect(text).toContain("red: these contradict each other · dashed: may take effect at any later time, or never");
    expect(text.match(/stroke-dasharray/g)).toHaveLength(1);
  });

  test("points lie within their operations, in order", () => {
    const history: readonly OnRegister[] = [
      { process: 0, input: { f: "write", value: 1 }, invoked: 0, returned: 9 },
      { process: 1, input: { f: "read" }, output: null, invoked: 1, returned: 2 },
      { process: 1, input: { f: "read" }, output: 1, invoked: 3, returned: 4 },
    ];
    const checked = checkLinearizability(history, model);
    if (checked.verdict !== "linearizable") throw new Error("It is linearizable.");
    const order = checked.linearizations[0]?.order ?? [];
    const points = renderHistoryAsSvg(history, { describe: described, title: "t", order })
      .split("\n")
      .flatMap((line) =>
        [...line.matchAll(/<circle cx="(\d+)".*>(\d)<\/text>/g)].map(([, x, place]) => [place, Number(x)]),
      )
      .sort();
    expect(points.map(([place]) => place)).toEqual(["1", "2", "3"]);
    expect([...points].sort(([, a], [, b]) => Number(a) - Number(b))).toEqual(points);
  });
});

test("operations of a model without words for them are shown as they are", () => {
  expect(describer<unknown, unknown>({})({ f: "get", key: "k" }, "v")).toBe('{"f":"get","key":"k"} → "v"');
});
