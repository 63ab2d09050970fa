/** The pipeline as a system: one node of each service, and customers that order the same few articles. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Customer, Inventory, Orders, Payments, Shipping } from "./protocol.ts";

const ARTICLES = ["pen", "ink"];

/** An operation is an order, complete when its parcel is there or it is rejected, or a delivery of some more of an article. */
class Shopper extends Customer {
  private readonly self = self();
  private readonly orders = peer(() => Orders);
  private readonly inventory = peer(() => Inventory);
  private readonly payments = peer(() => Payments);

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    const sku = ARTICLES[n % ARTICLES.length] ?? "";
    if (n % 4 < ARTICLES.length) this.inventory.restock({ delivery: id, sku, quantity: 2 });
    else this.orders.place({ order: id, sku, quantity: 1 + (n % 3), cents: 100 + n });
    return id;
  }

  /** The customer's budget ends with every fifth order. */
  payable(m: { order: string; cents: number }): undefined {
    this.payments.consent({ order: m.order, ok: m.cents % 5 !== 3 });
    return undefined;
  }

  rejected(m: { order: string }): string {
    return m.order;
  }

  confirmed(): undefined {
    return undefined;
  }

  shipped(m: { order: string }): string {
    return m.order;
  }

  restocked(m: { delivery: string }): string {
    return m.delivery;
  }

  bestseller(): undefined {
    return undefined;
  }
}

interface Message {
  readonly order: string;
  readonly delivery: string;
  readonly sku: string;
  readonly quantity: number;
  readonly why: string;
  readonly ok: boolean;
}

/** What clients have sent, or received, in messages of one name. */
function messages(history: readonly ExternalEvent[], kind: ExternalEvent["kind"], name: string): readonly Message[] {
  return history
    .filter((event) => event.kind === kind && event.message === name)
    .map(({ payload }) => payload as Message);
}

/** Whether at no time more of an article had left than was delivered until then. */
function stockSuffices(history: readonly ExternalEvent[]): boolean {
  const left = new Map<string, number>();
  return history.every(({ kind, message, payload }) => {
    const { sku, quantity } = payload as Message;
    if (kind === "sent" && message === "restock") left.set(sku, (left.get(sku) ?? 0) + quantity);
    if (kind === "received" && message === "shipped") left.set(sku, (left.get(sku) ?? 0) - quantity);
    return (left.get(sku) ?? 0) >= 0;
  });
}

/** Whether somebody who is asked to pay has goods reserved: together with what has left, no more than was delivered. */
function payableIsReserved(history: readonly ExternalEvent[]): boolean {
  const placed = new Map(messages(history, "sent", "place").map((order) => [order.order, order]));
  const left = new Map<string, number>();
  const reserved = new Set<string>();
  return history.every(({ kind, message, payload }) => {
    const { order, sku, quantity, ok } = payload as Message;
    if (kind === "sent" && message === "restock") left.set(sku, (left.get(sku) ?? 0) + quantity);
    const { sku: article = "", quantity: pieces = 0 } = placed.get(order) ?? {};
    if (kind === "received" && message === "payable" && !reserved.has(order)) {
      reserved.add(order);
      left.set(article, (left.get(article) ?? 0) - pieces);
    }
    const isGivenUp = (kind === "sent" && message === "consent" && !ok) || message === "rejected";
    if (isGivenUp && reserved.delete(order)) left.set(article, (left.get(article) ?? 0) + pieces);
    return (left.get(article) ?? 0) >= 0;
  });
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "order-pipeline",
    roles: [
      instances(Orders, ["orders"]),
      instances(Inventory, ["inventory"]),
      instances(Payments, ["payments"]),
      instances(Shipping, ["shipping"]),
    ],
    clients: { driver: Shopper },
    simulation: { operations: 6 },
    invariants: [
      { name: "stock is never negative", holds: stockSuffices },
      { name: "nobody is asked to pay for what is not reserved", holds: payableIsReserved },
      {
        name: "nothing ships that was not paid for, and nothing twice",
        holds: (history) => {
          const paid = new Set(messages(history, "sent", "consent").flatMap(({ order, ok }) => (ok ? [order] : [])));
          const shipped = messages(history, "received", "shipped").map(({ order }) => order);
          return new Set(shipped).size === shipped.length && shipped.every((order) => paid.has(order));
        },
      },
      {
        name: "an order that was rejected does not ship",
        holds: (history) => {
          const rejected = new Set(messages(history, "received", "rejected").map(({ order }) => order));
          return messages(history, "received", "shipped").every(({ order }) => !rejected.has(order));
        },
      },
    ],
  }),
);
