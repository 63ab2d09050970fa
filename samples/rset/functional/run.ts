/** The replicated set without replicas, as a system: one leader, and clients that raise its ballot now and then. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { seal } from "../cipher.ts";
import { answeredOnce, answersAreGenuine } from "../invariants.ts";
import { CLIENT_CIPHER, elementOf, SERVER_CIPHER } from "../workload.ts";
import { Client, Leader } from "./protocol.ts";

interface Message {
  readonly id: string;
  readonly ballot: number;
}

/** An operation inserts an element, complete when it is answered. */
class Inserter extends Client {
  private readonly self = self();
  private readonly leader = peer(() => Leader);

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    this.leader.insert({ id, ballot: ballotOf(n), sealed: seal(CLIENT_CIPHER, `request ${id}`, elementOf(id)) });
    return id;
  }

  inserted(m: { id: string }): string {
    return m.id;
  }
}

/** Raised often at first, and then ever more seldom. */
function ballotOf(n: number): number {
  return Math.floor(Math.log2(n + 1));
}

/** Whether no answer has a lower ballot than its request, or than any answer that somebody had before the request was made. */
function neverFalls(history: readonly ExternalEvent[]): boolean {
  let highest = 0;
  const least = new Map<string, number>();
  return history.every(({ kind, payload }) => {
    const { id, ballot } = payload as Message;
    if (kind === "sent") {
      least.set(id, Math.max(highest, ballot));
      return true;
    }
    highest = Math.max(highest, ballot);
    return ballot >= (least.get(id) ?? 0);
  });
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "rset",
    roles: [instances(Leader, ["leader"], SERVER_CIPHER)],
    clients: { driver: Inserter },
    invariants: [
      answeredOnce,
      answersAreGenuine(CLIENT_CIPHER, ({ id, ballot = -1 }) => `${elementOf(id)} ${String(ballot)}`),
      { name: "ballots never fall", holds: neverFalls },
    ],
  }),
);
