/**
 * The acceptor as textbooks have it: it accepts whatever is not below what it has promised, and promises that with it. Its
 * proposers are outside here. It is as correct as the one of ../paxos, and cannot be partitioned.
 */
import { Durable, On, Role, type Ref } from "riven";

export interface Proposal {
  readonly slot: number;
  readonly ballot: number;
  readonly value: string;
}

@Role({ external: true })
export abstract class Proposer {
  abstract p1b(m: { ballot: number; log: Readonly<Record<number, Proposal>> }): void;
  abstract p2b(m: Proposal & { promised: number }): void;
}

@Role()
export class Acceptor {
  @Durable() private promised = 0;
  @Durable() private readonly log = new Map<number, Proposal>();

  @On() p1a(m: { ballot: number }, from: Ref<Proposer>): void {
    if (m.ballot > this.promised) this.promised = m.ballot;
    from.p1b({ ballot: this.promised, log: Object.fromEntries(this.log) });
  }

  @On() p2a(m: Proposal, from: Ref<Proposer>): void {
    if (m.ballot >= this.promised) {
      this.promised = m.ballot;
      this.log.set(m.slot, m);
    }
    from.p2b({ ...m, promised: this.promised });
  }
}
