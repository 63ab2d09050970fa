/** A partition of a coordinated component, as the host of its instance runs it. */
import { encodePayload } from "../codec/payloadEncoder.ts";
import type { DeployedComponent, DeployedHandler } from "../deployment.ts";
import type { Method } from "../node/componentObject.ts";
import { describeMessage, type Description } from "../node/description.ts";
import { FieldSlot } from "../node/membraneFields.ts";
import type { ChangeListener } from "../node/membraneTracker.ts";
import type { Incoming } from "../node/message.ts";
import type { OwnState } from "../node/ownState.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";
import { AS_IT_IS, type CoordinationContext, type CoordinationPart, type Sending } from "./coordinationPart.ts";
import type { Vote } from "./coordinatorPart.ts";
import { PartitionGate, type Arrival } from "./partitionGate.ts";
import { coordinationHandler, coordinationKind } from "./reservedHandlers.ts";

/** The replicated activation that is running. */
interface Running {
  readonly round: number;
  readonly handler: DeployedHandler;
  /** How many messages it has sent of which this partition sends a part. */
  parts: number;
}

const nothing: Method = () => undefined;

export class PartitionPart implements CoordinationPart {
  readonly gate: PartitionGate<Incoming>;
  readonly methods: ReadonlyMap<string, Method>;
  readonly own: readonly OwnState[];
  readonly startHandlers: readonly string[] = [];
  readonly passesOn = false;
  readonly repeats: readonly number[] = [];
  readonly decided = 0;
  readonly #context: CoordinationContext;
  readonly #partitions: number;
  /** The last round that was applied: in the same record as what it wrote. */
  readonly #round = new FieldSlot("#round", 0);
  #writtenRound = 0;
  #running: Running | undefined;

  /**
   * @param component its own
   * @param coordinator that of its coordinator, an index into those of the role
   */
  constructor(context: CoordinationContext, component: DeployedComponent, coordinator: number) {
    const { name, durable, partitions } = component;
    const { role, instance } = context;
    const destination = role.instances.get(instance.id)?.[coordinator]?.[0];
    if (destination === undefined) throw new Error(`${printInstance(instance)} has no coordinator.`);
    this.#context = context;
    this.#partitions = partitions;
    const isDurable = durable.length > 0;
    this.gate = new PartitionGate({ kindOf: arrivalOf, stopped: isDurable });
    this.own = isDurable ? [this.#ownRound] : [];
    const vote = coordinationHandler("vote", name);
    this.methods = new Map<string, Method>([
      [
        coordinationHandler("prepare", name),
        (payload) => {
          this.#vote(payload as { round: number }, vote, destination);
        },
      ],
      [
        coordinationHandler("release", name),
        (payload) => {
          this.#release(payload as { round: number });
        },
      ],
    ]);
  }

  get isStopped(): boolean {
    return this.gate.isStopped;
  }

  /** Partitions have nothing to repeat. */
  repeat(): void {
    return undefined;
  }

  recover(): void {
    return undefined;
  }

  refusalOf(message: Incoming): string | undefined {
    const { instance } = this.#context;
    const isDirect = message.round === undefined && this.#replicatedHandler(message) !== undefined;
    return isDirect ? `it has to come to ${printInstance(instance)} from its coordinator` : undefined;
  }

  /**
   * The message of a round is a part of a replicated activation, unless an earlier life has done that already. When it
   * fails it does so on every partition, and is done: the round counts, and is written down.
   */
  begin(message: Incoming, method: Method): Method {
    const handler = this.#replicatedHandler(message);
    const { round } = message;
    if (handler === undefined || round === undefined) return method;
    if (round <= this.#last) return nothing;
    this.#running = { round, handler, parts: 0 };
    this.#round.value = round;
    return method;
  }

  end(message: Incoming): void {
    if (message.round === undefined || this.#replicatedHandler(message) === undefined) return;
    this.#running = undefined;
    this.gate.applied();
  }

  sendingOf(message: string): Sending {
    const running = this.#running;
    if (running === undefined || this.#partitions === 1) return AS_IT_IS;
    const { handler, round } = running;
    const { partition } = this.#context.instance;
    const send = handler.replicated?.sends[message];
    if (send === undefined) return { leaves: partition === 0 };
    if (send === "each") return AS_IT_IS;
    const ordinal = ++running.parts;
    const of = this.#partitions;
    const epoch = this.#context.incarnation;
    return { leaves: true, fragment: { epoch, round, ordinal, part: partition, of, by: handler.name } };
  }

  describe(): Description {
    return [this.gate.describe(describeMessage), this.#last, this.#writtenRound];
  }

  /** It is the coordinator who knows. */
  settle(done: () => void): void {
    done();
  }

  /** Partitions hear nothing about what they forward. */
  acknowledged(): void {
    return undefined;
  }

  #replicatedHandler({ handler }: Incoming): DeployedHandler | undefined {
    const deployed = this.#context.role.handlers.get(handler);
    return deployed?.replicated === undefined ? undefined : deployed;
  }

  #vote({ round }: { readonly round: number }, handler: string, destination: DeployedInstance): void {
    const { instance, forward } = this.#context;
    const vote: Vote = { round, partition: instance.partition };
    forward({ destination, handler, from: instance.node, payload: encodePayload(vote), internal: true, round });
  }

  /** @throws Error when this partition has applied what its coordinator has never decided. */
  #release({ round }: { readonly round: number }): void {
    if (this.#last > round) {
      throw new Error(
        `This partition has applied round ${String(this.#last)}, and its coordinator knows of ${String(round)}: their logs do not belong together.`,
      );
    }
    this.gate.release();
  }

  get #last(): number {
    return this.#round.value as number;
  }

  readonly #ownRound: OwnState = {
    slot: this.#round,
    report: (to: ChangeListener) => {
      if (this.#last !== this.#writtenRound) to.field(this.#round);
    },
    written: () => {
      this.#writtenRound = this.#last;
    },
  };
}

function arrivalOf({ handler, round, stamp }: Incoming): Arrival {
  const kind = coordinationKind(handler);
  if (kind === "prepare") return "prepare";
  if (kind !== undefined || round !== undefined) return "order";
  return stamp === undefined ? "message" : "forward";
}
