import type { StateNumber } from "../../../runtime/simulator/explorer/transitionSystem.ts";
import { SILENT } from "./eventNames.ts";
import type { KnownGraph } from "./knownGraph.ts";

/**
 * The states from which the system goes on for ever without showing anything or coming to rest, whatever happens: those
 * from which no silent steps lead to an event, to rest, or to where the system has been cut off.
 *
 * @param states Closed under silent steps.
 */
export function trappedStates(graph: KnownGraph, states: Iterable<StateNumber>): ReadonlySet<StateNumber> {
  const trapped = new Set(states);
  const before = new Map<StateNumber, StateNumber[]>();
  const free: StateNumber[] = [];
  for (const state of trapped) {
    const degree = graph.degree(state);
    let isFree = graph.isAtRest(state) || graph.isCutOff(state);
    for (let index = 0; index < degree; index++) {
      if (graph.event(state, index) !== SILENT) {
        isFree = true;
        continue;
      }
      const target = graph.target(state, index);
      const sources = before.get(target);
      if (sources === undefined) before.set(target, [state]);
      else sources.push(state);
    }
    if (isFree) free.push(state);
  }
  for (let state = free.pop(); state !== undefined; state = free.pop()) {
    if (!trapped.delete(state)) continue;
    free.push(...(before.get(state) ?? []));
  }
  return trapped;
}
