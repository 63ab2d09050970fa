/** A sender and a receiver, and between them a network that may do anything with what it carries. */
import { ChannelReceiver, type Stamped } from "../../../runtime/channels/channelReceiver.ts";
import { ChannelSender, type ForwardRoute } from "../../../runtime/channels/channelSender.ts";
import type { Acknowledgement, Stamp } from "../../../runtime/channels/stamp.ts";
import type { Incoming, Outgoing } from "../../../runtime/node/message.ts";
import type { DeployedInstance, DeployedNode } from "../../../runtime/routing/address.ts";
import type { InternalChannel } from "../../../runtime/routing/routingTable.ts";

const node: DeployedNode = { role: "Hub", id: "hub", number: 0 };

export function instance(number: number): DeployedInstance {
  return { role: "Hub", id: "hub", component: `part-${String(number)}`, partition: 0, number, node };
}

/** What an activation sends. `to` is the number of an instance; 9 is somebody outside. */
export interface Sending {
  readonly to: number;
  readonly channel: InternalChannel | undefined;
  readonly bound: number | undefined;
}

export interface Activation {
  readonly ordinal: number;
  readonly messages: readonly Outgoing[];
  readonly suppressed: readonly Sending[];
}

export class TwoEnds {
  readonly left: { readonly message: Outgoing; readonly activation: number }[] = [];
  readonly sender = new ChannelSender(0, (messages, activation) => {
    for (const message of messages) {
      this.left.push({ message, activation });
      if (message.stamp !== undefined) this.forwards.push(message);
    }
  });
  readonly overflown: Stamp[] = [];
  readonly receivers = [1, 2].map(
    (number) => new ChannelReceiver(number, { onOverflow: (stamp) => this.overflown.push(stamp) }),
  );
  /** What is on its way: taken out by whoever delivers it, or left in to be delivered once more. */
  forwards: Outgoing[] = [];
  acknowledgements: Acknowledgement[] = [];
  /** What each receiver applied, in order. */
  readonly applied: (readonly Outgoing[])[] = [[], []];
  /** Committed activations that have not been passed on: they wait for stable storage. */
  readonly unstable: Activation[] = [];
  readonly committed: Activation[] = [];
  readonly passed = new Set<number>();
  readonly sequences = new Map<string, number>();
  #ordinal = 0;

  activate(sendings: readonly Sending[], fails: boolean): Activation {
    const ordinal = ++this.#ordinal;
    const messages: Outgoing[] = [];
    const suppressed: Sending[] = [];
    for (const sending of sendings) {
      const message = this.#stamp(sending);
      if (message === undefined) suppressed.push(sending);
      else messages.push(message);
    }
    const activation = { ordinal, messages, suppressed };
    if (fails) {
      this.sender.rollback();
      return activation;
    }
    this.sender.commit(ordinal);
    this.committed.push(activation);
    this.unstable.push(activation);
    return activation;
  }

  /** The oldest activation that waits for stable storage waits no longer. */
  pass(): void {
    const activation = this.unstable.shift();
    if (activation === undefined) return;
    this.passed.add(activation.ordinal);
    this.sender.pass(activation.messages, activation.ordinal);
  }

  deliver(index: number, keep: boolean): void {
    const message = take(this.forwards, index, keep);
    if (message === undefined) return;
    const to = message.destination.number - 1;
    const applied = [...(this.applied[to] ?? [])];
    for (const next of this.receivers[to]?.accept(message as Stamped<Incoming>) ?? []) {
      applied.push(next as Outgoing);
      if (next.stamp !== undefined) this.receivers[to]?.applied(next.stamp);
    }
    this.applied[to] = applied;
  }

  endTurn(): void {
    for (const receiver of this.receivers) this.acknowledgements.push(...receiver.takeAcknowledgements());
  }

  deliverAcknowledgement(index: number, keep: boolean): void {
    const acknowledgement = take(this.acknowledgements, index, keep);
    if (acknowledgement !== undefined) this.sender.acknowledge(acknowledgement);
  }

  /** The connection is lost, and made again. */
  reconnect(): void {
    this.forwards = [];
    this.acknowledgements = [];
    this.forwards.push(...this.sender.underway());
  }

  /** From now on everything works. */
  heal(): void {
    while (this.unstable.length > 0) this.pass();
    for (let round = 0; this.sender.unacknowledged > 0; round++) {
      if (round > 100) throw new Error("The two ends do not come to rest.");
      this.reconnect();
      while (this.forwards.length > 0) this.deliver(0, false);
      this.endTurn();
      while (this.acknowledgements.length > 0) this.deliverAcknowledgement(0, false);
    }
  }

  /** The sequence numbers that a receiver has applied of one stream. */
  appliedOn(to: number, channel: InternalChannel): readonly number[] {
    return (this.applied[to - 1] ?? []).flatMap(({ stamp }) => (stamp?.channel === channel ? [stamp.sequence] : []));
  }

  #stamp({ to, channel, bound }: Sending): Outgoing | undefined {
    const message: Outgoing = {
      destination: instance(to),
      handler: "raise",
      from: node,
      payload: new Uint8Array(),
      internal: channel !== undefined,
    };
    if (channel === undefined) return message;
    const route: ForwardRoute =
      bound === undefined ? { channel } : { channel, above: (payload: { bound: number }) => payload.bound };
    return this.sender.stamp(message, route, { bound });
  }
}

function take<T>(list: T[], index: number, keep: boolean): T | undefined {
  if (list.length === 0) return undefined;
  const at = index % list.length;
  return keep ? list[at] : list.splice(at, 1)[0];
}
