/** One inventory, and customers that take a piece when there is one. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { Customer, Inventory } from "./protocol.ts";

/** An operation asks for a piece, and takes it if there is one. */
class Shopper extends Customer {
  private readonly self = self();
  private readonly inventory = peer(() => Inventory);

  request(n: number): string {
    const order = `${this.self.id}:${String(n)}`;
    this.inventory.check({ order, sku: "pen" });
    return order;
  }

  available(m: { order: string; sku: string; pieces: number }): string | undefined {
    if (m.pieces < 1) return m.order;
    this.inventory.take({ order: m.order, sku: m.sku });
    return undefined;
  }

  taken(m: { order: string }): string {
    return m.order;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({ name: "check-apart", roles: [instances(Inventory, ["inventory"])], clients: { driver: Shopper } }),
);
