/**
 * Who a message owes its existence to. In a part that is told things in any order, a message that waits for a threshold
 * leaves with whoever comes last there; in the original somebody else may come last. So all that wrote what the sending
 * fragment read count as its senders, and all that these could not have written without.
 */
import type { Activation, Cell, Fragment, LogicalMessage, SimulatedRun } from "../../runtime/simulator/index.ts";
import type { IsLenient } from "./conflictOrder.ts";
import { soleSender, type SendersOf } from "./messageOrder.ts";

interface Part {
  readonly activation: Activation;
  readonly fragment: Fragment;
}

export function contributorsOf({ activations }: SimulatedRun, isLenient: IsLenient): SendersOf {
  const parts = activations
    .flatMap((activation) => activation.fragments.map((fragment): Part => ({ activation, fragment })))
    .filter(({ fragment }) => isLenient(fragment.instance));
  const influences = inferInfluences(parts);
  const byMessage = new Map<LogicalMessage, ReadonlySet<Activation>>();
  for (const { fragment } of parts) {
    const senders = influences.get(fragment) ?? new Set();
    for (const message of fragment.sent) byMessage.set(message, senders);
  }
  return (message) => byMessage.get(message) ?? soleSender(message);
}

/** For each fragment the activations that its content may depend on, its own included. */
function inferInfluences(parts: readonly Part[]): ReadonlyMap<Fragment, ReadonlySet<Activation>> {
  const inOrder = [...parts].sort((a, b) => firstAccess(a) - firstAccess(b));
  const writers = new Map<string, Set<Activation>>();
  const influences = new Map<Fragment, ReadonlySet<Activation>>();
  for (const { activation, fragment } of inOrder) {
    const influencing = new Set([activation]);
    for (const access of fragment.accesses) {
      if (access.kind !== "read") continue;
      for (let cell: Cell | undefined = access.cell; cell !== undefined; cell = cell.parent)
        for (const writer of writers.get(nameAt(fragment, cell)) ?? []) influencing.add(writer);
    }
    influences.set(fragment, influencing);
    for (const { cell, kind } of fragment.accesses) {
      if (kind === "read") continue;
      const name = nameAt(fragment, cell);
      writers.set(name, new Set([...(writers.get(name) ?? []), ...influencing]));
    }
  }
  return influences;
}

function firstAccess({ fragment }: Part): number {
  return fragment.accesses[0]?.sequence ?? Infinity;
}

function nameAt({ instance, incarnation }: Fragment, { name }: Cell): string {
  return `${String(instance.number)} ${String(incarnation)} ${name}`;
}
