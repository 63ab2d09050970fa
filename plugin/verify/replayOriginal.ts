/**
 * Runs the original on the messages of a run of the rewritten system, one activation after another. When every
 * activation reads what it read there and sends what it sent there, this run is the proof that the original has the
 * same history.
 */
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { Outgoing } from "../../runtime/node/message.ts";
import type { DeployedInstance, LogicalAddress } from "../../runtime/routing/address.ts";
import { Stage, withoutHostCalls, type Activation, type Step } from "../../runtime/simulator/index.ts";
import type { ExternalEvent } from "../../runtime/system.ts";

/** What the original did for an activation. */
export interface Replayed {
  readonly activation: Activation;
  readonly step: Step;
}

/** The activations of the original in the order given, on fresh nodes. Stops early when whoever asks has seen enough. */
export function replayOriginal(
  original: Deployment,
  activations: readonly Activation[],
  check: (replayed: Replayed) => boolean,
): void {
  withoutHostCalls(() => {
    const inside = original.instances.filter(({ role }) => original.roles.get(role)?.external !== true);
    const stage = new Stage(original, inside);
    for (const activation of activations) {
      const instance = instanceOf(original, activation.node);
      const step = stage.perform(instance, orderOf(activation));
      if (!check({ activation, step })) return;
    }
  });
}

function orderOf({ cause, handler }: Activation): Parameters<Stage["perform"]>[1] {
  if (cause.kind !== "message") return { kind: "fire", handler };
  const { from, payload } = cause.message;
  return { kind: "deliver", incoming: { handler, from, payload } };
}

/** As written, a node is one instance. */
function instanceOf(original: Deployment, { role, id }: LogicalAddress): DeployedInstance {
  const instance = original.roles.get(role)?.instances.get(id)?.[0]?.[0];
  if (instance === undefined) throw new Error(`The original has no ${role} called ${id}.`);
  return instance;
}

/** The external history of a replay: each input is sent when it is consumed, each output received when it is sent. */
export class ReplayedHistory {
  readonly events: ExternalEvent[] = [];

  constructor(private readonly original: Deployment) {}

  add({ activation: { cause, node }, step }: Replayed): void {
    if (cause.kind === "message" && this.#isExternal(cause.message.from)) {
      const { from, handler, payload } = cause.message;
      this.events.push({ kind: "sent", node: from, other: node, message: handler, payload: decodePayload(payload) });
    }
    for (const { destination, handler, payload } of step.sent.filter((sent) => this.#isExternal(sent.destination))) {
      const event = { kind: "received", node: destination.node, other: node, message: handler } as const;
      this.events.push({ ...event, payload: decodePayload(payload) });
    }
  }

  #isExternal({ role }: Outgoing["destination"] | LogicalAddress): boolean {
    return this.original.roles.get(role)?.external === true;
  }
}
