/**
 * A replicated set: clients insert elements, a leader has every replica store them, and answers when all have. Requests and
 * answers are encrypted, which is the work that the leader does.
 */
import { Durable, On, peers, Role, type Ref } from "riven";
import { seal, unseal, type Cipher } from "../cipher.ts";

@Role({ external: true })
export abstract class Client {
  /** All replicas have the element; `sealed` is the id of the request. */
  abstract inserted(m: { id: string; sealed: Uint8Array }): void;
  abstract found(m: { id: string; element: string; present: boolean }): void;
}

@Role()
export class Leader {
  private readonly clients = peers(() => Client);
  private readonly replicas = peers(() => Replica);
  /** The replicas that have stored the element of a request, for each request in flight. */
  private readonly stored = new Map<string, Set<string>>();

  constructor(private readonly cipher: Cipher) {}

  @On() insert(m: { id: string; sealed: Uint8Array }, from: Ref<Client>): void {
    const element = unseal(this.cipher, `request ${m.id}`, m.sealed);
    if (element === undefined) return;
    for (const replica of this.replicas) replica.store({ id: m.id, element, client: from.id });
  }

  @On() acked(m: { id: string; client: string }, from: Ref<Replica>): void {
    const replicas = this.stored.get(m.id) ?? new Set<string>();
    this.stored.set(m.id, replicas.add(from.id));
    if (replicas.size < this.replicas.size) return;
    this.stored.delete(m.id);
    this.clients.at(m.client).inserted({ id: m.id, sealed: seal(this.cipher, `answer ${m.id}`, m.id) });
  }
}

@Role()
export class Replica {
  @Durable() private readonly elements = new Set<string>();

  @On() store(m: { id: string; element: string; client: string }, from: Ref<Leader>): void {
    this.elements.add(m.element);
    from.acked({ id: m.id, client: m.client });
  }

  @On() find(m: { id: string; element: string }, from: Ref<Client>): void {
    from.found({ id: m.id, element: m.element, present: this.elements.has(m.element) });
  }
}
