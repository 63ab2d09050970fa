import { createHash, type Hash } from "node:crypto";
import type { Outgoing } from "../node/message.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";

/** Digests what happens in a run, step by step: the same seed must give the same digest. */
export class Trace {
  readonly #hash: Hash = createHash("sha256");

  /** An instance handled a message, fired a timer, or issued an operation. */
  step(instance: DeployedInstance, handler: string, messageId: number): void {
    this.#hash.update(`${printInstance(instance)} ${handler} ${String(messageId)}\n`);
  }

  /** Something happened that no instance did. */
  note(event: string): void {
    this.#hash.update(`! ${event}\n`);
  }

  sent({ destination, handler, payload }: Outgoing): void {
    this.#hash.update(`> ${printInstance(destination)} ${handler} ${String(payload.length)} `);
    this.#hash.update(payload);
  }

  digest(): string {
    return this.#hash.digest("hex").slice(0, 16);
  }
}
