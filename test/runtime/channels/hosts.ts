/** The two parts of the hub as hosts, with a network that the test plays. */
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import { ComponentHost } from "../../../runtime/node/componentHost.ts";
import type { HostChannels } from "../../../runtime/channels/hostChannels.ts";
import type { Incoming, Outgoing } from "../../../runtime/node/message.ts";
import type { InternalChannel } from "../../../runtime/routing/routingTable.ts";
import { SimulatedStorage } from "../../../runtime/simulator/host/simulatedStorage.ts";
import { hub, rewrittenHub } from "./hub.ts";

export class Part {
  readonly host: ComponentHost;
  readonly storage = new SimulatedStorage<undefined>(undefined);
  readonly sent: Outgoing[] = [];
  readonly log: string[] = [];
  due = 0;

  constructor(deployment: Deployment, component: string) {
    const instance = deployment.instances.find((one) => one.component === component && one.role === "Hub");
    if (instance === undefined) throw new Error(`The hub has no ${component}.`);
    this.host = new ComponentHost({
      deployment,
      instance,
      emit: (messages) => this.sent.push(...messages),
      onFailure: ({ error }) => this.log.push(String(error)),
      onDeadLetter: ({ reason }) => this.log.push(reason),
      storage: () => this.storage,
      channels: { onDue: () => this.due++, onDrop: (line) => this.log.push(line) },
    });
    this.storage.endSync(this.storage.length);
  }

  get channels(): HostChannels {
    if (this.host.channels === undefined) throw new Error("This part has no channels.");
    return this.host.channels;
  }

  /** As a process does it. */
  receive(incoming: Incoming): void {
    for (const message of this.channels.accept(incoming)) this.#deliver(message);
  }

  ask(handler: string, payload: unknown): void {
    const from = { role: "Writer", id: "writer-1" };
    this.receive({ handler, from, payload: encodePayload(payload) });
  }

  /** Takes what has left: internal forwards as they are, what goes to clients as text. */
  take(): { readonly forwards: readonly Outgoing[]; readonly answers: readonly string[] } {
    const sent = this.sent.splice(0);
    return {
      forwards: sent.filter(({ internal }) => internal),
      answers: sent
        .filter(({ internal }) => !internal)
        .map(({ handler, payload }) => `${handler} ${JSON.stringify(decodePayload(payload))}`),
    };
  }

  #deliver(message: Incoming): void {
    this.host.deliver(message);
    for (const woken of this.channels.takeWoken()) this.#deliver(woken);
  }
}

export interface Halves {
  readonly main: Part;
  readonly shelf: Part;
  /** Ends a turn of the shelf: what it has to say is heard. */
  readonly acknowledge: () => void;
}

export function halves(channel: InternalChannel | undefined, durable: readonly string[] = []): Halves {
  const deployment = deploy(hub, { rewritten: rewrittenHub(channel, durable) });
  const [main, shelf] = [new Part(deployment, "main"), new Part(deployment, "shelf")];
  return {
    main,
    shelf,
    acknowledge: () => {
      for (const acknowledgement of shelf.channels.takeAcknowledgements()) main.channels.acknowledge(acknowledgement);
    },
  };
}
