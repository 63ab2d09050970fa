/** The lock service as a system: a server, a store and two directories; clients that meet at a few locks. */
import { peer, peers, self } from "riven";
import { instances, runWhenExecuted, system, type ExternalEvent } from "riven/runtime";
import { Client, Directory, LockServer, Store } from "./protocol.ts";

/** Few enough that clients meet. */
const LOCKS = 2;
/** In milliseconds. */
const LEASE = 500;

/** The id of a client's n-th operation. */
function operationOf({ id }: { readonly id: string }, n: number): string {
  return `${id}:${String(n)}`;
}

/** An operation takes a lock, writes to what it protects, and releases it; or asks a directory who holds one. */
class Worker extends Client {
  private readonly self = self();
  private readonly server = peer(() => LockServer);
  private readonly store = peer(() => Store);
  private readonly directories = peers(() => Directory);

  request(n: number): string {
    const id = operationOf(this.self, n);
    const lock = `lock-${String(n % LOCKS)}`;
    if (n % 4 === 3) this.directories.at(this.directories.ids[n % this.directories.size] ?? "").find({ id, lock });
    else this.server.acquire({ lock, request: n, lease: LEASE });
    return id;
  }

  granted(m: { lock: string; request: number; token: number }): undefined {
    this.requests.set(JSON.stringify([m.lock, m.token]), m.request);
    this.store.write({ lock: m.lock, token: m.token, text: operationOf(this.self, m.request) });
    return undefined;
  }

  written(m: { lock: string; token: number }): undefined {
    this.server.renew(m);
    return undefined;
  }

  fenced(m: { lock: string; token: number }): undefined {
    this.server.release({ lock: m.lock, token: m.token });
    return undefined;
  }

  renewed(m: { lock: string; token: number }): undefined {
    this.server.release({ lock: m.lock, token: m.token });
    return undefined;
  }

  released(m: { lock: string; token: number }): string {
    return operationOf(this.self, this.requests.get(JSON.stringify([m.lock, m.token])) ?? -1);
  }

  over(m: { request: number }): string {
    return operationOf(this.self, m.request);
  }

  found(m: { id: string }): string {
    return m.id;
  }

  waiting(): undefined {
    return undefined;
  }

  expired(): undefined {
    return undefined;
  }

  /** The requests that were granted, by lock and token. */
  private readonly requests = new Map<string, number>();
}

interface Message {
  readonly lock: string;
  readonly request: number;
  readonly token: number;
  readonly held: boolean;
}

/** Whether each grant of a lock went to one request of one client, and none was made that nobody asked for. */
function oneHolder(history: readonly ExternalEvent[]): boolean {
  const asked = new Set<string>();
  const holders = new Map<string, string>();
  return history.every(({ kind, message, node, payload }) => {
    const { lock, request, token } = payload as Message;
    const holder = JSON.stringify([lock, node.id, request]);
    if (kind === "sent" && message === "acquire") asked.add(holder);
    if (kind === "sent" || message !== "granted") return true;
    const grant = JSON.stringify([lock, token]);
    const known = holders.get(grant) ?? holder;
    holders.set(grant, known);
    return known === holder && asked.has(holder);
  });
}

/** Whether nobody who asked was told to hold a lock still, when somebody had got it before it asked. */
function passedOnForGood(history: readonly ExternalEvent[]): boolean {
  const highest = new Map<string, number>();
  const late = new Set<string>();
  return history.every(({ kind, message, node, payload }) => {
    const { lock, token, held } = payload as Message;
    const question = JSON.stringify([node.id, message, lock, token]);
    if (kind === "sent") {
      const answer = message === "release" ? "released" : message === "renew" ? "renewed" : undefined;
      if (answer !== undefined && token < (highest.get(lock) ?? 0))
        late.add(JSON.stringify([node.id, answer, lock, token]));
      return true;
    }
    if (message === "granted") highest.set(lock, Math.max(token, highest.get(lock) ?? 0));
    return !held || !late.has(question);
  });
}

/** Whether no write was accepted when one with a later token had been acknowledged before it was sent. */
function writesAreFenced(history: readonly ExternalEvent[]): boolean {
  const highest = new Map<string, number>();
  const late = new Set<string>();
  return history.every(({ kind, message, payload }) => {
    const { lock, token } = payload as Message;
    const write = JSON.stringify([lock, token]);
    if (kind === "sent" && message === "write" && token < (highest.get(lock) ?? 0)) late.add(write);
    if (kind === "sent" || message !== "written") return true;
    highest.set(lock, Math.max(token, highest.get(lock) ?? 0));
    return !late.has(write);
  });
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "lock-server",
    roles: [instances(LockServer, ["server"]), instances(Store, ["store"]), instances(Directory, 2)],
    clients: { driver: Worker },
    invariants: [
      { name: "a token is for one holder, which has asked", holds: oneHolder },
      { name: "a lock that was passed on is not held under an older token", holds: passedOnForGood },
      { name: "an old holder does not write after a new one", holds: writesAreFenced },
    ],
  }),
);
