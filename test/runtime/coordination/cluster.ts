/** All parts of the register as hosts, with a client that the test plays and a network that may do anything. */
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import type { Acknowledgement } from "../../../runtime/channels/stamp.ts";
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import { ComponentHost } from "../../../runtime/node/componentHost.ts";
import type { Incoming, Outgoing } from "../../../runtime/node/message.ts";
import type { DeployedInstance } from "../../../runtime/routing/address.ts";
import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import { SimulatedStorage } from "../../../runtime/simulator/host/simulatedStorage.ts";
import { Register, register, rewrittenRegister, type Entry, type RegisterOptions } from "./register.ts";

export type Answer =
  | { readonly kind: "written" | "rejected"; readonly id: string; readonly epoch: number }
  | { readonly kind: "opened"; readonly id: string; readonly epoch: number; readonly entries: readonly Entry[] };

type Carried =
  | { readonly kind: "message"; readonly message: Outgoing }
  | { readonly kind: "acknowledgement"; readonly acknowledgement: Acknowledgement };

interface Part {
  readonly instance: DeployedInstance;
  readonly storage: SimulatedStorage<undefined>;
  host: ComponentHost;
  /** What the class constructed; undefined for what is not a partition. */
  object: Register | undefined;
  started: boolean;
}

export class Cluster {
  readonly deployment: Deployment;
  readonly answers: Answer[] = [];
  readonly log: string[] = [];
  /** By request: the highest epoch that the client had heard of when it asked. */
  readonly heard = new Map<string, number>();
  /** How many messages of the protocol left, by handler; parts of messages not counted. */
  readonly left = new Map<string, number>();
  network: Carried[] = [];
  /** The partition to which what its coordinator says takes long, for as long as there is anything else; undefined for none. */
  slow: number | undefined;
  readonly #partitions: number;
  readonly #parts: readonly Part[];
  #incarnation = 0;
  #constructed: Register | undefined;

  constructor(options: RegisterOptions = {}) {
    this.#partitions = options.partitions ?? 3;
    const { routing } = rewrittenRegister(options);
    const main = this.#watchedClass();
    this.deployment = deploy(register, { rewritten: { components: { Register: { main } }, routing } });
    this.#parts = this.deployment.instances.map((instance) => {
      const storage = new SimulatedStorage<undefined>(undefined);
      return { instance, storage, ...this.#createHost(instance, storage), started: false };
    });
    this.#start(this.#parts);
  }

  get partitions(): readonly ComponentHost[] {
    return this.#hostsOf("main");
  }

  get coordinator(): ComponentHost {
    const [host] = this.#hostsOf("coordinator");
    if (host === undefined) throw new Error("There is no coordinator.");
    return host;
  }

  get client(): ComponentHost {
    const part = this.#parts.find(({ instance }) => instance.role === "Editor" || instance.role === "Typist");
    if (part === undefined) throw new Error("There is no client.");
    return part.host;
  }

  /** The epochs of the copies, and all entries. */
  get state(): { readonly epochs: readonly number[]; readonly entries: ReadonlyMap<string, number> } {
    const epochs = this.partitions.map(({ instance }) => this.#fieldsOf(instance).epoch);
    const entries = new Map(this.partitions.flatMap(({ instance }) => [...this.#fieldsOf(instance).entries]));
    return { epochs, entries };
  }

  write(id: string, key: string, epoch: number): void {
    this.#send("write", { id, key, epoch }, "main", partitionOf(key, this.#partitions));
  }

  open(id: string, epoch: number): void {
    this.#send("open", { id, epoch }, "coordinator", 0);
  }

  /** Something that is under way arrives; what channels carry may come once more. */
  deliver(index: number, again: boolean): void {
    const fast = this.network.filter((carried) => !this.#isSlow(carried));
    const candidates = fast.length > 0 ? fast : this.network;
    const carried = candidates[index % candidates.length];
    if (carried === undefined) return;
    const at = this.network.indexOf(carried);
    const isRepeatable = carried.kind === "acknowledgement" || carried.message.stamp !== undefined;
    if (!again || !isRepeatable) this.network.splice(at, 1);
    if (carried.kind === "acknowledgement") {
      const part = this.#partOf(carried.acknowledgement.sender);
      part.host.channels?.acknowledge(carried.acknowledgement);
      this.#acknowledge(part);
      return;
    }
    this.receive(carried.message.destination.number, carried.message);
  }

  #isSlow(carried: Carried): boolean {
    if (carried.kind !== "message" || carried.message.stamp === undefined) return false;
    const { component, partition } = carried.message.destination;
    return component === "main" && partition === this.slow;
  }

  receive(to: number, incoming: Incoming): void {
    const part = this.#partOf(to);
    for (const message of part.host.channels?.accept(incoming) ?? [incoming]) this.#handle(part, message);
    this.#acknowledge(part);
  }

  /** Everything arrives, in order, and nothing becomes stable but what these instances write. */
  deliverAll(stable: readonly number[]): void {
    while (this.network.length > 0) {
      this.deliver(0, false);
      for (const index of stable) this.sync(index);
    }
  }

  /** A sync of an instance ends. */
  sync(index: number): void {
    const part = this.#parts[index % this.#parts.length];
    if (part === undefined) return;
    part.storage.endSync(part.storage.length);
    this.#acknowledge(part);
  }

  /** All processes of the node die, and come back with what is stable, and some more. */
  crash(luck: number): void {
    this.#incarnation++;
    const node = this.#parts.filter(({ instance }) => instance.role === "Register");
    this.network = this.network.filter(
      (carried) => carried.kind === "message" && (carried.message.stamp === undefined || !isFromNode(carried.message)),
    );
    for (const part of node) {
      part.storage.crash(part.storage.stable + (luck % 3));
      part.started = false;
      Object.assign(part, this.#createHost(part.instance, part.storage));
      part.storage.endSync(part.storage.length);
    }
    this.#start(node);
  }

  /** From now on everything works. */
  settle(): void {
    for (let turn = 0; ; turn++) {
      if (turn > 10_000) throw new Error("The cluster does not come to rest.");
      this.#parts.forEach((_, index) => {
        this.sync(index);
      });
      if (this.network.length === 0) return;
      this.deliver(0, false);
    }
  }

  #send(
    handler: string,
    payload: { readonly id: string; readonly [column: string]: unknown },
    component: string,
    partition: number,
  ): void {
    const destination = this.deployment.instances.find(
      (one) => one.role === "Register" && one.component === component && one.partition === partition,
    );
    const from = this.client.instance.node;
    this.heard.set(payload.id, Math.max(0, ...this.answers.map(({ epoch }) => epoch)));
    if (destination === undefined) throw new Error(`There is no ${component}.${String(partition)}.`);
    this.network.push({
      kind: "message",
      message: { destination, handler, from, payload: encodePayload(payload), internal: false },
    });
  }

  #start(parts: readonly Part[]): void {
    for (const part of parts) {
      part.storage.endSync(part.storage.length);
      for (const round of part.host.coordination?.repeats ?? []) part.host.coordination?.repeat(round);
      this.#ensureStarted(part);
    }
  }

  #ensureStarted(part: Part): void {
    if (part.started || part.host.coordination?.isStopped === true) return;
    part.started = true;
    part.host.start();
  }

  #handle(part: Part, message: Incoming): void {
    if (part.host === this.client) this.#answer(message);
    else part.host.deliver(message);
    this.#ensureStarted(part);
    for (const woken of part.host.channels?.takeWoken() ?? []) this.#handle(part, woken);
  }

  #answer({ handler, payload }: Incoming): void {
    this.answers.push({ kind: handler, ...(decodePayload(payload) as object) } as Answer);
  }

  #acknowledge({ host }: Part): void {
    for (const acknowledgement of host.channels?.takeAcknowledgements() ?? [])
      this.network.push({ kind: "acknowledgement", acknowledgement });
  }

  #createHost(instance: DeployedInstance, storage: SimulatedStorage<undefined>): Pick<Part, "host" | "object"> {
    this.#constructed = undefined;
    const host = new ComponentHost({
      deployment: this.deployment,
      instance,
      incarnation: this.#incarnation,
      storage: () => storage,
      emit: (messages) => {
        for (const message of messages) {
          this.network.push({ kind: "message", message });
          const { internal, handler, fragment } = message;
          if (!internal && fragment === undefined) this.left.set(handler, (this.left.get(handler) ?? 0) + 1);
        }
      },
      onFailure: ({ error, handler }) => this.log.push(`${handler}: ${String(error)}`),
      onDeadLetter: ({ reason }) => this.log.push(reason),
      channels: { onDrop: (line) => this.log.push(line) },
    });
    return { host, object: this.#constructed };
  }

  /** What the handlers of a partition would see. */
  #fieldsOf(instance: DeployedInstance): { readonly epoch: number; readonly entries: ReadonlyMap<string, number> } {
    const { object } = this.#partOf(instance.number);
    if (object === undefined) throw new Error("A partition was not constructed.");
    return { epoch: object.epoch, entries: new Map(object.entries) };
  }

  /** The class of the partitions, whose objects the test wants to look at. */
  #watchedClass(): new () => Register {
    const note = (object: Register): void => {
      this.#constructed = object;
    };
    return class extends Register {
      constructor() {
        super();
        note(this);
      }
    };
  }

  #hostsOf(component: string): readonly ComponentHost[] {
    return this.#parts
      .filter(({ instance }) => instance.role === "Register" && instance.component === component)
      .map(({ host }) => host);
  }

  #partOf(number: number): Part {
    const part = this.#parts.find(({ instance }) => instance.number === number);
    if (part === undefined) throw new Error(`Nobody is number ${String(number)}.`);
    return part;
  }
}

function isFromNode({ stamp }: Outgoing): boolean {
  return stamp !== undefined;
}
