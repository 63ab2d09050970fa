/** Carts as a system: three replicas, a till, and shoppers that fill carts together. */
import { peer, peers, self, type Peers, type Ref } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Replica, Shopper, Till, type Addition } from "./protocol.ts";

/** The last of so many operations on a cart has it ordered. */
const OPERATIONS = 6;
/** How often a shopper looks again before it gives up. */
const PATIENCE = 100;

/** The replica that a shopper goes to with the n-th operation. */
function replicaFor(replicas: Peers<Replica>, n: number): Ref<Replica> {
  return replicas.at(replicas.ids[n % replicas.size] ?? "");
}

/**
 * An operation adds a piece to a cart; removes a piece of one's own that some replica shows; looks at some replica, again and
 * again, until that shows what was added; or has the cart ordered. All shoppers do this to the same cart.
 */
class Family extends Shopper {
  private readonly self = self();
  private readonly replicas = peers(() => Replica);
  private readonly till = peer(() => Till);
  /** The tags of this shopper's pieces that are in the carts for sure. */
  private readonly certain = new Set<string>();
  private readonly looks = new Map<string, number>();

  request(n: number): string {
    const request = `${this.self.id}:${String(n)}`;
    const cart = cartOf(n);
    const replica = replicaFor(this.replicas, n);
    switch (n % OPERATIONS) {
      case 2:
      case 4:
        replica.look({ cart, request });
        return request;
      case OPERATIONS - 1:
        this.till.checkout({ cart });
        return `${cart} of ${this.self.id}`;
      default:
        replica.add({ cart, tag: request, item: `item-${String(n % 2)}` });
        return request;
    }
  }

  added(m: { tag: string }): string {
    this.certain.add(m.tag);
    return m.tag;
  }

  contents(m: { cart: string; request: string; pieces: readonly Addition[] }): string | undefined {
    const n = Number(m.request.slice(this.self.id.length + 1));
    const shown = m.pieces.map(({ tag }) => tag);
    const mine = shown.find((tag) => this.certain.has(tag));
    if (n % OPERATIONS === 2 && mine !== undefined) {
      this.certain.delete(mine);
      replicaFor(this.replicas, n).remove({ cart: m.cart, request: m.request, tags: [mine] });
      return undefined;
    }
    const expected = [...this.certain].filter((tag) => cartOf(Number(tag.slice(this.self.id.length + 1))) === m.cart);
    if (expected.every((tag) => shown.includes(tag))) return m.request;
    const looks = (this.looks.get(m.request) ?? 0) + 1;
    this.looks.set(m.request, looks);
    if (looks > PATIENCE) return undefined;
    replicaFor(this.replicas, n).look({ cart: m.cart, request: m.request });
    return undefined;
  }

  removed(m: { request: string }): string {
    return m.request;
  }

  closed(m: { request: string }): string {
    return m.request;
  }

  ordered(m: { cart: string }): string {
    return `${m.cart} of ${this.self.id}`;
  }
}

function cartOf(n: number): string {
  return `cart-${String(Math.floor(n / OPERATIONS))}`;
}

interface Message {
  readonly cart: string;
  readonly tag: string;
  readonly tags: readonly string[];
  readonly request: string;
  readonly pieces: readonly Addition[];
}

function messages(history: readonly ExternalEvent[], kind: ExternalEvent["kind"], name: string): readonly Message[] {
  return history
    .filter((event) => event.kind === kind && event.message === name)
    .map(({ payload }) => payload as Message);
}

/** What everybody must have seen in a cart that was ordered: confirmed before anybody asked for the order. */
function promisedBeforeCheckout(history: readonly ExternalEvent[], name: "added" | "removed"): readonly Message[] {
  const asked = new Set<string>();
  const promised: Message[] = [];
  for (const { kind, message, payload } of history) {
    const told = payload as Message;
    if (kind === "sent" && message === "checkout") asked.add(told.cart);
    if (kind === "received" && message === name && !asked.has(told.cart)) promised.push(told);
  }
  return promised;
}

/** The tags in each cart that was ordered. */
function orderedTags(history: readonly ExternalEvent[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    messages(history, "received", "ordered").map(({ cart, pieces }) => [cart, new Set(pieces.map(({ tag }) => tag))]),
  );
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "crdt-cart",
    roles: [instances(Replica, 3), instances(Till, ["till"])],
    clients: { driver: Family },
    simulation: { operations: OPERATIONS },
    invariants: [
      {
        name: "everybody is told of the same order",
        holds: (history) => {
          const orders = messages(history, "received", "ordered").map((order) =>
            JSON.stringify([order.cart, order.pieces]),
          );
          return new Set(orders).size === orderedTags(history).size;
        },
      },
      {
        name: "carts and orders hold what somebody has added",
        holds: (history) => {
          const added = new Set(messages(history, "sent", "add").map(({ cart, tag }) => JSON.stringify([cart, tag])));
          return [...messages(history, "received", "ordered"), ...messages(history, "received", "contents")].every(
            ({ cart, pieces }) => pieces.every(({ tag }) => added.has(JSON.stringify([cart, tag]))),
          );
        },
      },
      {
        name: "what was added for sure is ordered, unless somebody removes it",
        holds: (history) => {
          const removed = new Set(messages(history, "sent", "remove").flatMap(({ tags }) => tags));
          const ordered = orderedTags(history);
          return promisedBeforeCheckout(history, "added").every(
            ({ cart, tag }) => removed.has(tag) || (ordered.get(cart)?.has(tag) ?? true),
          );
        },
      },
      {
        name: "what was removed for sure is not ordered",
        holds: (history) => {
          const removals = new Map(messages(history, "sent", "remove").map(({ request, tags }) => [request, tags]));
          const ordered = orderedTags(history);
          return promisedBeforeCheckout(history, "removed").every(
            ({ cart, request }) => !removals.get(request)?.some((tag) => ordered.get(cart)?.has(tag)),
          );
        },
      },
    ],
  }),
);
