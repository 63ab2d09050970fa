import type { HostCounters } from "./node/componentHost.ts";
import type { NodeRuntime } from "./node/nodeRuntime.ts";
import type { ProcessMeasurement } from "./runResult.ts";

/** What one process spends and does between {@link begin} and {@link end}. */
export class ProcessMeter {
  readonly #runtime: NodeRuntime;
  readonly #name: string;
  readonly #kind: ProcessMeasurement["kind"];
  #before: Totals;

  constructor(runtime: NodeRuntime, name: string, kind: ProcessMeasurement["kind"]) {
    this.#runtime = runtime;
    this.#name = name;
    this.#kind = kind;
    this.#before = this.#totals();
  }

  begin(): void {
    this.#before = this.#totals();
  }

  /** What went wrong counts from the start of the run, whenever it happened; everything else over the window. */
  end(): ProcessMeasurement {
    const before = this.#before;
    const now = this.#totals();
    return {
      name: this.#name,
      kind: this.#kind,
      cpuMicroseconds: now.cpuMicroseconds - before.cpuMicroseconds,
      activations: now.activations - before.activations,
      messages: now.messages - before.messages,
      writes: now.writes - before.writes,
      failures: now.failures,
      deadLetters: now.deadLetters,
      dropped: now.dropped,
      ...(now.held > 0 && { held: now.held }),
      ...(now.parked > 0 && { parked: now.parked }),
      ...(now.parkedDropped > 0 && { parkedDropped: now.parkedDropped }),
      ...(now.turnedAway > 0 && { turnedAway: now.turnedAway }),
      ...(now.rounds > 0 && { rounds: now.rounds }),
      ...(now.stopped > 0 && { stopped: now.stopped }),
      ...(now.stoppedDropped > 0 && { stoppedDropped: now.stoppedDropped }),
      ...(now.fragments > 0 && { fragments: now.fragments }),
      ...(now.fragmentsDropped > 0 && { fragmentsDropped: now.fragmentsDropped }),
    };
  }

  #totals(): Totals {
    const { user, system } = process.cpuUsage();
    const counters = this.#runtime.counters;
    const { messages, writes, dropped } = this.#runtime.transport.counters;
    return { cpuMicroseconds: user + system, ...counters, messages, writes, dropped };
  }
}

type Totals = HostCounters & Pick<ProcessMeasurement, "cpuMicroseconds" | "messages" | "writes" | "dropped">;
