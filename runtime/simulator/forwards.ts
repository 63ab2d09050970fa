/**
 * Keeps account of the forwards of a run and of what travels with them: which are to be sent again, which come twice,
 * which a crash has taken along.
 */
import type { Incoming, Outgoing } from "../node/message.ts";
import type { Deployment } from "../deployment.ts";
import type { DeployedNode } from "../routing/address.ts";
import type { Chooser } from "./chooser.ts";
import type { Lives } from "./faults/lives.ts";
import type { Payload, Travelling } from "./network.ts";
import type { ChannelCounts } from "./run.ts";

/** How often what a stateful channel carries arrives twice, one in so many; 0 for never. Drawn for each run. */
const REPETITIONS = [0, 5, 2] as const;

export class Forwards {
  readonly #chooser: Chooser;
  readonly #lives: Lives;
  readonly #repetition: number;
  readonly #neverResends: boolean;
  /** By what was sent, for what has arrived and comes out of a host again later. */
  readonly #carried = new Map<Incoming, Payload>();
  /** Forwards on stateful channels that have not been applied. */
  readonly #outstanding = new Map<Outgoing, Travelling>();
  /** What has not arrived, and has to. */
  #lost: Travelling[] = [];
  readonly #counts = { once: 0, repeatable: 0, ordered: 0, acknowledged: 0, stalled: 0, repeated: 0 };

  /** @param neverResends whether a flawed machinery sends nothing again */
  constructor(deployment: Deployment, chooser: Chooser, lives: Lives, neverResends: boolean) {
    this.#neverResends = neverResends;
    this.#chooser = chooser;
    this.#lives = lives;
    this.#repetition = hasChannels(deployment) ? pick(REPETITIONS, chooser) : 0;
  }

  get counts(): Omit<ChannelCounts, "held" | "parked"> {
    return this.#counts;
  }

  /** Something leaves. */
  noteSent(travelling: Travelling): void {
    const { carries } = travelling;
    if (carries.kind === "acknowledgement") return;
    this.#carried.set(carries.outgoing, carries);
    if (carries.kind !== "forward") return;
    const { stamp } = carries.outgoing;
    this.#counts[stamp?.channel ?? "once"]++;
    if (stamp !== undefined) this.#outstanding.set(carries.outgoing, travelling);
  }

  /** What a host was given, and has given out to be handled: as what it travelled, or the first of its fragments did. */
  carried(incoming: Incoming): Payload {
    const carried = this.#carried.get(incoming.fragmentsOf?.[0] ?? incoming);
    if (carried === undefined) throw new Error(`Nobody has sent the ${incoming.handler} that a host gives out.`);
    return carried;
  }

  /** A flawed machinery handles something in place of what a host gives out. */
  noteReplaced(incoming: Incoming, by: Incoming): void {
    this.#carried.set(by, this.carried(incoming));
  }

  /** A host has handled something. */
  noteHandled(incoming: Incoming): void {
    const carried = this.#carried.get(incoming);
    if (carried?.kind !== "forward" || carried.outgoing.stamp === undefined) return;
    if (!this.#outstanding.delete(carried.outgoing)) this.#counts.repeated++;
  }

  /** Whether a forward on a stateful channel has not been handled yet. */
  isOutstanding(outgoing: Outgoing): boolean {
    return this.#outstanding.has(outgoing);
  }

  /** A host was given a forward, and it waits there for an earlier one. */
  noteStalled(outgoing: Outgoing): void {
    if (this.#outstanding.has(outgoing)) this.#counts.stalled++;
  }

  /** Whether what arrives now will arrive once more. */
  repeats({ carries }: Travelling): boolean {
    if (this.#repetition === 0 || !isStateful(carries)) return false;
    return this.#chooser.choose(this.#repetition, "network") === this.#repetition - 1;
  }

  /** Something has not arrived. What can is sent again; everything else is an omission. */
  noteLost(travelling: Travelling): void {
    const { carries } = travelling;
    if (!isStateful(carries)) {
      if (carries.kind === "forward") carries.activation.lostForwards++;
    } else if (this.#isOfThisLife(travelling) && !this.#neverResends) this.#lost.push(travelling);
  }

  /** What can be sent again now: both ends have to be there. */
  get resendable(): readonly Travelling[] {
    if (this.#lost.length === 0) return this.#lost;
    return this.#lost.filter(({ origin, destination }) => this.#lives.isUp(origin) && this.#lives.isUp(destination));
  }

  noteResent(travelling: Travelling): void {
    this.#lost = this.#lost.filter((lost) => lost !== travelling);
  }

  /** A node has come back, and all that was under way inside of it is lost. */
  noteComeback(node: DeployedNode): void {
    this.#lost = this.#lost.filter((travelling) => this.#isOfThisLife(travelling));
    for (const [outgoing, { carries, origin }] of this.#outstanding) {
      if (origin.node !== node) continue;
      this.#outstanding.delete(outgoing);
      if (carries.kind !== "forward") continue;
      carries.activation.lostForwards++;
      carries.activation.isCutShort = true;
    }
  }

  #isOfThisLife({ origin, incarnation }: Travelling): boolean {
    return incarnation === this.#lives.incarnationOf(origin.node);
  }
}

/** Whether it is sent again until it has arrived. */
export function isStateful(carries: Payload): boolean {
  return carries.kind === "acknowledgement" || (carries.kind === "forward" && carries.outgoing.stamp !== undefined);
}

function hasChannels({ table }: Deployment): boolean {
  return Object.values(table.roles).some(({ handlers }) =>
    Object.values(handlers).some(({ channel }) => channel !== undefined),
  );
}

function pick<T>(alternatives: readonly [T, ...T[]], chooser: Chooser): T {
  return alternatives[chooser.choose(alternatives.length, "network")] ?? alternatives[0];
}
