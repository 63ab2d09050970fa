/**
 * Which parts of a rewritten system say of themselves that the order in which they are told does not matter: those that
 * receive `repeatable` forwards. The claim is believed by nobody; it only says where to look for a witness.
 */
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedInstance } from "../../runtime/routing/address.ts";

export function lenientParts({ table, instances }: Deployment): ReadonlySet<DeployedInstance> {
  return new Set(
    instances.filter(({ role, component }) =>
      Object.values(table.roles[role]?.handlers ?? {}).some(
        (route) => route.component === component && route.channel === "repeatable",
      ),
    ),
  );
}
