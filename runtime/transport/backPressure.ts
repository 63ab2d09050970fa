/** A connection from outside the system, whose sender can be made to wait. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * While some outbound queue is beyond its soft limit, nothing is read from clients, so no new work enters. Connections
 * inside the system are never paused: nodes that wait for each other in a circle would wait for ever.
 */
export class BackPressure {
  readonly #congested = new Set<object>();
  readonly #clients = new Set<Pausable>();

  get engaged(): boolean {
    return this.#congested.size > 0;
  }

  addClient(client: Pausable): void {
    this.#clients.add(client);
    if (this.engaged) client.pause();
  }

  removeClient(client: Pausable): void {
    this.#clients.delete(client);
  }

  /** A queue went beyond its limit. */
  engage(queue: object): void {
    this.#congested.add(queue);
    if (this.#congested.size === 1) for (const client of this.#clients) client.pause();
  }

  /** A queue has drained, or is gone. */
  release(queue: object): void {
    if (this.#congested.delete(queue) && this.#congested.size === 0)
      for (const client of this.#clients) client.resume();
  }
}
