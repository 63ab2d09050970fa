/** A system that runs as processes, and can be disturbed while it does. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { deploy, type Deployment } from "../deployment.ts";
import { printInstance } from "../routing/address.ts";
import { logToStandardError, RUN_DEFAULTS } from "../runInMemory.ts";
import { summariseRun, type Load, type RunResult } from "../runResult.ts";
import { takeDataDirectory, type DataDirectory } from "../storage/dataDirectory.ts";
import type { SystemDefinition } from "../system.ts";
import type { ProcessAddress } from "../transport/tcpTransport.ts";
import { ChildHandle, type ChildOptions } from "./childHandle.ts";
import { Crew } from "./crew.ts";
import type { ProcessPlan, RunPlan } from "./ipc.ts";
import type { LaunchOptions } from "./launch.ts";
import { planProcesses } from "./planProcesses.ts";

export class RunningSystem {
  /** Where durable state is. */
  readonly data: string;
  readonly #crew: Crew;
  readonly #options: LaunchOptions;
  readonly #deployment: Deployment;
  readonly #load: Load;
  readonly #run: RunPlan;
  readonly #directory: DataDirectory;
  /** The current life of every process, by name: also of those that are dead. */
  readonly #plans: Map<string, ProcessPlan>;
  /** The ports of those that are alive. */
  readonly #ports = new Map<string, number | undefined>();
  readonly #volatile = new Set<string>();
  #measuring = false;
  #relayPort: number | undefined;
  /** Disturbances happen one after another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(system: SystemDefinition, options: LaunchOptions) {
    const { modulePath, rewrittenPath, partitions, giveUpSeconds } = options;
    this.#options = options;
    this.#load = {
      clients: options.clients ?? RUN_DEFAULTS.clients,
      inflight: options.inflight ?? RUN_DEFAULTS.inflight,
    };
    this.#deployment = deploy(system, { ...options, clients: this.#load.clients });
    const plans = planProcesses(this.#deployment, options.clientProcesses ?? 1, options.basePort, options.relayPort);
    this.#plans = new Map(plans.map((plan) => [plan.name, plan]));
    this.#directory = takeDataDirectory(this.#deployment, options.data);
    this.data = this.#directory.path;
    this.#run = { modulePath, rewrittenPath, partitions, giveUpSeconds, data: this.data, ...this.#load };
    this.#crew = new Crew(); // last: it listens for signals until it is stopped
  }

  /**
   * Starts the processes and their load.
   *
   * @throws Error, one message, when the data directory cannot be used, when a process cannot start, or when it cannot
   *   reach another. No process is left then.
   */
  static async start(system: SystemDefinition, options: LaunchOptions): Promise<RunningSystem> {
    if ((options.rewritten === undefined) !== (options.rewrittenPath === undefined)) {
      throw new Error("A rewritten system is launched with both its value and the path of its module.");
    }
    const running = new RunningSystem(system, options);
    try {
      await running.#begin([...running.#plans.values()]);
      return running;
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** The processes of the protocol, as `Role/id#component.partition`, also those that are dead. */
  get processes(): readonly string[] {
    return [...this.#plans.values()].filter(({ kind }) => kind === "protocol").map(({ name }) => name);
  }

  /** Where the relay takes clients; undefined when there is none. */
  get relayPort(): number | undefined {
    return this.#relayPort;
  }

  /** Those that are alive. */
  get alive(): readonly string[] {
    return this.processes.filter((name) => this.#ports.has(name));
  }

  /**
   * Ends a process at once (SIGKILL) and leaves it dead; does nothing when it is. Messages to it are lost.
   *
   * @throws Error when there is no such process, or the run has failed.
   */
  kill(name: string): Promise<void> {
    this.#require(name);
    return this.#inTurn(() => this.#kill([name]));
  }

  /**
   * Kills a process, if it is alive, and starts it again over its durable state; the others connect with it anew. If it
   * had volatile state, its whole node begins a new incarnation: all of its processes are killed and started again.
   *
   * @returns the processes that were started.
   * @throws Error when there is no such process, when one cannot be started, or the run has failed.
   */
  restart(name: string): Promise<readonly string[]> {
    this.#require(name);
    return this.#inTurn(async () => {
      const takesNodeAlong = this.#volatile.has(name);
      const affected = takesNodeAlong ? this.#processesOfNode(name) : [name];
      await this.#kill(affected);
      const plans = affected.map((process) => this.#nextLife(process, takesNodeAlong));
      await this.#begin(plans);
      return affected;
    });
  }

  /** Lets the run go on for so long. @throws Error when it fails meanwhile. */
  elapse(seconds: number): Promise<void> {
    return this.#crew.elapse(seconds);
  }

  /** What `work` gives. @throws Error when the run fails meanwhile. */
  unlessFailed<T>(work: Promise<T>): Promise<T> {
    return this.#crew.unlessFailed(work);
  }

  /** Begins the measured window. */
  beginWindow(): void {
    this.#measuring = true;
    this.#crew.tellAll({ kind: "begin" });
  }

  /** Ends it. Of processes that were started meanwhile their last life counts; those that are dead are left out. */
  async endWindow(): Promise<RunResult> {
    await this.#last;
    this.#measuring = false;
    const measured = await this.#crew.exchange("measured", () => ({ kind: "end" }));
    return summariseRun(this.#deployment, "tcp", this.#load, {
      processes: measured.map(({ process }) => process),
      loads: measured.flatMap((message) => (message.load === undefined ? [] : [message.load])),
    });
  }

  /** Stops every process, for certain. */
  async stop(): Promise<void> {
    try {
      await this.#crew.stop();
    } finally {
      this.#directory.release();
    }
  }

  /** Starts processes, and connects everybody with them. */
  async #begin(plans: readonly ProcessPlan[]): Promise<void> {
    const started = plans.map((plan) => new ChildHandle(plan, this.#childOptions()));
    for (const [index, child] of started.entries()) {
      this.#crew.add(child);
      const plan = plans[index];
      if (plan !== undefined) this.#plans.set(plan.name, plan);
    }
    const listening = await this.#crew.exchange(
      "listening",
      (process) => ({ kind: "become", run: this.#run, process }),
      started,
    );
    for (const [index, { port, hasVolatileState }] of listening.entries()) {
      const name = plans[index]?.name ?? "";
      this.#ports.set(name, port);
      if (hasVolatileState) this.#volatile.add(name);
    }
    const processes = this.#addresses();
    await this.#crew.exchange("joined", () => ({ kind: "join", processes }));
    const begun = await this.#crew.exchange("started", () => ({ kind: "start" }), started);
    this.#relayPort ??= begun.find(({ relayPort }) => relayPort !== undefined)?.relayPort;
    if (this.#measuring) this.#crew.tellAll({ kind: "begin" }, started);
  }

  async #kill(names: readonly string[]): Promise<void> {
    for (const name of names) this.#ports.delete(name);
    await this.#crew.remove(names);
  }

  #addresses(): readonly ProcessAddress[] {
    return [...this.#plans.values()].flatMap(({ name, instances, life }) =>
      this.#ports.has(name) ? [{ instances, life, port: this.#ports.get(name) }] : [],
    );
  }

  #nextLife(name: string, newIncarnation: boolean): ProcessPlan {
    const plan = this.#require(name);
    return { ...plan, life: plan.life + 1, incarnation: plan.incarnation + (newIncarnation ? 1 : 0) };
  }

  #processesOfNode(name: string): readonly string[] {
    const [number] = this.#require(name).instances;
    const node = this.#deployment.instances[number ?? 0]?.node;
    return this.#deployment.instances.filter((instance) => instance.node === node).map(printInstance);
  }

  #require(name: string): ProcessPlan {
    const plan = this.#plans.get(name);
    if (plan?.kind === "protocol") return plan;
    throw new Error(`There is no process ${name} in this run. There are: ${this.processes.join(", ")}.`);
  }

  #inTurn<T>(disturb: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#crew.unlessFailed(disturb()));
    this.#last = turn.catch(() => undefined); // whoever disturbed is told
    return turn;
  }

  #childOptions(): ChildOptions {
    const { modulePath, rewrittenPath, log } = this.#options;
    return {
      typescript: [modulePath, rewrittenPath ?? ""].some((path) => TYPESCRIPT.test(path)),
      tsconfig: nearestConfig(dirname(modulePath)),
      log: log ?? logToStandardError,
      onFailure: (error) => {
        this.#crew.fail(error);
      },
      onComplaint: (error) => {
        this.#crew.complain(error);
      },
    };
  }
}

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** The tsconfig.json that holds for a folder: the loader would look where this process was started. */
function nearestConfig(folder: string): string | undefined {
  const candidate = join(folder, "tsconfig.json");
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestConfig(parent);
}
