/** Multi-Paxos as a system: proposers, acceptors and replicas, and clients that try another proposer when one does not answer. */
import { peers, self } from "riven";
import { instances, runWhenExecuted, system, type SystemDefinition } from "riven/runtime";
import { clientInvariants } from "./invariants.ts";
import { Acceptor, Client, Proposer, Replica, type Operation } from "./protocol.ts";

/** How often a command is sent again at once because somebody else leads. After that it waits for the next operation. */
const REDIRECTIONS = 8;

interface Pending {
  readonly operation: Operation;
  /** How many operations the client had issued when the command was sent to somebody on its own initiative. */
  sentAt: number;
  redirections: number;
}

/** An operation is a command, complete when some replica has executed it. */
class Writer extends Client {
  private readonly self = self();
  private readonly proposers = peers(() => Proposer);
  private readonly pending = new Map<number, Pending>();
  /** Whom this client takes for the leader: a place in the list of the proposers. */
  private target = 0;

  request(n: number): string {
    this.retry(n);
    this.pending.set(n, { operation: this.operation(n), sentAt: n, redirections: 0 });
    this.send(n);
    return String(n);
  }

  replied(m: { sequence: number }): string {
    this.pending.delete(m.sequence);
    return String(m.sequence);
  }

  redirected(m: { sequence: number; leader?: string | undefined }): undefined {
    const pending = this.pending.get(m.sequence);
    if (pending === undefined || pending.redirections >= REDIRECTIONS) return;
    pending.redirections += 1;
    const leader = m.leader === undefined ? this.target + 1 : this.proposers.ids.indexOf(m.leader);
    this.target = leader % this.proposers.size;
    this.send(m.sequence);
  }

  /** Commands that take much longer than others may be lost, and their proposer may be gone: another one gets them. */
  private retry(n: number): void {
    const late = [...this.pending].filter(([, { sentAt }]) => n - sentAt > 2 * this.pending.size);
    if (late.length === 0) return;
    this.target = (this.target + 1) % this.proposers.size;
    for (const [sequence, pending] of late) {
      pending.sentAt = n;
      pending.redirections = 0;
      this.send(sequence);
    }
  }

  private send(sequence: number): void {
    const pending = this.pending.get(sequence);
    const proposer = this.proposers.ids[this.target];
    if (pending === undefined || proposer === undefined) return;
    const answered = Math.min(...this.pending.keys());
    this.proposers.at(proposer).request({ sequence, answered, operation: pending.operation });
  }

  /** All clients append to one key and read it; what is put under a key of its own is read a bit later. */
  private operation(n: number): Operation {
    const own = `${this.self.id}/${String(n - (n % 4))}`;
    switch (n % 4) {
      case 0:
        return { kind: "put", key: own, value: own };
      case 2:
        return { kind: "get", key: "shared" };
      case 3:
        return { kind: "get", key: own };
      default:
        return { kind: "append", key: "shared", value: `${this.self.id}:${String(n)};` };
    }
  }
}

export interface Size {
  readonly proposers: number;
  readonly acceptors: number;
  readonly replicas: number;
  /** How many executed commands a replica keeps for others; a thousand unless said. */
  readonly retained?: number;
}

export function paxos({ proposers, acceptors, replicas, retained = 1000 }: Size): SystemDefinition {
  return system({
    name: "paxos",
    roles: [instances(Proposer, proposers), instances(Acceptor, acceptors), instances(Replica, replicas, retained)],
    clients: { driver: Writer },
    invariants: clientInvariants,
  });
}

export default runWhenExecuted(import.meta.url, paxos({ proposers: 2, acceptors: 3, replicas: 3 }));
