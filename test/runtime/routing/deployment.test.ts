import { On, Role } from "../../../decorators/index.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { printInstance, printLogical } from "../../../runtime/routing/address.ts";
import { instances, system, type ClientDriver, type SystemDefinition } from "../../../runtime/system.ts";
import { Auditor, Bank, banking, Customer, Depositor, rewrittenBanking } from "../node/banking.ts";

describe("a deployment", () => {
  it("has an instance for each partition of each component of each node", () => {
    const { instances: all, nodes } = deploy(banking, { rewritten: rewrittenBanking, clients: 2 });
    expect(nodes.map(printLogical)).toEqual([
      "Bank/bank",
      "Auditor/auditor-1",
      "Auditor/auditor-2",
      "Customer/customer-1",
      "Customer/customer-2",
    ]);
    expect(all.map(printInstance)).toEqual([
      "Bank/bank#main.0",
      "Bank/bank#clerk.0",
      "Bank/bank#clerk.1",
      "Bank/bank#clerk.2",
      "Auditor/auditor-1#main.0",
      "Auditor/auditor-2#main.0",
      "Customer/customer-1#main.0",
      "Customer/customer-2#main.0",
    ]);
    expect([all.map(({ number }) => number), nodes.map(({ number }) => number)]).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 1, 2, 3, 4],
    ]);
  });

  it("has another version with another table or another membership", () => {
    const versions = [
      deploy(banking),
      deploy(banking, { clients: 2 }),
      deploy(banking, { rewritten: rewrittenBanking }),
      deploy(banking, { rewritten: rewrittenBanking, partitions: 5 }),
    ].map(({ version }) => version);
    expect(new Set(versions).size).toBe(4);
    expect(deploy(banking).version).toBe(versions[0]);
  });

  it("does not fit a system that lost a role", () => {
    const foreign = {
      ...rewrittenBanking,
      routing: { roles: { Vault: { components: {}, handlers: {}, timers: {} } } },
    };
    expect(() => deploy(banking, { rewritten: foreign })).toThrow(
      /routes to Vault, and banking has no such role.*riven build/,
    );
  });

  it("needs a class for each component", () => {
    const incomplete = { ...rewrittenBanking, components: { Bank: {} } };
    expect(() => deploy(banking, { rewritten: incomplete })).toThrow(/no class for Bank's component main/);
  });

  it("needs a marker for each timer, and a component for each handler", () => {
    const bank = rewrittenBanking.routing.roles["Bank"];
    if (bank === undefined) throw new Error("The banking system has a Bank.");
    const route = (change: object) => ({ ...rewrittenBanking, routing: { roles: { Bank: { ...bank, ...change } } } });
    expect(() => deploy(banking, { rewritten: route({ timers: { tock: { component: "main" } } }) })).toThrow(
      /tock.*no marker/,
    );
    expect(() => deploy(banking, { rewritten: route({ handlers: { deposit: { component: "till" } } }) })).toThrow(
      /till, which is no component/,
    );
  });
});

class Unmarked {
  request(): string {
    return "";
  }
}

@Role()
class Reserved {
  @On() id(): void {
    // A reference has an id already.
  }
}

abstract class Silent extends Customer {}

describe("system()", () => {
  const clients = { driver: Depositor };
  const good: SystemDefinition = { name: "s", roles: [instances(Bank, 1)], clients };
  const withRoles = (...roles: SystemDefinition["roles"]): SystemDefinition => ({ ...good, roles });

  it.each<readonly [string, SystemDefinition, RegExp]>([
    ["no name", { ...good, name: "" }, /needs a name/],
    ["no roles", withRoles(), /at least one role/],
    ["an unmarked role", withRoles({ role: Unmarked, ids: ["a"] }), /Unmarked is not a role: put @Role\(\)/],
    ["a role twice", withRoles(instances(Bank, ["a"]), instances(Bank, ["b"])), /Bank is there twice/],
    ["no nodes", withRoles(instances(Bank, [])), /Bank has no nodes/],
    ["an id twice", withRoles(instances(Auditor, ["a", "b", "a"])), /Auditor has two nodes called "a"/],
    ["an empty id", withRoles(instances(Bank, [""])), /empty id/],
    ["an external role among the nodes", withRoles({ role: Depositor, ids: ["a"] }), /Depositor is external/],
    ["a reserved handler name", withRoles(instances(Reserved, 1)), /Reserved has a handler called id/],
    ["an unmarked driver", { ...good, clients: { driver: Unmarked } }, /Unmarked is not a role/],
    [
      "a driver that is no client",
      { ...good, clients: { driver: Auditor as never } },
      /has to extend an external role/,
    ],
    [
      "a driver without operations",
      { ...good, clients: { driver: Silent as unknown as new () => ClientDriver } },
      /needs a method request/,
    ],
  ])("refuses %s", (_, definition, reason) => {
    expect(() => system(definition)).toThrow(reason);
  });

  it("gives back what it was given", () => {
    expect(system(good)).toBe(good);
  });

  it("names nodes after their role", () => {
    @Role()
    class VoteCollector extends Auditor {}
    expect(instances(VoteCollector, 2).ids).toEqual(["vote-collector-1", "vote-collector-2"]);
    expect(() => instances(VoteCollector, 0)).toThrow(/positive integer/);
  });
});
