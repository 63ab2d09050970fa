/**
 * A shopping cart that is always open: every replica takes additions and removals at any time and tells the others, and
 * replicas that have heard the same things hold the same cart, whatever the order. Each addition has a tag of its own; a removal
 * names the tags that it is about, so an addition that it did not know of stays (an observed-remove set). A checkout is
 * the one thing that needs all replicas: they close the cart, and what all of them together know of is ordered.
 */
import {
  After,
  Durable,
  GrowMap,
  GrowSet,
  Invariant,
  On,
  OnRecover,
  peers,
  Role,
  timers,
  type Ref,
  type Snapshot,
} from "riven";

/** How long a replica waits until it tells the others again, and the till until it asks again, in milliseconds. */
const GOSSIP_DUE = 1000;
const CLOSING_DUE = 1000;

/** An addition of one piece. */
export interface Addition {
  /** Chosen by the shopper; no two additions have the same. */
  readonly tag: string;
  readonly item: string;
}

@Role({ external: true })
export abstract class Shopper {
  abstract added(m: { cart: string; tag: string }): void;
  abstract removed(m: { cart: string; request: string }): void;
  /** The cart is, or is about to be, ordered; `request` is the tag of an addition, or the request of a removal. */
  abstract closed(m: { cart: string; request: string }): void;
  /** What is in the cart, as far as the replica knows, by tag. */
  abstract contents(m: { cart: string; request: string; pieces: readonly Addition[] }): void;
  abstract ordered(m: { cart: string; pieces: readonly Addition[] }): void;
}

/** Additions that were not removed, by tag. */
const present = (additions: ReadonlyMap<string, string>, removals: ReadonlySet<string>): Addition[] =>
  [...additions]
    .filter(([tag]) => !removals.has(tag))
    .map(([tag, item]) => ({ tag, item }))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));

@Role()
export class Replica {
  private readonly replicas = peers(() => Replica);
  private readonly timers = timers<"gossip">();

  /** The items of each cart, by tag, whether they were removed or not. */
  @Durable() private readonly additions = new Map<string, Map<string, string>>();
  /** The tags that were removed from each cart, whether they were added or not. */
  @Durable() private readonly removals = new GrowMap<string, GrowSet<string>>(() => new GrowSet());
  /** The carts that are being ordered. */
  @Durable() private readonly closing = new GrowSet<string>();
  /** What the others are known to have heard about each cart: as much as this replica knew when it knew so many tags. */
  private readonly heard = new Map<string, Map<string, number>>();

  @On() add(m: { cart: string; tag: string; item: string }, from: Ref<Shopper>): void {
    if (this.closing.has(m.cart)) {
      from.closed({ cart: m.cart, request: m.tag });
      return;
    }
    const additions = this.additions.get(m.cart) ?? new Map<string, string>();
    this.additions.set(m.cart, additions.set(m.tag, m.item));
    this.timers.gossip.set(GOSSIP_DUE, m.cart);
    from.added({ cart: m.cart, tag: m.tag });
    for (const replica of this.replicas.others) {
      replica.learn({ cart: m.cart, additions: [{ tag: m.tag, item: m.item }], removals: [] });
    }
  }

  @On() remove(m: { cart: string; request: string; tags: readonly string[] }, from: Ref<Shopper>): void {
    if (this.closing.has(m.cart)) {
      from.closed({ cart: m.cart, request: m.request });
      return;
    }
    this.removals.at(m.cart).merge(m.tags);
    this.timers.gossip.set(GOSSIP_DUE, m.cart);
    from.removed({ cart: m.cart, request: m.request });
    for (const replica of this.replicas.others) {
      replica.learn({ cart: m.cart, additions: [], removals: m.tags });
    }
  }

  @On() look(m: { cart: string; request: string }, from: Ref<Shopper>): void {
    const additions = this.additions.get(m.cart) ?? new Map<string, string>();
    const removals = new Set(this.removals.at(m.cart));
    from.contents({ cart: m.cart, request: m.request, pieces: present(additions, removals) });
  }

  /** With `tags`, this is everything that the other replica knows about the cart: so many tags. */
  @On() learn(
    m: { cart: string; additions: readonly Addition[]; removals: readonly string[]; tags?: number },
    from: Ref<Replica>,
  ): void {
    const additions = this.additions.get(m.cart) ?? new Map<string, string>();
    this.additions.set(m.cart, additions);
    for (const { tag, item } of m.additions) additions.set(tag, item);
    this.removals.at(m.cart).merge(m.removals);
    if (m.tags !== undefined) from.learned({ cart: m.cart, tags: m.tags });
  }

  @On() learned(m: { cart: string; tags: number }, from: Ref<Replica>): void {
    const heard = this.heard.get(m.cart) ?? new Map<string, number>();
    this.heard.set(m.cart, heard);
    if (m.tags > (heard.get(from.id) ?? 0)) heard.set(from.id, m.tags);
  }

  /** Tells everything about a cart to those that may not know it, until they do. */
  @After("gossip") gossip(cart: string): void {
    const additions = this.additions.get(cart) ?? new Map<string, string>();
    const removals = [...this.removals.at(cart)];
    const tags = additions.size + removals.length;
    const heard = this.heard.get(cart) ?? new Map<string, number>();
    const behind = this.replicas.others.ids.filter((id) => (heard.get(id) ?? 0) < tags);
    if (behind.length === 0) return;
    this.timers.gossip.set(GOSSIP_DUE, cart);
    const pieces = [...additions].map(([tag, item]) => ({ tag, item }));
    for (const id of behind) this.replicas.at(id).learn({ cart, additions: pieces, removals, tags });
  }

  @On() close(m: { cart: string }, from: Ref<Till>): void {
    this.closing.add(m.cart);
    const additions = this.additions.get(m.cart) ?? new Map<string, string>();
    const pieces = [...additions].map(([tag, item]) => ({ tag, item }));
    from.closedAt({ cart: m.cart, additions: pieces, removals: [...this.removals.at(m.cart)] });
  }

  @OnRecover() resume(): void {
    for (const [cart] of this.additions) this.timers.gossip.set(GOSSIP_DUE, cart);
  }

  /** A tag stands for one piece of one item, whoever knows of it. */
  @Invariant() static tagsMeanTheSameEverywhere(nodes: Snapshot): boolean {
    const items = new Map<string, string>();
    return nodes.all(Replica).every(({ additions }) =>
      [...additions].every(([cart, pieces]) =>
        [...pieces].every(([tag, item]) => {
          const known = items.get(`${cart}/${tag}`) ?? item;
          items.set(`${cart}/${tag}`, known);
          return known === item;
        }),
      ),
    );
  }
}

/** What a replica knew about a cart when it closed it. */
interface Reply {
  readonly additions: readonly Addition[];
  readonly removals: readonly string[];
}

@Role()
export class Till {
  private readonly shoppers = peers(() => Shopper);
  private readonly replicas = peers(() => Replica);
  private readonly timers = timers<"closing">();

  /** Who is to hear about each cart. */
  @Durable() private readonly buyers = new Map<string, Set<string>>();
  @Durable() private readonly orders = new Map<string, readonly Addition[]>();
  /** What the replicas have said about carts that are not ordered yet. */
  private readonly replies = new Map<string, Map<string, Reply>>();

  @On() checkout(m: { cart: string }, from: Ref<Shopper>): void {
    const pieces = this.orders.get(m.cart);
    if (pieces !== undefined) {
      from.ordered({ cart: m.cart, pieces });
      return;
    }
    const buyers = this.buyers.get(m.cart) ?? new Set<string>();
    this.buyers.set(m.cart, buyers.add(from.id));
    this.timers.closing.set(CLOSING_DUE, m.cart);
    for (const replica of this.replicas) replica.close({ cart: m.cart });
  }

  @On() closedAt(
    m: { cart: string; additions: readonly Addition[]; removals: readonly string[] },
    from: Ref<Replica>,
  ): void {
    if (this.orders.has(m.cart)) return;
    const replies = this.replies.get(m.cart) ?? new Map<string, Reply>();
    this.replies.set(m.cart, replies.set(from.id, { additions: m.additions, removals: m.removals }));
    if (replies.size < this.replicas.size) return;

    const additions = new Map<string, string>();
    const removals = new Set<string>();
    for (const reply of replies.values()) {
      for (const { tag, item } of reply.additions) additions.set(tag, item);
      for (const tag of reply.removals) removals.add(tag);
    }
    const pieces = present(additions, removals);
    this.orders.set(m.cart, pieces);
    this.replies.delete(m.cart);
    this.timers.closing.clear(m.cart);
    for (const buyer of this.buyers.get(m.cart) ?? []) this.shoppers.at(buyer).ordered({ cart: m.cart, pieces });
  }

  @After("closing") closingOverdue(cart: string): void {
    if (this.orders.has(cart)) return;
    this.timers.closing.set(CLOSING_DUE, cart);
    for (const replica of this.replicas) replica.close({ cart });
  }

  @OnRecover() resume(): void {
    for (const [cart] of this.buyers) {
      if (!this.orders.has(cart)) this.timers.closing.set(CLOSING_DUE, cart);
    }
  }
}
