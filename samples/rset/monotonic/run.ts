/** The replicated set with ballots, as a system: one leader, three replicas, clients that raise the ballot now and then. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { seal } from "../cipher.ts";
import { answeredOnce, answersAreGenuine, insertedIsFound } from "../invariants.ts";
import { CLIENT_CIPHER, elementOf, looksFor, SERVER_CIPHER } from "../workload.ts";
import { Client, Leader, Replica } from "./protocol.ts";

/** An operation inserts an element, complete when all replicas have it or it is refused, or looks for one that was inserted. */
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
      this.leader.insert({ id, ballot: ballotOf(n), sealed: seal(CLIENT_CIPHER, `request ${id}`, elementOf(id)) });
    }
    return id;
  }

  inserted(m: { id: string }): string {
    this.last = elementOf(m.id);
    return m.id;
  }

  refused(m: { id: string }): string {
    return m.id;
  }

  found(m: { id: string }): string {
    return m.id;
  }
}

/** Raised often at first, and then ever more seldom. */
function ballotOf(n: number): number {
  return Math.floor(Math.log2(n + 1));
}

/** Whether requests are refused for a higher ballot only. */
function refusedForHigher(history: readonly ExternalEvent[]): boolean {
  const made = new Map<string, number>();
  return history.every(({ kind, message, payload }) => {
    const { id, ballot } = payload as { id: string; ballot: number };
    if (kind === "sent" && message === "insert") made.set(id, ballot);
    return message !== "refused" || ballot > (made.get(id) ?? Infinity);
  });
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "rset",
    roles: [instances(Leader, ["leader"], SERVER_CIPHER), instances(Replica, 3)],
    clients: { driver: Inserter },
    invariants: [
      answeredOnce,
      answersAreGenuine(CLIENT_CIPHER, ({ id }) => id),
      insertedIsFound(elementOf),
      { name: "a request is refused for a higher ballot", holds: refusedForHigher },
    ],
  }),
);
