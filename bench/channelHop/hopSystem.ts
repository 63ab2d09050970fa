/**
 * A node in two parts, as generated code would have it, that forwards each message once, over one kind of channel or
 * another, and answers. What the forward does is nothing: what is measured is its way.
 */
import { component, On, peer, peers, Role, type Ref } from "riven";
import { instances, system, type RewrittenSystem, type RoutingTable } from "riven/runtime";

/** How a message is passed on, besides being answered: not at all, to another role, or to another part of the node. */
export type Way = "nothing" | "direct" | "once" | "repeatable" | "ordered" | "acknowledged";

export const WAYS: readonly Way[] = ["nothing", "direct", "once", "repeatable", "ordered", "acknowledged"];

export interface Ball {
  readonly id: string;
  readonly way: Way;
  readonly payload: Uint8Array;
}

/** What travels: 16 bytes and an id, as in the samples. */
export function createBall(n: number, way: Way): Ball {
  return { id: `ball-${String(n)}`, way, payload: new Uint8Array(16) };
}

@Role({ external: true })
export abstract class Starter {
  abstract started(): void;
}

@Role()
export class Hub {
  private readonly sinks = peers(() => Sink);

  @On() put(m: Ball, from: Ref<Player>): void {
    if (m.way === "direct") for (const sink of this.sinks) sink.take({ id: m.id, payload: m.payload });
    from.done(m);
  }
}

@Role()
export class Sink {
  @On() take(_m: Pick<Ball, "id" | "payload">): void {
    // Arrives, and that is all.
  }
}

@Role()
export class Player {
  private readonly hub = peer(() => Hub);

  @On() serve(m: Ball): void {
    this.hub.put(m);
  }

  @On() done(m: Ball): void {
    this.hub.put(m);
  }
}

class HubMain {
  private readonly sinks = peers(() => Sink);
  private readonly shelf = component<HubShelf>("shelf");

  put(m: Ball, from: Ref<Player>): void {
    switch (m.way) {
      case "nothing":
        break;
      case "direct":
        for (const sink of this.sinks) sink.take({ id: m.id, payload: m.payload });
        break;
      case "once":
        this.shelf.takeOnce({ id: m.id, payload: m.payload });
        break;
      case "repeatable":
        this.shelf.takeRepeatable({ id: m.id, payload: m.payload });
        break;
      case "ordered":
        this.shelf.takeOrdered({ id: m.id, payload: m.payload });
        break;
      case "acknowledged":
        this.shelf.takeAcknowledged({ id: m.id, payload: m.payload });
    }
    from.done(m);
  }
}

class HubShelf {
  takeOnce(_m: Pick<Ball, "id" | "payload">): void {
    // Arrives, and that is all.
  }

  takeRepeatable(_m: Pick<Ball, "id" | "payload">): void {
    // Arrives, and that is all.
  }

  takeOrdered(_m: Pick<Ball, "id" | "payload">): void {
    // Arrives, and that is all.
  }

  takeAcknowledged(_m: Pick<Ball, "id" | "payload">): void {
    // Arrives, and that is all.
  }
}

class Idle extends Starter {
  request(n: number): string {
    return String(n);
  }

  started(): void {
    // Nobody sends this; the balls are served by the measuring program.
  }
}

export const hopSystem = system({
  name: "hop",
  roles: [instances(Hub, ["hub"]), instances(Sink, ["sink"]), instances(Player, ["player"])],
  clients: { driver: Idle },
});

const forward = { component: "shelf", internal: true } as const;
const routing: RoutingTable = {
  roles: {
    Hub: {
      components: {
        main: { partitions: 1, partitioned: false },
        shelf: { partitions: 1, partitioned: false },
      },
      handlers: {
        put: { component: "main" },
        takeOnce: forward,
        takeRepeatable: { ...forward, channel: "repeatable" },
        takeOrdered: { ...forward, channel: "ordered" },
        takeAcknowledged: { ...forward, channel: "acknowledged" },
      },
      timers: {},
    },
  },
};

export const rewrittenHop: RewrittenSystem = { components: { Hub: { main: HubMain, shelf: HubShelf } }, routing };
