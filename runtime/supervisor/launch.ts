/** Runs a system as one operating-system process for each instance, under closed-loop clients, and measures it. */
import { RUN_DEFAULTS, type RunOptions } from "../runInMemory.ts";
import type { RunResult } from "../runResult.ts";
import type { SystemDefinition } from "../system.ts";
import { RunningSystem } from "./runningSystem.ts";

export interface LaunchOptions extends RunOptions {
  /** The absolute path of the module whose default export is the system; the processes import it themselves. */
  readonly modulePath: string;
  /** The absolute path of the module whose default export is `rewritten`. Needed exactly when that is given. */
  readonly rewrittenPath?: string | undefined;
  /** Over how many processes the clients are shared out; 1 unless said. */
  readonly clientProcesses?: number | undefined;
  /** The port of the first process, the next one for the second and so on. Any free ports unless said. */
  readonly basePort?: number | undefined;
  /** Where a relay takes all clients, instead of clients of our own; 0 for any free port. See docs/reference/relay.md. */
  readonly relayPort?: number | undefined;
  /** Disturbs the run while it is measured: kills and restarts processes. The window lasts at least as long. */
  readonly disturb?: ((running: RunningSystem) => Promise<void>) | undefined;
}

/**
 * Starts the processes, runs the load, measures, and stops every process, whatever happens: also when this process is
 * interrupted, or ends.
 *
 * @param system the default export of `modulePath`, loaded by the caller
 * @throws Error, one message, when the data directory cannot be used, when a process cannot start, cannot reach another,
 *   or ends before the run does.
 */
export async function launch(system: SystemDefinition, options: LaunchOptions): Promise<RunResult> {
  const running = await RunningSystem.start(system, options);
  try {
    await running.elapse(options.warmUpSeconds ?? RUN_DEFAULTS.warmUpSeconds);
    running.beginWindow();
    await Promise.all([
      running.elapse(options.seconds ?? RUN_DEFAULTS.seconds),
      running.unlessFailed(options.disturb?.(running) ?? Promise.resolve()),
    ]);
    return await running.endWindow();
  } finally {
    await running.stop();
  }
}
