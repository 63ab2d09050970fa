import fc from "fast-check";
import { Cluster, type Answer } from "./cluster.ts";

type Step =
  | { readonly kind: "write"; readonly key: number; readonly epoch: number }
  | { readonly kind: "open"; readonly epoch: number }
  | { readonly kind: "deliver"; readonly index: number; readonly again: boolean; readonly times: number }
  /** From now on what the coordinator says to one partition takes long. Only then others can get far ahead of it. */
  | { readonly kind: "slow"; readonly partition: number }
  | { readonly kind: "sync"; readonly index: number }
  | { readonly kind: "crash"; readonly luck: number };

const write = fc.record({ kind: fc.constant("write" as const), key: fc.nat(5), epoch: fc.nat(4) });
const open = fc.record({ kind: fc.constant("open" as const), epoch: fc.integer({ min: -1, max: 6 }) });
const deliver = fc.record({
  kind: fc.constant("deliver" as const),
  index: fc.nat(100),
  again: fc.boolean(),
  times: fc.integer({ min: 1, max: 8 }),
});
const slow = fc.record({ kind: fc.constant("slow" as const), partition: fc.nat(3) });
const sync = fc.record({ kind: fc.constant("sync" as const), index: fc.nat(5) });
const crash = fc.record({ kind: fc.constant("crash" as const), luck: fc.nat(2) });

function stepsOf(...more: { readonly arbitrary: fc.Arbitrary<Step>; readonly weight: number }[]): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.oneof(
      { arbitrary: write, weight: 2 },
      { arbitrary: open, weight: 1 },
      { arbitrary: deliver, weight: 6 },
      { arbitrary: slow, weight: 1 },
      ...more,
    ),
    { maxLength: 150, size: "max" },
  );
}

function perform(cluster: Cluster, steps: readonly Step[]): void {
  for (const [n, step] of steps.entries()) {
    switch (step.kind) {
      case "write":
        cluster.write(`w${String(n)}`, `k${String(step.key)}`, step.epoch);
        break;
      case "open":
        cluster.open(`o${String(n)}`, step.epoch);
        break;
      case "deliver":
        for (let i = 0; i < step.times; i++) cluster.deliver(step.index + 7 * i, step.again);
        break;
      case "slow":
        cluster.slow = step.partition;
        break;
      case "sync":
        cluster.sync(step.index);
        break;
      case "crash":
        cluster.crash(step.luck);
    }
  }
  cluster.settle();
}

/**
 * One node that handles everything in one order has no other answers: those who opened an epoch hear of what was written
 * in earlier ones, all of it and nothing else.
 */
function expectOneOrder(answers: readonly Answer[], keyOf: (id: string) => string, isComplete: boolean): void {
  const opened = answers.filter((answer) => answer.kind === "opened");
  expect(new Set(opened.map(({ epoch }) => epoch)).size).toBe(opened.length);
  for (const { epoch, entries } of opened) {
    const expected = new Map<string, number>();
    for (const answer of answers) {
      if (answer.kind !== "written" || answer.epoch >= epoch) continue;
      const key = keyOf(answer.id);
      expected.set(key, Math.max(answer.epoch, expected.get(key) ?? 0));
    }
    const found = new Map(entries.map(({ key, epoch: at }) => [key, at]));
    expect(found.size).toBe(entries.length);
    expect([...found.keys()]).toEqual([...found.keys()].sort());
    if (isComplete) expect(found).toEqual(expected);
    else for (const [key, at] of expected) expect(found.get(key)).toBeGreaterThanOrEqual(at);
    for (const at of found.values()) expect(at).toBeLessThan(epoch);
  }
}

/** Who has heard of an epoch is not answered from an earlier one, by whatever partition. */
function expectNoStepBack({ answers, heard }: Cluster): void {
  for (const { id, epoch } of answers) expect(epoch).toBeGreaterThanOrEqual(heard.get(id) ?? 0);
}

describe("a component whose partitions are coordinated", () => {
  it("does what one node does that handles everything in one order, however messages travel", () => {
    fc.assert(
      fc.property(stepsOf(), fc.integer({ min: 1, max: 4 }), (steps, partitions) => {
        const cluster = new Cluster({ partitions });
        perform(cluster, steps);
        const keyOf = (id: string): string => {
          const step = steps[Number(id.slice(1))];
          return step?.kind === "write" ? `k${String(step.key)}` : "";
        };
        expectOneOrder(cluster.answers, keyOf, true);
        expectNoStepBack(cluster);
        const asked = steps.filter(({ kind }) => kind === "write" || kind === "open").length;
        const failed = steps.filter((step) => step.kind === "open" && step.epoch < 0).length;
        expect(cluster.answers).toHaveLength(asked - failed);
        expect(new Set(cluster.answers.map(({ id }) => id)).size).toBe(asked - failed);
        expect(cluster.log).toEqual(new Array(failed * partitions).fill("open: Error: negative"));
        expect(new Set(cluster.state.epochs).size).toBe(1);
        expect(cluster.coordinator.counters.rounds).toBe(steps.filter(({ kind }) => kind === "open").length);
        expect(cluster.partitions.flatMap(({ channels }) => channels?.stopped)).toEqual([]);
        expect(cluster.client.channels?.fragments ?? []).toEqual([]);
      }),
    );
  });

  it("agrees again after every crash, and has forgotten nothing that anybody was told", () => {
    fc.assert(
      fc.property(
        stepsOf({ arbitrary: sync, weight: 6 }, { arbitrary: crash, weight: 1 }),
        fc.integer({ min: 2, max: 3 }),
        (steps, partitions) => {
          const cluster = new Cluster({ partitions, durable: true });
          perform(cluster, steps);
          const keyOf = (id: string): string => {
            const step = steps[Number(id.slice(1))];
            return step?.kind === "write" ? `k${String(step.key)}` : "";
          };
          const { epochs, entries } = cluster.state;
          expect(new Set(epochs).size).toBe(1);
          expectOneOrder(cluster.answers, keyOf, false);
          expectNoStepBack(cluster);
          for (const answer of cluster.answers) {
            expect(epochs[0]).toBeGreaterThanOrEqual(answer.epoch);
            if (answer.kind === "written") expect(entries.get(keyOf(answer.id))).toBeGreaterThanOrEqual(answer.epoch);
          }
          expect(new Set(cluster.answers.map(({ id }) => id)).size).toBe(cluster.answers.length);
          // All goes on.
          const next = (epochs[0] ?? 0) + 1;
          cluster.open("last", next);
          cluster.settle();
          expect(cluster.answers.at(-1)).toMatchObject({ kind: "opened", id: "last", epoch: next });
          expect(cluster.log.filter((line) => line !== "open: Error: negative")).toEqual([]);
        },
      ),
    );
  });
});
