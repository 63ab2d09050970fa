/** One node with the carts, and shoppers who put the same item into their carts one after another, and out again. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { Carts, Shopper } from "./protocol.ts";

/** An operation puts an item into the shopper's cart and takes it out again, complete when it is out. */
class Family extends Shopper {
  private readonly self = self();
  private readonly carts = peer(() => Carts);
  private readonly added = new Set<string>();

  request(n: number): string {
    const request = `${this.self.id}:${String(n)}`;
    this.carts.add({ request, cart: this.self.id, item: "pen" });
    return request;
  }

  done(m: { request: string }): string | undefined {
    if (this.added.has(m.request)) return m.request;
    this.added.add(m.request);
    this.carts.remove({ request: m.request, cart: this.self.id, item: "pen" });
    return undefined;
  }

  wanted(): undefined {
    return undefined;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "removal-by-arrival",
    roles: [instances(Carts, ["carts"])],
    clients: { driver: Family },
    simulation: { clients: 3, operations: 2 },
  }),
);
