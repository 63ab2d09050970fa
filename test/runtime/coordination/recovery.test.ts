import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import { Cluster } from "./cluster.ts";

const PARTITIONS = 3;
const COORDINATOR = 3;
/** A key of each partition. */
const keys = Array.from({ length: PARTITIONS }, (_, partition) => {
  const found = ["a", "b", "c", "d", "e", "f", "g", "h"].find((key) => partitionOf(key, PARTITIONS) === partition);
  if (found === undefined) throw new Error("Take more keys.");
  return found;
});

/** One partition has the message of the first round on stable storage, the others have lost it. */
function afterHalfACommit(): Cluster {
  const cluster = new Cluster({ partitions: PARTITIONS, durable: true });
  cluster.settle();
  cluster.open("o", 1);
  cluster.deliverAll([0, COORDINATOR]);
  cluster.crash(0);
  return cluster;
}

describe("a node that comes back", () => {
  it("tells those that have lost a commit, and no one twice", () => {
    const cluster = afterHalfACommit();
    expect(cluster.state.epochs).toEqual([1, 0, 0]);
    expect(cluster.coordinator.coordination).toMatchObject({ repeats: [1], decided: 1 });
    cluster.settle();
    expect(cluster.state.epochs).toEqual([1, 1, 1]);
    expect(cluster.log).toEqual([]);
    // The first partition's part left in an earlier life, so the message stays incomplete: it is lost.
    expect(cluster.answers).toEqual([]);
    expect(cluster.client.channels?.fragments.map(({ fragment }) => [fragment?.epoch, fragment?.part])).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  it("handles nothing before all have heard of that", () => {
    const cluster = afterHalfACommit();
    const under = [...cluster.network];
    cluster.network = [];
    for (const key of keys) cluster.write(`w${key}`, key, 0);
    cluster.deliverAll([0, 1, 2, COORDINATOR]);
    expect(cluster.answers).toEqual([]);
    expect(cluster.partitions.map(({ coordination }) => coordination?.isStopped)).toEqual([true, true, true]);
    cluster.network = under;
    cluster.settle();
    expect(cluster.answers.map(({ kind, epoch }) => [kind, epoch])).toEqual(keys.map(() => ["rejected", 1]));
  });

  it("forgets a decision when it is stable everywhere", () => {
    const cluster = new Cluster({ partitions: PARTITIONS, durable: true });
    for (const epoch of [1, 2, 3]) {
      cluster.open(`o${String(epoch)}`, epoch);
      cluster.settle();
    }
    cluster.crash(0);
    // What is dropped is written with what comes next.
    expect(cluster.coordinator.coordination).toMatchObject({ repeats: [3], decided: 3 });
    cluster.settle();
    expect(cluster.answers.map(({ kind }) => kind)).toEqual(["opened", "opened", "opened"]);
    expect(cluster.state.epochs).toEqual([3, 3, 3]);
  });

  it("has behind it what failed on every partition, as everything else", () => {
    const cluster = new Cluster({ partitions: PARTITIONS, durable: true });
    cluster.settle();
    cluster.open("o", -1);
    cluster.settle();
    const failures = new Array(PARTITIONS).fill("open: Error: negative");
    expect(cluster.log).toEqual(failures);
    cluster.crash(0);
    expect(cluster.coordinator.coordination).toMatchObject({ repeats: [1], decided: 1 });
    cluster.settle();
    expect(cluster.log).toEqual(failures);
  });

  it("takes what was decided and never left for decided", () => {
    const cluster = new Cluster({ partitions: PARTITIONS, durable: true });
    cluster.settle();
    cluster.open("o", 1);
    cluster.deliverAll([]);
    expect(cluster.state.epochs).toEqual([0, 0, 0]);
    cluster.sync(COORDINATOR);
    cluster.network = [];
    cluster.crash(0);
    cluster.settle();
    expect(cluster.state.epochs).toEqual([1, 1, 1]);
    expect(cluster.answers).toEqual([{ kind: "opened", id: "o", epoch: 1, entries: [] }]);
  });

  it("forgets an input that was not decided", () => {
    const cluster = new Cluster({ partitions: PARTITIONS, durable: true });
    cluster.settle();
    cluster.open("o", 1);
    cluster.deliverAll([]);
    cluster.crash(0);
    cluster.settle();
    expect(cluster.state.epochs).toEqual([0, 0, 0]);
    cluster.open("p", 5);
    cluster.settle();
    expect(cluster.answers).toEqual([{ kind: "opened", id: "p", epoch: 5, entries: [] }]);
  });

  it("begins anew when it stores nothing, and what was under way is not taken for what comes", () => {
    const cluster = new Cluster({ partitions: PARTITIONS });
    cluster.open("o", 1);
    for (let i = 0; i < 40 && cluster.network.some(({ kind }) => kind === "message"); i++) {
      if (cluster.network.some((one) => one.kind === "message" && one.message.fragment !== undefined)) break;
      cluster.deliver(0, false);
    }
    cluster.crash(0);
    cluster.open("p", 1);
    cluster.settle();
    expect(cluster.answers.filter(({ kind }) => kind === "opened")).toEqual([
      { kind: "opened", id: "p", epoch: 1, entries: [] },
    ]);
  });
});

describe("a coordinator that is to end", () => {
  it("says so when what it has decided is stable everywhere, and decides nothing else", () => {
    const cluster = new Cluster({ partitions: PARTITIONS, durable: true });
    cluster.settle();
    cluster.open("o", 1);
    cluster.deliverAll([COORDINATOR]);
    const settled = jest.fn();
    const { coordination } = cluster.coordinator;
    if (coordination === undefined) throw new Error("There is no coordination.");
    coordination.settle(settled);
    cluster.open("p", 2);
    cluster.deliverAll([COORDINATOR, 0, 1]);
    expect(settled).not.toHaveBeenCalled();
    cluster.settle();
    expect(settled).toHaveBeenCalledTimes(1);
    expect(coordination.decided).toBe(1);
    expect(cluster.answers).toMatchObject([{ id: "o" }]);
  });

  it.each([true, false])("says so at once when nothing is under way, or stored (durable: %s)", (durable) => {
    const cluster = new Cluster({ durable });
    cluster.settle();
    if (!durable) cluster.open("o", 1);
    const settled = jest.fn();
    cluster.coordinator.coordination?.settle(settled);
    for (const { coordination } of cluster.partitions) coordination?.settle(settled);
    expect(settled).toHaveBeenCalledTimes(4);
  });
});

describe("a timer that all partitions run", () => {
  it("fires at the coordinator", () => {
    const cluster = new Cluster({ partitions: 2, timer: true });
    expect(cluster.coordinator.timers).toEqual([{ handler: "advance", milliseconds: 200 }]);
    expect(cluster.partitions.flatMap(({ timers }) => timers)).toEqual([]);
    cluster.coordinator.fire("advance");
    cluster.coordinator.fire("advance");
    cluster.settle();
    expect(cluster.state.epochs).toEqual([2, 2]);
  });
});

describe("a partition", () => {
  it("takes replicated messages from its coordinator only", () => {
    const cluster = new Cluster();
    const [first] = cluster.partitions;
    cluster.open("o", 1);
    const [carried] = cluster.network.splice(0);
    if (carried?.kind !== "message" || first === undefined) throw new Error("Nothing was sent.");
    cluster.receive(first.instance.number, carried.message);
    expect(cluster.log).toEqual(["it has to come to Register/register#main.0 from its coordinator"]);
    expect(cluster.state.epochs).toEqual([0, 0, 0]);
  });
});
