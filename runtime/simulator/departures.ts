/** What becomes of messages when they leave an instance. */
import type { Acknowledgement } from "../channels/stamp.ts";
import { mergePayloads } from "../coordination/mergePayloads.ts";
import type { Deployment } from "../deployment.ts";
import type { Outgoing } from "../node/message.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";
import type { SealedColumn } from "../routing/routingTable.ts";
import type { Activations } from "./activations.ts";
import { acknowledgementOf } from "./arrivals.ts";
import { misroute, nameAfterPartition } from "./faults/flawedRouting.ts";
import type { Forwards } from "./forwards.ts";
import type { Lives } from "./faults/lives.ts";
import type { Network, Travelling } from "./network.ts";
import type { Activation, LogicalMessage } from "./run.ts";
import { SealedSends } from "./sealedSends.ts";
import type { Flaws } from "./simulate.ts";
import type { Trace } from "./trace.ts";

export interface DeparturesOptions {
  readonly deployment: Deployment;
  readonly network: Network;
  readonly forwards: Forwards;
  readonly lives: Lives;
  readonly activations: Activations;
  readonly trace: Trace;
  readonly flaws: Flaws;
  /** An instance hears, from a flawed machinery, of what has not been applied. */
  readonly hear: (instance: DeployedInstance, acknowledgement: Acknowledgement) => void;
  readonly onProblem: (problem: string) => void;
}

export class Departures {
  readonly #options: DeparturesOptions;
  readonly #sealed = new SealedSends();

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** Puts messages on their way, and gives those that go to other nodes and have left as a whole. */
  send(
    sent: readonly Outgoing[],
    origin: DeployedInstance,
    sender: Activation | undefined,
    now: number,
  ): readonly LogicalMessage[] {
    const messages: LogicalMessage[] = [];
    for (const outgoing of sent) {
      this.#options.trace.sent(outgoing);
      if (outgoing.internal) {
        this.#forward(outgoing, origin, sender);
        continue;
      }
      const isWhole = outgoing.fragment === undefined || this.#options.flaws.mergesNothing === true;
      const message = isWhole
        ? this.#sendWhole(outgoing, origin, sender, now)
        : this.#sendFragment(outgoing, origin, sender, now);
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  #forward(outgoing: Outgoing, origin: DeployedInstance, activation: Activation | undefined): void {
    if (activation === undefined) throw new Error(`${printInstance(origin)} cannot forward ${outgoing.handler}.`);
    this.#put(outgoing, origin, { kind: "forward", outgoing, activation });
  }

  #sendWhole(
    outgoing: Outgoing,
    origin: DeployedInstance,
    sender: Activation | undefined,
    now: number,
  ): LogicalMessage {
    const message = this.#createMessage(outgoing, outgoing.payload, origin, sender, now);
    const { flaws, deployment } = this.#options;
    let flawed = outgoing;
    if (flaws.misroutes?.(origin) === true) flawed = misroute(deployment, flawed);
    if (flaws.mergesNothing === true) flawed = { ...flawed, fragment: undefined };
    if (flaws.physicalNames === true) flawed = nameAfterPartition(flawed, origin);
    this.#put(flawed, origin, { kind: "message", outgoing: flawed, message });
    return message;
  }

  #sendFragment(
    outgoing: Outgoing,
    origin: DeployedInstance,
    sender: Activation | undefined,
    now: number,
  ): LogicalMessage | undefined {
    const send = this.#sealed.add(outgoing, origin);
    const fragments = this.#sealed.complete(send);
    if (fragments !== undefined) {
      const payload = this.#merge(fragments, origin);
      send.message = this.#createMessage(outgoing, payload, origin, sender, now);
    }
    this.#put(outgoing, origin, { kind: "fragment", outgoing, send });
    return send.message;
  }

  /** What the whole says, as far as anybody can tell before it has arrived. */
  #merge(fragments: readonly Outgoing[], origin: DeployedInstance): Uint8Array {
    const [first] = fragments;
    if (first === undefined) throw new Error("A message has no fragments.");
    try {
      return mergePayloads(
        fragments.map(({ payload }) => payload),
        columnsOf(this.#options.deployment, origin, first),
      );
    } catch (error) {
      this.#options.onProblem(
        `The fragments of ${first.handler} that ${origin.node.id} sent do not fit: ${String(error)}`,
      );
      return first.payload;
    }
  }

  #createMessage(
    { from, destination, handler }: Outgoing,
    payload: Uint8Array,
    origin: DeployedInstance,
    sender: Activation | undefined,
    left: number,
  ): LogicalMessage {
    return {
      id: this.#options.activations.nextId(),
      from,
      to: destination.node,
      handler,
      payload,
      sender,
      origin,
      left,
    };
  }

  #put(outgoing: Outgoing, origin: DeployedInstance, carries: Travelling["carries"]): void {
    const { forwards, network, lives, flaws, hear } = this.#options;
    const { destination, stamp } = outgoing;
    const travelling = { destination, origin, incarnation: lives.incarnationOf(origin.node), carries };
    forwards.noteSent(travelling);
    network.send(travelling);
    if (stamp !== undefined && flaws.holdsNothing === true) hear(origin, acknowledgementOf(stamp, destination));
  }
}

/** The columns in which the fragments of a message differ. */
function columnsOf(
  { table }: Deployment,
  { role }: DeployedInstance,
  { destination, handler, fragment }: Outgoing,
): readonly SealedColumn[] {
  const routes = table.roles[role];
  const by = fragment?.by ?? "";
  const { replicated } = routes?.handlers[by] ?? routes?.timers[by] ?? {};
  const send = replicated?.sends?.[`${destination.role}.${handler}`];
  return typeof send === "object" ? send.sealed : [];
}
