/**
 * The whole of an explored system, as words of 32 bits: the local state of each instance, the history, what is left of the
 * faults that may strike, and what is under way, in the order of its numbers.
 */
import type { Deployment } from "../../deployment.ts";
import type { DeployedInstance, DeployedNode } from "../../routing/address.ts";
import type { ExternalEvent } from "../../system.ts";
import { Automaton, type LocalState, type Reaction } from "./automaton.ts";
import type { Histories } from "./histories.ts";
import { printInput, type Input } from "./input.ts";
import type { LocalLimits } from "./localHost.ts";
import { enlarged } from "./states.ts";
import { Wire } from "./wire.ts";

/** How often each kind of fault may strike in a run. Nothing strikes unless said. */
export interface FaultBudget {
  /** Messages that never arrive. What never arrives might as well be late, so this matters only to who looks at rest. */
  readonly losses?: number;
  /** Nodes that die, with all of their instances, and come back with what was stable. */
  readonly crashes?: number;
  /** Forwards between instances of one node that arrive twice, as they may when they are sent again. */
  readonly repetitions?: number;
}

export interface WorldOptions {
  readonly limits: LocalLimits;
  readonly histories: Histories;
  readonly faults: FaultBudget;
  /** Whether a delivery that changes no node and sends nothing is a transition. */
  readonly idleDeliveries: boolean;
  /** Whether invariants look at nodes. */
  readonly looks: boolean;
}

/** What led to the state that a visitor is shown. */
export interface Step {
  readonly describe: () => string;
  /** What instances did in it. */
  readonly reactions: readonly Reaction[];
  /** Whether only a repeated timer has fired, or a fault has struck: so much can happen in a system that has come to rest. */
  readonly isIncidental: boolean;
}

/** Takes a state, in the first so many words of an array that is used again, and how it came about. */
export type Visitor = (words: Uint32Array, length: number, step: Step) => void;

/** Each kind of fault has so many bits of a word. */
const BITS = 10;
const MOST_FAULTS = 2 ** BITS - 1;
const [LOSS, CRASH, REPETITION] = [1, 1 << BITS, 1 << (2 * BITS)];

export class World {
  readonly automaton: Automaton;
  readonly wire: Wire;
  readonly histories: Histories;
  readonly #deployment: Deployment;
  readonly #idleDeliveries: boolean;
  readonly #budget: number;
  readonly #instances: number;
  /** Where the history is among the words; the faults follow, and then what is under way. */
  readonly #history: number;
  #next = new Uint32Array(64);
  #length = 0;
  /** Nodes that may crash. */
  readonly #nodes: readonly (readonly DeployedInstance[])[];

  constructor(deployment: Deployment, { limits, histories, faults, idleDeliveries, looks }: WorldOptions) {
    this.#deployment = deployment;
    this.#idleDeliveries = idleDeliveries;
    this.histories = histories;
    this.wire = new Wire(deployment);
    this.automaton = new Automaton(deployment, limits, this.wire, looks);
    this.#instances = deployment.instances.length;
    this.#history = this.#instances;
    this.#budget = packBudget(faults);
    this.#nodes = deployment.nodes
      .filter(({ role }) => deployment.roles.get(role)?.external !== true)
      .map((node) => partsOf(deployment, node));
  }

  /** How many words a state has at least. */
  get width(): number {
    return this.#instances + 2;
  }

  get bytes(): number {
    return this.automaton.bytes + this.histories.bytes + 500 * this.wire.size;
  }

  /** The state in which every instance has started: nothing else can happen to it before. */
  visitInitial(visit: Visitor): void {
    this.#length = this.width;
    this.#next[this.#history] = 0;
    this.#next[this.#history + 1] = this.#budget;
    const reactions = this.#deployment.instances.map((instance) => this.automaton.start(instance));
    for (const [instance, reaction] of reactions.entries()) this.#apply(instance, reaction);
    visit(this.#next, this.#length, { describe: () => "all start", reactions, isIncidental: false });
  }

  /** Shows all states that a state leads to, in an order that depends on nothing else. */
  visitSuccessors(words: Uint32Array, visit: Visitor): void {
    const faults = words[this.#history + 1] ?? 0;
    const losses = faults & MOST_FAULTS;
    const repetitions = (faults >>> (2 * BITS)) & MOST_FAULTS;
    for (let at = this.width, last = -1; at < words.length; at++) {
      const number = words[at] ?? 0;
      if (number === last) continue;
      last = number;
      const parcel = this.wire.parcel(number);
      this.#deliver(words, at, false, visit);
      if (losses > 0 && !parcel.isStateful) this.#lose(words, at, visit);
      if (repetitions > 0 && parcel.isStateful) this.#deliver(words, at, true, visit);
    }
    for (let instance = 0; instance < this.#instances; instance++) {
      const local = words[instance] ?? 0;
      for (const { number, input } of this.automaton.state(local).moves) {
        this.#copy(words);
        const reaction = this.automaton.react(local, number, input);
        this.#apply(instance, reaction);
        this.#show([reaction], () => this.#print(input, instance), input.kind === "fire", visit);
      }
    }
    if (((faults >>> BITS) & MOST_FAULTS) > 0) for (const parts of this.#nodes) this.#crash(words, parts, visit);
  }

  /** The local state of an instance in a state. */
  localState(words: Uint32Array, instance: DeployedInstance): LocalState {
    return this.automaton.state(words[instance.number] ?? 0);
  }

  historyOf(words: Uint32Array): number {
    return words[this.#history] ?? 0;
  }

  /** Whether all clients have issued all of their operations, and had their answers. */
  isDone(words: Uint32Array): boolean {
    for (let i = 0; i < this.#instances; i++) if (!this.automaton.state(words[i] ?? 0).isDone) return false;
    return true;
  }

  /** Whether something is left undone only because of a limit: nobody knows what would follow. */
  isCutOff(words: Uint32Array): boolean {
    for (let i = 0; i < this.#instances; i++) if (this.automaton.state(words[i] ?? 0).isCutOff) return true;
    return false;
  }

  #deliver(words: Uint32Array, at: number, again: boolean, visit: Visitor): void {
    const number = words[at] ?? 0;
    const { destination, head, rest, input } = this.wire.parcel(number);
    const reaction = this.automaton.react(words[destination] ?? 0, head, input);
    if (reaction.isIdle && !this.#idleDeliveries) return;
    this.#copy(words);
    if (again) this.#spend(REPETITION);
    else this.#remove(at);
    if (rest !== undefined && !again) this.#insert(rest);
    this.#apply(destination, reaction);
    const suffix = again ? ", and it will arrive once more" : "";
    this.#show([reaction], () => this.#print(input, destination) + suffix, again, visit);
  }

  #lose(words: Uint32Array, at: number, visit: Visitor): void {
    const { destination, rest, input } = this.wire.parcel(words[at] ?? 0);
    this.#copy(words);
    this.#spend(LOSS);
    this.#remove(at);
    if (rest !== undefined) this.#insert(rest);
    this.#show([], () => `never: ${this.#print(input, destination)}`, true, visit);
  }

  /** A node dies, whatever of what its instances have not synced survives. */
  #crash(words: Uint32Array, parts: readonly DeployedInstance[], visit: Visitor): void {
    let survivals: readonly (readonly number[])[] = [[]];
    for (const part of parts) {
      const { unsynced } = this.localState(words, part);
      if (unsynced === undefined) return;
      const choices = Array.from({ length: unsynced + 1 }, (_, left) => left);
      survivals = survivals.flatMap((earlier) => choices.map((left) => [...earlier, left]));
    }
    const node = parts[0]?.node;
    if (node === undefined) return;
    for (const lefts of survivals) {
      const reactions = parts.map((part, index) => {
        const move = this.automaton.moveOf(part, { kind: "crash", left: lefts[index] ?? 0 });
        return this.automaton.react(words[part.number] ?? 0, move.number, move.input);
      });
      this.#copy(words);
      this.#spend(CRASH);
      this.#removeInside(node);
      for (const [index, reaction] of reactions.entries()) this.#apply(parts[index]?.number ?? 0, reaction);
      const describe = (): string =>
        `${node.role}/${node.id} crashes, and comes back with ${lefts.join(" + ")} records that were not synced`;
      this.#show(reactions, describe, true, visit);
    }
  }

  #show(reactions: readonly Reaction[], describe: () => string, isIncidental: boolean, visit: Visitor): void {
    visit(this.#next, this.#length, { describe, reactions, isIncidental });
  }

  #print(input: Input, instance: number): string {
    const at = this.#deployment.instances[instance];
    return at === undefined ? "" : printInput(input, at);
  }

  #copy(words: Uint32Array): void {
    if (this.#next.length < words.length) this.#next = enlarged(this.#next, words.length);
    this.#next.set(words);
    this.#length = words.length;
  }

  #spend(fault: number): void {
    this.#next[this.#history + 1] = (this.#next[this.#history + 1] ?? 0) - fault;
  }

  #apply(instance: number, reaction: Reaction): void {
    this.#next[instance] = reaction.to;
    this.#next[this.#history] = this.histories.after(this.#next[this.#history] ?? 0, reaction);
    for (const number of reaction.sent) this.#send(number);
  }

  /** Puts something on its way: behind what is under way on the same link, if order counts there. */
  #send(number: number): void {
    const { link } = this.wire.parcel(number);
    if (link >= 0) {
      for (let at = this.width; at < this.#length; at++) {
        const queue = this.#next[at] ?? 0;
        if (this.wire.parcel(queue).link !== link) continue;
        this.#remove(at);
        this.#insert(this.wire.enqueue(queue, number));
        return;
      }
    }
    this.#insert(number);
  }

  #insert(number: number): void {
    if (this.#length === this.#next.length) this.#next = enlarged(this.#next, this.#length + 1);
    let at = this.#length++;
    for (; at > this.width && (this.#next[at - 1] ?? 0) > number; at--) this.#next[at] = this.#next[at - 1] ?? 0;
    this.#next[at] = number;
  }

  #remove(at: number): void {
    this.#next.copyWithin(at, at + 1, this.#length--);
  }

  /** What was under way inside of a node is lost with it. */
  #removeInside(node: DeployedNode): void {
    for (let at = this.#length - 1; at >= this.width; at--)
      if (this.wire.parcel(this.#next[at] ?? 0).inside === node.number) this.#remove(at);
  }
}

/** What external nodes see of a step. */
export function eventsOf({ reactions }: Step): readonly ExternalEvent[] {
  return reactions.flatMap(({ events }) => events);
}

function packBudget({ losses = 0, crashes = 0, repetitions = 0 }: FaultBudget): number {
  for (const [name, limit] of Object.entries({ losses, crashes, repetitions })) {
    if (!Number.isInteger(limit) || limit < 0 || limit > MOST_FAULTS)
      throw new RangeError(`The number of ${name} is from 0 to ${String(MOST_FAULTS)}, not ${String(limit)}.`);
  }
  return losses * LOSS + crashes * CRASH + repetitions * REPETITION;
}

function partsOf({ roles }: Deployment, { role, id }: DeployedNode): readonly DeployedInstance[] {
  return roles.get(role)?.instances.get(id)?.flat() ?? [];
}
