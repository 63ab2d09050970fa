/** The nodes on a stage, as invariants see them. */
import type { RoleClass } from "../../decorators/binding.ts";
import type { ExternalEvent, NodeSnapshot, Snapshot } from "../../decorators/snapshot.ts";
import type { Deployment } from "../deployment.ts";
import type { DeployedInstance } from "../routing/address.ts";
import { roleOf } from "../routing/roleHandlers.ts";

/** One for a whole run: after each step it is told what the step may have changed. */
export class StageSnapshot implements Snapshot {
  readonly #deployment: Deployment;
  readonly #look: (instance: DeployedInstance) => object;
  readonly #views = new Map<DeployedInstance, object>();

  /**
   * @param deployment a system as written: a node of a rewritten role is several instances, and none of them has its class
   * @param look what an instance looks like now
   * @param history a list that grows
   */
  constructor(
    deployment: Deployment,
    look: (instance: DeployedInstance) => object,
    readonly history: readonly ExternalEvent[],
  ) {
    this.#deployment = deployment;
    this.#look = look;
  }

  all<Role extends object>(role: RoleClass<Role>): readonly NodeSnapshot<Role>[] {
    const { name } = roleOf(role);
    const deployed = this.#deployment.roles.get(name);
    if (deployed === undefined) throw new Error(`The system has no role ${name}.`);
    if (deployed.external) throw new Error(`${name} is external: what its nodes do and see is the history.`);
    return deployed.nodes.map(({ id }) => {
      const [[only, ...partitions] = [], ...components] = deployed.instances.get(id) ?? [];
      if (only === undefined || partitions.length > 0 || components.length > 0)
        throw new Error(`${name} is rewritten here, and invariants are about the protocol as written.`);
      // The class of the instance is that of the role.
      return this.#viewOf(only) as NodeSnapshot<Role>;
    });
  }

  /** An instance is no longer what it was. */
  changed(instance: DeployedInstance): void {
    this.#views.delete(instance);
  }

  #viewOf(instance: DeployedInstance): object {
    const known = this.#views.get(instance) ?? this.#look(instance);
    this.#views.set(instance, known);
    return known;
  }
}
