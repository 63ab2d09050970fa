import { defaultRouting } from "../../../runtime/routing/defaultRouting.ts";
import type { RoleRoutes, RoutingTable } from "../../../runtime/routing/routingTable.ts";
import { tableVersion } from "../../../runtime/routing/tableVersion.ts";
import { withPartitions } from "../../../runtime/routing/withPartitions.ts";
import { banking, rewrittenBanking } from "../node/banking.ts";

const table = rewrittenBanking.routing;

function changed(change: (bank: RoleRoutes) => Partial<RoleRoutes>): RoutingTable {
  const bank = table.roles["Bank"];
  if (bank === undefined) throw new Error("The banking system has a Bank.");
  return { roles: { Bank: { ...bank, ...change(bank) } } };
}

describe("the version of a routing table", () => {
  it("does not depend on the order in which the table was written", () => {
    const backwards = changed(({ handlers }) => ({ handlers: Object.fromEntries(Object.entries(handlers).reverse()) }));
    expect(tableVersion(backwards)).toBe(tableVersion(table));
  });

  it.each([
    ["partitions", withPartitions(table, 5)],
    [
      "a key",
      changed(({ handlers }) => ({
        handlers: { ...handlers, confirm: { component: "clerk", key: () => 1, by: "m.amount", internal: true } },
      })),
    ],
    [
      "the component of a handler",
      changed(({ handlers }) => ({ handlers: { ...handlers, deposit: { component: "clerk" } } })),
    ],
    [
      "whether a handler is internal",
      changed(({ handlers }) => ({ handlers: { ...handlers, opening: { component: "clerk" } } })),
    ],
    ["the component of a timer", changed(() => ({ timers: { open: { component: "clerk" } } }))],
    ["a name", { roles: { House: table.roles["Bank"] ?? { components: {}, handlers: {}, timers: {} } } }],
    ["roles", defaultRouting(banking)],
  ])("changes with %s", (_, other) => {
    expect(tableVersion(other)).not.toBe(tableVersion(table));
  });
});

describe("the table of a system as written", () => {
  it("has one component in one partition for each role, and tells messages from timers", () => {
    expect(defaultRouting(banking).roles).toMatchObject({
      Bank: {
        components: { main: { partitions: 1, partitioned: false } },
        handlers: { deposit: { component: "main" }, notify: { component: "main" } },
        timers: { open: { component: "main" }, tick: { component: "main" } },
      },
      Customer: { handlers: { confirmed: { component: "main" } }, timers: {} },
    });
  });

  it("does not take the operations of a driver for messages", () => {
    expect(Object.keys(defaultRouting(banking).roles["Customer"]?.handlers ?? {})).toEqual(["confirmed"]);
  });
});

describe("withPartitions", () => {
  it("spreads what is partitioned, and nothing else", () => {
    const bank = withPartitions(table, 7).roles["Bank"];
    expect(bank?.components).toEqual({
      main: { partitions: 1, partitioned: false },
      clerk: { partitions: 7, partitioned: true },
    });
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %d partitions", (partitions) => {
    expect(() => withPartitions(table, partitions)).toThrow(RangeError);
  });
});
