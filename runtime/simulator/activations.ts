/** The activations of a run, from when they begin. */
import type { Deployment } from "../deployment.ts";
import type { DeployedInstance } from "../routing/address.ts";
import type { Lives } from "./faults/lives.ts";
import type { Activation, Cause, Fragment } from "./run.ts";

export class Activations {
  readonly #deployment: Deployment;
  readonly #lives: Lives;
  readonly #all: Activation[] = [];
  /** Those of the start and recovery handlers of nodes that have just started. */
  readonly #starting = new Map<string, Activation>();
  #lastId = 0;

  constructor(deployment: Deployment, lives: Lives) {
    this.#deployment = deployment;
    this.#lives = lives;
  }

  /** Activations and messages draw from the same numbers. */
  nextId(): number {
    return ++this.#lastId;
  }

  begin(id: number, instance: DeployedInstance, handler: string, cause: Cause): Activation {
    const activation = this.create(id, instance, handler, cause);
    this.#all.push(activation);
    return activation;
  }

  /** One that is not, or not yet, part of the run. */
  create(id: number, { node }: DeployedInstance, handler: string, cause: Cause): Activation {
    const incarnation = this.#lives.incarnationOf(node);
    const ran = { fragments: [], undone: [], redone: [] };
    return { id, node, incarnation, handler, cause, ...ran, lostForwards: 0, isCutShort: false };
  }

  /** A start or recovery handler runs on several instances of a node, for each its part: one activation. */
  ofStart(instance: DeployedInstance, handler: string): Activation {
    const { node, role } = instance;
    const name = `${String(node.number)} ${String(this.#lives.incarnationOf(node))} ${handler}`;
    const known = this.#starting.get(name);
    if (known !== undefined) return known;
    const kind =
      this.#deployment.roles.get(role)?.timers.get(handler)?.trigger.kind === "recover" ? "recover" : "start";
    const activation = this.begin(this.nextId(), instance, handler, { kind });
    this.#starting.set(name, activation);
    return activation;
  }

  /** All that are part of the run, when it is over: with what crashes have left of them. */
  settle(): readonly Activation[] {
    for (const activation of this.#all) {
      settle(activation);
      const { fragments, undone } = activation;
      if (fragments.length > 0 && undone.some(({ instance }) => this.#lives.keepsNothingElse(instance)))
        activation.isCutShort = true;
      if (this.#wasInterrupted(activation)) activation.lostForwards++;
    }
    return this.#all;
  }

  /** Whether a partition crashed before it had come to its part of a recovery handler. */
  #wasInterrupted({ cause, node, incarnation, handler, fragments }: Activation): boolean {
    if (cause.kind !== "recover" || incarnation === this.#lives.incarnationOf(node)) return false;
    const role = this.#deployment.roles.get(node.role);
    const component = role?.timers.get(handler)?.component;
    const began = fragments.filter(
      (fragment) => fragment.handler === handler && fragment.instance.component === component,
    );
    return began.length < (role?.components.find(({ name }) => name === component)?.partitions ?? 0);
  }
}

/**
 * What a coordinator has decided it repeats when its node comes back. What an instance did and lost, and then did again, has
 * happened once.
 */
function settle(activation: Activation): void {
  const { fragments, undone, redone } = activation;
  const ran = fragments.splice(0, fragments.length);
  for (const [index, fragment] of ran.entries()) {
    if (fragment.durability.lost && ran.slice(index + 1).some((later) => repeats(later, fragment)))
      redone.push(fragment);
    else if (fragment.durability.undone) undone.push(fragment);
    else fragments.push(fragment);
  }
}

function repeats(later: Fragment, { instance, handler, incarnation }: Fragment): boolean {
  return later.instance === instance && later.handler === handler && later.incarnation > incarnation;
}
