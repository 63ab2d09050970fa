/**
 * A verifiably replicated key-value store: clients put values, every storage node keeps all of them under their hashes, and
 * proves it with its signature. Values whose hashes collide share a key, so a storage node says how many it had there
 * before. A value is certified when all storage nodes say the same of it. When two of them differ, then concurrent
 * values have reached them in different orders, and the clients are told.
 */
import { Durable, Invariant, On, peers, Role, self, type Ref, type Snapshot } from "riven";
import { digest, sign, verify, type PublicKeys } from "./signatures.ts";

/** What a storage node says about a value: how many others its hash had before it. */
export interface Receipt {
  readonly storage: string;
  readonly collisions: number;
  readonly signature: Uint8Array;
}

/** How many hexadecimal digits of SHA-256 make a hash: so few that hashes collide. All of it would be 64. */
export const DIGITS = 2;

/** What the leader signs, and what a storage node signs; two different texts never read the same. */
export const orderText = (value: string, client: string): string => JSON.stringify(["store", value, client]);
export const receiptText = (value: string, collisions: number): string => JSON.stringify(["stored", value, collisions]);

@Role({ external: true })
export abstract class Client {
  /** All storage nodes have the value, after as many others of its hash; their receipts prove it. */
  abstract certified(m: { value: string; collisions: number; receipts: readonly Receipt[] }): void;
  /** All storage nodes have the value, and their receipts prove that they do not agree on how many came before. */
  abstract disputed(m: { value: string; receipts: readonly Receipt[] }): void;
  /** Two storage nodes differ about a value, whoever has put it. */
  abstract inconsistent(m: { value: string }): void;
  /** The answer to `find`; without `collisions` when the value is not there. */
  abstract found(m: { id: string; value: string; collisions?: number | undefined }): void;
}

@Role()
export class Leader {
  private readonly self = self();
  private readonly clients = peers(() => Client);
  private readonly storages = peers(() => Storage);

  /** Receipts for values that some storage node has not answered for yet, and the clients that wait. */
  private readonly puts = new Map<string, { readonly receipts: Map<string, Receipt>; readonly clients: Set<string> }>();
  /** The numbers of collisions that storage nodes have reported for each value. */
  private readonly numbers = new Map<string, Set<number>>();
  /** The values that clients know to be inconsistent. */
  private readonly reported = new Set<string>();

  constructor(
    private readonly secret: string,
    private readonly storageKeys: PublicKeys,
  ) {}

  @On() put(m: { value: string }, from: Ref<Client>): void {
    const signature = sign(this.secret, this.self.id, orderText(m.value, from.id));
    for (const storage of this.storages) storage.store({ value: m.value, client: from.id, signature });
  }

  @On() stored(
    m: { value: string; client: string; collisions: number; signature: Uint8Array },
    from: Ref<Storage>,
  ): void {
    if (!verify(this.storageKeys[from.id], receiptText(m.value, m.collisions), m.signature)) return;

    const numbers = this.numbers.get(m.value) ?? new Set<number>();
    this.numbers.set(m.value, numbers);
    numbers.add(m.collisions);
    if (numbers.size > 1 && !this.reported.has(m.value)) {
      this.reported.add(m.value);
      for (const client of this.clients) client.inconsistent({ value: m.value });
    }

    const put = this.puts.get(m.value) ?? { receipts: new Map<string, Receipt>(), clients: new Set<string>() };
    this.puts.set(m.value, put);
    put.clients.add(m.client);
    put.receipts.set(from.id, { storage: from.id, collisions: m.collisions, signature: m.signature });
    if (put.receipts.size < this.storages.size) return;
    this.puts.delete(m.value);
    const receipts = [...put.receipts.values()];
    const agreed = receipts.every(({ collisions }) => collisions === m.collisions);
    for (const client of put.clients) {
      if (agreed) this.clients.at(client).certified({ value: m.value, collisions: m.collisions, receipts });
      else this.clients.at(client).disputed({ value: m.value, receipts });
    }
  }
}

@Role()
export class Storage {
  private readonly self = self();

  /** Hash, value, and how many values of that hash were there before it. */
  @Durable() private readonly table = new Map<string, Map<string, number>>();

  constructor(
    private readonly secret: string,
    private readonly leaderKeys: PublicKeys,
  ) {}

  @On() store(m: { value: string; client: string; signature: Uint8Array }, from: Ref<Leader>): void {
    if (!verify(this.leaderKeys[from.id], orderText(m.value, m.client), m.signature)) return;
    const hash = digest(m.value, DIGITS);
    const values = this.table.get(hash) ?? new Map<string, number>();
    this.table.set(hash, values);
    const collisions = values.get(m.value) ?? values.size;
    values.set(m.value, collisions);
    const signature = sign(this.secret, this.self.id, receiptText(m.value, collisions));
    from.stored({ value: m.value, client: m.client, collisions, signature });
  }

  @On() find(m: { id: string; value: string }, from: Ref<Client>): void {
    const values = this.table.get(digest(m.value, DIGITS));
    from.found({ id: m.id, value: m.value, collisions: values?.get(m.value) });
  }

  /** The values of a hash are numbered in the order in which they came: 0, 1, 2 and so on. */
  @Invariant() static collisionsAreCounted(nodes: Snapshot): boolean {
    return nodes
      .all(Storage)
      .every(({ table }) =>
        [...table.values()].every((values) => [...values.values()].every((number, i) => number === i)),
      );
  }
}
