/** The replicated set as a system: one leader, three replicas, clients that insert elements and look for some of them. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { seal } from "../cipher.ts";
import { answeredOnce, answersAreGenuine, insertedIsFound } from "../invariants.ts";
import { CLIENT_CIPHER, elementOf, looksFor, SERVER_CIPHER } from "../workload.ts";
import { Client, Leader, Replica } from "./protocol.ts";

/** An operation inserts an element, complete when all replicas have it, or looks for one that was inserted. */
class Inserter extends Client {
  private readonly self = self();
  private readonly leader = peer(() => Leader);
  private readonly replicas = peers(() => Replica);
  private last: string | undefined;

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    if (this.last !== undefined && looksFor(n)) {
      this.replicas.at(this.replicas.ids[n % this.replicas.size] ?? "").find({ id, element: this.last });
    } else {
      this.leader.insert({ id, sealed: seal(CLIENT_CIPHER, `request ${id}`, elementOf(id)) });
    }
    return id;
  }

  inserted(m: { id: string }): string {
    this.last = elementOf(m.id);
    return m.id;
  }

  found(m: { id: string }): string {
    return m.id;
  }
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "rset",
    roles: [instances(Leader, ["leader"], SERVER_CIPHER), instances(Replica, 3)],
    clients: { driver: Inserter },
    invariants: [answeredOnce, answersAreGenuine(CLIENT_CIPHER, ({ id }) => id), insertedIsFound(elementOf)],
  }),
);
