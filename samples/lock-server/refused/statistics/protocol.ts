/** A lock server that tells how many locks are held. */
import { On, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Client {
  abstract granted(m: { lock: string }): void;
  abstract taken(m: { lock: string }): void;
  abstract released(m: { lock: string }): void;
  abstract held(m: { id: string; locks: number }): void;
}

@Role()
export class LockServer {
  private readonly holders = new Map<string, string>();

  @On() acquire(m: { lock: string }, from: Ref<Client>): void {
    if (this.holders.has(m.lock)) {
      from.taken({ lock: m.lock });
      return;
    }
    this.holders.set(m.lock, from.id);
    from.granted({ lock: m.lock });
  }

  @On() release(m: { lock: string }, from: Ref<Client>): void {
    if (this.holders.get(m.lock) === from.id) this.holders.delete(m.lock);
    from.released({ lock: m.lock });
  }

  @On() statistics(m: { id: string }, from: Ref<Client>): void {
    from.held({ id: m.id, locks: this.holders.size });
  }
}
