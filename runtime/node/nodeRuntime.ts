/** The instances that live in one process, between a transport and the clock. */
import type { Deployment } from "../deployment.ts";
import { printInstance, printLogical, type DeployedInstance } from "../routing/address.ts";
import type { Delivery, Log, Transport } from "../transport/transport.ts";
import { ComponentHost, type ActivationFailure, type DeadLetter, type HostCounters } from "./componentHost.ts";
import { Mailbox } from "./mailbox.ts";

export interface NodeRuntimeOptions {
  readonly deployment: Deployment;
  /** The instances that live here. */
  readonly instances: readonly DeployedInstance[];
  /** Makes the transport; it hands over what arrives by calling `receive`. */
  readonly transport: (receive: (delivery: Delivery) => void) => Transport;
  readonly log: Log;
  /** What a driver returned for a message: the operation that the message completes. */
  readonly onResult?: (host: ComponentHost, result: unknown) => void;
}

export class NodeRuntime {
  readonly transport: Transport;
  readonly hosts: readonly ComponentHost[];
  readonly #byNumber = new Map<number, ComponentHost>();
  readonly #mailbox: Mailbox;
  readonly #options: NodeRuntimeOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #complaints = 0;

  /** Constructs the instances. @throws whatever their constructors throw. */
  constructor(options: NodeRuntimeOptions) {
    this.#options = options;
    this.#mailbox = new Mailbox(
      (delivery) => this.#handle(delivery),
      () => this.transport.flush(),
    );
    this.transport = options.transport((delivery) => this.#mailbox.push(delivery));
    this.hosts = options.instances.map((instance) => this.#createHost(instance));
    for (const host of this.hosts) this.#byNumber.set(host.instance.number, host);
  }

  /** Runs the start handlers and sets the timers. */
  start(): void {
    for (const host of this.hosts) {
      host.start();
      for (const { handler, milliseconds } of host.timers) {
        this.#timers.push(setInterval(() => host.fire(handler), milliseconds));
      }
    }
  }

  /** Stops the timers and the transport. Messages that wait are not handled any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.transport.close();
  }

  /** The counters of all instances together. */
  get counters(): HostCounters {
    const total: HostCounters = { activations: 0, failures: 0, sent: 0, deadLetters: 0 };
    for (const { counters } of this.hosts) {
      total.activations += counters.activations;
      total.failures += counters.failures;
      total.sent += counters.sent;
      total.deadLetters += counters.deadLetters;
    }
    return total;
  }

  /** How many messages wait to be handled. */
  get depth(): number {
    return this.#mailbox.depth;
  }

  #createHost(instance: DeployedInstance): ComponentHost {
    return new ComponentHost({
      deployment: this.#options.deployment,
      instance,
      emit: (messages) => {
        this.transport.send(messages);
        this.#mailbox.wake();
      },
      onFailure: (failure) => this.#complain(describeFailure(failure)),
      onDeadLetter: (letter) => this.#complain(describeDeadLetter(letter)),
    });
  }

  #handle(delivery: Delivery): void {
    const host = this.#byNumber.get(delivery.to);
    if (host === undefined) throw new Error(`Instance ${String(delivery.to)} does not live in this process.`);
    const result = host.deliver(delivery);
    if (result !== undefined) this.#options.onResult?.(host, result);
  }

  /** Loud, but not endless: counters keep the number, the log keeps the first ones. */
  #complain(line: string): void {
    this.#complaints++;
    if (this.#complaints <= MAX_COMPLAINTS) this.#options.log(line);
    if (this.#complaints === MAX_COMPLAINTS)
      this.#options.log("Further failures and dead letters are counted, not logged.");
  }
}

const MAX_COMPLAINTS = 20;

export function describeFailure({ instance, handler, error }: ActivationFailure): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${printInstance(instance)}: ${handler} failed, was rolled back and sent nothing. ${detail}`;
}

export function describeDeadLetter({ instance, to, handler, reason }: DeadLetter): string {
  return `${printInstance(instance)}: a message ${handler} to ${printLogical(to)} is lost, because ${reason}.`;
}
