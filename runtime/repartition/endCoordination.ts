/**
 * What the runtime keeps in the logs of a coordinated component: how many rounds there have been. When the coordinator
 * and all partitions agree, nothing is under way, and the rounds can be counted anew.
 */
import type { PartitionState } from "./partitionState.ts";
import { RepartitionRefusal } from "./refusal.ts";

/** As coordinators and partitions call it; see runtime/coordination. */
const ROUND = "#round";
/** What the runtime keeps beside the fields of a class begins with this; see OwnState. */
const OWN = "#";

/**
 * The partitions without what coordination has left.
 *
 * @throws RepartitionRefusal when something was decided that some partition has not done.
 */
export function endCoordination(
  parts: readonly PartitionState[],
  coordinator: PartitionState | undefined,
): readonly PartitionState[] {
  const decided = roundOf(coordinator);
  const behind = parts.findIndex((part) => roundOf(part) !== decided);
  if (behind >= 0) {
    throw new RepartitionRefusal(
      `Its coordinator has decided ${String(decided)} rounds, and partition ${String(behind)} has done ` +
        `${String(roundOf(parts[behind]))} of them. Start the system once as it was, and let it stop by itself, so that it does what is missing.`,
    );
  }
  return parts.map((part) => ({
    ...part,
    fields: new Map([...part.fields].filter(([name]) => !name.startsWith(OWN))),
  }));
}

function roundOf(state: PartitionState | undefined): unknown {
  return state?.fields.get(ROUND) ?? 0;
}
