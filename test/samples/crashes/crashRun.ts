/** A sample as processes that are killed, with -9, at moments that depend on a seed and on how far the clients are. */
import { join } from "node:path";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { historyInvariants } from "../../../runtime/snapshot.ts";
import { launch } from "../../../runtime/supervisor/launch.ts";
import type { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import type { ExternalEvent, RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { ClientsView } from "./clientsView.ts";

export interface CrashRun {
  /** The name of the sample: its folder below samples/. */
  readonly sample: string;
  readonly system: SystemDefinition;
  /** Undefined to run the sample as written. */
  readonly rewritten: RewrittenSystem | undefined;
  /** Where durable state is. */
  readonly data: string;
  readonly seed: number;
  readonly kills: number;
  /** Who dies next, of the processes; undefined for any one of them, or two. */
  readonly victims?: (processes: readonly string[], history: readonly ExternalEvent[]) => readonly string[];
  /** Told before each kill. */
  readonly progress?: (kill: number, victims: readonly string[]) => void;
}

/** Kills happen after up to so many messages to clients. */
const MESSAGES_BETWEEN_KILLS = 60;
/** What clients must hear after the last one. */
const MESSAGES_AFTERWARDS = 40;

const samples = join(process.cwd(), "samples");
const recorded = join(process.cwd(), "test/samples/crashes/recorded.run.ts");

/**
 * Runs a sample, kills its processes and starts them again, and checks the sample's invariants on all that its clients saw.
 *
 * @throws Error, with the seed and what was killed, when an invariant does not hold, when a handler failed, or when the
 *   clients hear nothing any more.
 */
export async function surviveCrashes(run: CrashRun): Promise<void> {
  const killed: string[] = [];
  const view = new ClientsView();
  const said: string[] = [];
  process.env["CRASHED_SAMPLE"] = run.sample; // the processes inherit it
  try {
    const { processes } = await launch(run.system, {
      modulePath: recorded,
      ...(run.rewritten !== undefined && {
        rewritten: run.rewritten,
        rewrittenPath: join(samples, run.sample, "rewritten/index.ts"),
        partitions: 1,
      }),
      clients: 2,
      inflight: 2,
      warmUpSeconds: 0,
      seconds: 0,
      giveUpSeconds: 0.4,
      log: (line) => {
        if (!view.hear(line)) said.push(line);
      },
      data: run.data,
      disturb: (running) => havoc(running, run, view, killed),
    });
    const failing = processes.filter(({ failures }) => failures > 0).map(({ name }) => name);
    if (failing.length > 0) throw new Error(`handlers failed in ${failing.join(", ")}.`);
    const broken = historyInvariants(run.system)
      .filter(({ holds }) => !holds(view.history))
      .map(({ name }) => name);
    if (broken.length > 0) throw new Error(`this did not hold: ${broken.join("; ")}.`);
  } catch (error) {
    const what = `${run.sample}, ${run.rewritten === undefined ? "as written" : "rewritten"}, seed ${run.seed}`;
    const victims = `Killed: ${killed.join(", ")}.`;
    const why = error instanceof Error ? error.message : String(error);
    throw new Error([`${what}: ${why}`, victims, ...said.slice(-20)].join("\n"), { cause: error });
  }
}

/** One process at a time, or two, in which case they come back in the other order. */
async function havoc(running: RunningSystem, run: CrashRun, view: ClientsView, killed: string[]): Promise<void> {
  const generator = xoroshiro128plus(run.seed);
  const draw = (n: number): number => uniformInt(generator, 0, n - 1);
  const { processes } = running;
  const victim = (): string => processes[draw(processes.length)] ?? "";
  for (let kill = 1; kill <= run.kills; kill++) {
    await view.received(1 + draw(MESSAGES_BETWEEN_KILLS));
    const victims = run.victims?.(processes, view.history) ?? (draw(4) === 0 ? [victim(), victim()] : [victim()]);
    run.progress?.(kill, victims);
    killed.push(victims.join(" with "));
    for (const name of victims.slice(1)) await running.kill(name);
    for (const name of victims) await running.restart(name);
  }
  await view.received(MESSAGES_AFTERWARDS);
}
