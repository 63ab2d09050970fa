import type { Deployment } from "../../deployment.ts";
import type { Outgoing } from "../../node/message.ts";
import type { DeployedInstance } from "../../routing/address.ts";

/** What a sender does that hashes keys in another way: a message by key goes to another partition than its own. */
export function misroute({ roles }: Deployment, outgoing: Outgoing): Outgoing {
  const { destination, handler } = outgoing;
  const role = roles.get(destination.role);
  if (role?.handlers.get(handler)?.key === undefined) return outgoing;
  const partitions =
    role.instances
      .get(destination.id)
      ?.flat()
      .filter(({ component }) => component === destination.component) ?? [];
  return { ...outgoing, destination: partitions[(destination.partition + 1) % partitions.length] ?? destination };
}

/** What a sender does that takes itself for a node: all partitions but the first have names that nobody has. */
export function nameAfterPartition(outgoing: Outgoing, { partition }: DeployedInstance): Outgoing {
  const { from } = outgoing;
  return partition === 0 ? outgoing : { ...outgoing, from: { ...from, id: `${from.id}.${String(partition)}` } };
}
