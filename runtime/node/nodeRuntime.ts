/** The instances that live in one process, between a transport and the clock. */
import { setTimeout as elapse } from "node:timers/promises";
import { detach, ProcessChannels } from "../channels/processChannels.ts";
import type { Deployment } from "../deployment.ts";
import { printInstance, printLogical, type DeployedInstance } from "../routing/address.ts";
import { instanceDirectory } from "../storage/instanceDirectory.ts";
import { FileLog } from "../storage/fileLog.ts";
import type { ChannelEvents, Delivery, Log, Transport } from "../transport/transport.ts";
import { ComponentHost, type ActivationFailure, type DeadLetter, type HostCounters } from "./componentHost.ts";
import { createCounters } from "./hostOptions.ts";
import { Mailbox } from "./mailbox.ts";
import type { Incoming } from "./message.ts";
import { ProcessClock } from "./processClock.ts";

export interface NodeRuntimeOptions {
  readonly deployment: Deployment;
  /** The instances that live here. */
  readonly instances: readonly DeployedInstance[];
  /** Makes the transport; it hands over what arrives by calling `receive`, and tells the channels inside nodes. */
  readonly transport: (receive: (delivery: Delivery) => void, events: ChannelEvents) => Transport;
  readonly log: Log;
  /** What a driver returned for a message: the operation that the message completes. */
  readonly onResult?: (host: ComponentHost, result: unknown) => void;
  /** The directory in which instances keep what has to survive. Needed when one of them keeps anything. */
  readonly data?: string | undefined;
  /** What an instance has to keep cannot be kept: the process must end. Thrown unless said. */
  readonly onStorageFailure?: ((error: Error) => void) | undefined;
  /** How often the nodes of the instances have lost their volatile state in this run; 0 unless said. */
  readonly incarnation?: number | undefined;
}

export class NodeRuntime {
  readonly transport: Transport;
  readonly hosts: readonly ComponentHost[];
  readonly #byNumber = new Map<number, ComponentHost>();
  readonly #mailbox: Mailbox;
  readonly #channels: ProcessChannels;
  readonly #options: NodeRuntimeOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #clocks = new Map<ComponentHost, ProcessClock>();
  readonly #logs: FileLog[] = [];
  /** Hosts whose start handlers have not run. */
  readonly #unstarted = new Set<ComponentHost>();
  #complaints = 0;

  /**
   * Constructs the instances, with the durable state that they find.
   *
   * @throws whatever their constructors throw; Error when what is stored is damaged, or does not fit.
   */
  constructor(options: NodeRuntimeOptions) {
    this.#options = options;
    this.#mailbox = new Mailbox(
      (delivery) => this.#handle(delivery),
      () => {
        this.#channels.acknowledge();
        this.transport.flush();
      },
    );
    this.#channels = new ProcessChannels({
      transport: () => this.transport,
      wake: () => this.#mailbox.wake(),
      log: options.log,
    });
    this.transport = options.transport((delivery) => this.#mailbox.push(delivery), this.#channels);
    this.hosts = options.instances.map((instance) => this.#createHost(instance));
    for (const host of this.hosts) {
      this.#byNumber.set(host.instance.number, host);
      this.#channels.add(host);
    }
  }

  /** Runs the start (or recovery) handlers, sets the timers, and begins to handle messages. */
  start(): void {
    for (const host of this.hosts) {
      for (const round of host.coordination?.repeats ?? []) host.coordination?.repeat(round);
      this.#unstarted.add(host);
      if (host.coordination?.isStopped !== true) this.#goOn(host);
      for (const { handler, milliseconds } of host.timers) {
        const fire = (): void => {
          if (host.channels?.isFull !== true && host.coordination?.isStopped !== true) host.fire(handler);
        };
        this.#timers.push(setInterval(fire, milliseconds));
      }
    }
    this.#channels.start();
    this.#mailbox.open();
  }

  /**
   * Has all partitions of a component do what was decided that they do together, and decides no more. To be called before
   * the first process of a run stops. What is not done after {@link SETTLE_MILLISECONDS} has to wait for the next start.
   */
  async settle(): Promise<void> {
    const settled = this.hosts.flatMap(({ coordination }) =>
      coordination === undefined
        ? []
        : new Promise<void>((resolve) => {
            coordination.settle(resolve);
          }),
    );
    const patience = new AbortController();
    const deadline = elapse(SETTLE_MILLISECONDS, undefined, patience).catch(() => undefined);
    await Promise.race([Promise.all(settled), deadline]);
    patience.abort();
  }

  /** Stops the timers, the transport and the storage. Messages that wait are not handled any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const clock of this.#clocks.values()) clock.stop();
    this.#channels.stop();
    await this.transport.close();
    this.#mailbox.close();
    await Promise.all(this.#logs.map((log) => log.close()));
  }

  /** How often the logs of this process were synced. */
  get syncs(): number {
    return this.#logs.reduce((sum, { counters }) => sum + counters.syncs, 0);
  }

  /** The counters of all instances together. */
  get counters(): HostCounters {
    const total = createCounters();
    for (const { counters } of this.hosts) {
      for (const name of Object.keys(total) as (keyof HostCounters)[]) total[name] += counters[name];
    }
    return total;
  }

  /** How many messages wait to be handled. */
  get depth(): number {
    return this.#mailbox.depth;
  }

  #createHost(instance: DeployedInstance): ComponentHost {
    const clock = new ProcessClock((handler, key) => {
      if (host.coordination?.isStopped === true) return false;
      if (host.channels?.isFull === true) clock.set(handler, key, LATER_MILLISECONDS);
      else host.expire(handler, key);
      return true;
    });
    const host: ComponentHost = new ComponentHost({
      deployment: this.#options.deployment,
      instance,
      incarnation: this.#options.incarnation,
      emit: (messages) => {
        this.transport.send(messages);
        this.#mailbox.wake();
      },
      onFailure: (failure) => this.#complain(describeFailure(failure)),
      onDeadLetter: (letter) => this.#complain(describeDeadLetter(letter)),
      storage: () => this.#openLog(instance),
      clock,
      channels: {
        onDue: () => this.#mailbox.wake(),
        onDrop: (line) => this.#complain(line),
        keep: detach,
      },
    });
    this.#clocks.set(host, clock);
    return host;
  }

  #openLog(instance: DeployedInstance): FileLog {
    const { data, onStorageFailure } = this.#options;
    if (data === undefined)
      throw new Error(`${printInstance(instance)} has durable state, and there is no data directory.`);
    const onFailure = onStorageFailure ?? throwLater;
    const log = new FileLog(instanceDirectory(data, instance), { onFailure });
    this.#logs.push(log);
    return log;
  }

  #handle(delivery: Delivery): void {
    const host = this.#byNumber.get(delivery.to);
    if (host === undefined) throw new Error(`Instance ${String(delivery.to)} does not live in this process.`);
    if (host.channels === undefined) this.#deliver(host, delivery);
    else for (const message of host.channels.accept(delivery)) this.#deliver(host, message);
  }

  /** What that makes go on is next, before anything else. */
  #deliver(host: ComponentHost, message: Incoming): void {
    const waiting = [message];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const result = host.deliver(next);
      if (result !== undefined) this.#options.onResult?.(host, result);
      if (host.coordination?.isStopped === false) this.#goOn(host);
      waiting.push(...(host.channels?.takeWoken() ?? []).toReversed());
    }
  }

  /** An instance that has to stand still when it comes up starts when it goes on; timers whose time has come meanwhile fire. */
  #goOn(host: ComponentHost): void {
    if (this.#unstarted.delete(host)) host.start();
    this.#clocks.get(host)?.catchUp();
  }

  /** Loud, but not endless: counters keep the number, the log keeps the first ones. */
  #complain(line: string): void {
    this.#complaints++;
    if (this.#complaints <= MAX_COMPLAINTS) this.#options.log(line);
    if (this.#complaints === MAX_COMPLAINTS)
      this.#options.log("Further failures, dead letters and dropped messages are counted, not logged.");
  }
}

const MAX_COMPLAINTS = 20;
/** How long the end of a run may be put off. */
const SETTLE_MILLISECONDS = 1_000;
/** When a timer is tried again that came while its instance takes nothing: a timer may be slow. */
const LATER_MILLISECONDS = 1_000;

/** Where nobody can catch it. */
function throwLater(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

export function describeFailure({ instance, handler, error }: ActivationFailure): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${printInstance(instance)}: ${handler} failed, was rolled back and sent nothing. ${detail}`;
}

export function describeDeadLetter({ instance, to, handler, reason }: DeadLetter): string {
  return `${printInstance(instance)}: a message ${handler} to ${printLogical(to)} is lost, because ${reason}.`;
}
