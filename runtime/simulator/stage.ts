/** The hosts of a deployment, in one process, run step by step by somebody who wants to know what each step did. */
import type { Deployment } from "../deployment.ts";
import { ComponentHost, type DeadLetter } from "../node/componentHost.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import type { DeployedInstance } from "../routing/address.ts";
import type { Access } from "./access.ts";
import { Recorder } from "./recorder.ts";

/** What an instance is to do: handle a message, run a timer or start handler, or (drivers) issue an operation. */
export type Order =
  | { readonly kind: "deliver"; readonly incoming: Incoming }
  | { readonly kind: "fire"; readonly handler: string }
  | { readonly kind: "request"; readonly operation: number };

/** What a step did. One that failed changed nothing and sent nothing. */
export interface Step {
  readonly accesses: readonly Access[];
  readonly sent: readonly Outgoing[];
  readonly deadLetters: readonly DeadLetter[];
  /** What the handler returned. */
  readonly returned: unknown;
  readonly failure: { readonly error: unknown } | undefined;
}

export class Stage {
  readonly #hosts: ReadonlyMap<DeployedInstance, ComponentHost>;
  readonly #recorder = new Recorder();
  #sent: readonly Outgoing[] = [];
  #deadLetters: DeadLetter[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Constructs the chosen instances of a deployment. */
  constructor(deployment: Deployment, instances: readonly DeployedInstance[]) {
    this.#hosts = new Map(instances.map((instance) => [instance, this.#host(deployment, instance)]));
    this.#recorder.take();
  }

  perform(instance: DeployedInstance, order: Order): Step {
    const host = this.#hosts.get(instance);
    if (host === undefined) throw new Error(`Instance ${String(instance.number)} is not on this stage.`);
    this.#sent = [];
    this.#deadLetters = [];
    this.#failure = undefined;
    const returned = carryOut(host, order);
    const accesses = this.#recorder.take();
    const failure = this.#failure as { readonly error: unknown } | undefined;
    return {
      accesses: failure === undefined ? accesses : accesses.filter(({ kind }) => kind === "read"),
      sent: this.#sent,
      deadLetters: this.#deadLetters,
      returned,
      failure,
    };
  }

  #host(deployment: Deployment, instance: DeployedInstance): ComponentHost {
    return new ComponentHost({
      deployment,
      instance,
      observer: this.#recorder.observerFor(instance),
      emit: (messages) => (this.#sent = messages),
      onFailure: ({ error }) => (this.#failure = { error }),
      onDeadLetter: (letter) => this.#deadLetters.push(letter),
    });
  }
}

function carryOut(host: ComponentHost, order: Order): unknown {
  switch (order.kind) {
    case "deliver":
      return host.deliver(order.incoming);
    case "fire":
      host.fire(order.handler);
      return undefined;
    case "request":
      return host.request(order.operation);
  }
}
