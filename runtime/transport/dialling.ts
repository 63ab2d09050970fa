/** The other end does not want to talk to us, and will not change its mind. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

const SHORTEST_PAUSE_MILLISECONDS = 20;
const LONGEST_PAUSE_MILLISECONDS = 1_000;

/** A process that this one connects with, and again whenever the connection is lost. */
export class Dialling {
  readonly #dial: (connection: number) => Promise<void>;
  #connections = 0;
  #attempt: Promise<void> | undefined;
  #pause = SHORTEST_PAUSE_MILLISECONDS;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param dial makes a connection, given how many were tried before */
  constructor(dial: (connection: number) => Promise<void>) {
    this.#dial = dial;
  }

  /** Connects; once, however often it is called meanwhile. @throws what `dial` throws. */
  connect(): Promise<void> {
    clearTimeout(this.#timer);
    this.#attempt ??= this.#dial(this.#connections++).finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  /** The connection is lost: connects after a pause, which grows with every attempt in vain. Ends when it is refused. */
  reconnect(): void {
    if (this.#stopped) return;
    const pause = this.#pause;
    this.#pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#try(), pause);
  }

  /** Connects no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #try(): Promise<void> {
    try {
      await this.connect();
      this.#pause = SHORTEST_PAUSE_MILLISECONDS;
    } catch (error) {
      if (!(error instanceof RefusedError)) this.reconnect();
    }
  }
}
