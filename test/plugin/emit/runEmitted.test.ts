/** The committed output of the fixtures does what the author's classes do, with one instance for every routing key. */
import { asWritten, run, type TinySystem } from "../../support/tinyNetwork.ts";
import auction from "../../fixtures/emit/auction/rewritten/index.ts";
import { House } from "../../fixtures/emit/auction/protocol.ts";
import desk from "../../fixtures/emit/desk/rewritten/index.ts";
import { Audit, Desk } from "../../fixtures/emit/desk/protocol.ts";
import dispatch from "../../fixtures/emit/dispatch/rewritten/index.ts";
import { Driver, Hub } from "../../fixtures/emit/dispatch/protocol.ts";
import voting from "../../fixtures/emit/voting/rewritten/index.ts";
import { Leader, Participant } from "../../fixtures/emit/voting/protocol.ts";

type Input = readonly [to: string, handler: string, payload: unknown, from: string];

const cases: readonly {
  readonly name: string;
  readonly rewritten: Pick<TinySystem, "components" | "routing">;
  readonly written: Pick<TinySystem, "components" | "routing">;
  readonly members: TinySystem["members"];
  readonly configuration?: NonNullable<TinySystem["configuration"]>;
  readonly inputs: readonly Input[];
  readonly observations: number;
}[] = [
  {
    name: "voting",
    rewritten: voting,
    written: asWritten([Leader, Participant]),
    members: { Client: ["c1", "c2"], Leader: ["l"], Participant: ["p1", "p2", "p3"] },
    inputs: [
      ["Leader l", "propose", { id: "a", payload: [1] }, "Client c1"],
      ["Leader l", "propose", { id: "b", payload: [2] }, "Client c2"],
    ],
    observations: 2,
  },
  {
    name: "auction",
    rewritten: auction,
    written: asWritten([House]),
    members: { Bidder: ["b1", "b2"], Watcher: ["w1", "w2"], House: ["h"] },
    configuration: { House: [10] },
    inputs: [
      ["House h", "bid", { lot: "x", amount: 20, note: "mine", limit: null, terms: { days: 3 } }, "Bidder b1"],
      ["House h", "bid", { lot: "x", amount: 20.5, limit: 3, terms: { days: 3 } }, "Bidder b2"],
      ["House h", "bid", { lot: "x", amount: 30, limit: 3, terms: { days: 0, "pay-by": "card" } }, "Bidder b2"],
      ["House h", "withdraw", { lot: "x", by: "b1" }, "Bidder b1"],
    ],
    observations: 9,
  },
  {
    name: "desk",
    rewritten: desk,
    written: asWritten([Desk, Audit]),
    members: { Customer: ["c1", "c2"], Desk: ["desk"], Audit: ["a"] },
    configuration: { Desk: [7] },
    inputs: [
      ["Desk desk", "order", { id: "o1", shop: { city: "Bonn" }, price: 3 }, "Customer c1"],
      ["Desk desk", "order", { id: "o2", shop: { city: "Bern", zip: "1" }, price: null }, "Customer c2"],
      ["Desk desk", "hello", { id: "h1", n: 4 }, "Customer c2"],
      ["Desk desk", "hello", { id: "h2" }, "Customer c2"],
    ],
    observations: 3,
  },
  {
    name: "dispatch",
    rewritten: dispatch,
    written: asWritten([Hub, Driver]),
    members: { Shipper: ["s1"], Hub: ["hub"], Driver: ["d1", "d2"] },
    inputs: [
      ["Hub hub", "submit", { id: "j1", region: "north", weight: 4, component: "x" }, "Shipper s1"],
      ["Hub hub", "submit", { id: "j2", region: "south", weight: 5, component: "x" }, "Shipper s1"],
      ["Hub hub", "cancel", { id: "j2", region: "south" }, "Shipper s1"],
      ["Driver d1", "stop", { id: "j2" }, "Hub hub"],
    ],
    observations: 5,
  },
];

it.each(cases)("$name", ({ rewritten, written, members, configuration, inputs, observations }) => {
  const deliveries = inputs.map(([to, handler, payload, from]) => ({
    to: address(to),
    handler,
    payload,
    from: address(from),
  }));
  const expected = run({ ...written, members, configuration: configuration ?? {} }, deliveries);
  expect(expected).toHaveLength(observations);
  const actual = run({ ...rewritten, members, configuration: configuration ?? {} }, deliveries);
  expect([...actual].sort()).toEqual([...expected].sort());
});

function address(text: string): { readonly role: string; readonly id: string } {
  const [role = "", id = ""] = text.split(" ");
  return { role, id };
}
