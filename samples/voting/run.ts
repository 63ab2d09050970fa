/** Voting as a system: one leader, three participants, and clients that propose one ballot after another. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Client, Leader, Participant } from "./protocol.ts";

/** An operation is a ballot, complete when it is decided. */
class Proposer extends Client {
  private readonly self = self();
  private readonly leader = peer(() => Leader);

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    this.leader.propose({ id, payload: new Uint8Array(16) });
    return id;
  }

  decided(m: { id: string }): string {
    return m.id;
  }
}

/** The ballots of all messages of one name that went in one direction, in order. */
function ballots(history: readonly ExternalEvent[], kind: ExternalEvent["kind"], message: string): readonly string[] {
  return history
    .filter((event) => event.kind === kind && event.message === message)
    .map((event) => (event.payload as { readonly id: string }).id);
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "voting",
    roles: [instances(Leader, ["leader"]), instances(Participant, 3)],
    clients: { driver: Proposer },
    invariants: [
      {
        name: "no ballot is decided twice",
        holds: (history) => {
          const decided = ballots(history, "received", "decided");
          return new Set(decided).size === decided.length;
        },
      },
      {
        name: "every decided ballot was proposed",
        holds: (history) => {
          const proposed = new Set(ballots(history, "sent", "propose"));
          return ballots(history, "received", "decided").every((id) => proposed.has(id));
        },
      },
    ],
  }),
);
