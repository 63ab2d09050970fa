/**
 * The replicated set without replicas: the leader reads a request, raises its ballot if the request carries a higher one,
 * and answers with the highest so far. Requests and answers are encrypted, which is the work that the leader does.
 */
import { Durable, On, Role, type Ref } from "riven";
import { seal, unseal, type Cipher } from "../cipher.ts";

@Role({ external: true })
export abstract class Client {
  /** `sealed` is the element, and `ballot` in decimal. */
  abstract inserted(m: { id: string; ballot: number; sealed: Uint8Array }): void;
}

@Role()
export class Leader {
  @Durable() private ballot = 0;

  constructor(private readonly cipher: Cipher) {}

  @On() insert(m: { id: string; ballot: number; sealed: Uint8Array }, from: Ref<Client>): void {
    const element = unseal(this.cipher, `request ${m.id}`, m.sealed);
    if (element === undefined) return;
    if (m.ballot > this.ballot) this.ballot = m.ballot;
    const ballot = this.ballot;
    from.inserted({ id: m.id, ballot, sealed: seal(this.cipher, `answer ${m.id}`, `${element} ${String(ballot)}`) });
  }
}
