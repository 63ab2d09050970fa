import { heardEvent } from "./recordedEvent.ts";
import type { ExternalEvent } from "../../../runtime/system.ts";

/** How long clients may hear nothing before the system counts as dead. */
const PATIENCE_MILLISECONDS = 60_000;

/** What all clients of a run have seen until now, in order. */
export class ClientsView {
  readonly history: ExternalEvent[] = [];
  #received = 0;
  #waiting: { readonly until: number; readonly resolve: () => void } | undefined;

  /** Takes a line of the run's log. @returns whether it was about what a client saw. */
  hear(line: string): boolean {
    const event = heardEvent(line);
    if (event === undefined) return false;
    this.history.push(event);
    if (event.kind === "received") this.#received++;
    if (this.#waiting !== undefined && this.#received >= this.#waiting.until) {
      this.#waiting.resolve();
      this.#waiting = undefined;
    }
    return true;
  }

  /** Waits until clients have received so many more messages. @throws Error when that takes for ever. */
  async received(messages: number): Promise<void> {
    let giveUp: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting = { until: this.#received + messages, resolve };
        giveUp = setTimeout(() => {
          reject(new Error(`the clients heard too little in ${PATIENCE_MILLISECONDS / 1000} seconds.`));
        }, PATIENCE_MILLISECONDS);
      });
    } finally {
      clearTimeout(giveUp);
    }
  }
}
