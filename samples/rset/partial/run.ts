/** The replicated set with rounds, as a system: one leader, three replicas, clients that insert and look. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
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

interface Answer extends Receipt {
  readonly id: string;
  readonly receipts?: readonly Receipt[];
}

/** Whether no replica says that it is in an earlier round than somebody knew it to be in when the request was made. */
function roundsNeverFall(history: readonly ExternalEvent[]): boolean {
  const rounds = new Map<string, number>();
  const least = new Map<string, ReadonlyMap<string, number>>();
  return history.every(({ kind, payload }) => {
    const { id, receipts, ...receipt } = payload as Answer;
    if (kind === "sent") {
      least.set(id, new Map(rounds));
      return true;
    }
    return (receipts ?? [receipt]).every((one) => {
      const round = numberIn(CLIENT_CIPHER, id, one);
      rounds.set(one.replica, Math.max(round, rounds.get(one.replica) ?? 0));
      return round >= (least.get(id)?.get(one.replica) ?? 0);
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
      { name: "a replica's rounds never fall, whoever is told of them", holds: roundsNeverFall },
    ],
  }),
);
