/** Invariants of a system, on what its clients saw. */
import type { ExternalEvent, Invariant } from "../../runtime/system.ts";
import { printPayload } from "./printPayload.ts";
import type { Problem } from "./verdict.ts";

/** For a run that the original could have produced. */
export function blameProtocol(broken: Problem | undefined): Problem | undefined {
  return (
    broken && { ...broken, summary: `${broken.summary} The original does so too: the protocol itself is at fault.` }
  );
}

/** The first invariant that a history breaks. One that throws is broken as well. */
export function findBroken(invariants: readonly Invariant[], history: readonly ExternalEvent[]): Problem | undefined {
  for (const { name, holds } of invariants) {
    const reason = reasonAgainst(() => holds(history));
    if (reason !== undefined) {
      return {
        kind: "invariant",
        summary: `The invariant ${JSON.stringify(name)} does not hold.${reason}`,
        trace: printHistory(history),
      };
    }
  }
  return undefined;
}

/** Undefined when it holds; what it threw, when it threw. */
export function reasonAgainst(holds: () => boolean): string | undefined {
  try {
    return holds() ? undefined : "";
  } catch (error) {
    const text = String(error);
    return ` ${text}${/[.!?]$/.test(text) ? "" : "."}`;
  }
}

function printHistory(history: readonly ExternalEvent[]): string[] {
  return history.map(({ kind, node, other, message, payload }) =>
    kind === "sent"
      ? `${node.id} sent ${message}(${printPayload(payload)}) to ${other.id}`
      : `${node.id} received ${message}(${printPayload(payload)}) from ${other.id}`,
  );
}
