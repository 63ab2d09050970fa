/** The lifelines of a panel: external nodes first, then as the deployment lists them; only those that take part. */
import type { Deployment } from "../../../../runtime/deployment.ts";
import type { DeployedInstance, LogicalAddress } from "../../../../runtime/routing/address.ts";
import type { Lifeline } from "./diagram.ts";

export class Lifelines {
  readonly lifelines: readonly Lifeline[];
  readonly #indexes = new Map<DeployedInstance, number>();
  readonly #deployment: Deployment;

  constructor(deployment: Deployment, taking: ReadonlySet<DeployedInstance>) {
    this.#deployment = deployment;
    const isExternal = ({ role }: DeployedInstance): boolean => deployment.roles.get(role)?.external === true;
    const parts = deployment.instances.filter((instance) => taking.has(instance));
    const ordered = [...parts.filter(isExternal), ...parts.filter((instance) => !isExternal(instance))];
    ordered.forEach((instance, index) => this.#indexes.set(instance, index));
    this.lifelines = ordered.map((instance) => ({
      node: instance.id,
      part: partOf(deployment, instance),
      external: isExternal(instance),
    }));
  }

  indexOf(instance: DeployedInstance): number {
    const index = this.#indexes.get(instance);
    if (index === undefined) throw new Error(`${instance.id} takes no part in the diagram.`);
    return index;
  }

  /** Some lifeline of a node. */
  ofNode(node: LogicalAddress): number | undefined {
    const found = this.#deployment.instances.find(
      (instance) => instance.role === node.role && instance.id === node.id && this.#indexes.has(instance),
    );
    return found && this.#indexes.get(found);
  }
}

/** As much as tells the instances of a node apart. */
function partOf({ roles }: Deployment, { role, component, partition }: DeployedInstance): string | undefined {
  const components = roles.get(role)?.components ?? [];
  const partitions = components.find(({ name }) => name === component)?.partitions ?? 1;
  const suffix = partitions > 1 ? `.${String(partition)}` : "";
  return components.length > 1 || suffix !== "" ? `${component}${suffix}` : undefined;
}

/** The first instance of a node: of one that is as written, the only one. */
export function firstInstanceOf({ instances }: Deployment, { role, id }: LogicalAddress): DeployedInstance {
  const found = instances.find((instance) => instance.role === role && instance.id === id);
  if (found === undefined) throw new Error(`There is no ${role} called ${id}.`);
  return found;
}
