/** An inventory that is asked what is there more often than things are taken; the questions are to be answered apart. */
import { On, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Customer {
  abstract available(m: { order: string; sku: string; pieces: number }): void;
  abstract taken(m: { order: string; pieces: number }): void;
}

@Role()
export class Inventory {
  private readonly stock = new Map<string, number>([["pen", 3]]);

  @On() check(m: { order: string; sku: string }, from: Ref<Customer>): void {
    from.available({ order: m.order, sku: m.sku, pieces: this.stock.get(m.sku) ?? 0 });
  }

  @On() take(m: { order: string; sku: string }, from: Ref<Customer>): void {
    const pieces = (this.stock.get(m.sku) ?? 0) - 1;
    this.stock.set(m.sku, pieces);
    from.taken({ order: m.order, pieces });
  }
}
