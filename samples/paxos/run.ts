/** Multi-Paxos as a system: proposers, acceptors and replicas, and clients that try another proposer when one does not answer. */
import { peers, self } from "riven";
import { instances, runWhenExecuted, system, type SystemDefinition } from "riven/runtime";
import { clientInvariants } from "./invariants.ts";
import { Outstanding } from "./outstanding.ts";
import { Acceptor, Client, Proposer, Replica, type Operation } from "./protocol.ts";

/** An operation is a command, complete when some replica has executed it. */
class Writer extends Client {
  private readonly self = self();
  private readonly proposers = peers(() => Proposer);
  private readonly outstanding = new Outstanding();

  request(n: number): string {
    this.outstanding.issue(this.proposers, n, operation(this.self.id, n));
    return String(n);
  }

  replied(m: { sequence: number }): string {
    this.outstanding.answered(m.sequence);
    return String(m.sequence);
  }

  redirected(m: { sequence: number; leader?: string | undefined }): undefined {
    this.outstanding.redirect(this.proposers, m.sequence, m.leader);
  }
}

/** All clients append to one key and read it; what is put under a key of its own is read a bit later. */
function operation(client: string, n: number): Operation {
  const own = `${client}/${String(n - (n % 4))}`;
  switch (n % 4) {
    case 0:
      return { kind: "put", key: own, value: own };
    case 2:
      return { kind: "get", key: "shared" };
    case 3:
      return { kind: "get", key: own };
    default:
      return { kind: "append", key: "shared", value: `${client}:${String(n)};` };
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
