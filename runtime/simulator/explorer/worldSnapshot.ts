import type { RoleClass } from "../../../decorators/binding.ts";
import type { NodeSnapshot, Snapshot } from "../../../decorators/snapshot.ts";
import type { Deployment } from "../../deployment.ts";
import { roleOf } from "../../routing/roleHandlers.ts";
import type { ExternalEvent } from "../../system.ts";
import type { World } from "./world.ts";

/** An explored state of a system as written, as invariants see it. */
export class WorldSnapshot implements Snapshot {
  readonly #deployment: Deployment;
  readonly #world: World;
  readonly #words: Uint32Array;

  constructor(deployment: Deployment, world: World, words: Uint32Array) {
    this.#deployment = deployment;
    this.#world = world;
    this.#words = words;
  }

  get history(): readonly ExternalEvent[] {
    return this.#world.histories.eventsOf(this.#world.historyOf(this.#words));
  }

  all<Role extends object>(role: RoleClass<Role>): readonly NodeSnapshot<Role>[] {
    const { name } = roleOf(role);
    const deployed = this.#deployment.roles.get(name);
    if (deployed === undefined) throw new Error(`The system has no role ${name}.`);
    if (deployed.external) throw new Error(`${name} is external: what its nodes do and see is the history.`);
    return deployed.nodes.map(({ id }) => {
      const only = deployed.instances.get(id)?.[0]?.[0];
      const view = only && this.#world.localState(this.#words, only).view;
      if (view === undefined) throw new Error(`Nobody looks at ${name}/${id}.`);
      return view as NodeSnapshot<Role>; // the class of the instance is that of the role
    });
  }
}
