/**
 * Voting: a client proposes a ballot, the leader asks every participant, and decides when all of them have voted.
 * The unit from which atomic commitment and consensus are built, and the smallest protocol with a bottleneck: the
 * leader handles two messages for each participant and two for the client.
 */
import { Invariant, On, peers, Role, type Ref, type Snapshot } from "riven";

export interface Ballot {
  readonly id: string;
  readonly payload: Uint8Array;
}

@Role({ external: true })
export abstract class Client {
  abstract decided(m: { id: string }): void;
}

@Role()
export class Leader {
  /** The participants that have voted, for each ballot in flight. */
  private readonly votes = new Map<string, Set<string>>();
  private readonly clients = peers(() => Client);
  private readonly participants = peers(() => Participant);

  @On() propose(m: Ballot, from: Ref<Client>): void {
    for (const participant of this.participants) {
      participant.vote({ ...m, client: from.id });
    }
  }

  @On() voted(m: { id: string; client: string }, from: Ref<Participant>): void {
    const voters = this.votes.get(m.id) ?? new Set<string>();
    this.votes.set(m.id, voters.add(from.id));
    if (voters.size === this.participants.size) {
      this.votes.delete(m.id); // nobody is left to vote on this ballot
      this.clients.at(m.client).decided({ id: m.id });
    }
  }

  /** A ballot is decided with the last of its votes, so none of which a vote was counted was decided before. */
  @Invariant() static decidedOnlyWithEveryVote(nodes: Snapshot): boolean {
    const decided = new Set(
      nodes.history.filter(({ message }) => message === "decided").map(({ payload }) => (payload as { id: string }).id),
    );
    return nodes
      .all(Leader)
      .every(({ votes, participants }) =>
        [...votes].every(([id, voters]) => voters.size < participants.size && !decided.has(id)),
      );
  }
}

@Role()
export class Participant {
  @On() vote(m: Ballot & { client: string }, from: Ref<Leader>): void {
    from.voted({ id: m.id, client: m.client });
  }
}
