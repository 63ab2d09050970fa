import { closeSync, fdatasync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";

const sync = promisify(fdatasync);

/**
 * A file, and a loop that writes what waits and syncs it, by hand: with `grouped` everything that waits at once; otherwise
 * each record has a write and a sync of its own.
 */
export class BareLog {
  readonly #file: number;
  readonly #grouped: boolean;
  #waiting: { readonly bytes: Uint8Array; readonly written: () => void }[] = [];
  #syncs = 0;
  #writing = false;

  constructor(path: string, grouped: boolean) {
    this.#file = openSync(path, "a");
    this.#grouped = grouped;
  }

  /** Syncs that have ended. */
  get syncs(): number {
    return this.#syncs;
  }

  /** @param written called when the bytes are on stable storage */
  append(bytes: Uint8Array, written: () => void): void {
    this.#waiting.push({ bytes, written });
    if (!this.#writing) void this.#write();
  }

  /** Closes the file; nothing may wait. */
  close(): void {
    closeSync(this.#file);
  }

  async #write(): Promise<void> {
    this.#writing = true;
    await Promise.resolve(); // whatever else this turn of the event loop appends goes along
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#grouped ? this.#waiting.length : 1);
      writeSync(this.#file, Buffer.concat(batch.map(({ bytes }) => bytes)));
      await sync(this.#file);
      this.#syncs++;
      for (const { written } of batch) written();
    }
    this.#writing = false;
  }
}
