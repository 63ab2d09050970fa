/**
 * The instances of a system as one automaton: local states by number, and what each does with each input. What an instance
 * does depends on nothing but what it has become and the input, so it is run once for each pair of these, however many
 * whole states these are part of.
 */
import { isDeepStrictEqual } from "node:util";
import type { Deployment } from "../../deployment.ts";
import { printInstance, type DeployedInstance } from "../../routing/address.ts";
import type { ExternalEvent } from "../../system.ts";
import { printEvent } from "./histories.ts";
import { identifyMove, type Input } from "./input.ts";
import { LocalHost, type LocalLimits, type Performance } from "./localHost.ts";
import { PairTable } from "./pairTable.ts";
import type { Wire } from "./wire.ts";

/** What an instance does with an input, in numbers. */
export interface Reaction {
  readonly number: number;
  /** The local state that it is in afterwards. */
  readonly to: number;
  /** What is under way then, by its numbers on the wire; in the order in which it left. */
  readonly sent: readonly number[];
  readonly events: readonly ExternalEvent[];
  readonly failures: readonly string[];
  /** Whether nothing at all has happened, but that the input is gone. */
  readonly isIdle: boolean;
}

export interface LocalState {
  readonly instance: DeployedInstance;
  /** How it came about first: the shortest way, when states are visited nearest first. */
  readonly from: number | undefined;
  readonly by: Input | undefined;
  /** What the instance may do by itself. */
  readonly moves: readonly Move[];
  /** How many records no sync covers; undefined when it cannot die. */
  readonly unsynced: number | undefined;
  readonly isDone: boolean;
  /** Whether something is left undone only because of a limit. */
  readonly isCutOff: boolean;
  /** What invariants see of it, if anybody asks. */
  readonly view: object | undefined;
}

/** Something that an instance may do by itself. */
export interface Move {
  /** Equal moves of an instance have equal numbers, and no number is one of the wire. */
  readonly number: number;
  readonly input: Input;
}

/** Inputs that are not on the wire have numbers from here on. */
const FIRST_MOVE = 2 ** 31;
/** How many live hosts are kept for each instance, for the next input of the state that they are in. */
const LIVE_HOSTS = 256;

export class Automaton {
  readonly #deployment: Deployment;
  readonly #limits: LocalLimits;
  readonly #wire: Wire;
  readonly #looks: boolean;
  readonly #numbers: readonly Map<string, number>[];
  readonly #states: LocalState[] = [];
  readonly #texts: string[] = [];
  readonly #table = new PairTable();
  readonly #reactions: Reaction[] = [];
  readonly #moves = new Map<string, number>();
  /** Of each instance: hosts by the local state that they are in, those that were used last at the end. */
  readonly #live: readonly Map<number, LocalHost>[];
  /** Hosts that came to a state that was known, by another way than the first: they must do there what that one does. */
  readonly #strays = new WeakSet<LocalHost>();
  #textLength = 0;
  /** How often a host was run anew from its beginning, and how many inputs it took in all. */
  readonly rebuilding = { hosts: 0, inputs: 0 };

  /** @param looks whether invariants look at nodes */
  constructor(deployment: Deployment, limits: LocalLimits, wire: Wire, looks: boolean) {
    this.#deployment = deployment;
    this.#limits = limits;
    this.#wire = wire;
    this.#looks = looks;
    this.#numbers = deployment.instances.map(() => new Map<string, number>());
    this.#live = deployment.instances.map(() => new Map<number, LocalHost>());
  }

  /** How many local states, of all instances, there are so far. */
  get size(): number {
    return this.#states.length;
  }

  /** How many pairs of a local state and an input have been run. */
  get reactions(): number {
    return this.#reactions.length;
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return 2 * this.#textLength + this.#table.bytes + 400 * this.#states.length + 250 * this.#reactions.length;
  }

  state(number: number): LocalState {
    const state = this.#states[number];
    if (state === undefined) throw new Error(`There is no local state ${String(number)}.`);
    return state;
  }

  /** An instance starts. */
  start(instance: DeployedInstance): Reaction {
    const host = new LocalHost(this.#deployment, instance, this.#limits);
    return this.#note(instance, undefined, undefined, host, host.start());
  }

  /**
   * What the instance in a local state does.
   *
   * @param number of the input, on the wire or of a move
   */
  react(state: number, number: number, input: Input): Reaction {
    const known = this.#reactions[this.#table.get(state, number)];
    if (known !== undefined) return known;
    const { instance } = this.state(state);
    const kept = this.#takeLive(instance, state);
    const isStray = kept !== undefined && this.#strays.has(kept);
    const host = kept === undefined || isStray ? this.#rebuild(state) : kept;
    const created = this.#note(instance, state, input, host, host.perform(input));
    if (isStray) this.#compare(kept, kept.perform(input), created);
    this.#table.add(state, number, created.number);
    return created;
  }

  /** The number of what an instance does by itself. */
  moveOf(instance: DeployedInstance, input: Input): Move {
    const name = `${String(instance.number)} ${identifyMove(input)}`;
    const number = this.#moves.get(name) ?? FIRST_MOVE + this.#moves.size;
    this.#moves.set(name, number);
    return { number, input };
  }

  #note(
    instance: DeployedInstance,
    from: number | undefined,
    by: Input | undefined,
    host: LocalHost,
    { departures, events, failures }: Performance,
  ): Reaction {
    const to = this.#intern(host, from, by);
    const sent = departures.map((departure) => this.#wire.numberOf(departure, instance));
    this.#keep(host, to);
    const isIdle = from === to && sent.length === 0 && failures.length === 0;
    const reaction: Reaction = { number: this.#reactions.length, to, sent, events, failures, isIdle };
    this.#reactions.push(reaction);
    return reaction;
  }

  #intern(host: LocalHost, from: number | undefined, by: Input | undefined): number {
    const { instance } = host;
    const numbers = this.#numbersOf(instance);
    const text = host.describe();
    const known = numbers.get(text);
    if (known !== undefined) {
      this.#strays.add(host);
      return known;
    }
    const number = this.#states.length;
    numbers.set(text, number);
    this.#texts.push(text);
    this.#textLength += text.length;
    this.#states.push({
      instance,
      from,
      by,
      moves: host.moves.map((move) => this.moveOf(instance, move)),
      unsynced: host.isMortal ? host.unsynced : undefined,
      isDone: host.isDone,
      isCutOff: host.isCutOff,
      view: this.#looks && !host.isExternal ? host.look() : undefined,
    });
    return number;
  }

  #keep(host: LocalHost, state: number): void {
    const live = this.#liveOf(host.instance);
    live.delete(state);
    live.set(state, host);
    if (live.size <= LIVE_HOSTS) return;
    for (const oldest of live.keys()) {
      live.delete(oldest);
      return;
    }
  }

  /** A host in a local state, for one input: it is in another state afterwards. */
  #takeLive(instance: DeployedInstance, state: number): LocalHost | undefined {
    const live = this.#liveOf(instance);
    const kept = live.get(state);
    live.delete(state);
    return kept;
  }

  /**
   * Two ways lead to one state, so what follows has to be the same. If not, a class keeps something that is not told by
   * `describe`, and states that differ have been taken for one.
   *
   * @throws Error when something else follows.
   */
  #compare(stray: LocalHost, { departures, events, failures }: Performance, expected: Reaction): void {
    const { instance } = stray;
    const sent = departures.map((departure) => this.#wire.numberOf(departure, instance));
    const isSame =
      stray.describe() === this.#texts[expected.to] &&
      isDeepStrictEqual(
        [sent, events.map(printEvent), failures],
        [expected.sent, expected.events.map(printEvent), expected.failures],
      );
    if (!isSame) throw isNoFunction(instance);
    this.#keep(stray, expected.to);
  }

  /** @throws Error when the host does not become what it did before: then it is no function of its inputs. */
  #rebuild(number: number): LocalHost {
    const { instance } = this.state(number);
    const inputs: Input[] = [];
    for (let at: number | undefined = number; at !== undefined;) {
      const { from, by }: LocalState = this.state(at);
      if (by !== undefined) inputs.push(by);
      at = from;
    }
    const host = new LocalHost(this.#deployment, instance, this.#limits);
    host.start();
    for (const input of inputs.reverse()) host.perform(input);
    this.rebuilding.hosts++;
    this.rebuilding.inputs += inputs.length;
    if (host.describe() !== this.#texts[number]) throw isNoFunction(instance);
    return host;
  }

  #numbersOf({ number }: DeployedInstance): Map<string, number> {
    return this.#numbers[number] ?? failsAt(number);
  }

  #liveOf({ number }: DeployedInstance): Map<number, LocalHost> {
    return this.#live[number] ?? failsAt(number);
  }
}

function isNoFunction(instance: DeployedInstance): Error {
  return new Error(
    `${printInstance(instance)} is not in the same state after the same inputs. Its class keeps something where nobody can see it: in a variable of the module, in a static, in a #private field or in a function.`,
  );
}

function failsAt(number: number): never {
  throw new Error(`Nobody is number ${String(number)}.`);
}
