/** Both sides of the stateful channels of one instance, and the messages that wait in it: what a host needs of them. */
import { decodePayload } from "../codec/payloadDecoder.ts";
import { FragmentIntake, type FragmentCounters } from "../coordination/fragmentIntake.ts";
import type { PartitionGate } from "../coordination/partitionGate.ts";
import { coordinationKind } from "../coordination/reservedHandlers.ts";
import type { DeployedHandler, DeployedRole } from "../deployment.ts";
import { describeMessage, type Description, type Rank } from "../node/description.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import type { Emit } from "../node/outputGate.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";
import type { KeyFunction, KeyValue } from "../routing/routingTable.ts";
import { ChannelReceiver } from "./channelReceiver.ts";
import { ChannelSender } from "./channelSender.ts";
import { hasEntry } from "./hasEntry.ts";
import { Parking } from "./parking.ts";
import type { Overdue } from "./sendingStream.ts";
import type { Acknowledgement } from "./stamp.ts";

/** What channels did. Counts of messages, since the host was made. */
export interface ChannelCounters extends FragmentCounters {
  /** That had to wait until forwards had been applied. */
  held: number;
  /** That had to wait for an entry that another component feeds. */
  parked: number;
  /** That waited for an entry, and had to go because too many did: an omission. */
  parkedDropped: number;
  /** That were not taken, because too many forwards are not acknowledged: an omission, unless they come again. */
  turnedAway: number;
  /** That had to wait because their partition stood still. */
  stopped: number;
  /** Of these, messages that had to go because too many waited: an omission. */
  stoppedDropped: number;
}

export interface HostChannelsOptions {
  readonly instance: DeployedInstance;
  readonly role: DeployedRole;
  readonly counters: ChannelCounters;
  /** Takes what may leave. */
  readonly emit: Emit;
  /** What a field of the instance holds, without anybody observing it. */
  readonly peek: (field: string) => unknown;
  /** Keeps the instance still when its coordinator says so; there on a partition that has one. */
  readonly gate?: PartitionGate<Incoming> | undefined;
  /** A forward has been applied. */
  readonly onAcknowledged?: ((forward: Outgoing) => void) | undefined;
  /** Acknowledgements are due: a turn should follow that takes them. */
  readonly onDue: () => void;
  /** Takes one line about a message that was dropped. */
  readonly onDrop: (line: string) => void;
  /** Makes of a message one that can be kept for long; the message itself unless said. */
  readonly keep?: ((message: Incoming) => Incoming) | undefined;
}

export class HostChannels {
  readonly #options: HostChannelsOptions;
  readonly #sender: ChannelSender;
  readonly #receiver: ChannelReceiver;
  readonly #parking = new Parking<Incoming>();
  readonly #intake: FragmentIntake;
  #woken: Incoming[] = [];

  constructor(options: HostChannelsOptions) {
    const { instance, emit, onAcknowledged, onDrop, keep } = options;
    this.#options = options;
    this.#intake = new FragmentIntake(options);
    this.#sender = new ChannelSender(instance.number, emit, onAcknowledged);
    this.#receiver = new ChannelReceiver(instance.number, {
      keep,
      onOverflow: ({ sender, sequence }) => {
        onDrop(
          `${printInstance(instance)}: forward ${String(sequence)} of instance ${String(sender)} came too early, and too many wait already. It has to come again.`,
        );
      },
    });
  }

  /** How many messages wait until forwards have been applied. */
  get held(): number {
    return this.#sender.held;
  }

  /** How many forwards are not acknowledged. */
  get unacknowledged(): number {
    return this.#sender.unacknowledged;
  }

  /** Whether so many are not that the instance takes no messages, and no timer of it should fire. */
  get isFull(): boolean {
    return this.#sender.isFull;
  }

  /** How many forwards wait for an earlier one. */
  get stashed(): number {
    return this.#receiver.stashed;
  }

  /** The messages that wait for an entry, in the order in which they came. */
  get parked(): readonly Incoming[] {
    return this.#parking.messages;
  }

  /** The messages that wait because the instance stands still, in the order in which they came. */
  get stopped(): readonly Incoming[] {
    return this.#options.gate?.kept ?? [];
  }

  /** The parts of messages that wait for other parts. */
  get fragments(): readonly Incoming[] {
    return this.#intake.waiting;
  }

  /**
   * Takes a message that has arrived, and gives those that are to be delivered now, one after another: none when it came
   * too early, or again, or is a part of one that is not complete, or has to wait for an entry or because the instance
   * stands still, or is not taken at all; several when others have waited for it. The objects are those that came in (or
   * what `keep` has made of them); only a message that was put together is a new one, and its `fragmentsOf` came in.
   */
  accept(message: Incoming): readonly Incoming[] {
    if (this.#sender.isFull && !isCoordination(message)) return this.#turnAway(message);
    if (isStamped(message)) return this.#receiver.accept(message).filter((forward) => this.#mayPass(forward));
    const whole = this.#intake.accept(message);
    return whole !== undefined && this.#mayPass(whole) && this.#findsEntry(whole) ? [whole] : [];
  }

  /** Whether a message is to be handled now, although the instance may stand still. If not it is kept. */
  #mayPass(message: Incoming): boolean {
    const { instance, gate, counters, keep, onDrop } = this.#options;
    if (gate === undefined) return true;
    const { now, dropped } = gate.admit(message, keep);
    if (!now) counters.stopped++;
    if (dropped !== undefined) {
      counters.stoppedDropped++;
      onDrop(
        `${printInstance(instance)}: a message ${dropped.handler} has waited for the others of its component, and is dropped, because too many wait.`,
      );
    }
    return now;
  }

  /** Whether a message need not wait for an entry. If it has to it is parked. */
  #findsEntry(message: Incoming): boolean {
    const { instance, role, counters, peek, keep, onDrop } = this.#options;
    const parks = role.handlers.get(message.handler)?.parks;
    if (parks === undefined || message.stamp !== undefined) return true;
    const payload = tryDecode(message.payload);
    if (payload === undefined) return true; // the activation fails, loudly
    const key = keyOf(parks.key, payload.value, message);
    if (hasEntry(peek(parks.field), key)) return true;
    counters.parked++;
    const dropped = this.#parking.park(parks.field, key, keep?.(message) ?? message);
    if (dropped !== undefined) {
      counters.parkedDropped++;
      onDrop(
        `${printInstance(instance)}: a message ${dropped.handler} has waited for an entry of ${parks.field}, and is dropped, because too many wait.`,
      );
    }
    return false;
  }

  /** A forward that is not taken comes again; any other message is lost. */
  #turnAway({ handler }: Incoming): readonly Incoming[] {
    const { instance, counters, onDrop } = this.#options;
    counters.turnedAway++;
    onDrop(
      `${printInstance(instance)}: a message ${handler} is not taken, because ${String(this.#sender.unacknowledged)} forwards have not been acknowledged.`,
    );
    return [];
  }

  /**
   * Takes the messages that waited, and need not any longer: for which there is an entry now, or because the instance goes
   * on. To be asked after every delivery, and delivered at once, in this order, each like any other message.
   */
  takeWoken(): readonly Incoming[] {
    const { gate } = this.#options;
    const woken = this.#woken;
    if (woken.length > 0) this.#woken = [];
    if (gate === undefined) return woken;
    const passing = woken.filter((message) => this.#mayPass(message));
    return [...passing, ...gate.takeReady().filter((message) => this.#findsEntry(message))];
  }

  /** What there is to tell senders. To be taken once per turn. */
  takeAcknowledgements(): readonly Acknowledgement[] {
    return this.#receiver.takeAcknowledgements();
  }

  /** @throws Error when the receiver acknowledges what was never forwarded. */
  acknowledge(acknowledgement: Acknowledgement): void {
    this.#sender.acknowledge(acknowledgement);
  }

  /** What has been sent to an instance (or to any) and not been acknowledged: to be sent again over a new connection. */
  underway(receiver?: number): readonly Outgoing[] {
    return this.#sender.underway(receiver);
  }

  /** The streams of which nothing has been acknowledged since the last call. */
  takeOverdue(): readonly Overdue[] {
    return this.#sender.takeOverdue();
  }

  /** For the host: a send statement of the running activation. Gives undefined when it need not be sent. */
  stamp(
    message: Outgoing,
    { channel, above }: Pick<DeployedHandler, "channel" | "above">,
    payload: unknown,
  ): Outgoing | undefined {
    return channel === undefined ? message : this.#sender.stamp(message, { channel, above }, payload);
  }

  /** For the host: the activation has failed. */
  rollback(): void {
    this.#sender.rollback();
  }

  /** For the host: the activation has succeeded. */
  commit(activation: number): void {
    this.#sender.commit(activation);
  }

  /** For the host: messages of an activation, which nothing but channels can hold back. */
  readonly pass: Emit = (messages, activation) => {
    const before = this.#sender.held;
    this.#sender.pass(messages, activation);
    this.#options.counters.held += Math.max(0, this.#sender.held - before);
  };

  /**
   * For the host: what applying a forward wrote is on stable storage. Who waits for that hears of it when messages of the
   * activation that applied it may leave.
   */
  applied({ stamp }: Incoming, activation: number): void {
    if (stamp === undefined) return;
    const acknowledge = (): void => {
      this.#receiver.applied(stamp);
      this.#options.onDue();
    };
    if (stamp.channel === "acknowledged")
      this.#sender.whenApplied(activation, acknowledge, [stamp.sender, stamp.sequence]);
    else acknowledge();
  }

  /** The activations that something waits for. */
  get activations(): readonly number[] {
    return this.#sender.activations;
  }

  /** Between activations; without the gate, which belongs to coordination. */
  describe(rank: Rank): Description {
    return [
      this.#sender.describe(rank),
      this.#receiver.describe(),
      this.#parking.describe(describeMessage),
      this.#intake.describe(),
      this.#woken.map(describeMessage),
    ];
  }

  /** For the host: a message has been handled, with success. Finds out what it has woken. */
  wake(message: Incoming): void {
    if (this.#parking.size === 0) return;
    const wakes = this.#options.role.handlers.get(message.handler)?.wakes;
    if (wakes === undefined) return;
    const payload = decodePayload(message.payload);
    for (const { field, key } of wakes) {
      const value = keyOf(key, payload, message);
      if (hasEntry(this.#options.peek(field), value)) this.#woken.push(...this.#parking.wake(field, value));
    }
  }
}

/**
 * Whether a component receives, or may send, on stateful channels.
 *
 * @param to the components that it forwards to
 */
export function isEndOfChannels(
  { components, handlers }: DeployedRole,
  component: number,
  to: ReadonlySet<string>,
): boolean {
  return [...handlers.values()].some(({ name, channel, component: receiver }) => {
    if (channel === undefined) return false;
    return receiver === component || (coordinationKind(name) === undefined && to.has(components[receiver]?.name ?? ""));
  });
}

/** Between a coordinator and a partition: what makes things move, so it is always taken. */
function isCoordination({ handler, round }: Incoming): boolean {
  return round !== undefined || coordinationKind(handler) !== undefined;
}

function isStamped(message: Incoming): message is Incoming & { readonly stamp: NonNullable<Incoming["stamp"]> } {
  return message.stamp !== undefined;
}

function keyOf(key: KeyFunction, payload: unknown, { from }: Incoming): KeyValue {
  return key(payload as never, from);
}

function tryDecode(payload: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decodePayload(payload) };
  } catch {
    return undefined;
  }
}
