import type { Deployment } from "../../deployment.ts";
import type { DeployedInstance } from "../../routing/address.ts";

/** How often a timer fires at arbitrary moments. */
const FIRINGS = 3;
/** How often it fires in addition when nothing else can happen, so that what waits for it is not left waiting. */
const FIRINGS_AT_REST = 3;

/** A timer that may fire at any moment, so many times. */
export class SimulatedTimer {
  fired = 0;

  constructor(
    readonly instance: DeployedInstance,
    readonly handler: string,
  ) {}

  mayFire(atRest: boolean): boolean {
    return this.fired < (atRest ? FIRINGS + FIRINGS_AT_REST : FIRINGS);
  }
}

/** What the processes say of their timers. */
interface Processes {
  repeatedTimers(instance: DeployedInstance): readonly string[];
}

/** The repeated timers of every node, with the instance that runs each. */
export function timersOf({ instances }: Deployment, processes: Processes): SimulatedTimer[] {
  return instances.flatMap((instance) =>
    processes.repeatedTimers(instance).map((handler) => new SimulatedTimer(instance, handler)),
  );
}
