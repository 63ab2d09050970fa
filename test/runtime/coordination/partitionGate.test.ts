import { PartitionGate, type Arrival } from "../../../runtime/coordination/partitionGate.ts";

interface Message {
  readonly kind: Arrival;
  readonly n: number;
}

const [prepare, order, message, forward] = (["prepare", "order", "message", "forward"] as const).map(
  (kind) =>
    (n: number): Message => ({ kind, n }),
) as [(n: number) => Message, (n: number) => Message, (n: number) => Message, (n: number) => Message];

function gate(stopped = false, limit?: number): PartitionGate<Message> {
  return new PartitionGate<Message>({ kindOf: ({ kind }) => kind, stopped, ...(limit !== undefined && { limit }) });
}

describe("a partition", () => {
  it("stands still from the request to vote to the end of what it has voted for", () => {
    const one = gate();
    expect(one.admit(message(1))).toEqual({ now: true });
    expect(one.admit(prepare(1))).toEqual({ now: true });
    expect(one.isStopped).toBe(true);
    expect([message(2), forward(3)].map((arrived) => one.admit(arrived).now)).toEqual([false, false]);
    expect(one.takeReady()).toEqual([]);
    expect(one.admit(order(1))).toEqual({ now: true });
    one.applied();
    expect(one.takeReady()).toEqual([message(2), forward(3)]);
    expect(one.isStopped).toBe(false);
  });

  it("votes again at once while nobody waits, and in turn when somebody does", () => {
    const one = gate();
    expect(
      [prepare(1), prepare(2), message(1), prepare(3), message(2)].map((arrived) => one.admit(arrived).now),
    ).toEqual([true, true, false, false, false]);
    one.applied();
    expect(one.takeReady()).toEqual([]);
    one.applied();
    expect(one.takeReady()).toEqual([message(1), prepare(3)]);
    expect(one.isStopped).toBe(true);
    expect(one.takeReady()).toEqual([]);
    one.applied();
    expect(one.takeReady()).toEqual([message(2)]);
  });

  it("stands still after a start until it is released, whatever it is told", () => {
    const one = gate(true);
    expect([message(1), prepare(1), order(1)].map((arrived) => one.admit(arrived).now)).toEqual([false, false, true]);
    one.applied();
    expect(one.takeReady()).toEqual([]);
    one.release();
    expect(one.takeReady()).toEqual([message(1), prepare(1)]);
    expect(one.isStopped).toBe(true);
  });

  it("drops the oldest message when too many wait, and never a forward", () => {
    const one = gate(true, 2);
    expect(
      [forward(1), message(2), message(3), forward(4), forward(5)].map((arrived) => one.admit(arrived).dropped?.n),
    ).toEqual([undefined, undefined, 2, 3, undefined]);
    expect(one.kept).toEqual([forward(1), forward(4), forward(5)]);
  });
});
