/**
 * Multi-Paxos: a map that is replicated by a log of commands. Clients send commands to the leader, one of several
 * proposers; it has each accepted under a slot by a majority of the acceptors; replicas execute what was chosen, slot by slot, and
 * answer. Any minority of acceptors, any minority of replicas and all proposers but one may fail, and everybody may come back.
 */
import {
  After,
  Durable,
  Every,
  Invariant,
  On,
  OnRecover,
  OnStart,
  peers,
  Role,
  self,
  timers,
  type Ref,
  type Snapshot,
} from "riven";
import { jitter } from "./jitter.ts";

export type Operation =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  | { readonly kind: "append"; readonly key: string; readonly value: string };

/** What a client wants done. It may be proposed any number of times, and is executed once. */
export interface Command {
  readonly client: string;
  /** The number of the command among those of its client. */
  readonly sequence: number;
  /** The client has the answers to all its commands below this one, and will not ask for them again. */
  readonly answered: number;
  readonly operation: Operation;
}

/** What is chosen for a slot: a command, or null, which does nothing. */
export type Value = Command | null;

/** What is proposed for a slot. */
export interface Proposal {
  readonly slot: number;
  readonly ballot: number;
  readonly value: Value;
}

/** What a replica remembers of a client. */
export interface Session {
  /** The client has the answers to all its commands below this one. */
  answered: number;
  /** The answers to those of its other commands that were executed. */
  readonly replies: Map<number, string>;
}

/** In milliseconds. A leader that is silent for so long, and a bit more that differs each time, is not one any more. */
const ELECTION = 300;
/** How long votes are kept; by then they are complete, or the proposal is sent again. */
const VOTES_KEPT = 2000;

@Role({ external: true })
export abstract class Client {
  /** The value of the key of a command, after it was executed. */
  abstract replied(m: { sequence: number; value: string }): void;
  /** The command was not taken: there is another leader, as far as is known. */
  abstract redirected(m: { sequence: number; leader?: string | undefined }): void;
}

@Role()
export class Proposer {
  private readonly self = self();
  private readonly proposers = peers(() => Proposer);
  private readonly acceptors = peers(() => Acceptor);
  private readonly replicas = peers(() => Replica);
  private readonly clients = peers(() => Client);
  private readonly timers = timers<"election" | "votes">();

  /** The last ballot with which this proposer has campaigned. It is durable so that none is used twice. */
  @Durable() private used = 0;
  /**
   * The same as long as it remembers what it did in that ballot: 0 after a crash, for whatever is still under way to an earlier
   * life must not elect it again. Ballots are numbers, and each belongs to the proposer of that number modulo how many there are.
   */
  private ballot = 0;
  /** The highest ballot that this proposer has heard of from others. Whoever hears of a higher one than its own does not lead. */
  private highest = 0;
  /** Whether a majority has promised to accept nothing of lower ballots. */
  private elected = false;
  /** Whether a leader, or somebody who is about to become one, was heard of since the election timer was set. */
  private heard = false;
  /** Commands that were sent during an election, by client. Who has sent them is told how it ended. */
  private readonly waiting = new Map<string, Set<number>>();
  /** How often the election timer was set. */
  private draws = 0;

  /** The acceptors that have promised this ballot. */
  private readonly promised = new Set<string>();
  /** The ballots of what acceptors had accepted before they promised: of each slot the highest one. */
  private readonly recovered = new Map<number, number>();
  /** Everything below was chosen, and executed by a majority of the replicas: nobody asks for it any more. */
  private settled = 0;
  /** The first slot that was not used in this ballot. */
  private next = 0;
  /** What is proposed in this ballot and not settled. */
  private readonly proposals = new Map<number, Value>();
  /** Proposals below are old enough to be sent again. */
  private overdue = 0;
  /** Up to where each replica has executed the log. */
  private readonly executed = new Map<string, number>();

  /** Who has accepted a proposal, by slot and ballot. */
  private readonly votes = new Map<string, Set<string>>();

  @OnStart() begin(): void {
    if (this.proposers.ids[0] === this.self.id) this.campaign();
    this.awaitLeader();
  }

  @OnRecover() resume(): void {
    this.awaitLeader();
  }

  @On() request(m: Omit<Command, "client">, from: Ref<Client>): void {
    if (!this.leads) {
      if (this.campaigns) this.waiting.set(from.id, (this.waiting.get(from.id) ?? new Set<number>()).add(m.sequence));
      else from.redirected({ sequence: m.sequence, leader: this.leader });
      return;
    }
    const slot = this.next;
    this.next += 1;
    const value = { ...m, client: from.id };
    const proposal = { slot, ballot: this.ballot, value };
    for (const acceptor of this.acceptors) acceptor.p2a(proposal);
    this.proposals.set(slot, value);
  }

  @On() p1b(m: { ballot: number; settled: number; log: readonly Proposal[] }, from: Ref<Acceptor>): void {
    if (m.ballot !== this.ballot) return;
    this.promised.add(from.id);
    if (this.elected) return;
    this.settle(m.settled);
    for (const { slot, ballot, value } of m.log) {
      if (slot < this.settled || ballot <= (this.recovered.get(slot) ?? 0)) continue;
      this.recovered.set(slot, ballot);
      this.proposals.set(slot, value);
    }
    if (this.promised.size < majority(this.acceptors.size)) return;
    this.elected = true;
    this.next = Math.max(this.settled, ...[...this.recovered.keys()].map((slot) => slot + 1));
    for (let slot = this.settled; slot < this.next; slot++) {
      if (!this.proposals.has(slot)) this.proposals.set(slot, null);
      const value = this.proposals.get(slot) ?? null;
      const proposal = { slot, ballot: this.ballot, value };
      for (const acceptor of this.acceptors) acceptor.p2a(proposal);
    }
    this.beat();
    this.redirectWaiting();
  }

  /** Also tells of a higher ballot that the acceptor has promised; of a lower one when it has yet to hear of this one. */
  @On() p2b(m: Proposal & { promised: number }, from: Ref<Acceptor>): void {
    if (m.promised > this.highest) this.highest = m.promised;
    if (m.promised !== m.ballot) return;
    const proposal = `${m.slot}/${m.ballot}`;
    const voters = this.votes.get(proposal) ?? new Set<string>();
    if (voters.size === 0) this.timers.votes.set(VOTES_KEPT, proposal);
    this.votes.set(proposal, voters.add(from.id));
    if (voters.size < majority(this.acceptors.size)) return;
    this.votes.delete(proposal);
    for (const replica of this.replicas) replica.commit({ slot: m.slot, value: m.value });
  }

  @After("votes") votesOverdue(proposal: string): void {
    this.votes.delete(proposal);
  }

  /** An acceptor has promised a higher ballot. */
  @On() preempted(m: { ballot: number }): void {
    this.hear(m.ballot);
  }

  @On() heartbeat(m: { ballot: number }): void {
    this.hear(m.ballot);
  }

  @On() executedBelow(m: { slot: number }, from: Ref<Replica>): void {
    this.executed.set(from.id, Math.max(m.slot, this.executed.get(from.id) ?? 0));
    const furthestFirst = [...this.executed.values()].sort((a, b) => b - a);
    this.settle(furthestFirst[majority(this.replicas.size) - 1] ?? 0);
  }

  @After("election") electionDue(): void {
    if (!this.leads && !this.heard) this.campaign();
    this.heard = false;
    this.awaitLeader();
  }

  /** Whoever has not promised may have missed that it was asked; others are to know that there is a leader. */
  @Every(100) beat(): void {
    if (!this.leads) return;
    for (const proposer of this.proposers.others) proposer.heartbeat({ ballot: this.ballot });
    for (const acceptor of this.acceptors) {
      if (!this.promised.has(acceptor.id)) acceptor.p1a({ ballot: this.ballot });
    }
  }

  /** What has long been proposed and is not settled may be lost, and what is settled is no use to acceptors. */
  @Every(1000) upkeep(): void {
    if (!this.leads) return;
    for (const [slot, value] of this.proposals) {
      if (slot >= this.overdue) continue;
      const proposal = { slot, ballot: this.ballot, value };
      for (const acceptor of this.acceptors) acceptor.p2a(proposal);
    }
    this.overdue = this.next;
    for (const acceptor of this.acceptors) acceptor.truncate({ slot: this.settled });
  }

  private get leads(): boolean {
    return this.elected && this.highest <= this.ballot;
  }

  private get campaigns(): boolean {
    return !this.elected && this.highest < this.ballot;
  }

  /** Who owns the highest ballot, if there is one. */
  private get leader(): string | undefined {
    const highest = Math.max(this.highest, this.ballot);
    return highest === 0 ? undefined : this.proposers.ids[highest % this.proposers.size];
  }

  private awaitLeader(): void {
    this.draws += 1;
    this.timers.election.set(ELECTION + jitter(`${this.self.id}/${this.used}/${this.draws}`, ELECTION));
  }

  /** Phase 1, with a ballot that is higher than all that were heard of. */
  private campaign(): void {
    const { ids, size } = this.proposers;
    const round = Math.floor(Math.max(this.highest, this.used) / size) + 1;
    this.used = round * size + ids.indexOf(this.self.id);
    this.ballot = this.used;
    this.elected = false;
    this.promised.clear();
    this.recovered.clear();
    this.proposals.clear();
    this.overdue = 0;
    for (const acceptor of this.acceptors) acceptor.p1a({ ballot: this.ballot });
  }

  /** Whoever leads a lower ballot than that of this proposer's campaign is about to lose it, and nobody to wait for. */
  private hear(ballot: number): void {
    if (ballot < Math.max(this.highest, this.ballot)) return;
    if (ballot > this.highest) this.highest = ballot;
    this.heard = true;
    if (!this.campaigns) this.redirectWaiting();
  }

  private redirectWaiting(): void {
    for (const [client, sequences] of this.waiting) {
      for (const sequence of sequences) this.clients.at(client).redirected({ sequence, leader: this.leader });
    }
    this.waiting.clear();
  }

  private settle(slot: number): void {
    for (; this.settled < slot; this.settled++) this.proposals.delete(this.settled);
  }
}

@Role()
export class Acceptor {
  /** Nothing of lower ballots is accepted. */
  @Durable() private promised = 0;
  /** Everything below was chosen, and executed by a majority of the replicas. */
  @Durable() private settled = 0;
  /** What was accepted last, and in which ballot, by slot. */
  @Durable() private readonly log = new Map<number, Omit<Proposal, "slot">>();

  @On() p1a(m: { ballot: number }, from: Ref<Proposer>): void {
    if (m.ballot < this.promised) {
      from.preempted({ ballot: this.promised });
      return;
    }
    this.promised = m.ballot;
    const log = [...this.log].map(([slot, accepted]) => ({ slot, ...accepted }));
    from.p1b({ ballot: m.ballot, settled: this.settled, log });
  }

  /** Only what was promised is accepted: an acceptor that has missed phase 1 of a ballot waits until it is asked again. */
  @On() p2a(m: Proposal, from: Ref<Proposer>): void {
    if (m.slot < this.settled) return;
    if (m.ballot === this.promised) this.log.set(m.slot, { ballot: m.ballot, value: m.value });
    from.p2b({ ...m, promised: this.promised });
  }

  @On() truncate(m: { slot: number }): void {
    if (m.slot <= this.settled) return;
    this.settled = m.slot;
    for (const slot of this.log.keys()) {
      if (slot < m.slot) this.log.delete(slot);
    }
  }

  /** In a ballot, one value is proposed for a slot; and nobody has accepted anything in a ballot that nobody was promised. */
  @Invariant() static oneValuePerBallot(nodes: Snapshot): boolean {
    const values = new Map<string, string>();
    return nodes.all(Acceptor).every(({ log, promised }) =>
      [...log].every(([slot, { ballot, value }]) => {
        const text = JSON.stringify(value);
        const known = values.get(`${slot}/${ballot}`) ?? text;
        values.set(`${slot}/${ballot}`, known);
        return known === text && ballot <= promised;
      }),
    );
  }
}

@Role()
export class Replica {
  private readonly proposers = peers(() => Proposer);
  private readonly replicas = peers(() => Replica);
  private readonly clients = peers(() => Client);

  /** What was chosen: not executed yet, because something before it is missing, or executed a short while ago. */
  @Durable() private readonly log = new Map<number, Value>();
  /** The first slot that was not executed. */
  @Durable() private next = 0;
  /** The state machine. */
  @Durable() private readonly store = new Map<string, string>();
  @Durable() private readonly sessions = new Map<string, Session>();
  /** Up to where the log had been executed at the last report. */
  private reported = 0;

  /** @param retained How many of the commands that it has executed a replica keeps, for others that have missed some. */
  constructor(private readonly retained: number) {}

  @On() commit(m: { slot: number; value: Value }): void {
    if (m.slot < this.next) return;
    this.log.set(m.slot, m.value);
    this.advance();
  }

  /** Proposers forget what a majority has executed; whoever is behind another replica gets from it what is missing. */
  @Every(200) report(): void {
    this.reported = this.next;
    for (const proposer of this.proposers) proposer.executedBelow({ slot: this.next });
    for (const replica of this.replicas.others) replica.reportedBelow({ slot: this.next });
  }

  @On() reportedBelow(m: { slot: number }, from: Ref<Replica>): void {
    if (m.slot >= this.reported) return;
    if (this.log.has(m.slot)) {
      for (let slot = m.slot; slot < this.next; slot++) from.commit({ slot, value: this.log.get(slot) ?? null });
    } else {
      from.install({ next: this.next, store: this.store, sessions: this.sessions });
    }
  }

  /** Another replica's state, in place of the commands that led to it. */
  @On() install(m: {
    next: number;
    store: ReadonlyMap<string, string>;
    sessions: ReadonlyMap<string, Readonly<Session>>;
  }): void {
    if (m.next <= this.next) return;
    this.next = m.next;
    this.store.clear();
    for (const [key, value] of m.store) this.store.set(key, value);
    this.sessions.clear();
    for (const [client, { answered, replies }] of m.sessions) {
      this.sessions.set(client, { answered, replies: new Map(replies) });
    }
    for (const slot of this.log.keys()) {
      if (slot < m.next) this.log.delete(slot);
    }
    this.advance();
  }

  private advance(): void {
    for (; this.log.has(this.next); this.next++) {
      const command = this.log.get(this.next) ?? null;
      if (command !== null) this.execute(command);
      this.log.delete(this.next - this.retained);
    }
  }

  private execute(command: Command): void {
    const { client, sequence, answered } = command;
    const session = this.sessions.get(client) ?? { answered: 0, replies: new Map<number, string>() };
    this.sessions.set(client, session);
    if (sequence < session.answered) return;
    const value = session.replies.get(sequence) ?? this.apply(command.operation);
    session.replies.set(sequence, value);
    for (; session.answered < answered; session.answered++) session.replies.delete(session.answered);
    this.clients.at(client).replied({ sequence, value });
  }

  /** The value of the key afterwards, or an empty text. */
  private apply(operation: Operation): string {
    const before = this.store.get(operation.key) ?? "";
    if (operation.kind === "get") return before;
    const after = operation.kind === "put" ? operation.value : before + operation.value;
    this.store.set(operation.key, after);
    return after;
  }

  /** One value is chosen for a slot: replicas that know of it know the same. */
  @Invariant() static oneValuePerSlot(nodes: Snapshot): boolean {
    const chosen = new Map<number, string>();
    return nodes.all(Replica).every(({ log }) =>
      [...log].every(([slot, value]) => {
        const text = JSON.stringify(value);
        const known = chosen.get(slot) ?? text;
        chosen.set(slot, known);
        return known === text;
      }),
    );
  }

  /** Executed logs are prefixes of one another: those of one length have made the same of the state machine. */
  @Invariant() static equalLogsMakeEqualStates(nodes: Snapshot): boolean {
    const states = new Map<number, string>();
    return nodes.all(Replica).every(({ next, store, sessions }) => {
      const replies = [...sessions].map(([client, session]) => [client, session.answered, ...session.replies]);
      const text = JSON.stringify([[...store].sort(), replies.sort()]);
      const known = states.get(next) ?? text;
      states.set(next, known);
      return known === text;
    });
  }
}

function majority(size: number): number {
  return Math.floor(size / 2) + 1;
}
