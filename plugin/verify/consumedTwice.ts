/**
 * The network of the original delivers what was sent once. A machinery that hands a message out twice makes two
 * activations of it, each of which the replay finds to be one of the original.
 */
import type { LogicalMessage, SimulatedRun } from "../../runtime/simulator/index.ts";
import { describeActivation, describeMessage } from "./describe.ts";
import type { Problem } from "./verdict.ts";

export function findConsumedTwice(run: SimulatedRun): Problem | undefined {
  const consumed = new Map<LogicalMessage, string>();
  const consume = (message: LogicalMessage, what: string): Problem | undefined => {
    const before = consumed.get(message);
    consumed.set(message, what);
    if (before === undefined) return undefined;
    const summary = `${message.from.id} sent ${describeMessage(message)} to ${message.to.id} once, and it was delivered twice.`;
    return { kind: "replay mismatch", summary, trace: [before, what] };
  };
  for (const activation of [...run.activations, ...run.parked]) {
    const { cause } = activation;
    if (cause.kind !== "message") continue;
    const problem = consume(cause.message, describeActivation(run, activation));
    if (problem !== undefined) return problem;
  }
  for (const { event, message } of run.external) {
    if (event.kind !== "received") continue;
    const problem = consume(message, `${message.to.id} received ${describeMessage(message)}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
