/** A store that takes the same message under several names, each with another route, and those that send it. */
import { On, peer, Role } from "riven";
import { instances, system, type RewrittenSystem } from "riven/runtime";

/** What a message is routed by. */
export const WAYS = ["nothing", "text", "number", "tuple", "computed"] as const;
export type Way = (typeof WAYS)[number];

/** An id and 16 bytes, as in the samples, and other columns to route by. */
export interface Parcel {
  readonly id: string;
  readonly slot: number;
  readonly shop: string;
  readonly payload: Uint8Array;
}

export interface Errand {
  readonly way: Way;
  readonly parcel: Parcel;
}

export function createParcel(n: number): Parcel {
  return { id: `client-1:${String(n)}`, slot: n, shop: `shop-${String(n % 100)}`, payload: new Uint8Array(16) };
}

@Role({ external: true })
export abstract class Client {
  abstract served(): void;
}

@Role()
export class Store {
  @On() nothing(_m: Parcel): void {
    // What happens here is not measured.
  }

  @On() text(_m: Parcel): void {
    // As above.
  }

  @On() number(_m: Parcel): void {
    // As above.
  }

  @On() tuple(_m: Parcel): void {
    // As above.
  }

  @On() computed(_m: Parcel): void {
    // As above.
  }
}

/** Sends from inside of the system. */
@Role()
export class Runner {
  private readonly store = peer(() => Store);

  @On() run({ way, parcel }: Errand): void {
    this.store[way](parcel);
  }
}

/** Sends from outside. */
export class Sender extends Client {
  /** How the next requests are routed. */
  static way: Way = "nothing";
  private readonly store = peer(() => Store);

  request(n: number): string {
    this.store[Sender.way](createParcel(n));
    return "";
  }

  served(): void {
    // Nobody answers.
  }
}

export const routedSystem = system({
  name: "routed",
  roles: [instances(Store, ["store"]), instances(Runner, ["runner"])],
  clients: { driver: Sender },
});

/** What an author would route by who wants all parcels of one shop and slot together. */
function place(shop: string, slot: number): string {
  return `${shop}/${String(slot)}`;
}

export const rewrittenRouted: RewrittenSystem = {
  components: { Store: { main: Store }, Runner: { main: Runner } },
  routing: {
    roles: {
      Store: {
        components: { main: { partitions: 5, partitioned: true } },
        handlers: {
          nothing: { component: "main" },
          text: { component: "main", key: (m: Parcel) => m.id, by: "m.id" },
          number: { component: "main", key: (m: Parcel) => m.slot, by: "m.slot" },
          tuple: { component: "main", key: (m: Parcel) => [m.shop, m.slot], by: "[m.shop, m.slot]" },
          computed: { component: "main", key: (m: Parcel) => place(m.shop, m.slot), by: "place(m.shop, m.slot)" },
        },
        timers: {},
      },
      Runner: {
        components: { main: { partitions: 1, partitioned: false } },
        handlers: { run: { component: "main" } },
        timers: {},
      },
    },
  },
};
