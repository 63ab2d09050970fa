/** One till, and shoppers with a cart for each operation. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { Shopper, Till } from "./protocol.ts";

/** An operation has a cart ordered. */
class Family extends Shopper {
  private readonly self = self();
  private readonly till = peer(() => Till);

  request(n: number): string {
    const cart = `${this.self.id}:${String(n)}`;
    this.till.checkout({ cart });
    return cart;
  }

  ordered(m: { cart: string }): string {
    return m.cart;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({ name: "numbered-orders", roles: [instances(Till, ["till"])], clients: { driver: Family } }),
);
