/** Makes what fails smaller, program, plan and schedule together, as long as it fails in the same way. */
import type { FuzzedPlan } from "../plans.ts";
import type { ProtocolTree } from "../protocolTree.ts";
import { smallerPlans } from "./smallerPlans.ts";
import { smallerProtocols } from "./smallerProtocols.ts";

export interface Failing {
  readonly tree: ProtocolTree;
  readonly plan: FuzzedPlan;
}

/**
 * @param fails Whether something smaller still fails in the same way.
 * @param mayGoOn Asked before each attempt.
 */
export function shrink(failing: Failing, fails: (smaller: Failing) => boolean, mayGoOn: () => boolean): Failing {
  let smallest = failing;
  // After a success the candidates are made anew from what is left, but begin where the last one was found: what was tried
  // in vain before is most often in vain still.
  for (let isSmaller = true, from = 0; isSmaller && mayGoOn();) {
    isSmaller = false;
    let position = 0;
    for (const candidate of candidates(smallest)) {
      if (position++ < from) continue;
      if (!mayGoOn()) break;
      if (!fails(candidate)) continue;
      smallest = candidate;
      isSmaller = true;
      from = position - 1;
      break;
    }
    if (!isSmaller && from > 0) {
      isSmaller = true;
      from = 0;
    }
  }
  return smallest;
}

function* candidates({ tree, plan }: Failing): Generator<Failing> {
  for (const smaller of smallerPlans(plan)) yield { tree, plan: smaller };
  for (const smaller of smallerProtocols(tree)) yield { tree: smaller, plan };
}
