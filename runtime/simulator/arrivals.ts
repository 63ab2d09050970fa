/** What becomes of a message between its arrival at an instance and its handling there, as channels have it. */
import type { Acknowledgement, Stamp } from "../channels/stamp.ts";
import type { Deployment } from "../deployment.ts";
import type { Incoming, Outgoing } from "../node/message.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";
import type { Chooser } from "./chooser.ts";
import { FlawedCommits } from "./faults/flawedCommits.ts";
import type { Forwards } from "./forwards.ts";
import type { Lives } from "./faults/lives.ts";
import type { Network, Travelling } from "./network.ts";
import type { Rounds } from "./rounds.ts";
import type { Flaws } from "./simulate.ts";
import type { Trace } from "./trace.ts";

/** The channels of the instances. */
interface Channels {
  isStopped(instance: DeployedInstance): boolean;
  accept(instance: DeployedInstance, incoming: Incoming): readonly Incoming[];
  takeWoken(instance: DeployedInstance): readonly Incoming[];
  parked(instance: DeployedInstance): readonly Incoming[];
  takeAcknowledgements(instance: DeployedInstance): readonly Acknowledgement[];
}

export interface ArrivalsOptions {
  readonly deployment: Deployment;
  readonly chooser: Chooser;
  readonly stage: Channels;
  readonly network: Network;
  readonly forwards: Forwards;
  readonly lives: Lives;
  readonly rounds: Rounds;
  readonly trace: Trace;
  readonly flaws: Flaws;
}

/** A flawed machinery repeats one forward in so many. */
const FLAWED_REPETITION = 4;

export class Arrivals {
  readonly #options: ArrivalsOptions;
  /** What a flawed machinery has not woken. */
  readonly #forgotten = new Map<DeployedInstance, Incoming[]>();
  /** Up to where a flawed machinery has handled streams, skipping what was missing. */
  readonly #skippedTo = new Map<string, number>();

  readonly #commits: FlawedCommits;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#commits = new FlawedCommits(options.deployment, options.flaws, options.forwards);
  }

  /** What is to be handled now that this has arrived, one after another. */
  accept(travelling: Travelling, outgoing: Outgoing): readonly Incoming[] {
    const { stage, network, forwards, rounds, trace, flaws } = this.#options;
    const { destination } = travelling;
    if (forwards.repeats(travelling)) network.send(travelling);
    if (travelling.isCopy === true) return [outgoing];
    if (this.#isCopied(travelling, outgoing)) network.send({ ...travelling, isCopy: true });
    const { stamp } = outgoing;
    if (stamp !== undefined && stamp.channel !== "repeatable") {
      if (flaws.acknowledgesEarly === true) this.#send(destination, acknowledgementOf(stamp, destination));
      if (flaws.unordered === true) return forwards.isOutstanding(outgoing) ? [outgoing] : [];
      if (flaws.skipsGaps === true) return this.#skip(stamp, destination) ? [outgoing] : [];
    }
    const wasStopped = stage.isStopped(destination);
    if (wasStopped && flaws.freezesNobody === true && stamp === undefined) return [outgoing];
    const accepted = this.#commits.flaw(destination, stage.accept(destination, outgoing));
    if (accepted.length > 0) return accepted;
    trace.note(`${printInstance(destination)} keeps ${outgoing.handler}`);
    if (wasStopped && stamp === undefined) rounds.noteStopped();
    if (stamp !== undefined) forwards.noteStalled(outgoing);
    return accepted;
  }

  /** What has waited at an instance, and is to be handled now that something else was. */
  takeWoken(instance: DeployedInstance): readonly Incoming[] {
    const { stage, flaws } = this.#options;
    const woken = stage.takeWoken(instance);
    if (flaws.wakesNobody !== true || woken.length === 0) return woken;
    this.#forgotten.set(instance, [...(this.#forgotten.get(instance) ?? []), ...woken]);
    return [];
  }

  /** What waits at an instance for an entry that nobody has made. */
  parked(instance: DeployedInstance): readonly Incoming[] {
    return [...(this.#forgotten.get(instance) ?? []), ...this.#options.stage.parked(instance)];
  }

  /** An instance tells others what it has applied of theirs. */
  acknowledge(instance: DeployedInstance): void {
    for (const acknowledgement of this.#options.stage.takeAcknowledgements(instance))
      this.#send(instance, acknowledgement);
  }

  /** An instance comes back, and what waited there is gone. */
  forget(instance: DeployedInstance): void {
    this.#forgotten.delete(instance);
    this.#commits.forget(instance);
  }

  #send(origin: DeployedInstance, acknowledgement: Acknowledgement): void {
    const { deployment, network, lives } = this.#options;
    const destination = deployment.instances[acknowledgement.sender];
    if (destination === undefined) throw new Error(`Nobody is number ${String(acknowledgement.sender)}.`);
    const incarnation = lives.incarnationOf(origin.node);
    network.send({ destination, origin, incarnation, carries: { kind: "acknowledgement", acknowledgement } });
  }

  #isCopied({ carries }: Travelling, { stamp }: Outgoing): boolean {
    const { flaws, chooser } = this.#options;
    const isFlawed = flaws.repeatsForwards === true && carries.kind === "forward" && stamp?.channel !== "repeatable";
    if (!isFlawed && !(flaws.repeatsMessages === true && carries.kind === "message")) return false;
    return chooser.choose(FLAWED_REPETITION, "network") === 0;
  }

  #skip(stamp: Stamp, { number }: DeployedInstance): boolean {
    const stream = `${stamp.channel} ${String(stamp.sender)} ${String(number)}`;
    if (stamp.sequence <= (this.#skippedTo.get(stream) ?? 0)) return false;
    this.#skippedTo.set(stream, stamp.sequence);
    return true;
  }
}

export function acknowledgementOf({ channel, sender, sequence }: Stamp, receiver: DeployedInstance): Acknowledgement {
  return { channel, sender, sequence, receiver: receiver.number };
}
