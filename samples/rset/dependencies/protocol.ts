/**
 * A replicated set whose replicas keep elements under their hashes, and say of each element how many others had its hash
 * before it, as the storage of the replicated store does. What they say is encrypted, which is the work that replicas do.
 */
import { Durable, On, peers, Role, self, type Ref } from "riven";
import { seal, type Cipher } from "../cipher.ts";
import { hash } from "../hash.ts";
import { receiptLabel, type Receipt } from "../receipts.ts";

@Role({ external: true })
export abstract class Client {
  /** All replicas have the element; each of them says how many others of its hash were there before. */
  abstract inserted(m: { id: string; receipts: readonly Receipt[] }): void;
  abstract found(m: { id: string; element: string; present: boolean }): void;
}

@Role()
export class Leader {
  private readonly clients = peers(() => Client);
  private readonly replicas = peers(() => Replica);
  /** The receipts of the replicas that have stored the element of a request, for each request in flight. */
  private readonly stored = new Map<string, Map<string, Uint8Array>>();

  @On() insert(m: { id: string; element: string }, from: Ref<Client>): void {
    for (const replica of this.replicas) replica.store({ id: m.id, element: m.element, client: from.id });
  }

  @On() acked(m: { id: string; client: string; sealed: Uint8Array }, from: Ref<Replica>): void {
    const stored = this.stored.get(m.id) ?? new Map<string, Uint8Array>();
    this.stored.set(m.id, stored.set(from.id, m.sealed));
    if (stored.size < this.replicas.size) return;
    this.stored.delete(m.id);
    const receipts = [...stored].map(([replica, sealed]) => ({ replica, sealed }));
    this.clients.at(m.client).inserted({ id: m.id, receipts });
  }
}

@Role()
export class Replica {
  private readonly self = self();
  /** Hash, element, and how many elements of that hash were there before it. */
  @Durable() private readonly table = new Map<string, Map<string, number>>();

  constructor(private readonly cipher: Cipher) {}

  @On() store(m: { id: string; element: string; client: string }, from: Ref<Leader>): void {
    const elements = this.table.get(hash(m.element)) ?? new Map<string, number>();
    this.table.set(hash(m.element), elements);
    const collisions = elements.get(m.element) ?? elements.size;
    elements.set(m.element, collisions);
    const sealed = seal(this.cipher, receiptLabel(this.self.id, m.id), String(collisions));
    from.acked({ id: m.id, client: m.client, sealed });
  }

  @On() find(m: { id: string; element: string }, from: Ref<Client>): void {
    const present = this.table.get(hash(m.element))?.has(m.element) ?? false;
    from.found({ id: m.id, element: m.element, present });
  }
}
