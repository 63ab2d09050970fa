import { setTimeout as elapse } from "node:timers/promises";
import { ClientPool } from "./clients/clientPool.ts";
import { deploy, type Deployment, type DeploymentOptions } from "./deployment.ts";
import { NodeRuntime } from "./node/nodeRuntime.ts";
import { ProcessMeter } from "./processMeter.ts";
import { summariseRun, type Load, type RunResult } from "./runResult.ts";
import { takeDataDirectory } from "./storage/dataDirectory.ts";
import type { SystemDefinition } from "./system.ts";
import { MemoryTransport } from "./transport/memoryTransport.ts";
import type { Log } from "./transport/transport.ts";

export interface RunOptions extends DeploymentOptions {
  /** Operations in flight of each logical client; 16 unless said. */
  readonly inflight?: number | undefined;
  /** Before the measured window; 0.5 unless said. */
  readonly warmUpSeconds?: number | undefined;
  /** The measured window; 2 unless said. */
  readonly seconds?: number | undefined;
  /** Takes lines about failures; standard error unless said. */
  readonly log?: Log | undefined;
  /**
   * The directory for durable state, which is there again in the next run. Unless said it is a temporary one, removed at
   * the end.
   */
  readonly data?: string | undefined;
  /**
   * After how long a client gives an operation up, and issues another one: processes that crash forget operations. Never
   * unless said.
   */
  readonly giveUpSeconds?: number | undefined;
}

export const RUN_DEFAULTS = { clients: 4, inflight: 16, warmUpSeconds: 0.5, seconds: 2 } as const;

export function logToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a system, as written or rewritten, in this process, under closed-loop clients, and measures it.
 *
 * @throws Error when the deployment does not fit the system or the data, or a class cannot be constructed.
 */
export async function runInMemory(system: SystemDefinition, options: RunOptions = {}): Promise<RunResult> {
  const load = {
    clients: options.clients ?? RUN_DEFAULTS.clients,
    inflight: options.inflight ?? RUN_DEFAULTS.inflight,
  };
  const deployment = deploy(system, { ...options, clients: load.clients });
  const data = takeDataDirectory(deployment, options.data);
  try {
    return await runDeployment(deployment, load, options, data.path);
  } finally {
    data.release();
  }
}

async function runDeployment(
  deployment: Deployment,
  load: Load,
  options: RunOptions,
  data: string,
): Promise<RunResult> {
  const runtime: NodeRuntime = new NodeRuntime({
    deployment,
    instances: deployment.instances,
    transport: (receive, events) => new MemoryTransport(receive, events),
    log: options.log ?? logToStandardError,
    data,
    onResult: (host, result) => {
      pool.complete(host, result);
    },
  });
  const pool = new ClientPool(runtime.hosts, { ...options, inflight: load.inflight });
  const meter = new ProcessMeter(runtime, "everything", "everything");
  try {
    runtime.start();
    pool.begin();
    await elapse((options.warmUpSeconds ?? RUN_DEFAULTS.warmUpSeconds) * 1000);
    pool.meter.begin();
    meter.begin();
    await elapse((options.seconds ?? RUN_DEFAULTS.seconds) * 1000);
    const processes = [meter.end()];
    const loads = [pool.meter.end()];
    return summariseRun(deployment, "memory", load, { processes, loads });
  } finally {
    pool.stop();
    await runtime.settle();
    await runtime.stop();
  }
}
