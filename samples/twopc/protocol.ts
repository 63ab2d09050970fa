/**
 * Two-phase commit with presumed abort, for participants that log. A transaction commits when every participant has
 * voted for it. The record of the commit is stable before anybody hears of it; of an abort there is no record at the
 * coordinator: what it does not know to be committed is aborted. Participants keep a log and nothing else, no locks and no
 * table of what is prepared, so it is the coordinator that sends a commit again until all have acknowledged it.
 */
import {
  After,
  Durable,
  Invariant,
  journal,
  On,
  OnRecover,
  peers,
  Role,
  self,
  timers,
  type Ref,
  type Snapshot,
} from "riven";

export interface Transaction {
  readonly id: string;
  /** What each participant is to do, by its id. */
  readonly work: { readonly [participant: string]: Uint8Array };
}

export interface LogRecord {
  readonly id: string;
  readonly state: "prepared" | "committed" | "aborted";
  readonly work?: Uint8Array | undefined;
}

/** How long the first vote waits for the last one, and a commit for its acknowledgements, in milliseconds. */
const VOTES_DUE = 2000;
const ACKS_DUE = 1000;

/** What a participant has room for, in bytes. */
const ROOM = 1024;

@Role({ external: true })
export abstract class Client {
  abstract decided(m: { id: string; committed: boolean }): void;
  /** A participant has logged the decision. */
  abstract applied(m: { id: string; participant: string; committed: boolean }): void;
}

@Role()
export class Coordinator {
  private readonly self = self();
  private readonly coordinators = peers(() => Coordinator);
  private readonly participants = peers(() => Participant);
  private readonly clients = peers(() => Client);
  private readonly timers = timers<"votes" | "acks">();

  /** What is being voted on. A crash forgets it, and with it every transaction that is not committed. */
  private readonly ballots = new Map<string, { client: string; voters: Set<string>; aborted: boolean }>();
  /** The commit records: the client of each committed transaction that somebody may not know of yet. */
  @Durable() private readonly committed = new Map<string, string>();
  /** Who has acknowledged a commit. */
  private readonly acks = new Map<string, Set<string>>();
  /** The end records. */
  private readonly ends = journal<{ id: string }>();

  @On() begin(m: Transaction, from: Ref<Client>): void {
    for (const participant of this.participants) {
      participant.prepare({ ...m, client: from.id });
    }
  }

  @On() voted(m: { id: string; client: string; yes: boolean }, from: Ref<Participant>): void {
    const ballot = this.ballots.get(m.id) ?? { client: m.client, voters: new Set<string>(), aborted: false };
    this.ballots.set(m.id, ballot);
    if (ballot.voters.size === 0) this.timers.votes.set(VOTES_DUE, m.id);
    ballot.voters.add(from.id);
    if (!m.yes && !ballot.aborted) {
      ballot.aborted = true;
      this.abort(m.id, m.client);
    }
    if (ballot.voters.size < this.participants.size) return;
    this.ballots.delete(m.id);
    this.timers.votes.clear(m.id);
    if (ballot.aborted) return;
    this.committed.set(m.id, m.client);
    this.commit(m.id, m.client);
  }

  @After("votes") votesOverdue(id: string): void {
    const ballot = this.ballots.get(id);
    if (ballot === undefined) return;
    this.ballots.delete(id);
    if (!ballot.aborted) this.abort(id, ballot.client);
  }

  @After("acks") acksOverdue(id: string): void {
    const client = this.committed.get(id);
    if (client !== undefined) this.commit(id, client);
  }

  @OnRecover() resume(): void {
    for (const [id, client] of this.committed) this.commit(id, client);
  }

  /** The end of a transaction is recorded when there is time for it; until then its commit may be sent once more. */
  @On() ended(m: { id: string }): void {
    this.committed.delete(m.id);
    this.timers.acks.clear(m.id);
  }

  @On() acked(m: { id: string; client: string }, from: Ref<Participant>): void {
    const acknowledged = this.acks.get(m.id) ?? new Set<string>();
    this.acks.set(m.id, acknowledged.add(from.id));
    if (acknowledged.size < this.participants.size) return;
    this.acks.delete(m.id);
    this.ends.append({ id: m.id });
    this.clients.at(m.client).decided({ id: m.id, committed: true });
    this.coordinators.at(this.self.id).ended({ id: m.id });
  }

  private commit(id: string, client: string): void {
    this.timers.acks.set(ACKS_DUE, id);
    for (const participant of this.participants) participant.commit({ id, client });
  }

  private abort(id: string, client: string): void {
    for (const participant of this.participants) participant.abort({ id, client });
    this.clients.at(client).decided({ id, committed: false });
  }

  /** A transaction is on record as committed when everybody has voted for it, and not before. */
  @Invariant() static committedOnlyWithEveryVote(nodes: Snapshot): boolean {
    return nodes
      .all(Coordinator)
      .every(({ ballots, committed }) => [...committed.keys()].every((id) => !ballots.has(id)));
  }
}

@Role()
export class Participant {
  private readonly self = self();
  private readonly clients = peers(() => Client);
  private readonly log = journal<LogRecord>();

  @On() prepare(m: Transaction & { client: string }, from: Ref<Coordinator>): void {
    const work = m.work[this.self.id];
    const yes = work === undefined || work.byteLength <= ROOM;
    if (yes) this.log.append({ id: m.id, state: "prepared", work });
    from.voted({ id: m.id, client: m.client, yes });
  }

  @On() commit(m: { id: string; client: string }, from: Ref<Coordinator>): void {
    this.log.append({ id: m.id, state: "committed" });
    this.clients.at(m.client).applied({ id: m.id, participant: this.self.id, committed: true });
    from.acked({ id: m.id, client: m.client });
  }

  @On() abort(m: { id: string; client: string }): void {
    this.log.append({ id: m.id, state: "aborted" });
    this.clients.at(m.client).applied({ id: m.id, participant: this.self.id, committed: false });
  }
}
