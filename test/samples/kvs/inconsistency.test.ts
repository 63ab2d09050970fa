/** What the leader makes of receipts, also of such as no honest storage node would send. */
import rewritten from "../../../samples/kvs/rewritten/index.ts";
import { Leader, receiptText } from "../../../samples/kvs/protocol.ts";
import { publicKeys, sign } from "../../../samples/kvs/signatures.ts";
import { asWritten, run, type TinySystem } from "../../support/tinyNetwork.ts";

const SECRET = "the storage nodes' secret";
const STORAGES = ["one", "two", "three"];
const around: Pick<TinySystem, "members" | "configuration"> = {
  members: { Client: ["alice", "bob"], Storage: STORAGES, Leader: ["leader"] },
  configuration: { Leader: ["the leader's secret", publicKeys(SECRET, STORAGES)] },
};

type Delivery = Parameters<typeof run>[1][number];

function receipt(
  storage: string,
  collisions: number,
  { value = "v", client = "alice", signed = collisions }: { value?: string; client?: string; signed?: number } = {},
): Delivery {
  return {
    to: { role: "Leader", id: "leader" },
    handler: "stored",
    payload: { value, client, collisions, signature: sign(SECRET, storage, receiptText(value, signed)) },
    from: { role: "Storage", id: storage },
  };
}

/** Who is told what, without the payloads. */
const told = (seen: readonly string[]): readonly string[] => seen.map((line) => line.split(" ").slice(1, 3).join(" "));

describe.each([
  ["as written", asWritten([Leader])],
  ["rewritten", rewritten],
])("the leader, %s", (_, system) => {
  const leader = { ...system, ...around };

  it("certifies a value of which all storage nodes say the same", () => {
    const seen = run(leader, [receipt("one", 4), receipt("two", 4), receipt("three", 4)]);
    expect(told(seen)).toEqual(["alice certified"]);
    for (const storage of STORAGES) expect(seen[0]).toContain(`"storage":"${storage}"`);
  });

  it("waits for every storage node, however often one of them answers", () => {
    expect(run(leader, [receipt("one", 4), receipt("two", 4), receipt("two", 4)])).toEqual([]);
  });

  it("tells all clients as soon as two storage nodes differ, once, and who has put the value when all have answered", () => {
    expect(told(run(leader, [receipt("one", 0), receipt("two", 1)])).toSorted()).toEqual([
      "alice inconsistent",
      "bob inconsistent",
    ]);
    const seen = told(run(leader, [receipt("one", 0), receipt("two", 1), receipt("three", 2)]));
    expect(seen.toSorted()).toEqual(["alice disputed", "alice inconsistent", "bob inconsistent"]);
  });

  it("also notices that one storage node says two things", () => {
    const seen = told(run(leader, [receipt("one", 0), receipt("one", 1)]));
    expect(seen.toSorted()).toEqual(["alice inconsistent", "bob inconsistent"]);
  });

  it("keeps values apart", () => {
    expect(run(leader, [receipt("one", 0), receipt("two", 1, { value: "w" })])).toEqual([]);
  });

  it("ignores what its sender has not signed", () => {
    expect(run(leader, [receipt("one", 0), receipt("two", 1, { signed: 0 })])).toEqual([]);
  });

  it("answers every client that has put the value", () => {
    const seen = told(run(leader, [receipt("one", 0), receipt("two", 0, { client: "bob" }), receipt("three", 0)]));
    expect(seen).toEqual(["alice certified", "bob certified"]);
  });
});
