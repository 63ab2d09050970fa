import {
  counter,
  historyOf,
  linearizable,
  type CounterInput,
  type CounterOutput,
  type Meaning,
} from "../../../runtime/linearizability/index.ts";
import type { ExternalEvent } from "../../../runtime/system.ts";

function event(client: string, kind: "sent" | "received", message: string, payload: unknown): ExternalEvent {
  return { kind, node: { role: "Client", id: client }, other: { role: "Server", id: "server" }, message, payload };
}

function meaningOf({ kind, message, payload }: ExternalEvent): Meaning<CounterInput, CounterOutput> | undefined {
  const { id, value } = payload as { readonly id: string; readonly value?: number };
  if (kind === "sent") return { calls: id, input: message === "read" ? { f: "read" } : { f: "add", value: 1 } };
  return message === "told" ? { answers: id, output: value } : undefined;
}

const events = [
  event("a", "sent", "increment", { id: "1" }),
  event("b", "sent", "read", { id: "1" }),
  event("a", "sent", "increment", { id: "1" }),
  event("b", "received", "hint", { id: "1" }),
  event("a", "received", "told", { id: "1", value: 1 }),
  event("b", "received", "told", { id: "1", value: 1 }),
  event("a", "received", "told", { id: "1", value: 7 }),
  event("b", "sent", "read", { id: "2" }),
];

test("operations are asked for once, and answered once", () => {
  expect(historyOf(events, meaningOf)).toEqual([
    { process: "a", input: { f: "add", value: 1 }, output: 1, invoked: 0, returned: 4 },
    { process: "b", input: { f: "read" }, output: 1, invoked: 1, returned: 5 },
    { process: "b", input: { f: "read" }, invoked: 7, returned: Number.POSITIVE_INFINITY },
  ]);
});

test("an answer that nobody has asked for is refused", () => {
  expect(() => historyOf(events.slice(4), meaningOf)).toThrow("a got an answer to 1, which it has not asked for.");
});

describe("as an invariant", () => {
  const wrong = [...events, event("b", "received", "told", { id: "2", value: 0 })];

  test("it holds of what is linearizable", () => {
    const { name, holds } = linearizable(counter(), meaningOf);
    expect(name).toBe("the system is a linearizable counter");
    expect(holds(events)).toBe(true);
  });

  test("it throws with a proof of what is not", () => {
    expect(() => linearizable(counter(), meaningOf, { name: "it counts" }).holds(wrong)).toThrow(
      /not linearizable: 3 operations on a counter[^]*read → 0/,
    );
  });

  test("it throws when the budget does not suffice", () => {
    expect(() => linearizable(counter(), meaningOf, { budget: { steps: 0 } }).holds(events)).toThrow("not decided");
  });
});
