import { peer, self } from "riven";
import { instances, system } from "riven/runtime";
import { Client, Server } from "./protocol.ts";

class Caller extends Client {
  private readonly self = self();
  private readonly server = peer(() => Server);

  request(n: number): string {
    const id = `${this.self.id}:${n}`;
    this.server.say({ id });
    return id;
  }

  echoed(m: { id: string }): string {
    return m.id;
  }
}

export default system({ name: "echo", roles: [instances(Server, ["server"])], clients: { driver: Caller } });
