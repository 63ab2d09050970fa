/** An inventory for orders of several articles: all of them are taken, or none. It is to be spread by the first one. */
import { On, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Customer {
  abstract reserved(m: { order: string; ok: boolean }): void;
}

@Role()
export class Inventory {
  private readonly stock = new Map<string, number>([
    ["pen", 2],
    ["ink", 2],
  ]);

  @On() reserve(m: { order: string; first: string; second: string }, from: Ref<Customer>): void {
    const first = this.stock.get(m.first) ?? 0;
    const second = this.stock.get(m.second) ?? 0;
    const ok = first > 0 && second > 0;
    if (ok) {
      this.stock.set(m.first, first - 1);
      this.stock.set(m.second, second - 1);
    }
    from.reserved({ order: m.order, ok });
  }
}
