/**
 * The replicated set with ballots that fence off whoever is out of date: the leader keeps the highest that it has seen, in
 * requests and in what replicas acknowledge, and refuses requests below it. Requests and answers are encrypted, which is
 * the work that the leader does.
 */
import { Durable, On, peers, Role, type Ref } from "riven";
import { seal, unseal, type Cipher } from "../cipher.ts";

@Role({ external: true })
export abstract class Client {
  /** All replicas have the element; `sealed` is the id of the request. */
  abstract inserted(m: { id: string; sealed: Uint8Array }): void;
  /** The request came with a lower ballot than this. */
  abstract refused(m: { id: string; ballot: number }): void;
  abstract found(m: { id: string; element: string; present: boolean }): void;
}

/** The id of a request is that of its client, a colon, and a number. */
const clientOf = (id: string): string => id.split(":")[0] ?? "";

@Role()
export class Leader {
  private readonly clients = peers(() => Client);
  private readonly replicas = peers(() => Replica);
  @Durable() private ballot = 0;
  /** The replicas that have stored the element of a request, for each request in flight. */
  private readonly stored = new Map<string, Set<string>>();
  private readonly answered = new Set<string>();

  constructor(private readonly cipher: Cipher) {}

  @On() insert(m: { id: string; ballot: number; sealed: Uint8Array }, from: Ref<Client>): void {
    const element = unseal(this.cipher, `request ${m.id}`, m.sealed);
    if (element === undefined) return;
    if (m.ballot < this.ballot) {
      from.refused({ id: m.id, ballot: this.ballot });
      return;
    }
    this.ballot = m.ballot;
    for (const replica of this.replicas) replica.store({ id: m.id, ballot: m.ballot, element });
  }

  @On() acked(m: { id: string; ballot: number }, from: Ref<Replica>): void {
    if (m.ballot > this.ballot) this.ballot = m.ballot;
    if (this.answered.has(m.id)) return;
    const replicas = this.stored.get(m.id) ?? new Set<string>();
    this.stored.set(m.id, replicas);
    replicas.add(from.id);
    if (replicas.size < this.replicas.size) return;
    this.answered.add(m.id);
    this.stored.delete(m.id);
    this.clients.at(clientOf(m.id)).inserted({ id: m.id, sealed: seal(this.cipher, `answer ${m.id}`, m.id) });
  }
}

@Role()
export class Replica {
  @Durable() private readonly elements = new Set<string>();
  /** The highest ballot of any leader. */
  @Durable() private ballot = 0;

  @On() store(m: { id: string; ballot: number; element: string }, from: Ref<Leader>): void {
    if (m.ballot > this.ballot) this.ballot = m.ballot;
    this.elements.add(m.element);
    from.acked({ id: m.id, ballot: this.ballot });
  }

  @On() find(m: { id: string; element: string }, from: Ref<Client>): void {
    from.found({ id: m.id, element: m.element, present: this.elements.has(m.element) });
  }
}
