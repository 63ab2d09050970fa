/**
 * A replicated set whose leader counts rounds: from time to time a new one begins, of which it tells the replicas, and what
 * replicas answer says in which round they are. It is encrypted, which is the work that replicas do.
 */
import { Durable, Every, On, peers, Role, self, type Ref } from "riven";
import { seal, type Cipher } from "../cipher.ts";
import { receiptLabel, type Receipt } from "../receipts.ts";

@Role({ external: true })
export abstract class Client {
  /** All replicas have the element; each of them says in which round it stored it. */
  abstract inserted(m: { id: string; receipts: readonly Receipt[] }): void;
  /** `sealed` is the round. */
  abstract found(m: { id: string; element: string; present: boolean; replica: string; sealed: Uint8Array }): void;
}

@Role()
export class Leader {
  private readonly clients = peers(() => Client);
  private readonly replicas = peers(() => Replica);
  @Durable() private round = 0;
  /** The receipts of the replicas that have stored the element of a request, for each request in flight. */
  private readonly stored = new Map<string, Map<string, Uint8Array>>();

  @Every(1000) begin(): void {
    this.round += 1;
    for (const replica of this.replicas) replica.begin({ round: this.round });
  }

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
  @Durable() private round = 0;
  @Durable() private readonly elements = new Set<string>();

  constructor(private readonly cipher: Cipher) {}

  @On() begin(m: { round: number }): void {
    if (m.round > this.round) this.round = m.round;
  }

  @On() store(m: { id: string; element: string; client: string }, from: Ref<Leader>): void {
    this.elements.add(m.element);
    const sealed = seal(this.cipher, receiptLabel(this.self.id, m.id), String(this.round));
    from.acked({ id: m.id, client: m.client, sealed });
  }

  @On() find(m: { id: string; element: string }, from: Ref<Client>): void {
    const present = this.elements.has(m.element);
    const sealed = seal(this.cipher, receiptLabel(this.self.id, m.id), String(this.round));
    from.found({ id: m.id, element: m.element, present, replica: this.self.id, sealed });
  }
}
