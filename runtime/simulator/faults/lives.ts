/** Which instances are up, how often each node has come back, and what runs before anything else. */
import type { Deployment } from "../../deployment.ts";
import type { DeployedInstance, DeployedNode } from "../../routing/address.ts";
import type { Flaws } from "../simulate.ts";

/** What the processes of a run say of themselves. */
export interface Processes {
  /** What the process of an instance has to run before anything else. */
  startHandlers(instance: DeployedInstance): readonly string[];
  hasVolatileState(instance: DeployedInstance): boolean;
}

export class Lives {
  readonly #deployment: Deployment;
  readonly #processes: Processes;
  readonly #flaws: Pick<Flaws, "startsTwice" | "recoversNothing">;
  readonly #dead = new Set<DeployedInstance>();
  readonly #incarnations = new Map<DeployedNode, number>();
  /** Start and recovery handlers that have not run. */
  readonly #unstarted = new Map<DeployedInstance, readonly string[]>();
  readonly #neverAlone: ReadonlySet<DeployedInstance>;
  readonly #writingAll: ReadonlySet<DeployedInstance>;

  constructor(
    deployment: Deployment,
    processes: Processes,
    flaws: Pick<Flaws, "alone" | "startsTwice" | "recoversNothing">,
  ) {
    const alone = flaws.alone ?? (() => false);
    this.#flaws = flaws;
    this.#deployment = deployment;
    this.#processes = processes;
    this.#neverAlone = new Set(
      deployment.instances.filter((instance) => !alone(instance) && takesNodeAlong(deployment, processes, instance)),
    );
    this.#writingAll = new Set(deployment.instances.filter((instance) => writesAll(deployment, instance)));
    for (const instance of deployment.instances) this.noteStart(instance);
  }

  isUp(instance: DeployedInstance): boolean {
    return this.#dead.size === 0 || !this.#dead.has(instance);
  }

  get dead(): readonly DeployedInstance[] {
    return [...this.#dead];
  }

  incarnationOf(node: DeployedNode): number {
    return this.#incarnations.get(node) ?? 0;
  }

  /**
   * Whether an instance can die and be replaced, and nobody can tell: it loses nothing but messages. A node that is one
   * instance comes back as a whole.
   */
  restartsAlone(instance: DeployedInstance): boolean {
    return !this.#neverAlone.has(instance);
  }

  partsOf(node: DeployedNode): readonly DeployedInstance[] {
    return this.#deployment.roles.get(node.role)?.instances.get(node.id)?.flat() ?? [];
  }

  /**
   * The nodes that a crash can strike. What has not run its start handlers has not lived yet; but a node that comes back
   * may crash again before it has come to its recovery handlers, or when some of its parts have and others have not.
   */
  get mortal(): readonly DeployedNode[] {
    const nodes = new Set<DeployedNode>();
    for (const instance of this.#deployment.instances) {
      if (this.#deployment.roles.get(instance.role)?.external !== true && this.isUp(instance)) nodes.add(instance.node);
    }
    for (const { node } of this.#unstarted.keys()) if (this.incarnationOf(node) === 0) nodes.delete(node);
    return [...nodes];
  }

  /**
   * Whether a crash leaves nothing of what an instance did but what it has written down: all fields of a component with a
   * coordinator are durable, or none.
   */
  keepsNothingElse(instance: DeployedInstance): boolean {
    return this.#writingAll.has(instance);
  }

  bury(instance: DeployedInstance): void {
    this.#dead.add(instance);
    this.#unstarted.delete(instance);
  }

  /** An instance is up, in the place of one that died. */
  raise(instance: DeployedInstance): void {
    this.#dead.delete(instance);
  }

  /** A node begins its next incarnation. */
  comeBack(node: DeployedNode): void {
    this.#incarnations.set(node, this.incarnationOf(node) + 1);
  }

  get unstarted(): Iterable<DeployedInstance> {
    return this.#unstarted.keys();
  }

  /** Takes the start handlers of an instance that have not run, to be run. */
  takeStartHandlers(instance: DeployedInstance): readonly string[] {
    const handlers = this.#unstarted.get(instance) ?? [];
    this.#unstarted.delete(instance);
    return handlers;
  }

  /** What a flawed machinery runs in place of these start handlers. */
  #flawed({ node }: DeployedInstance, handlers: readonly string[]): readonly string[] {
    const { startsTwice, recoversNothing } = this.#flaws;
    if (recoversNothing === true && this.incarnationOf(node) > 0) return [];
    return startsTwice === true ? [...handlers, ...handlers] : handlers;
  }

  /** A new process has start or recovery handlers to run. */
  noteStart(instance: DeployedInstance): void {
    const handlers = this.#flawed(instance, this.#processes.startHandlers(instance));
    if (handlers.length > 0) this.#unstarted.set(instance, handlers);
  }
}

/** Whether an instance that dies takes its node along. A node that is one instance dies with it in any case. */
function takesNodeAlong(deployment: Deployment, processes: Processes, instance: DeployedInstance): boolean {
  const role = deployment.roles.get(instance.role);
  const parts = role?.instances.get(instance.id)?.flat() ?? [];
  return parts.length === 1 || processes.hasVolatileState(instance);
}

function isCoordinated({ table }: Deployment): (instance: DeployedInstance) => boolean {
  return ({ role, component }) => table.roles[role]?.components[component]?.coordinator !== undefined;
}

function writesAll(deployment: Deployment, instance: DeployedInstance): boolean {
  const { table, roles } = deployment;
  const { durable = [] } = table.roles[instance.role]?.components[instance.component] ?? {};
  const timers = [...(roles.get(instance.role)?.timers.values() ?? [])];
  const setsTimers = timers.some(
    ({ component, trigger }) => component === instance.component && trigger.kind === "after",
  );
  return isCoordinated(deployment)(instance) && durable.length > 0 && !setsTimers;
}
