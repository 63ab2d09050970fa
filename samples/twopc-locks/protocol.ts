/**
 * Two-phase commit with presumed abort, for participants that keep data. A participant that votes for a transaction locks the
 * keys that it is to write, and keeps them locked until it knows the outcome. It may wait for that through a crash of its own,
 * or of the coordinator, so it asks; and a coordinator that has no record of a commit answers that the transaction is aborted.
 */
import { After, Durable, Invariant, On, OnRecover, peers, Role, self, timers, type Ref, type Snapshot } from "riven";

export interface Write {
  readonly key: string;
  readonly value: string;
}

export interface Transaction {
  readonly id: string;
  readonly writes: readonly Write[];
}

/** What a participant has voted for and does not know the outcome of. */
interface Prepared {
  readonly writes: readonly Write[];
  readonly client: string;
  readonly coordinator: string;
}

/** How long votes, acknowledgements and outcomes are waited for, in milliseconds. */
const VOTES_DUE = 2000;
const ACKS_DUE = 1000;
const OUTCOME_DUE = 3000;

@Role({ external: true })
export abstract class Client {
  abstract decided(m: { id: string; committed: boolean }): void;
  /** A participant has carried out the decision. */
  abstract applied(m: { id: string; participant: string; committed: boolean }): void;
}

@Role()
export class Coordinator {
  private readonly participants = peers(() => Participant);
  private readonly clients = peers(() => Client);
  private readonly timers = timers<"votes" | "acks">();

  /** What is being voted on. A crash forgets it, and with it every transaction that is not committed. */
  private readonly ballots = new Map<string, { readonly client: string; readonly voters: Set<string> }>();
  /** The commit records: committed transactions that some participant may not know of yet. */
  @Durable() private readonly committed = new Map<string, { readonly client: string }>();
  /** Who has acknowledged a commit; a crash forgets it, and then all are asked again. */
  private readonly acks = new Map<string, Set<string>>();

  @On() begin(m: Transaction, from: Ref<Client>): void {
    if (this.ballots.has(m.id) || this.committed.has(m.id)) return;
    this.ballots.set(m.id, { client: from.id, voters: new Set<string>() });
    this.timers.votes.set(VOTES_DUE, m.id);
    for (const participant of this.participants) {
      participant.prepare({ ...m, client: from.id });
    }
  }

  @On() voted(m: { id: string; yes: boolean }, from: Ref<Participant>): void {
    const ballot = this.ballots.get(m.id);
    if (ballot === undefined) return; // decided, or forgotten: whoever waits will ask
    if (!m.yes) {
      this.ballots.delete(m.id);
      this.timers.votes.clear(m.id);
      this.abort(m.id);
      this.clients.at(ballot.client).decided({ id: m.id, committed: false });
      return;
    }
    ballot.voters.add(from.id);
    if (ballot.voters.size < this.participants.size) return;
    this.ballots.delete(m.id);
    this.timers.votes.clear(m.id);
    this.committed.set(m.id, { client: ballot.client });
    this.timers.acks.set(ACKS_DUE, m.id);
    this.commit(m.id);
    this.clients.at(ballot.client).decided({ id: m.id, committed: true });
  }

  @After("votes") votesOverdue(id: string): void {
    const ballot = this.ballots.get(id);
    if (ballot === undefined) return;
    this.ballots.delete(id);
    this.abort(id);
    this.clients.at(ballot.client).decided({ id, committed: false });
  }

  /** Presumed abort: what is neither being voted on nor on record as committed is aborted. */
  @On() inquire(m: { id: string }, from: Ref<Participant>): void {
    if (this.ballots.has(m.id)) return;
    if (this.committed.has(m.id)) from.commit({ id: m.id });
    else from.abort({ id: m.id });
  }

  @On() acked(m: { id: string }, from: Ref<Participant>): void {
    if (!this.committed.has(m.id)) return;
    const acknowledged = this.acks.get(m.id) ?? new Set<string>();
    this.acks.set(m.id, acknowledged.add(from.id));
    if (acknowledged.size < this.participants.size) return;
    // The end record: nobody is left to ask.
    this.acks.delete(m.id);
    this.committed.delete(m.id);
    this.timers.acks.clear(m.id);
  }

  @After("acks") acksOverdue(id: string): void {
    if (!this.committed.has(id)) return;
    this.timers.acks.set(ACKS_DUE, id);
    this.commit(id);
  }

  @OnRecover() resume(): void {
    for (const [id, { client }] of this.committed) {
      this.timers.acks.set(ACKS_DUE, id);
      this.commit(id);
      this.clients.at(client).decided({ id, committed: true });
    }
  }

  private commit(id: string): void {
    for (const participant of this.participants) participant.commit({ id });
  }

  private abort(id: string): void {
    for (const participant of this.participants) participant.abort({ id });
  }
}

@Role()
export class Participant {
  private readonly self = self();
  private readonly coordinators = peers(() => Coordinator);
  private readonly clients = peers(() => Client);
  private readonly timers = timers<"outcome">();

  @Durable() private readonly values = new Map<string, string>();
  /** The transaction that holds each locked key. */
  @Durable() private readonly locks = new Map<string, string>();
  @Durable() private readonly prepared = new Map<string, Prepared>();

  @On() prepare(m: Transaction & { client: string }, from: Ref<Coordinator>): void {
    const free = m.writes.every(({ key }) => !this.locks.has(key));
    if (free) {
      for (const { key } of m.writes) this.locks.set(key, m.id);
      this.prepared.set(m.id, { writes: m.writes, client: m.client, coordinator: from.id });
      this.timers.outcome.set(OUTCOME_DUE, m.id);
    }
    from.voted({ id: m.id, yes: free });
  }

  @On() commit(m: { id: string }, from: Ref<Coordinator>): void {
    const prepared = this.prepared.get(m.id);
    if (prepared !== undefined) {
      for (const { key, value } of prepared.writes) this.values.set(key, value);
      this.release(m.id, prepared);
      this.clients.at(prepared.client).applied({ id: m.id, participant: this.self.id, committed: true });
    }
    from.acked({ id: m.id });
  }

  @On() abort(m: { id: string }): void {
    const prepared = this.prepared.get(m.id);
    if (prepared === undefined) return;
    this.release(m.id, prepared);
    this.clients.at(prepared.client).applied({ id: m.id, participant: this.self.id, committed: false });
  }

  @After("outcome") outcomeOverdue(id: string): void {
    const prepared = this.prepared.get(id);
    if (prepared !== undefined) this.ask(id, prepared);
  }

  @OnRecover() resume(): void {
    for (const [id, prepared] of this.prepared) this.ask(id, prepared);
  }

  private ask(id: string, prepared: Prepared): void {
    this.timers.outcome.set(OUTCOME_DUE, id);
    this.coordinators.at(prepared.coordinator).inquire({ id });
  }

  private release(id: string, prepared: Prepared): void {
    for (const { key } of prepared.writes) this.locks.delete(key);
    this.prepared.delete(id);
    this.timers.outcome.clear(id);
  }

  /** Keys are locked for transactions that were voted for, each of which holds all that it is to write. */
  @Invariant() static locksAreHeldByThePrepared(nodes: Snapshot): boolean {
    return nodes.all(Participant).every(({ locks, prepared }) => {
      const writes = [...prepared].flatMap(([id, transaction]) => transaction.writes.map(({ key }) => ({ key, id })));
      return (
        new Set(writes.map(({ key }) => key)).size === locks.size &&
        writes.every(({ key, id }) => locks.get(key) === id)
      );
    });
  }
}
