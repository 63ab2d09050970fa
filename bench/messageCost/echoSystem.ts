/** The smallest system whose messages go back and forth: what is measured is the runtime, not the protocol. */
import { On, peer, Role, type Ref } from "riven";
import { instances, system } from "riven/runtime";

export interface Ball {
  readonly id: string;
  readonly payload: Uint8Array;
}

@Role({ external: true })
export abstract class Starter {
  abstract started(): void;
}

@Role()
export class Server {
  private readonly receiver = peer(() => Receiver);

  @On() serve(m: Ball): void {
    this.receiver.ping(m);
  }

  @On() pong(m: Ball, from: Ref<Receiver>): void {
    from.ping(m);
  }
}

@Role()
export class Receiver {
  @On() ping(m: Ball, from: Ref<Server>): void {
    from.pong(m);
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

export const echoSystem = system({
  name: "echo",
  roles: [instances(Server, ["server"]), instances(Receiver, ["receiver"])],
  clients: { driver: Idle },
});

/** What travels: 16 bytes and an id, as in the samples. */
export function createBall(n: number): Ball {
  return { id: `ball-${String(n)}`, payload: new Uint8Array(16) };
}
