import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import { Cluster } from "./cluster.ts";

describe("a partition that has voted", () => {
  it("handles nothing before what it has voted for, for others may have done that", () => {
    const cluster = new Cluster({ partitions: 2 });
    cluster.open("o", 1);
    for (;;) {
      const next = cluster.network.findIndex(
        (one) => one.kind !== "message" || one.message.round === undefined || !isCommitToSecond(one.message),
      );
      if (next < 0) break;
      cluster.deliver(next, false);
    }
    expect(cluster.state.epochs).toEqual([1, 0]);
    const key = ["a", "b", "c", "d"].find((one) => partitionOf(one, 2) === 1) ?? "";
    cluster.write("w", key, 0);
    cluster.deliver(cluster.network.length - 1, false);
    expect(cluster.answers).toEqual([]);
    expect(cluster.partitions[1]?.channels?.stopped.map(({ handler }) => handler)).toEqual(["write"]);
    cluster.settle();
    expect(cluster.answers.map(({ id, kind, epoch }) => [id, kind, epoch]).sort()).toEqual([
      ["o", "opened", 1],
      ["w", "rejected", 1],
    ]);
    expect(cluster.partitions[1]?.counters.stopped).toBe(1);
  });
});

function isCommitToSecond({ handler, destination }: { handler: string; destination: { partition: number } }): boolean {
  return handler === "open" && destination.partition === 1;
}
