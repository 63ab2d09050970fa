/** A lock server with one counter of tokens for all locks. */
import { On, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Client {
  abstract granted(m: { lock: string; token: number }): void;
  abstract taken(m: { lock: string }): void;
  abstract released(m: { lock: string; token: number; held: boolean }): void;
}

@Role()
export class LockServer {
  private token = 0;
  private readonly grants = new Map<string, { readonly client: string; readonly token: number }>();

  @On() acquire(m: { lock: string }, from: Ref<Client>): void {
    if (this.grants.has(m.lock)) {
      from.taken({ lock: m.lock });
      return;
    }
    this.token += 1;
    this.grants.set(m.lock, { client: from.id, token: this.token });
    from.granted({ lock: m.lock, token: this.token });
  }

  @On() release(m: { lock: string; token: number }, from: Ref<Client>): void {
    const grant = this.grants.get(m.lock);
    const held = grant?.client === from.id && grant.token === m.token;
    if (held) this.grants.delete(m.lock);
    from.released({ lock: m.lock, token: m.token, held });
  }
}
