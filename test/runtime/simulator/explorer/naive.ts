/**
 * A second explorer, to compare the first with: each state is reached by running all of the system anew, and told apart by
 * what its nodes look like. It knows systems as written, messages, operations and repeated timers, and nothing else.
 */
import type { Deployment } from "../../../../runtime/deployment.ts";
import type { Outgoing } from "../../../../runtime/node/message.ts";
import { printLogical, type DeployedInstance } from "../../../../runtime/routing/address.ts";
import { Stage, withoutHostCalls, type Order } from "../../../../runtime/simulator/index.ts";
import { canonicalText } from "../../../../runtime/simulator/explorer/canonicalText.ts";

export interface NaiveOptions {
  readonly operations: number;
  readonly window: number;
  readonly firings: number;
}

export interface NaiveCounts {
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
}

/** Chosen among all that could happen next, one after another. */
type Choices = readonly number[];

export function exploreNaively(deployment: Deployment, options: NaiveOptions): NaiveCounts {
  return withoutHostCalls(() => {
    const known = new Map<string, number>();
    let generated = 0;
    let depth = 0;
    let level: Choices[] = [[]];
    const discover = (choices: Choices): boolean => {
      generated++;
      const { key } = replay(deployment, options, choices);
      if (known.has(key)) return false;
      known.set(key, choices.length);
      return true;
    };
    discover([]);
    for (; level.length > 0;) {
      const next: Choices[] = [];
      for (const choices of level) {
        const { alternatives } = replay(deployment, options, choices);
        for (let i = 0; i < alternatives; i++) if (discover([...choices, i])) next.push([...choices, i]);
      }
      if (next.length > 0) depth++;
      level = next;
    }
    return { distinct: known.size, generated, depth };
  });
}

function replay(
  deployment: Deployment,
  options: NaiveOptions,
  choices: Choices,
): { readonly key: string; readonly alternatives: number } {
  const run = new Run(deployment, options);
  for (const choice of choices) run.go(choice);
  return { key: run.key, alternatives: run.alternatives.length };
}

class Run {
  readonly #deployment: Deployment;
  readonly #options: NaiveOptions;
  readonly #stage: Stage<string>;
  readonly #clients = new Map<DeployedInstance, { issued: number; readonly open: Set<string> }>();
  readonly #fired = new Map<string, number>();
  readonly #history: string[] = [];
  #network: Outgoing[] = [];

  constructor(deployment: Deployment, options: NaiveOptions) {
    this.#deployment = deployment;
    this.#options = options;
    this.#stage = new Stage(deployment, deployment.instances);
    for (const instance of deployment.instances) {
      if (this.#isClient(instance)) this.#clients.set(instance, { issued: 0, open: new Set() });
      for (const handler of this.#stage.startHandlers(instance)) this.#perform(instance, { kind: "fire", handler });
    }
  }

  get key(): string {
    const nodes = this.#deployment.instances.map((instance) => {
      const look = this.#stage.look(instance);
      const fields = Object.keys(look).filter((name) => !["self", "others", "clients"].includes(name));
      return this.#isClient(instance) ? 0 : fields.map((name) => [name, canonicalText(Reflect.get(look, name))]);
    });
    const clients = [...this.#clients.values()].map(({ issued, open }) => [issued, [...open].sort()]);
    return canonicalText([nodes, clients, [...this.#fired].sort(), this.#history, this.#network.map(print).sort()]);
  }

  /** What can happen next: equal messages are one. */
  get alternatives(): readonly (() => void)[] {
    const alternatives: (() => void)[] = [];
    const distinct = new Map(this.#network.map((message) => [print(message), message]));
    for (const message of distinct.values()) alternatives.push(() => this.#deliver(message));
    for (const [instance, { issued, open }] of this.#clients) {
      if (issued < this.#options.operations && open.size < this.#options.window)
        alternatives.push(() => this.#request(instance));
    }
    for (const instance of this.#deployment.instances) {
      for (const handler of this.#stage.repeatedTimers(instance)) {
        const name = `${instance.id} ${handler}`;
        const fired = this.#fired.get(name) ?? 0;
        if (fired >= this.#options.firings) continue;
        alternatives.push(() => {
          this.#fired.set(name, fired + 1);
          this.#perform(instance, { kind: "fire", handler });
        });
      }
    }
    return alternatives;
  }

  go(choice: number): void {
    this.alternatives[choice]?.();
  }

  #deliver(message: Outgoing): void {
    const { destination, handler, payload, from } = message;
    this.#network = this.#network.filter((other) => other !== message);
    const client = this.#clients.get(destination);
    if (client !== undefined)
      this.#history.push(`${destination.id} < ${printLogical(from)} ${handler} ${payload.join()}`);
    const returned = this.#perform(destination, { kind: "deliver", incoming: message });
    if (typeof returned === "string") client?.open.delete(returned);
  }

  #request(instance: DeployedInstance): void {
    const client = this.#clients.get(instance);
    if (client === undefined) return;
    const operation = this.#perform(instance, { kind: "request", operation: client.issued++ });
    if (typeof operation === "string") client.open.add(operation);
  }

  #perform(instance: DeployedInstance, order: Order): unknown {
    const { sent, returned } = this.#stage.perform(instance, order, "naive");
    this.#network.push(...sent);
    if (this.#clients.has(instance))
      for (const { destination, handler, payload } of sent)
        this.#history.push(`${instance.id} > ${printLogical(destination)} ${handler} ${payload.join()}`);
    return returned;
  }

  #isClient({ role }: DeployedInstance): boolean {
    return this.#deployment.roles.get(role)?.external === true;
  }
}

function print({ destination, handler, payload, from }: Outgoing): string {
  return `${String(destination.number)} ${handler} ${printLogical(from)} ${payload.join()}`;
}
