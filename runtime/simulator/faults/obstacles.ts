/**
 * What keeps messages from arriving for a while: clogged links and partitions of the network, which hold them up, and
 * omissions, which lose them.
 */
import { printInstance } from "../../routing/address.ts";
import type { Deployment } from "../../deployment.ts";
import type { Faults } from "./faults.ts";
import { matches, type Clog, type Link, type Network } from "../network.ts";

export interface Obstacle {
  readonly loses: boolean;
  readonly clogs: readonly Clog[];
}

export class Obstacles {
  readonly #deployment: Deployment;
  readonly #faults: Faults;
  readonly #network: Network;
  #standing: readonly Obstacle[] = [];
  readonly #counts = { partitions: 0, omissions: 0 };

  constructor(deployment: Deployment, faults: Faults, network: Network) {
    this.#deployment = deployment;
    this.#faults = faults;
    this.#network = network;
  }

  /** Those that have not been removed. */
  get standing(): readonly Obstacle[] {
    return this.#standing;
  }

  get counts(): { readonly partitions: number; readonly omissions: number } {
    return this.#counts;
  }

  /** What comes into the way before the next step. */
  strike(): readonly string[] {
    const events: string[] = [];
    const { links } = this.#network;
    if (links.length > 0 && this.#faults.happens("clogs")) events.push(this.#clogLink(this.#faults.pick(links)));
    if (this.#faults.happens("partitions")) events.push(this.#divide());
    if (this.#faults.happens("omissions")) events.push(this.#silence());
    return events;
  }

  remove(obstacle: Obstacle): void {
    this.#set(this.#standing.filter((standing) => standing !== obstacle));
  }

  clear(): void {
    this.#set([]);
  }

  /** Whether what goes from here to there is lost. */
  loses(link: Link): boolean {
    return this.#standing.some(({ loses, clogs }) => loses && clogs.some((clog) => matches(clog, link)));
  }

  #set(standing: readonly Obstacle[]): void {
    this.#standing = standing;
    this.#network.clog(standing.flatMap(({ loses, clogs }) => (loses ? [] : clogs)));
  }

  #clogLink({ origin, destination }: Link): string {
    const clog = this.#faults.pick<Clog>([
      { origins: new Set([origin]), destinations: new Set([destination]) },
      { origins: new Set([origin]), destinations: undefined },
      { origins: undefined, destinations: new Set([destination]) },
    ]);
    this.#set([...this.#standing, { loses: false, clogs: [clog] }]);
    return `clogged ${clog.origins ? printInstance(origin) : "*"} > ${clog.destinations ? printInstance(destination) : "*"}`;
  }

  /** Nodes, or instances that may be parts of one node, are cut off from all others: in both directions, or in one. */
  #divide(): string {
    const { nodes, instances } = this.#deployment;
    const apart = this.#faults.pick([true, false])
      ? new Set(this.#faults.pickSome(nodes).flatMap((node) => instances.filter((one) => one.node === node)))
      : new Set(this.#faults.pickSome(instances));
    const others = new Set(instances.filter((instance) => !apart.has(instance)));
    const there: Clog = { origins: apart, destinations: others };
    const back: Clog = { origins: others, destinations: apart };
    const clogs = this.#faults.pick([[there, back], [there], [back]]);
    this.#set([...this.#standing, { loses: false, clogs }]);
    this.#counts.partitions++;
    return `${[...apart].map(printInstance).join(", ")} cut off ${clogs.map((clog) => (clog === there ? "there" : "back")).join(" and ")}`;
  }

  /** A node, or a part of one, fails to send, or to receive, or both. */
  #silence(): string {
    const instances = this.#deployment.instances.filter(
      ({ role }) => this.#deployment.roles.get(role)?.external !== true,
    );
    const chosen = this.#faults.pick(instances);
    const who = new Set(
      this.#faults.pick([true, false]) ? instances.filter(({ node }) => node === chosen.node) : [chosen],
    );
    const sends: Clog = { origins: who, destinations: undefined };
    const receives: Clog = { origins: undefined, destinations: who };
    const clogs = this.#faults.pick([[sends], [receives], [sends, receives]]);
    this.#set([...this.#standing, { loses: true, clogs }]);
    this.#counts.omissions++;
    return `${[...who].map(printInstance).join(", ")} omit to ${clogs.map((clog) => (clog === sends ? "send" : "receive")).join(" and ")}`;
  }
}
