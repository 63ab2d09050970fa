/**
 * A lock service. Who asks for a lock gets it, or waits in line; it is held until it is released, or until its lease runs out
 * without being renewed. Each grant of a lock has a number, its fencing token, and the stores that the locks protect refuse
 * whoever comes with an older one: a holder that was asleep when its lease ran out does no harm. Directories know, or
 * nearly so, who holds what, without asking the server.
 */
import { After, Durable, Invariant, On, OnRecover, peers, Role, timers, type Ref, type Snapshot } from "riven";

@Role({ external: true })
export abstract class Client {
  abstract granted(m: { lock: string; request: number; token: number }): void;
  /** So many are to have the lock before this client, the present holder included. */
  abstract waiting(m: { lock: string; request: number; ahead: number }): void;
  /** A repeated request that holds nothing, and waits for nothing, any more; or that a later one has overtaken. */
  abstract over(m: { lock: string; request: number }): void;
  /** `held` says whether the lock was, until now, held under that token. */
  abstract released(m: { lock: string; token: number; held: boolean }): void;
  abstract renewed(m: { lock: string; token: number; held: boolean }): void;
  /** The lease has run out. */
  abstract expired(m: { lock: string; token: number }): void;

  abstract written(m: { lock: string; token: number }): void;
  /** Somebody with a later token was there before. */
  abstract fenced(m: { lock: string; token: number; highest: number }): void;

  /** Without `holder` nobody holds the lock, as far as the directory knows. */
  abstract found(m: { id: string; lock: string; token: number; holder?: string | undefined }): void;
}

interface Request {
  readonly client: string;
  /** Chosen by the client, and higher than those of its earlier requests. */
  readonly request: number;
  /** For how long the lock is held unless the lease is renewed, in milliseconds. */
  readonly lease: number;
}

interface Grant extends Request {
  readonly token: number;
}

@Role()
export class LockServer {
  private readonly clients = peers(() => Client);
  private readonly directories = peers(() => Directory);
  private readonly timers = timers<"lease">();

  /** The token of each lock's last grant. */
  @Durable() private readonly tokens = new Map<string, number>();
  /** The grant of each lock that is held. */
  @Durable() private readonly grants = new Map<string, Grant>();
  /** Who waits for each lock, first come, first served. */
  @Durable() private readonly queues = new Map<string, Request[]>();
  /** The last request of each client for each lock. */
  @Durable() private readonly requests = new Map<string, Map<string, number>>();

  @On() acquire(m: { lock: string; request: number; lease: number }, from: Ref<Client>): void {
    const requests = this.requests.get(m.lock) ?? new Map<string, number>();
    this.requests.set(m.lock, requests);
    const last = requests.get(from.id);
    if (last !== undefined && m.request <= last) {
      this.repeat(m.lock, m.request, from);
      return;
    }
    requests.set(from.id, m.request);
    const queue = this.queues.get(m.lock) ?? [];
    this.queues.set(m.lock, queue);
    queue.push({ client: from.id, request: m.request, lease: m.lease });
    if (this.grants.has(m.lock)) {
      from.waiting({ lock: m.lock, request: m.request, ahead: queue.length });
    } else {
      const { token, holder } = this.passOn(m.lock);
      this.announce(m.lock, token, holder);
    }
  }

  @On() release(m: { lock: string; token: number }, from: Ref<Client>): void {
    const held = this.isHeld(m.lock, m.token, from.id);
    from.released({ lock: m.lock, token: m.token, held });
    if (held) {
      const { token, holder } = this.passOn(m.lock);
      this.announce(m.lock, token, holder);
    }
  }

  @On() renew(m: { lock: string; token: number }, from: Ref<Client>): void {
    const grant = this.grants.get(m.lock);
    const held = this.isHeld(m.lock, m.token, from.id);
    if (held && grant !== undefined) this.timers.lease.set(grant.lease, m.lock);
    from.renewed({ lock: m.lock, token: m.token, held });
  }

  @After("lease") leaseOver(lock: string): void {
    const grant = this.grants.get(lock);
    if (grant === undefined) return;
    this.clients.at(grant.client).expired({ lock, token: grant.token });
    const { token, holder } = this.passOn(lock);
    this.announce(lock, token, holder);
  }

  /** Holders keep what they hold through a crash, for a whole lease from now. */
  @OnRecover() resume(): void {
    for (const [lock, { lease }] of this.grants) this.timers.lease.set(lease, lock);
  }

  private isHeld(lock: string, token: number, client: string): boolean {
    const grant = this.grants.get(lock);
    return grant?.token === token && grant.client === client;
  }

  /** Gives the lock to whoever is first in line, or to nobody. @returns who holds it now, and the token of its last grant */
  private passOn(lock: string): { token: number; holder: string | undefined } {
    const queue = this.queues.get(lock) ?? [];
    const next = queue.shift();
    if (queue.length === 0) this.queues.delete(lock);
    const last = this.tokens.get(lock) ?? 0;
    if (next === undefined) {
      this.grants.delete(lock);
      this.timers.lease.clear(lock);
      return { token: last, holder: undefined };
    }
    const token = last + 1;
    this.tokens.set(lock, token);
    this.grants.set(lock, { ...next, token });
    this.timers.lease.set(next.lease, lock);
    this.clients.at(next.client).granted({ lock, request: next.request, token });
    return { token, holder: next.client };
  }

  private announce(lock: string, token: number, holder: string | undefined): void {
    for (const directory of this.directories) directory.changed({ lock, token, holder });
  }

  /** A client that has heard nothing asks again, and is told how things stand. */
  private repeat(lock: string, request: number, from: Ref<Client>): void {
    const grant = this.grants.get(lock);
    if (grant?.client === from.id && grant.request === request) {
      from.granted({ lock, request, token: grant.token });
      return;
    }
    const queue = this.queues.get(lock) ?? [];
    const ahead = queue.findIndex((waiting) => waiting.client === from.id && waiting.request === request);
    if (ahead >= 0) from.waiting({ lock, request, ahead: ahead + 1 });
    else from.over({ lock, request });
  }

  /** A lock that is held has one holder, that of its last token, who is not waiting for it under the same request. */
  @Invariant() static oneHolder(nodes: Snapshot): boolean {
    return nodes.all(LockServer).every(({ grants, tokens, queues }) =>
      [...grants].every(([lock, { token, client, request }]) => {
        const waiting = queues.get(lock) ?? [];
        return tokens.get(lock) === token && !waiting.some((one) => one.client === client && one.request === request);
      }),
    );
  }

  /** Nobody waits for a lock that is free. */
  @Invariant() static noneWaitsInVain(nodes: Snapshot): boolean {
    return nodes.all(LockServer).every(({ grants, queues }) => [...queues.keys()].every((lock) => grants.has(lock)));
  }
}

/** What is protected by locks: a text for each, written by its holders. */
@Role()
export class Store {
  @Durable() private readonly texts = new Map<string, { readonly token: number; readonly text: string }>();

  @On() write(m: { lock: string; token: number; text: string }, from: Ref<Client>): void {
    const highest = this.texts.get(m.lock)?.token ?? 0;
    if (m.token < highest) {
      from.fenced({ lock: m.lock, token: m.token, highest });
      return;
    }
    this.texts.set(m.lock, { token: m.token, text: m.text });
    from.written({ lock: m.lock, token: m.token });
  }
}

/** Answers from what it was last told. */
@Role()
export class Directory {
  /** A lock that is free again has no holder, and the token of its last one. */
  private readonly known = new Map<string, { readonly token: number; readonly holder?: string | undefined }>();

  @On() changed(m: { lock: string; token: number; holder?: string | undefined }): void {
    const { token = 0, holder } = this.known.get(m.lock) ?? {};
    // Changes may come in any order: of one token, that it is over is the later one.
    const isNews = m.token > token || (m.token === token && holder !== undefined);
    if (isNews) this.known.set(m.lock, { token: m.token, holder: m.holder });
  }

  @On() find(m: { id: string; lock: string }, from: Ref<Client>): void {
    const { token = 0, holder } = this.known.get(m.lock) ?? {};
    from.found({ id: m.id, lock: m.lock, token, holder });
  }
}
