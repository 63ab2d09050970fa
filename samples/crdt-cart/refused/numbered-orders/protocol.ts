/** A till that numbers its orders; it is to be spread by cart. */
import { On, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Shopper {
  abstract ordered(m: { cart: string; number: number }): void;
}

@Role()
export class Till {
  private last = 0;
  private readonly numbers = new Map<string, number>();

  @On() checkout(m: { cart: string }, from: Ref<Shopper>): void {
    let number = this.numbers.get(m.cart);
    if (number === undefined) {
      this.last += 1;
      number = this.last;
      this.numbers.set(m.cart, number);
    }
    from.ordered({ cart: m.cart, number });
  }
}
