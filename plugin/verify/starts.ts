/**
 * The handlers that a node runs before anything else when it starts, or comes back. Nobody sends a message for these, so
 * that nobody would miss one which the machinery has forgotten.
 */
import type { DeployedInstance } from "../../runtime/routing/address.ts";

/** A node and one of these handlers. */
export interface Start {
  readonly instance: DeployedInstance;
  readonly handler: string;
}

export class Starts {
  /** Those that have to run in the current lives. */
  readonly #due = new Map<DeployedInstance, readonly string[]>();
  #uncalledFor: Start | undefined;

  /** A node starts, or comes back. */
  begin(instance: DeployedInstance, handlers: readonly string[]): void {
    this.#due.set(instance, handlers);
  }

  /** A node runs one of its handlers. */
  note(instance: DeployedInstance, handler: string): void {
    const due = this.#due.get(instance) ?? [];
    if (due.includes(handler))
      this.#due.set(
        instance,
        due.filter((other) => other !== handler),
      );
    else this.#uncalledFor ??= { instance, handler };
  }

  /** One that has not run, although its node is up. */
  get missing(): Start | undefined {
    for (const [instance, [handler]] of this.#due) if (handler !== undefined) return { instance, handler };
    return undefined;
  }

  /** One that has run a second time, or in place of another one. */
  get uncalledFor(): Start | undefined {
    return this.#uncalledFor;
  }
}
