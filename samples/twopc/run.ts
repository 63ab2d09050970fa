/** Two-phase commit as a system: one coordinator, three participants, clients that run one transaction after another. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Client, Coordinator, Participant } from "./protocol.ts";

const WORK = 16;
const TOO_MUCH = 2048;

/** An operation is a transaction, complete when it is decided. In every fifth one some participant has no room. */
class Issuer extends Client {
  private readonly self = self();
  private readonly coordinator = peer(() => Coordinator);
  private readonly participants = peers(() => Participant);

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    const full = n % 5 === 3 ? n % this.participants.size : undefined;
    const work = this.participants.ids.map(
      (participant, i) => [participant, new Uint8Array(i === full ? TOO_MUCH : WORK)] as const,
    );
    this.coordinator.begin({ id, work: Object.fromEntries(work) });
    return id;
  }

  decided(m: { id: string; committed: boolean }): string {
    return m.id;
  }

  applied(): undefined {
    return undefined;
  }
}

interface Outcome {
  readonly id: string;
  readonly committed: boolean;
}

/** What clients were told about transactions, in messages of these names. */
function outcomes(history: readonly ExternalEvent[], messages: readonly string[]): readonly Outcome[] {
  return history
    .filter(({ kind, message }) => kind === "received" && messages.includes(message))
    .map(({ payload }) => payload as Outcome);
}

/** Whether nobody was told of a transaction's commit and anybody of its abort. */
function agree(told: readonly Outcome[]): boolean {
  const committed = new Set(told.filter((outcome) => outcome.committed).map(({ id }) => id));
  return told.every((outcome) => outcome.committed || !committed.has(outcome.id));
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "twopc",
    roles: [instances(Coordinator, ["coordinator"]), instances(Participant, 3)],
    clients: { driver: Issuer },
    invariants: [
      {
        name: "no participant commits while another aborts",
        holds: (history) => agree(outcomes(history, ["applied"])),
      },
      {
        name: "a decision survives",
        holds: (history) => agree(outcomes(history, ["applied", "decided"])),
      },
      {
        name: "every transaction that is decided was begun",
        holds: (history) => {
          const begun = new Set(
            history
              .filter(({ kind, message }) => kind === "sent" && message === "begin")
              .map(({ payload }) => (payload as { readonly id: string }).id),
          );
          return outcomes(history, ["decided"]).every(({ id }) => begun.has(id));
        },
      },
    ],
  }),
);
