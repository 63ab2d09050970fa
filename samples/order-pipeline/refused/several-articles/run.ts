/** One inventory, and customers of whom half name the pen first, and half the ink. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { Customer, Inventory } from "./protocol.ts";

/** An operation is an order of one pen and one ink. */
class Shopper extends Customer {
  private readonly self = self();
  private readonly inventory = peer(() => Inventory);

  request(n: number): string {
    const order = `${this.self.id}:${String(n)}`;
    const [first, second] = n % 2 === 0 ? ["pen", "ink"] : ["ink", "pen"];
    this.inventory.reserve({ order, first, second });
    return order;
  }

  reserved(m: { order: string }): string {
    return m.order;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({ name: "several-articles", roles: [instances(Inventory, ["inventory"])], clients: { driver: Shopper } }),
);
