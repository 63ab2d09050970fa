/** One server, and clients that take locks, release some, and ask how many are held. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { Client, LockServer } from "./protocol.ts";

/** An operation takes a lock that nobody else takes, or asks how many are held. */
class Worker extends Client {
  private readonly self = self();
  private readonly server = peer(() => LockServer);

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    if (n % 2 === 0) this.server.acquire({ lock: id });
    else this.server.statistics({ id });
    return id;
  }

  granted(m: { lock: string }): string {
    return m.lock;
  }

  taken(m: { lock: string }): string {
    return m.lock;
  }

  released(m: { lock: string }): string {
    return m.lock;
  }

  held(m: { id: string }): string {
    return m.id;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({ name: "statistics", roles: [instances(LockServer, ["server"])], clients: { driver: Worker } }),
);
