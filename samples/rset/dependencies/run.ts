/** The replicated set that counts collisions, as a system: one leader, three replicas, clients that insert and look. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { hash } from "../hash.ts";
import { answeredOnce, insertedIsFound } from "../invariants.ts";
import { numberIn, type Receipt } from "../receipts.ts";
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
      this.leader.insert({ id, element: elementOf(id) });
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

/** Whether no replica gives two elements of one hash the same number. */
function numbersDiffer(history: readonly ExternalEvent[]): boolean {
  const owners = new Map<string, string>();
  return history.every(({ kind, message, payload }) => {
    if (kind === "sent" || message !== "inserted") return true;
    const { id, receipts } = payload as { id: string; receipts: readonly Receipt[] };
    return receipts.every((receipt) => {
      const collisions = numberIn(CLIENT_CIPHER, id, receipt);
      const place = JSON.stringify([receipt.replica, hash(elementOf(id)), collisions]);
      const owner = owners.get(place) ?? elementOf(id);
      owners.set(place, owner);
      return collisions >= 0 && owner === elementOf(id);
    });
  });
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "rset",
    roles: [instances(Leader, ["leader"]), instances(Replica, 3, SERVER_CIPHER)],
    clients: { driver: Inserter },
    invariants: [
      answeredOnce,
      insertedIsFound(elementOf),
      { name: "elements of one hash are numbered, by each replica", holds: numbersDiffer },
    ],
  }),
);
