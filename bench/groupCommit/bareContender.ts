import { closeSync, fdatasync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import type { Contender } from "./contender.ts";
import { transaction, type Transaction } from "./storeSystem.ts";

const sync = promisify(fdatasync);

/**
 * The same by hand: a Map, a file, and a loop that writes what waits and syncs it. `grouped` writes everything that
 * waits at once; otherwise each transaction has a write and a sync of its own.
 */
export class BareContender implements Contender {
  readonly #path: string;
  readonly #grouped: boolean;
  readonly #values = new Map<number, Uint8Array>();
  #waiting: { readonly bytes: Uint8Array; readonly written: () => void }[] = [];
  #transactions = 0;
  #syncs = 0;
  #issued = 0;
  #stopped = true;
  #writing: Promise<void> = Promise.resolve();

  constructor(directory: string, grouped: boolean) {
    this.#path = join(directory, grouped ? "grouped.log" : "single.log");
    this.#grouped = grouped;
  }

  get counts(): Contender["counts"] {
    return { transactions: this.#transactions, syncs: this.#syncs };
  }

  begin(inFlight: number): void {
    this.#stopped = false;
    for (let i = 0; i < inFlight; i++) this.#request();
    this.#writing = this.#write();
  }

  async end(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  #request(): void {
    this.#handle(transaction(this.#issued++), () => {
      this.#transactions++;
      if (!this.#stopped) this.#request();
    });
  }

  #handle({ key, value }: Transaction, written: () => void): void {
    this.#values.set(key, value);
    this.#waiting.push({ bytes: encodePayload([key, value]), written });
  }

  async #write(): Promise<void> {
    const file = openSync(this.#path, "a");
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#grouped ? this.#waiting.length : 1);
      writeSync(file, Buffer.concat(batch.map(({ bytes }) => bytes)));
      await sync(file);
      this.#syncs++;
      for (const { written } of batch) written();
    }
    closeSync(file);
  }
}
