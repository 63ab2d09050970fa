import { setTimeout as elapse } from "node:timers/promises";
import type { ChildHandle } from "./childHandle.ts";
import type { FromChild, ProcessPlan, ToChild } from "./ipc.ts";

/** How long the end of a process may take to be known after others have noticed that they cannot reach it. */
const CAUSE_MILLISECONDS = 1_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The processes of one run. They live and die together: the first failure of any is the failure of all. One that is
 * removed has not failed.
 */
export class Crew {
  /** By the names of the processes. */
  readonly #members = new Map<string, ChildHandle>();
  readonly #failure: Promise<never>;
  #reportFailure: (error: Error) => void = () => undefined;
  #interruptedBy: NodeJS.Signals | undefined;
  /** Whether something is missing, so that the others can end nothing together. */
  #broken = false;

  constructor() {
    this.#failure = new Promise((_, reject) => {
      this.#reportFailure = reject;
    });
    this.#failure.catch(() => undefined); // whoever waits is told; nobody may be waiting just now
    for (const signal of SIGNALS) process.on(signal, this.#interrupt);
    process.on("exit", this.#killAll);
  }

  add(member: ChildHandle): void {
    this.#members.set(member.plan.name, member);
  }

  /** The members that are there. */
  get members(): readonly ChildHandle[] {
    return [...this.#members.values()];
  }

  /** Kills processes, on purpose. @returns when they have ended. */
  async remove(names: readonly string[]): Promise<void> {
    const removed = names.flatMap((name) => this.#members.get(name) ?? []);
    for (const { plan } of removed) this.#members.delete(plan.name);
    await Promise.all(removed.map((member) => member.kill()));
  }

  /** Ends the run with this error. Only the first counts: what follows is its consequence. */
  fail(error: Error): void {
    this.#broken = true;
    this.#reportFailure(error);
  }

  /** Somebody complains of another process, whose end may be known in a moment: then that is the failure, and not this. */
  complain(error: Error): void {
    this.#broken = true;
    setTimeout(() => {
      this.#reportFailure(error);
    }, CAUSE_MILLISECONDS).unref();
  }

  /** Lets the run go on for so long. */
  async elapse(seconds: number): Promise<void> {
    const end = new AbortController();
    try {
      await this.unlessFailed(elapse(seconds * 1000, undefined, { signal: end.signal }));
    } finally {
      end.abort();
    }
  }

  /** Tells members (all unless said) something, and gives their answers of one kind, in the order of the members. */
  exchange<K extends FromChild["kind"]>(
    answer: K,
    messageFor: (plan: ProcessPlan) => ToChild,
    members: readonly ChildHandle[] = this.members,
  ): Promise<Extract<FromChild, { readonly kind: K }>[]> {
    const answers = members.map((member) => member.hear(answer));
    for (const member of members) member.tell(messageFor(member.plan));
    return this.unlessFailed(Promise.all(answers));
  }

  tellAll(message: ToChild, members: readonly ChildHandle[] = this.members): void {
    for (const member of members) member.tell(message);
  }

  /** What `work` gives, or the failure of the run. */
  unlessFailed<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failure]);
  }

  /** Stops every process, when all have ended what they had begun together; then a signal that interrupted the run takes effect. */
  async stop(): Promise<void> {
    if (!this.#broken) await Promise.all(this.members.map((member) => member.settle()));
    await Promise.all(this.members.map((member) => member.stop()));
    for (const signal of SIGNALS) process.off(signal, this.#interrupt);
    process.off("exit", this.#killAll);
    if (this.#interruptedBy !== undefined) process.kill(process.pid, this.#interruptedBy);
  }

  readonly #interrupt = (signal: NodeJS.Signals): void => {
    this.#interruptedBy = signal;
    this.#reportFailure(new Error(`The run was interrupted by ${signal}; its processes are stopped.`));
  };

  readonly #killAll = (): void => {
    for (const member of this.members) void member.kill();
  };
}
