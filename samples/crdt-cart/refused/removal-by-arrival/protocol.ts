/**
 * Carts that are counted by item: what is in several of them is wanted, and everybody is told once. A removal takes out
 * whatever additions came before it, and none that come after. Carts are spread by cart, and the counting by item.
 */
import { On, peers, Role, type Ref } from "riven";

/** So many carts make an item wanted. */
const MANY = 2;

@Role({ external: true })
export abstract class Shopper {
  abstract done(m: { request: string; changes: number }): void;
  abstract wanted(m: { item: string }): void;
}

@Role()
export class Carts {
  private readonly shoppers = peers(() => Shopper);
  /** How often each cart was changed. */
  private readonly changes = new Map<string, number>();
  /** The carts that each item is in. */
  private readonly holders = new Map<string, Set<string>>();
  private readonly announced = new Set<string>();

  @On() add(m: { request: string; cart: string; item: string }, from: Ref<Shopper>): void {
    const changes = (this.changes.get(m.cart) ?? 0) + 1;
    this.changes.set(m.cart, changes);
    from.done({ request: m.request, changes });
    const holders = this.holders.get(m.item) ?? new Set<string>();
    this.holders.set(m.item, holders.add(m.cart));
    if (holders.size < MANY || this.announced.has(m.item)) return;
    this.announced.add(m.item);
    for (const shopper of this.shoppers) shopper.wanted({ item: m.item });
  }

  @On() remove(m: { request: string; cart: string; item: string }, from: Ref<Shopper>): void {
    const changes = (this.changes.get(m.cart) ?? 0) + 1;
    this.changes.set(m.cart, changes);
    from.done({ request: m.request, changes });
    this.holders.get(m.item)?.delete(m.cart);
  }
}
