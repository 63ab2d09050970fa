/** A node in two parts, as generated code would have it, for every kind of channel between them. */
import { component, On, peer, peers, Role, self, type Ref } from "../../../decorators/index.ts";
import type { HandlerRoute, InternalChannel } from "../../../runtime/routing/routingTable.ts";
import { instances, system, type RewrittenSystem } from "../../../runtime/system.ts";

export interface Put {
  readonly id: string;
  readonly n: number;
}

@Role({ external: true })
export abstract class Writer {
  abstract done(m: { id: string }): void;
  abstract found(m: { id: string; n: number }): void;
}

@Role()
export class Hub {
  private readonly log: string[] = [];
  private readonly shelf = new Map<string, number>();
  private highest = 0;

  /** Stores, and answers. */
  @On() put(m: Put, from: Ref<Writer>): void {
    this.shelf.set(m.id, m.n);
    this.log.push(m.id);
    from.done({ id: m.id });
  }

  /** Raises, and answers. */
  @On() raise(m: Put, from: Ref<Writer>): void {
    if (m.n > this.highest) this.highest = m.n;
    from.done({ id: m.id });
  }

  /** Answers only. */
  @On() greet(m: { id: string }, from: Ref<Writer>): void {
    from.done({ id: m.id });
  }

  /** Does nothing when there is no such entry. */
  @On() fetch(m: { id: string }, from: Ref<Writer>): void {
    const n = this.shelf.get(m.id);
    if (n !== undefined) from.found({ id: m.id, n });
  }
}

export class Putter extends Writer {
  private readonly hub = peer(() => Hub);
  private readonly self = self();

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    this.hub.put({ id, n });
    this.hub.fetch({ id });
    return id;
  }

  done(m: { id: string }): string {
    return m.id;
  }

  found(): undefined {
    return undefined;
  }
}

export const hub = system({ name: "hub", roles: [instances(Hub, ["hub"])], clients: { driver: Putter } });

class HubMain {
  private readonly shelf = component<HubShelf>("shelf");

  put(m: Put, from: Ref<Writer>): void {
    this.shelf.store({ id: m.id, n: m.n });
    from.done({ id: m.id });
    if (m.n < 0) throw new Error("negative");
  }

  raise(m: Put, from: Ref<Writer>): void {
    this.shelf.lift({ n: m.n });
    from.done({ id: m.id });
  }

  greet(m: { id: string }, from: Ref<Writer>): void {
    from.done({ id: m.id });
  }
}

class HubShelf {
  private readonly shelf = new Map<string, number>();
  private readonly log: string[] = [];
  private readonly writers = peers(() => Writer);
  private highest = 0;

  store(m: Put): void {
    if (m.id !== "late" || this.log.includes(m.id)) this.shelf.set(m.id, m.n);
    this.log.push(m.id);
    if (m.id === "evil") throw new Error("evil");
  }

  lift(m: { n: number }): void {
    if (m.n > this.highest) this.highest = m.n;
  }

  fetch(m: { id: string }, from: Ref<Writer>): void {
    const n = this.shelf.get(m.id);
    if (n !== undefined) from.found({ id: m.id, n });
  }

  /** For tests: what was stored, in order. */
  tell(): void {
    for (const writer of this.writers) writer.found({ id: this.log.join(" "), n: this.highest });
  }
}

const key = (m: { id: string }): string => m.id;

/** @param channel undefined for one that remembers nothing */
export function rewrittenHub(channel: InternalChannel | undefined, durable: readonly string[] = []): RewrittenSystem {
  const forward: HandlerRoute = { component: "shelf", internal: true, ...(channel && { channel }) };
  return {
    components: { Hub: { main: HubMain, shelf: HubShelf } },
    routing: {
      roles: {
        Hub: {
          components: {
            main: { partitions: 1, partitioned: false },
            shelf: { partitions: 1, partitioned: false, durable },
          },
          handlers: {
            put: { component: "main" },
            raise: { component: "main" },
            greet: { component: "main" },
            fetch: { component: "shelf", parks: { field: "shelf", key } },
            tell: { component: "shelf" },
            store: { ...forward, wakes: [{ field: "shelf", key }] },
            lift: { ...forward, ...(channel === "acknowledged" && { above: (m: { n: number }) => m.n }) },
          },
          timers: {},
        },
      },
    },
  };
}
