import { Counter, GrowSet, On, peers, Role, timers, type Ref } from "../../../decorators/index.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { ComponentHost } from "../../../runtime/node/componentHost.ts";
import type { StateObserver } from "../../../runtime/node/stateObserver.ts";
import { instances, system } from "../../../runtime/system.ts";

@Role({ external: true })
abstract class Client {
  abstract done(m: { n: number }): void;
}

@Role()
class Keeper {
  readonly clients = peers(() => Client);
  readonly timers = timers<"never">();
  readonly byName = new Map<string, { n: number; tags: string[] }>();
  readonly names = new Set<string>();
  readonly seen = new GrowSet<string>();
  readonly many = new Counter();
  readonly bytes = new Uint8Array([1, 2]);
  record: { nested: { n: number } } = { nested: { n: 1 } };
  total = 0;
  late?: string;
  readonly doubled = (): number => this.total * 2;

  @On() keep(m: { name: string; n: number }, from: Ref<Client>): void {
    this.byName.set(m.name, { n: m.n, tags: ["new"] });
    this.names.add(m.name);
    this.seen.add(m.name);
    this.bytes[0] = m.n;
    this.late = m.name;
    this.raise(m.n);
    from.done({ n: this.sum });
  }

  get sum(): number {
    return this.total;
  }

  raise(by: number): void {
    this.total += by;
  }
}

class Quiet extends Client {
  request(n: number): string {
    return String(n);
  }
  done(m: { n: number }): string {
    return String(m.n);
  }
}

function createKeeper(): { readonly host: ComponentHost; readonly look: () => Keeper; readonly noticed: string[] } {
  const deployment = deploy(
    system({ name: "keeper", roles: [instances(Keeper, ["keeper"])], clients: { driver: Quiet } }),
    { clients: 1 },
  );
  const [instance] = deployment.instances;
  if (instance === undefined) throw new Error("There is no keeper.");
  const noticed: string[] = [];
  const observer: StateObserver = {
    onRead: ({ field }) => noticed.push(`read ${field}`),
    onWrite: ({ field }) => noticed.push(`wrote ${field}`),
  };
  const nothing = (): void => undefined;
  const host = new ComponentHost({
    deployment,
    instance,
    observer,
    emit: nothing,
    onFailure: nothing,
    onDeadLetter: nothing,
  });
  return { host, look: () => host.look() as Keeper, noticed };
}

function keep(host: ComponentHost, name: string, n: number): void {
  host.deliver({ handler: "keep", from: { role: "Client", id: "client-1" }, payload: encodePayload({ name, n }) });
}

test("a look shows what the node holds, with its class, its methods and its id, and nobody notices", () => {
  const { host, look, noticed } = createKeeper();
  const before = look();
  expect([before.total, before.late, before.byName.size]).toEqual([0, undefined, 0]);
  keep(host, "a", 3);
  noticed.length = 0;
  const node = look();
  expect(node).toBeInstanceOf(Keeper);
  expect((node as Keeper & { readonly id: string }).id).toBe("keeper");
  expect([...node.byName]).toEqual([["a", { n: 3, tags: ["new"] }]]);
  expect([node.names.has("a"), node.seen.has("a"), node.many.value, node.sum, node.late]).toEqual([
    true,
    true,
    0,
    3,
    "a",
  ]);
  expect([...node.bytes]).toEqual([3, 2]);
  expect(node.clients.ids).toEqual(["client-1"]);
  expect(noticed).toEqual([]);
});

const attempts: readonly (readonly [string, (node: Keeper) => unknown, RegExp])[] = [
  ["assigns a field", (node) => (node.total = 1), /Keeper\.total was assigned by an invariant/],
  ["calls a method that does", (node) => node.raise(1), /Keeper\.total was assigned by an invariant/],
  ["adds to a map", (node) => node.byName.set("b", { n: 1, tags: [] }), /must not be changed/],
  ["deletes from a map", (node) => node.byName.delete("a"), /must not be changed/],
  ["changes an entry", (node) => Object.assign(node.byName.get("a") ?? {}, { n: 2 }), /read only property/],
  ["changes a list in an entry", (node) => node.byName.get("a")?.tags.push("x"), /not extensible|read only/],
  ["adds to a set", (node) => node.names.add("b"), /must not be changed/],
  ["adds to a lattice", (node) => node.seen.add("b"), /must not be changed/],
  ["raises a counter", (node) => node.many.add("keeper", 1), /read only|must not be changed|not extensible/],
  ["changes a record", (node) => (node.record.nested.n = 2), /read only property/],
  ["adds a field", (node) => Object.assign(node, { more: 1 }), /not extensible/],
  ["assigns the id", (node) => Object.assign(node, { id: "other" }), /id of a node was assigned/],
  ["replaces what the topology gave", (node) => Object.assign(node, { clients: 1 }), /clients was assigned/],
  ["sends", (node) => node.clients.at("client-1").done({ n: 1 }), /outside a handler/],
  ["sets a timer", (node) => node.timers.never.set(1), /outside a handler|no method is marked/],
  ["calls a function that has captured the node", (node) => node.doubled(), /function in a field/],
];

test.each(attempts)("an invariant that %s is told that it may not", (_what, attempt, message) => {
  const { host, look } = createKeeper();
  keep(host, "a", 1);
  const shown = (): unknown => [[...look().byName], look().total, [...look().names], look().record, look().many.value];
  const before = JSON.stringify(shown());
  expect(() => attempt(look())).toThrow(message);
  expect(JSON.stringify(shown())).toBe(before);
});

test("bytes are a copy", () => {
  const { look } = createKeeper();
  look().bytes[0] = 9;
  expect([...look().bytes]).toEqual([1, 2]);
});
