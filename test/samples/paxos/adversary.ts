/**
 * Runs Multi-Paxos, as it is written, against its weakest points. The simulator breaks everything everywhere, which is fair to all systems,
 * and seldom comes upon what takes an election, a crash and a message that is very late, in that order. Here some
 * links stand still from the first message to a later moment, those that have just promised or proposed something are the ones that crash,
 * and leaders change all the time; a run takes few steps, so there can be many.
 */
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import type { Deployment } from "../../../runtime/deployment.ts";
import type { Outgoing } from "../../../runtime/node/message.ts";
import type { DeployedInstance, DeployedNode } from "../../../runtime/routing/address.ts";
import { randomChooser, Stage, withoutHostCalls, type Order } from "../../../runtime/simulator/index.ts";
import { findDisagreementsAmong, type Sent } from "./logInvariants.ts";

const STEPS = 150;
const COMMANDS = 6;
/** The longest that a link stands still; that of a proposer to the acceptor which is far from it, longer. */
const STALL = 40;
const FAR = [30, 110] as const;
/** One in so many; 0 for never. Drawn for each run. */
const STALLS = [0, 0, 8] as const;
const LOSSES = [0, 0, 12] as const;
const CRASHES = [0, 30, 10] as const;
/** Of whoever has just sent what must not be taken back. */
const CRASHES_AFTER_PROMISES = [0, 6, 2] as const;
/** What a crash must not take back. */
const PROMISES: ReadonlySet<string> = new Set(["p1b", "p2a", "p2b"]);
/** Messages of one link keep their order, but for one in so many. */
const OVERTAKING = 4;
/** Something other than an arrival happens in one step of so many. */
const TIMER_RARITY = 5;
/** A replica's timer fires in one step of so many of those, the others are proposers'. */
const REPLICA_RARITY = 8;

interface Link {
  readonly origin: DeployedNode;
  readonly destination: DeployedInstance;
  readonly messages: Outgoing[];
  /** The step from which on messages arrive. */
  readonly from: number;
}

/** What is wrong with the run of a seed: nothing, when its nodes agree. */
export function attack(deployment: Deployment, seed: number): readonly string[] {
  return withoutHostCalls(() => new Attack(deployment, seed).run());
}

class Attack {
  readonly #choose: (n: number) => number;
  readonly #nodes: readonly DeployedInstance[];
  readonly #client: DeployedNode;
  readonly #acceptors: number;
  readonly #stage: Stage<true>;
  readonly #links = new Map<string, Link>();
  readonly #sent: Sent[] = [];
  readonly #rates: {
    readonly stalls: number;
    readonly losses: number;
    readonly crashes: number;
    readonly after: number;
  };
  /** Each proposer is far from one acceptor: proposers are elected, and speak, by and with different ones. */
  readonly #far: ReadonlyMap<DeployedNode, DeployedInstance>;
  #commands = 0;
  /** Who last said that it leads. Clients believe that. */
  #lastToSpeak: DeployedNode | undefined;
  #step = 0;

  constructor(deployment: Deployment, seed: number) {
    const chooser = randomChooser(seed);
    this.#choose = (n) => chooser.choose(n, "schedule");
    this.#nodes = deployment.instances.filter(({ role }) => role !== "Client");
    this.#acceptors = this.#nodesOf("Acceptor").length;
    this.#client = this.#pick(deployment.instances.filter(({ role }) => role === "Client")).node;
    this.#stage = new Stage(deployment, this.#nodes, { hasty: true });
    this.#far = new Map(this.#nodesOf("Proposer").map(({ node }) => [node, this.#pick(this.#nodesOf("Acceptor"))]));
    this.#rates = {
      stalls: this.#pick(STALLS),
      losses: this.#pick(LOSSES),
      crashes: this.#pick(CRASHES),
      after: this.#pick(CRASHES_AFTER_PROMISES),
    };
  }

  run(): readonly string[] {
    for (const node of this.#nodes) this.#start(node);
    for (; this.#step < STEPS; this.#step++) {
      if (this.#happens(this.#rates.crashes)) this.#crash(this.#pick(this.#nodes));
      const ready = [...this.#links.values()].filter(({ messages, from }) => messages.length > 0 && from <= this.#step);
      if (ready.length === 0 || this.#happens(TIMER_RARITY)) this.#act();
      else this.#arrive(this.#pick(ready));
    }
    return findDisagreementsAmong(this.#sent, this.#acceptors);
  }

  /** A client sends its next command, or a timer fires. */
  #act(): void {
    const proposers = this.#nodesOf("Proposer");
    if (this.#commands < COMMANDS && this.#choose(2) === 0) {
      const sequence = this.#commands++;
      const operation = { kind: "append", key: "key", value: String(sequence) };
      const payload = encodePayload({ sequence, answered: 0, operation });
      this.#perform(this.#nodes.find(({ node }) => node === this.#lastToSpeak) ?? this.#pick(proposers), {
        kind: "deliver",
        incoming: { handler: "request", from: this.#client, payload },
      });
      return;
    }
    const node = this.#pick(this.#happens(REPLICA_RARITY) ? this.#nodesOf("Replica") : proposers);
    const orders = [
      ...this.#stage.repeatedTimers(node).map((handler): Order => ({ kind: "fire", handler })),
      ...this.#stage.pendingTimers(node).map((timer): Order => ({ kind: "expire", timer })),
    ];
    if (orders.length > 0) this.#perform(node, this.#pick(orders));
  }

  #arrive({ origin, destination, messages }: Link): void {
    const [message] = messages.splice(this.#happens(OVERTAKING) ? this.#choose(messages.length) : 0, 1);
    if (message === undefined || this.#happens(this.#rates.losses)) return;
    const { handler, payload } = message;
    this.#perform(destination, { kind: "deliver", incoming: { handler, from: origin, payload } });
  }

  #perform(node: DeployedInstance, order: Order): void {
    const { sent, failure } = this.#stage.perform(node, order, true);
    if (failure !== undefined) throw failure.error;
    for (const message of sent) this.#send(message);
    if (sent.some(({ handler }) => PROMISES.has(handler)) && this.#happens(this.#rates.after)) this.#crash(node);
  }

  #send(message: Outgoing): void {
    const { from: origin, destination, handler, payload } = message;
    this.#sent.push({ from: origin, handler, payload });
    if (handler === "heartbeat") this.#lastToSpeak = origin;
    if (destination.role === "Client") return;
    const name = `${String(origin.number)} ${String(destination.number)}`;
    const link = this.#links.get(name) ?? {
      origin,
      destination,
      messages: [],
      from: this.#opening(origin, destination),
    };
    this.#links.set(name, link);
    link.messages.push(message);
  }

  #opening(origin: DeployedNode, destination: DeployedInstance): number {
    if (this.#far.get(origin) === destination) return FAR[0] + this.#choose(FAR[1] - FAR[0]);
    return this.#happens(this.#rates.stalls) ? this.#step + this.#choose(STALL) : this.#step;
  }

  /** What a node has sent is stable, so its crash takes nothing but what it does not keep. */
  #crash(node: DeployedInstance): void {
    const storage = this.#stage.storageOf(node);
    this.#stage.crash(node, storage.length);
    this.#start(node);
  }

  #start(node: DeployedInstance): void {
    for (const handler of this.#stage.startHandlers(node)) this.#perform(node, { kind: "fire", handler });
  }

  #nodesOf(role: string): readonly DeployedInstance[] {
    return this.#nodes.filter((node) => node.role === role);
  }

  #happens(rarity: number): boolean {
    return rarity > 0 && this.#choose(rarity) === 0;
  }

  #pick<T>(candidates: readonly T[]): T {
    const picked = candidates[this.#choose(candidates.length)];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  }
}
