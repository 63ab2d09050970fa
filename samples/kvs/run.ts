/** The replicated store as a system: one leader, three storage nodes, clients that put values and look for them. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Client, Leader, receiptText, Storage, type Receipt } from "./protocol.ts";
import { publicKeys, verify } from "./signatures.ts";

const LEADERS = ["leader"];
const STORAGES = ["storage-1", "storage-2", "storage-3"];

/** In a deployment that is meant seriously each node would get its own, from wherever secrets are kept. */
const LEADER_SECRET = "the leader's secret of this sample";
const STORAGE_SECRET = "the storage nodes' secret of this sample";
const STORAGE_KEYS = publicKeys(STORAGE_SECRET, STORAGES);

/** An operation puts a value, complete when all storage nodes have it, or looks for the last value that was certified. */
class Writer extends Client {
  private readonly self = self();
  private readonly leader = peer(() => Leader);
  private readonly storages = peers(() => Storage);
  private certain: string | undefined;

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    if (n % 2 === 1 && this.certain !== undefined) {
      const storage = this.storages.ids[n % this.storages.size] ?? "";
      this.storages.at(storage).find({ id, value: this.certain });
    } else {
      this.leader.put({ value: id });
    }
    return id;
  }

  certified(m: { value: string }): string {
    this.certain = m.value;
    return m.value;
  }

  disputed(m: { value: string }): string {
    return m.value;
  }

  inconsistent(): undefined {
    return undefined;
  }

  found(m: { id: string }): string {
    return m.id;
  }
}

interface Answer {
  readonly value: string;
  readonly collisions?: number;
  readonly receipts: readonly Receipt[];
}

/** What clients were told in messages of one name. */
function answers(history: readonly ExternalEvent[], name: string): readonly Answer[] {
  return history
    .filter(({ kind, message }) => kind === "received" && message === name)
    .map(({ payload }) => payload as Answer);
}

/** Whether a receipt is what its storage node has signed. */
function isGenuine(value: string, { storage, collisions, signature }: Receipt): boolean {
  return verify(STORAGE_KEYS[storage], receiptText(value, collisions), signature);
}

/** Whether genuine receipts name every storage node once. */
function areComplete({ value, receipts }: Answer): boolean {
  const storages = new Set(receipts.map(({ storage }) => storage));
  return (
    receipts.length === STORAGES.length &&
    STORAGES.every((storage) => storages.has(storage)) &&
    receipts.every((receipt) => isGenuine(value, receipt))
  );
}

/** Whether everything that was certified before somebody looked for it was there, and as it was certified. */
function isFound(history: readonly ExternalEvent[]): boolean {
  const certified = new Map<string, number | undefined>();
  const expected = new Map<string, number | undefined>();
  for (const { kind, message, payload } of history) {
    const { id, value, collisions } = payload as Answer & { readonly id: string };
    if (kind === "received" && message === "certified") certified.set(value, collisions);
    if (kind === "sent" && message === "find" && certified.has(value)) expected.set(id, certified.get(value));
    if (kind === "received" && message === "found" && expected.has(id) && collisions !== expected.get(id)) return false;
  }
  return true;
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "kvs",
    roles: [
      instances(Leader, LEADERS, LEADER_SECRET, STORAGE_KEYS),
      instances(Storage, STORAGES, STORAGE_SECRET, publicKeys(LEADER_SECRET, LEADERS)),
    ],
    clients: { driver: Writer },
    invariants: [
      {
        name: "a certificate verifies, and names every storage node",
        holds: (history) =>
          answers(history, "certified").every(
            (answer) =>
              areComplete(answer) && answer.receipts.every(({ collisions }) => collisions === answer.collisions),
          ),
      },
      {
        name: "what is disputed was acknowledged with two different numbers",
        holds: (history) =>
          answers(history, "disputed").every(
            (answer) => areComplete(answer) && new Set(answer.receipts.map(({ collisions }) => collisions)).size > 1,
          ),
      },
      {
        name: "no value is both certified and inconsistent",
        holds: (history) => {
          const inconsistent = new Set(
            ["inconsistent", "disputed"].flatMap((name) => answers(history, name).map(({ value }) => value)),
          );
          return answers(history, "certified").every(({ value }) => !inconsistent.has(value));
        },
      },
      { name: "a certified value is found from then on", holds: isFound },
    ],
  }),
);
