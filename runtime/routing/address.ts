/** Names of nodes and of the processes that they consist of. */

/** The logical address of a node: what messages are sent to and come from. It never changes. */
export interface LogicalAddress {
  readonly role: string;
  readonly id: string;
}

/** One running part of a node: a partition of one of its components. */
export interface InstanceAddress extends LogicalAddress {
  readonly component: string;
  readonly partition: number;
}

/** A node of a deployment. Everybody in a run gives it the same number, which is what travels. */
export interface DeployedNode extends LogicalAddress {
  readonly number: number;
}

/** An instance of a deployment, numbered like the nodes. */
export interface DeployedInstance extends InstanceAddress {
  readonly number: number;
  readonly node: DeployedNode;
}

/** `Leader/leader-1#collector.2` */
export function printInstance(address: InstanceAddress): string {
  return `${printLogical(address)}#${address.component}.${String(address.partition)}`;
}

/** `Leader/leader-1` */
export function printLogical(address: LogicalAddress): string {
  return `${address.role}/${address.id}`;
}
