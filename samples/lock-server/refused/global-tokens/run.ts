/** One server, and clients that take a lock each and release it. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { Client, LockServer } from "./protocol.ts";

/** An operation takes a lock that nobody else takes, and releases it. */
class Worker extends Client {
  private readonly self = self();
  private readonly server = peer(() => LockServer);

  request(n: number): string {
    const lock = `${this.self.id}:${String(n)}`;
    this.server.acquire({ lock });
    return lock;
  }

  granted(m: { lock: string; token: number }): undefined {
    this.server.release(m);
    return undefined;
  }

  taken(m: { lock: string }): string {
    return m.lock;
  }

  released(m: { lock: string }): string {
    return m.lock;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({ name: "global-tokens", roles: [instances(LockServer, ["server"])], clients: { driver: Worker } }),
);
