/** Two-phase commit on data: one coordinator, three participants, clients whose transactions meet on a few keys. */
import { peer, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Client, Coordinator, Participant } from "./protocol.ts";

/** Few enough that transactions meet, and vote no. */
const KEYS = 5;

/** An operation is a transaction that writes two keys, complete when it is decided. */
class Issuer extends Client {
  private readonly self = self();
  private readonly coordinator = peer(() => Coordinator);

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    const keys = [n % KEYS, (n * 2 + 1) % KEYS].map((key) => `key-${String(key)}`);
    this.coordinator.begin({ id, writes: [...new Set(keys)].map((key) => ({ key, value: id })) });
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
    name: "twopc-locks",
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
        name: "a participant carries out a decision once",
        holds: (history) => {
          const applied = history
            .filter(({ kind, message }) => kind === "received" && message === "applied")
            .map(({ other, payload }) => JSON.stringify([other.id, (payload as Outcome).id]));
          return new Set(applied).size === applied.length;
        },
      },
    ],
  }),
);
