/** What is explored, and by which rules. */
import type { Deployment } from "../../deployment.ts";
import { Forgotten, Recorded, Summarised, type Histories, type HistorySummary } from "./histories.ts";
import { World, type FaultBudget } from "./world.ts";

/** What the states and transitions of a system are. */
export interface StateSpaceOptions {
  /** How many operations each client issues; 1 unless said. */
  readonly operations?: number | undefined;
  /** How many of its operations may be in flight at a time; 1 unless said. */
  readonly window?: number | undefined;
  /**
   * Clients issue whenever they may: to issue is a transition of its own. Or at once: when the system starts, and together with
   * the answer that they have waited for, as clients of published models do. `whenever` unless said.
   */
  readonly issue?: "whenever" | "at once" | undefined;
  /**
   * Every delivery is a transition, also one that changes nothing but that the message is gone: that is how wake-ups get
   * lost. Or only those that are effective, that is, change a node or send something: what counts in Stateright. Then
   * histories lack what a client receives and makes nothing of, so that invariants over them are not asked of everything.
   * `every` unless said.
   */
  readonly deliveries?: "every" | "effective" | undefined;
  /**
   * What of the history of external nodes is part of states: all of it in real-time order, nothing, or a summary. `recorded`
   * unless said.
   */
  readonly history?: "recorded" | "forgotten" | HistorySummary | undefined;
  /** How often each timer of each instance may fire, repeated ones and one-shot ones; 1 unless said. May be Infinity. */
  readonly firings?: number | undefined;
  /** How many faults strike in a run; none unless said. */
  readonly faults?: FaultBudget | undefined;
}

/**
 * @param looks whether invariants look at nodes
 * @throws RangeError for limits with which nothing would happen, or that are no whole numbers.
 */
export function createWorld(deployment: Deployment, options: StateSpaceOptions, looks: boolean): World {
  const { operations = 1, window = 1, issue = "whenever", firings = 1, faults = {}, deliveries = "every" } = options;
  assertWhole("operations", operations, 0);
  assertWhole("window", window, 1);
  const mayCrash = (faults.crashes ?? 0) > 0;
  return new World(deployment, {
    limits: { operations, window, issuesAtOnce: issue === "at once", firings, mayCrash },
    histories: createHistories(options.history ?? "recorded"),
    faults,
    idleDeliveries: deliveries === "every",
    looks,
  });
}

function createHistories(history: NonNullable<StateSpaceOptions["history"]>): Histories {
  if (history === "recorded") return new Recorded();
  return history === "forgotten" ? new Forgotten() : new Summarised(history);
}

function assertWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`${name} is a whole number, ${String(least)} or more, not ${String(value)}.`);
}
