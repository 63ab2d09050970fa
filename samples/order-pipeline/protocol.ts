/**
 * From an order to its parcel, through four services. An order reserves stock of its article, then is paid for, then ships;
 * what was reserved for an order that nobody pays goes back. Every step may be asked for again and happens once: each
 * service keeps what it has done for an order, under the order's id, and whoever waits for an answer asks until it comes.
 */
import { After, Durable, Invariant, On, OnRecover, peer, peers, Role, timers, type Ref, type Snapshot } from "riven";

/** How long answers of another service, and the customer's consent, are waited for, in milliseconds. */
const ANSWER_DUE = 1000;
const CONSENT_DUE = 5000;

/** How many orders of an article make it a bestseller. */
const BESTSELLING = 3;

export interface Order {
  readonly order: string;
  readonly sku: string;
  readonly quantity: number;
  readonly cents: number;
}

@Role({ external: true })
export abstract class Customer {
  /** Asks for the customer's consent, or the bank's on behalf of the customer; the answer is `Payments.consent`. */
  abstract payable(m: { order: string; sku: string; cents: number }): void;
  abstract rejected(m: { order: string; why: "sold out" | "not paid" }): void;
  /** The order is paid for, and will arrive. */
  abstract confirmed(m: { order: string }): void;
  abstract shipped(m: { order: string; sku: string; quantity: number }): void;
  abstract restocked(m: { delivery: string; sku: string }): void;
  /** News for everybody; once for each article. */
  abstract bestseller(m: { sku: string }): void;
}

interface Progress extends Order {
  readonly customer: string;
  readonly step: Step;
}

type Step = "reserving" | "charging" | "shipping" | "returning" | "shipped" | "rejected";

@Role()
export class Orders {
  private readonly customers = peers(() => Customer);
  private readonly inventory = peer(() => Inventory);
  private readonly payments = peer(() => Payments);
  private readonly shipping = peer(() => Shipping);
  private readonly timers = timers<"answer">();

  @Durable() private readonly orders = new Map<string, Progress>();
  /** The orders of each article that were paid for. A crash forgets them: bestsellers are no promise. */
  private readonly sales = new Map<string, Set<string>>();
  private readonly announced = new Set<string>();

  @On() place(m: Order, from: Ref<Customer>): void {
    if (this.orders.has(m.order)) return;
    this.orders.set(m.order, { ...m, customer: from.id, step: "reserving" });
    this.proceed(m.order);
  }

  @On() reserved(m: { order: string; ok: boolean }): void {
    const order = this.orders.get(m.order);
    if (order?.step !== "reserving") return;
    this.orders.set(m.order, { ...order, step: m.ok ? "charging" : "rejected" });
    if (!m.ok) this.customers.at(order.customer).rejected({ order: m.order, why: "sold out" });
    this.proceed(m.order);
  }

  @On() charged(m: { order: string; sku: string; ok: boolean }): void {
    const order = this.orders.get(m.order);
    if (order?.step !== "charging") return;
    this.orders.set(m.order, { ...order, step: m.ok ? "shipping" : "returning" });
    if (m.ok) this.customers.at(order.customer).confirmed({ order: m.order });
    else this.customers.at(order.customer).rejected({ order: m.order, why: "not paid" });
    this.proceed(m.order);
    if (m.ok) this.sell(m.sku, m.order);
  }

  @On() handedOver(m: { order: string }): void {
    this.finish(m.order, "shipping", "shipped");
  }

  @On() returned(m: { order: string }): void {
    this.finish(m.order, "returning", "rejected");
  }

  @After("answer") answerOverdue(order: string): void {
    this.proceed(order);
  }

  @OnRecover() resume(): void {
    for (const [order, { step }] of this.orders) {
      if (step !== "shipped" && step !== "rejected") this.timers.answer.set(ANSWER_DUE, order);
    }
  }

  /** Asks for the next step of an order, and again until it is done. */
  private proceed(id: string): void {
    const order = this.orders.get(id);
    if (order === undefined) return;
    const { sku, quantity, cents, customer, step } = order;
    switch (step) {
      case "reserving":
        this.inventory.reserve({ order: id, sku, quantity });
        break;
      case "charging":
        this.payments.charge({ order: id, customer, sku, cents });
        break;
      case "shipping":
        this.shipping.ship({ order: id, customer, sku, quantity });
        break;
      case "returning":
        this.inventory.giveBack({ order: id, sku });
        break;
      case "shipped":
      case "rejected":
        this.timers.answer.clear(id);
        return;
    }
    this.timers.answer.set(ANSWER_DUE, id);
  }

  private finish(id: string, before: Step, after: Step): void {
    const order = this.orders.get(id);
    if (order?.step !== before) return;
    this.orders.set(id, { ...order, step: after });
    this.proceed(id);
  }

  private sell(sku: string, order: string): void {
    const sales = this.sales.get(sku) ?? new Set<string>();
    this.sales.set(sku, sales.add(order));
    if (sales.size < BESTSELLING || this.announced.has(sku)) return;
    this.announced.add(sku);
    for (const customer of this.customers) customer.bestseller({ sku });
  }
}

interface Reservation {
  readonly quantity: number;
  readonly state: "held" | "refused" | "given back";
}

@Role()
export class Inventory {
  /** What is there of each article and not reserved. */
  @Durable() private readonly stock = new Map<string, number>();
  /** By article, and by order. */
  @Durable() private readonly reservations = new Map<string, Map<string, Reservation>>();
  /** By article: the deliveries that were put into the shelves. */
  @Durable() private readonly deliveries = new Map<string, Set<string>>();

  @On() reserve(m: { order: string; sku: string; quantity: number }, from: Ref<Orders>): void {
    const reservations = this.reservations.get(m.sku) ?? new Map<string, Reservation>();
    this.reservations.set(m.sku, reservations);
    const before = reservations.get(m.order);
    if (before !== undefined) {
      from.reserved({ order: m.order, ok: before.state !== "refused" });
      return;
    }
    const stock = this.stock.get(m.sku) ?? 0;
    const ok = m.quantity <= stock;
    if (ok) this.stock.set(m.sku, stock - m.quantity);
    reservations.set(m.order, { quantity: m.quantity, state: ok ? "held" : "refused" });
    from.reserved({ order: m.order, ok });
  }

  @On() giveBack(m: { order: string; sku: string }, from: Ref<Orders>): void {
    const reservations = this.reservations.get(m.sku);
    const reservation = reservations?.get(m.order);
    if (reservation?.state === "held") {
      reservations?.set(m.order, { ...reservation, state: "given back" });
      this.stock.set(m.sku, (this.stock.get(m.sku) ?? 0) + reservation.quantity);
    }
    from.returned({ order: m.order });
  }

  @On() restock(m: { delivery: string; sku: string; quantity: number }, from: Ref<Customer>): void {
    const deliveries = this.deliveries.get(m.sku) ?? new Set<string>();
    this.deliveries.set(m.sku, deliveries);
    if (!deliveries.has(m.delivery)) {
      deliveries.add(m.delivery);
      this.stock.set(m.sku, (this.stock.get(m.sku) ?? 0) + m.quantity);
    }
    from.restocked({ delivery: m.delivery, sku: m.sku });
  }

  @Invariant() static stockIsNeverNegative(nodes: Snapshot): boolean {
    return nodes.all(Inventory).every(({ stock }) => [...stock.values()].every((pieces) => pieces >= 0));
  }
}

interface Charge {
  readonly customer: string;
  readonly sku: string;
  readonly cents: number;
  readonly state: "open" | "paid" | "declined";
}

@Role()
export class Payments {
  private readonly customers = peers(() => Customer);
  private readonly orders = peer(() => Orders);
  private readonly timers = timers<"consent">();

  @Durable() private readonly charges = new Map<string, Charge>();

  @On() charge(m: { order: string; customer: string; sku: string; cents: number }): void {
    const charge = this.charges.get(m.order);
    if (charge === undefined) {
      this.charges.set(m.order, { customer: m.customer, sku: m.sku, cents: m.cents, state: "open" });
      this.timers.consent.set(CONSENT_DUE, m.order);
      this.customers.at(m.customer).payable({ order: m.order, sku: m.sku, cents: m.cents });
    } else if (charge.state !== "open") {
      this.orders.charged({ order: m.order, sku: m.sku, ok: charge.state === "paid" });
    }
  }

  @On() consent(m: { order: string; ok: boolean }, from: Ref<Customer>): void {
    if (this.charges.get(m.order)?.customer === from.id) this.settle(m.order, m.ok);
  }

  @After("consent") consentOverdue(order: string): void {
    this.settle(order, false);
  }

  @OnRecover() resume(): void {
    for (const [order, { customer, sku, cents, state }] of this.charges) {
      if (state === "open") {
        this.timers.consent.set(CONSENT_DUE, order);
        this.customers.at(customer).payable({ order, sku, cents });
      }
    }
  }

  private settle(order: string, ok: boolean): void {
    const charge = this.charges.get(order);
    if (charge?.state !== "open") return;
    this.charges.set(order, { ...charge, state: ok ? "paid" : "declined" });
    this.timers.consent.clear(order);
    this.orders.charged({ order, sku: charge.sku, ok });
  }
}

@Role()
export class Shipping {
  private readonly customers = peers(() => Customer);
  /** The orders whose parcels have left. */
  @Durable() private readonly parcels = new Set<string>();

  @On() ship(m: { order: string; customer: string; sku: string; quantity: number }, from: Ref<Orders>): void {
    if (!this.parcels.has(m.order)) {
      this.parcels.add(m.order);
      this.customers.at(m.customer).shipped({ order: m.order, sku: m.sku, quantity: m.quantity });
    }
    from.handedOver({ order: m.order });
  }
}
