/** A coordinator as the host of its instance runs it: what arrives there, what that forwards, and what is written down. */
import { encodePayload } from "../codec/payloadEncoder.ts";
import type { Method } from "../node/componentObject.ts";
import type { Description } from "../node/description.ts";
import { FieldSlot } from "../node/membraneFields.ts";
import type { ChangeListener } from "../node/membraneTracker.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import type { OwnState } from "../node/ownState.ts";
import { NodeReference } from "../node/references.ts";
import { printInstance, printLogical, type DeployedInstance, type DeployedNode } from "../routing/address.ts";
import { AS_IT_IS, type CoordinationContext, type CoordinationPart, type Sending } from "./coordinationPart.ts";
import { Coordinator, type Decided } from "./coordinator.ts";
import { Decisions } from "./decisions.ts";
import { coordinationHandler, coordinationKind } from "./reservedHandlers.ts";

/** A message to a replicated handler, or the firing of a replicated timer, which has a payload of nothing. */
interface Input {
  readonly handler: string;
  readonly from: DeployedNode;
  readonly payload: Uint8Array;
}

/** As it is written down. */
type WrittenInput = readonly [handler: string, role: string, id: string, payload: Uint8Array];

export class CoordinatorPart implements CoordinationPart {
  readonly methods: ReadonlyMap<string, Method>;
  readonly startHandlers: readonly string[];
  readonly own: readonly OwnState[];
  readonly gate = undefined;
  readonly passesOn = true;
  readonly isStopped = false;
  readonly #context: CoordinationContext;
  readonly #partitions: readonly DeployedInstance[];
  /** The component that it coordinates. */
  readonly #component: string;
  readonly #written = new WrittenDecisions();
  #coordinator: Coordinator<Input>;
  #decisions: Decisions<Input>;
  #repeats: readonly number[] = [];
  /** There when no more inputs are taken: hears when nothing is left to do. */
  #onSettled: (() => void) | undefined;

  /** @param component the one that it coordinates, an index into those of the role */
  constructor(context: CoordinationContext, component: number) {
    const { role, instance } = context;
    this.#context = context;
    const { name, durable } = role.components[component] ?? fail(instance, "there is nothing to coordinate");
    this.#component = name;
    this.#partitions = role.instances.get(instance.id)?.[component] ?? [];
    this.#coordinator = new Coordinator(this.#partitions.length);
    this.#decisions = new Decisions(this.#partitions.length);
    const inputs = [...role.handlers.values()].filter(({ replicated }) => replicated?.component === component);
    const release = coordinationHandler("release", name);
    this.methods = new Map<string, Method>([
      ...inputs.map(({ name: handler }): [string, Method] => [handler, this.#input(handler)]),
      [
        coordinationHandler("vote", name),
        (payload) => {
          this.#vote(payload as Vote);
        },
      ],
      [
        release,
        () => {
          this.#tellAll(release, encodePayload({ round: this.decided }), undefined);
        },
      ],
    ]);
    const isDurable = durable.length > 0;
    this.own = isDurable ? this.#written.states : [];
    this.startHandlers = isDurable ? [release] : [];
  }

  get decided(): number {
    return this.#coordinator.decided;
  }

  get repeats(): readonly number[] {
    return this.#repeats;
  }

  recover(): void {
    const partitions = this.#partitions.length;
    const earlier = new Map(this.#written.inputs.map(([round, input]) => [round, this.#read(input)]));
    this.#decisions = new Decisions(partitions, earlier);
    this.#repeats = this.#decisions.rounds;
    this.#coordinator = new Coordinator(partitions, this.#written.last);
  }

  repeat(round: number): void {
    const input = this.#decisions.inputOf(round) ?? fail(this.#context.instance, `round ${String(round)} is over`);
    this.#context.run(input.handler, () => {
      this.#commit({ round, input });
    });
  }

  acknowledged({ handler, round, destination }: Outgoing): void {
    if (round === undefined || this.own.length === 0 || coordinationKind(handler) !== undefined) return;
    for (const dropped of this.#decisions.acknowledge(destination.partition, round)) this.#written.drop(dropped);
    this.#checkSettled();
  }

  settle(done: () => void): void {
    this.#onSettled = done;
    this.#checkSettled();
  }

  describe(): Description {
    return [
      this.#coordinator.describe(describeInput),
      this.#decisions.describe(describeInput),
      this.#written.describe(),
      this.#repeats,
      this.#onSettled !== undefined,
    ];
  }

  #checkSettled(): void {
    const done = this.#onSettled;
    if (done === undefined) return;
    if (this.own.length > 0 && this.#coordinator.underway + this.#decisions.rounds.length > 0) return;
    this.#onSettled = () => undefined;
    done();
  }

  begin(_: Incoming, method: Method): Method {
    return method;
  }

  sendingOf(): Sending {
    return AS_IT_IS;
  }

  refusalOf(): undefined {
    return undefined;
  }

  end(): void {
    return undefined;
  }

  #input(handler: string): Method {
    return (payload, from) => {
      if (this.#onSettled !== undefined) return;
      const sender = from === undefined ? this.#context.instance.node : NodeReference.targetOf(from).node;
      const input: Input = {
        handler,
        from: sender ?? this.#context.instance.node,
        payload: payload instanceof Uint8Array ? payload.slice() : encodePayload(undefined),
      };
      const round = this.#coordinator.begin(input);
      this.#tellAll(coordinationHandler("prepare", this.#component), encodePayload({ round }), round);
    };
  }

  #vote({ round, partition }: Vote): void {
    const decided = this.#coordinator.vote(round, partition);
    if (decided === undefined) return;
    const { input } = decided;
    if (this.own.length > 0) {
      this.#decisions.add(round, input);
      this.#written.add(round, [input.handler, input.from.role, input.from.id, input.payload]);
    }
    this.#context.onDecided();
    this.#commit(decided);
  }

  #commit({ round, input: { handler, from, payload } }: Decided<Input>): void {
    this.#tellAll(handler, payload, round, from);
  }

  #tellAll(
    handler: string,
    payload: Uint8Array,
    round: number | undefined,
    from: DeployedNode = this.#context.instance.node,
  ): void {
    for (const destination of this.#partitions) {
      this.#context.forward({ destination, handler, from, payload, internal: true, round });
    }
  }

  #read([handler, role, id, payload]: WrittenInput): Input {
    const from = this.#context.find({ role, id });
    if (from === undefined)
      return fail(this.#context.instance, `what is stored comes from ${role}/${id}, which is nobody`);
    return { handler, from, payload };
  }
}

/** What a partition says. */
export interface Vote {
  readonly round: number;
  readonly partition: number;
}

/** The decisions as they are in the log: the inputs by round, and the last round. What is dropped is written with what comes. */
class WrittenDecisions {
  readonly #inputs = new FieldSlot("#decisions", {});
  readonly #last = new FieldSlot("#round", 0);
  readonly #touched: string[] = [];
  #hasNew = false;

  readonly states: readonly OwnState[] = [
    {
      slot: this.#inputs,
      report: (to: ChangeListener) => {
        if (this.#hasNew) for (const name of this.#touched) to.property(this.#record, name);
      },
      written: () => {
        this.#touched.length = 0;
      },
    },
    {
      slot: this.#last,
      report: (to: ChangeListener) => {
        if (this.#hasNew) to.field(this.#last);
      },
      written: () => {
        this.#hasNew = false;
      },
    },
  ];

  get last(): number {
    return this.#last.value as number;
  }

  get inputs(): readonly (readonly [round: number, input: WrittenInput])[] {
    return Object.entries(this.#record).map(([round, input]) => [Number(round), input as WrittenInput]);
  }

  add(round: number, input: WrittenInput): void {
    this.#record[String(round)] = input;
    this.#last.value = round;
    this.#touched.push(String(round));
    this.#hasNew = true;
  }

  drop(round: number): void {
    Reflect.deleteProperty(this.#record, String(round));
    this.#touched.push(String(round));
  }

  /** What the next record is going to say, besides what it holds. */
  describe(): Description {
    return [this.last, Object.keys(this.#record), this.#touched, this.#hasNew];
  }

  get #record(): Record<string, unknown> {
    return this.#inputs.value as Record<string, unknown>;
  }
}

function describeInput({ handler, from, payload }: Input): Description {
  return [handler, printLogical(from), Buffer.from(payload).toString("latin1")];
}

function fail(instance: DeployedInstance, reason: string): never {
  throw new Error(`${printInstance(instance)}: ${reason}.`);
}
