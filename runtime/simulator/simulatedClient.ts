import type { DeployedInstance } from "../routing/address.ts";

/** A closed-loop client: it issues its next operation when fewer than so many are in flight. */
export class SimulatedClient {
  issued = 0;
  completed = 0;
  readonly #inFlight = new Set<string>();

  constructor(
    readonly instance: DeployedInstance,
    private readonly operations: number,
    private readonly window: number,
  ) {}

  get mayIssue(): boolean {
    return this.issued < this.operations && this.#inFlight.size < this.window;
  }

  /** Whether nothing but an answer to what it has issued keeps it from issuing the next operation. */
  get isStuck(): boolean {
    return this.issued < this.operations && !this.mayIssue;
  }

  /** Starts the next operation, and gives its number. */
  begin(): number {
    return this.issued++;
  }

  issuedAs(operation: string): void {
    this.#inFlight.add(operation);
  }

  /** Takes what the driver returned for a message. Answers may come twice; the first one counts. */
  complete(operation: unknown): void {
    if (typeof operation === "string" && this.#inFlight.delete(operation)) this.completed++;
  }
}
