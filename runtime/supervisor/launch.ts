/** Runs a system as one operating-system process for each instance, under closed-loop clients, and measures it. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { deploy } from "../deployment.ts";
import { logToStandardError, RUN_DEFAULTS, type RunOptions } from "../runInMemory.ts";
import { summariseRun, type RunResult } from "../runResult.ts";
import type { SystemDefinition } from "../system.ts";
import type { ProcessAddress } from "../transport/tcpTransport.ts";
import { ChildHandle, type ChildOptions } from "./childHandle.ts";
import { Crew } from "./crew.ts";
import type { RunPlan } from "./ipc.ts";
import { planProcesses } from "./planProcesses.ts";

export interface LaunchOptions extends RunOptions {
  /** The absolute path of the module whose default export is the system; the processes import it themselves. */
  readonly modulePath: string;
  /** The absolute path of the module whose default export is `rewritten`. Needed exactly when that is given. */
  readonly rewrittenPath?: string | undefined;
  /** Over how many processes the clients are shared out; 1 unless said. */
  readonly clientProcesses?: number | undefined;
  /** The port of the first process, the next one for the second and so on. Any free ports unless said. */
  readonly basePort?: number | undefined;
}

/**
 * Starts the processes, runs the load, measures, and stops every process, whatever happens: also when this process is
 * interrupted, or ends.
 *
 * @param system the default export of `modulePath`, loaded by the caller
 * @throws Error, one message, when a process cannot start, cannot reach another, or ends before the run does.
 */
export async function launch(system: SystemDefinition, options: LaunchOptions): Promise<RunResult> {
  if ((options.rewritten === undefined) !== (options.rewrittenPath === undefined)) {
    throw new Error("A rewritten system is launched with both its value and the path of its module.");
  }
  const load = {
    clients: options.clients ?? RUN_DEFAULTS.clients,
    inflight: options.inflight ?? RUN_DEFAULTS.inflight,
  };
  const deployment = deploy(system, { ...options, clients: load.clients });
  const plans = planProcesses(deployment, options.clientProcesses ?? 1, options.basePort);
  const { modulePath, rewrittenPath } = options;
  const run: RunPlan = { modulePath, rewrittenPath, partitions: options.partitions, ...load };

  const crew = new Crew();
  try {
    for (const plan of plans) crew.add(new ChildHandle(plan, childOptions(crew, options)));
    const listening = await crew.exchange("listening", (process) => ({ kind: "become", run, process }));
    const processes = plans.map(({ instances }, index): ProcessAddress => ({
      instances,
      port: listening[index]?.port,
    }));
    await crew.exchange("joined", () => ({ kind: "join", processes }));
    await crew.exchange("started", () => ({ kind: "start" }));
    await crew.elapse(options.warmUpSeconds ?? RUN_DEFAULTS.warmUpSeconds);
    crew.tellAll({ kind: "begin" });
    await crew.elapse(options.seconds ?? RUN_DEFAULTS.seconds);
    const measured = await crew.exchange("measured", () => ({ kind: "end" }));
    return summariseRun(deployment, "tcp", load, {
      processes: measured.map(({ process }) => process),
      loads: measured.flatMap((message) => (message.load === undefined ? [] : [message.load])),
    });
  } finally {
    await crew.stop();
  }
}

function childOptions(crew: Crew, { modulePath, rewrittenPath, log }: LaunchOptions): ChildOptions {
  return {
    typescript: [modulePath, rewrittenPath ?? ""].some((path) => TYPESCRIPT.test(path)),
    tsconfig: nearestConfig(dirname(modulePath)),
    log: log ?? logToStandardError,
    onFailure: (error) => {
      crew.fail(error);
    },
  };
}

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** The tsconfig.json that holds for a folder: the loader would look where this process was started. */
function nearestConfig(folder: string): string | undefined {
  const candidate = join(folder, "tsconfig.json");
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestConfig(parent);
}
