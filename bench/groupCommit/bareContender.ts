import { BareLog } from "./bareLog.ts";
import type { Contender } from "./contender.ts";

/** What a transaction of a workload does by hand: writes records to logs, and says when it is over. */
export type BareTransaction = (n: number, logs: readonly BareLog[], over: () => void) => void;

/** The records of a workload, written by hand with bare `fs` calls: no messages, no roles, nothing that recovers them. */
export class BareContender implements Contender {
  readonly #logs: readonly BareLog[];
  readonly #transaction: BareTransaction;
  #transactions = 0;
  #issued = 0;
  #open = 0;
  #stopped = true;
  #resolveIdle: () => void = () => undefined;
  /** Nothing is under way any more. */
  readonly #idle = new Promise<void>((resolve) => {
    this.#resolveIdle = resolve;
  });

  /** @param paths one for each log of the workload */
  constructor(paths: readonly string[], grouped: boolean, transaction: BareTransaction) {
    this.#logs = paths.map((path) => new BareLog(path, grouped));
    this.#transaction = transaction;
  }

  get counts(): Contender["counts"] {
    const syncs = this.#logs.reduce((sum, log) => sum + log.syncs, 0);
    return { transactions: this.#transactions, syncs };
  }

  begin(inFlight: number): void {
    this.#stopped = false;
    for (let i = 0; i < inFlight; i++) this.#request();
  }

  async end(): Promise<void> {
    this.#stopped = true;
    await this.#idle;
    for (const log of this.#logs) log.close();
  }

  #request(): void {
    this.#open++;
    this.#transaction(this.#issued++, this.#logs, () => {
      this.#transactions++;
      this.#open--;
      if (!this.#stopped) this.#request();
      else if (this.#open === 0) this.#resolveIdle();
    });
  }
}
