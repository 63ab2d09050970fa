import type { ClientDriver, SystemDefinition } from "../../../runtime/system.ts";

interface Outcome {
  readonly id: string;
  readonly committed: boolean;
}

/** What the clients of both samples of two-phase commit are told. */
interface OutcomeDriver extends ClientDriver {
  decided(m: Outcome): unknown;
  applied(m: Outcome): unknown;
}

/** The same system, with clients that fail loudly when they are told two outcomes of one transaction. */
export function withCheckedOutcomes(system: SystemDefinition): SystemDefinition {
  const Driver = system.clients.driver as new () => OutcomeDriver;
  class Checked extends Driver {
    private readonly outcomes = new Map<string, boolean>();

    override decided(m: Outcome): unknown {
      agree(this.outcomes, m);
      return super.decided(m);
    }

    override applied(m: Outcome): unknown {
      agree(this.outcomes, m);
      return super.applied(m);
    }
  }
  return { ...system, clients: { driver: Checked } };
}

function agree(outcomes: Map<string, boolean>, { id, committed }: Outcome): void {
  if (outcomes.get(id) === !committed) throw new Error(`${id} was committed, and aborted`);
  outcomes.set(id, committed);
}
