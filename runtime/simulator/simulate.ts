import { decodePayload } from "../codec/payloadDecoder.ts";
import type { Deployment } from "../deployment.ts";
import type { Outgoing } from "../node/message.ts";
import { printInstance, printLogical, type DeployedInstance } from "../routing/address.ts";
import type { Chooser } from "./chooser.ts";
import { withoutHostCalls } from "./hostCalls.ts";
import { Network, type Travelling } from "./network.ts";
import type { Activation, Cause, ExternalStep, LogicalMessage, SimulatedRun } from "./run.ts";
import { SimulatedClient } from "./simulatedClient.ts";
import { Stage, type Order, type Step } from "./stage.ts";
import { SimulatedTimer } from "./simulatedTimer.ts";
import { Trace } from "./trace.ts";

export interface SimulationOptions {
  /** May be shared by any number of runs. */
  readonly deployment: Deployment;
  /** How many operations each client issues. */
  readonly operations: number;
  readonly chooser: Chooser;
  /** When a run has not come to rest after so many steps it never will; 100,000 unless said. */
  readonly maxSteps?: number;
}

/** One thing that can happen next. */
type Move =
  | { readonly kind: "arrival" }
  | { readonly kind: "operation"; readonly client: SimulatedClient }
  | { readonly kind: "timer"; readonly timer: SimulatedTimer; readonly atRest: boolean }
  | { readonly kind: "start"; readonly instance: DeployedInstance };

/** Arrivals are more frequent than the rest, so that a run is more than its beginning. */
const ARRIVAL_WEIGHT = 3;
/** Timers are considered in one step of so many. */
const TIMER_RARITY = 4;

/**
 * Runs a system in this process until nothing is under way and all operations are issued. Everything that is left
 * open (which message arrives next, when a timer fires, when a client issues) is decided by the chooser; nodes and
 * routing are those of the real runtime, and payloads are really encoded and decoded.
 *
 * @throws HostCallError when code of the system asks the host for time or chance.
 * @throws Error when a class cannot be constructed, or the run does not come to rest.
 */
export function simulate(options: SimulationOptions): SimulatedRun {
  return withoutHostCalls(() => new Simulation(options).run());
}

class Simulation {
  readonly #deployment: Deployment;
  readonly #chooser: Chooser;
  readonly #maxSteps: number;
  readonly #stage: Stage;
  readonly #network: Network;
  readonly #clients: readonly SimulatedClient[];
  readonly #timers: readonly SimulatedTimer[];
  /** Instances with start handlers that have not run, and these handlers. */
  readonly #unstarted: Map<DeployedInstance, readonly string[]>;
  readonly #trace = new Trace();
  readonly #activations: Activation[] = [];
  readonly #external: ExternalStep[] = [];
  readonly #problems: string[] = [];
  #forwards = 0;
  #lastId = 0;

  constructor({ deployment, operations, chooser, maxSteps }: SimulationOptions) {
    this.#deployment = deployment;
    this.#chooser = chooser;
    this.#maxSteps = maxSteps ?? 100_000;
    this.#stage = new Stage(deployment, deployment.instances);
    this.#network = new Network(deployment, chooser);
    this.#clients = deployment.instances
      .filter(({ role }) => deployment.roles.get(role)?.external === true)
      .map((instance) => new SimulatedClient(instance, operations, 1 + chooser.choose(2, "workload")));
    this.#timers = timersOf(deployment);
    this.#unstarted = startHandlersOf(deployment);
  }

  run(): SimulatedRun {
    for (let steps = 0; ; steps++) {
      const move = this.#chooseMove();
      if (move === undefined) break;
      if (steps === this.#maxSteps) throw new Error(`The run has not come to rest after ${String(steps)} steps.`);
      this.#make(move);
    }
    return {
      deployment: this.#deployment,
      activations: this.#activations,
      external: this.#external,
      operations: {
        issued: this.#clients.reduce((sum, { issued }) => sum + issued, 0),
        completed: this.#clients.reduce((sum, { completed }) => sum + completed, 0),
      },
      forwards: this.#forwards,
      problems: this.#problems,
      hash: this.#trace.digest(),
    };
  }

  #chooseMove(): Move | undefined {
    const moves: Move[] = [];
    if (!this.#network.isEmpty) for (let i = 0; i < ARRIVAL_WEIGHT; i++) moves.push({ kind: "arrival" });
    for (const client of this.#clients) if (client.mayIssue) moves.push({ kind: "operation", client });
    for (const instance of this.#unstarted.keys()) moves.push({ kind: "start", instance });
    const atRest = moves.length === 0;
    if (atRest || (this.#timers.length > 0 && this.#chooser.choose(TIMER_RARITY, "schedule") === 0)) {
      for (const timer of this.#timers) if (timer.mayFire(atRest)) moves.push({ kind: "timer", timer, atRest });
    }
    return moves.length === 0 ? undefined : moves[this.#chooser.choose(moves.length, "schedule")];
  }

  #make(move: Move): void {
    switch (move.kind) {
      case "arrival":
        return this.#arrive(this.#network.take());
      case "operation":
        return this.#issue(move.client);
      case "timer":
        move.timer.fired++;
        this.#ensureStarted(move.timer.instance);
        return this.#fire(move.timer.instance, move.timer.handler, { kind: "timer", atRest: move.atRest });
      case "start":
        return this.#ensureStarted(move.instance);
    }
  }

  #arrive({ outgoing, carries }: Travelling): void {
    const { destination } = outgoing;
    const client = this.#clients.find(({ instance }) => instance === destination);
    if (client !== undefined && carries.kind === "message") return this.#receive(client, outgoing, carries.message);
    this.#ensureStarted(destination);
    const activation =
      carries.kind === "forward"
        ? carries.activation
        : this.#begin(carries.message.id, destination, outgoing.handler, { kind: "message", message: carries.message });
    this.#runFragment(activation, destination, outgoing.handler, { kind: "deliver", incoming: outgoing });
  }

  #fire(instance: DeployedInstance, handler: string, cause: Cause): void {
    this.#runFragment(this.#begin(++this.#lastId, instance, handler, cause), instance, handler, {
      kind: "fire",
      handler,
    });
  }

  /** A process handles nothing before its start handlers have run. */
  #ensureStarted(instance: DeployedInstance): void {
    const handlers = this.#unstarted.get(instance);
    if (handlers === undefined) return;
    this.#unstarted.delete(instance);
    for (const handler of handlers) this.#fire(instance, handler, { kind: "start" });
  }

  #begin(id: number, { node }: DeployedInstance, handler: string, cause: Cause): Activation {
    const activation: Activation = { id, node, handler, cause, fragments: [] };
    this.#activations.push(activation);
    return activation;
  }

  #runFragment(activation: Activation, instance: DeployedInstance, handler: string, order: Order): void {
    const step = this.#perform(instance, handler, activation.id, order);
    const sent = this.#send(step.sent, instance, activation);
    activation.fragments.push({ instance, handler, accesses: step.accesses, sent, failure: step.failure });
  }

  #issue(client: SimulatedClient): void {
    const operation = client.begin();
    const { instance } = client;
    const step = this.#performExternal(instance, "request", 0, { kind: "request", operation });
    if (typeof step.returned === "string") client.issuedAs(step.returned);
    this.#sendExternal(step.sent, instance);
  }

  #receive(client: SimulatedClient, incoming: Outgoing, message: LogicalMessage): void {
    const { node } = client.instance;
    const payload = decodePayload(message.payload);
    const event = { kind: "received", node, other: message.from, message: message.handler, payload } as const;
    this.#external.push({ event, message });
    const step = this.#performExternal(client.instance, message.handler, message.id, { kind: "deliver", incoming });
    client.complete(step.returned);
    this.#sendExternal(step.sent, client.instance);
  }

  #performExternal(instance: DeployedInstance, handler: string, id: number, order: Order): Step {
    const step = this.#perform(instance, handler, id, order);
    if (step.failure !== undefined)
      this.#problems.push(`${instance.id} threw in ${handler}: ${String(step.failure.error)}`);
    return step;
  }

  #perform(instance: DeployedInstance, handler: string, id: number, order: Order): Step {
    this.#trace.step(instance, handler, id);
    const step = this.#stage.perform(instance, order);
    for (const { to, reason } of step.deadLetters) {
      // A message to an id that nobody has is lost in every run of the original as well.
      if (to === instance.node) this.#problems.push(`Nobody handled ${printLogical(to)}.${handler}: ${reason}.`);
    }
    return step;
  }

  #sendExternal(sent: readonly Outgoing[], origin: DeployedInstance): void {
    for (const message of this.#send(sent, origin, undefined)) {
      const payload = decodePayload(message.payload);
      const event = { kind: "sent", node: origin.node, other: message.to, message: message.handler, payload } as const;
      this.#external.push({ event, message });
    }
  }

  /** Puts messages on their way, and gives those that go to other nodes. */
  #send(sent: readonly Outgoing[], origin: DeployedInstance, sender: Activation | undefined): LogicalMessage[] {
    const messages: LogicalMessage[] = [];
    for (const outgoing of sent) {
      this.#trace.sent(outgoing);
      if (outgoing.internal) {
        if (sender === undefined) throw new Error(`${printInstance(origin)} cannot forward ${outgoing.handler}.`);
        this.#forwards++;
        this.#network.send({ outgoing, origin, carries: { kind: "forward", activation: sender } });
      } else {
        const { from, destination, handler, payload } = outgoing;
        const message = { id: ++this.#lastId, from, to: destination.node, handler, payload, sender, origin };
        messages.push(message);
        this.#network.send({ outgoing, origin, carries: { kind: "message", message } });
      }
    }
    return messages;
  }
}

function timersOf(deployment: Deployment): SimulatedTimer[] {
  return firstPartitions(deployment, "every").map(([instance, handler]) => new SimulatedTimer(instance, handler));
}

function startHandlersOf(deployment: Deployment): Map<DeployedInstance, readonly string[]> {
  const handlers = new Map<DeployedInstance, string[]>();
  for (const [instance, handler] of firstPartitions(deployment, "start")) {
    handlers.set(instance, [...(handlers.get(instance) ?? []), handler]);
  }
  return handlers;
}

/** The timers (or start handlers) of every node, with the instance that runs each. */
function firstPartitions(deployment: Deployment, kind: "every" | "start"): [DeployedInstance, string][] {
  return deployment.instances
    .filter(({ partition }) => partition === 0)
    .flatMap((instance) =>
      [...(deployment.roles.get(instance.role)?.timers ?? [])]
        .filter(([, { component, trigger }]) => component === instance.component && trigger.kind === kind)
        .map(([handler]): [DeployedInstance, string] => [instance, handler]),
    );
}
