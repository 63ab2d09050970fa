import type { CoordinationContext, CoordinationPart } from "./coordinationPart.ts";
import { CoordinatorPart } from "./coordinatorPart.ts";
import { PartitionPart } from "./partitionPart.ts";

/**
 * The part that an instance has in coordination; undefined when it has none.
 *
 * @param component its component, an index into those of the role
 */
export function createCoordination(context: CoordinationContext, component: number): CoordinationPart | undefined {
  const deployed = context.role.components[component];
  if (deployed?.coordinates !== undefined) return new CoordinatorPart(context, deployed.coordinates);
  return deployed?.coordinator === undefined ? undefined : new PartitionPart(context, deployed, deployed.coordinator);
}
