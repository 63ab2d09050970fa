import type { Deployment } from "../deployment.ts";
import type { DeployedInstance } from "../routing/address.ts";

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

/** The repeated timers of every node, with the instance that runs each. */
export function timersOf(deployment: Deployment): SimulatedTimer[] {
  return deployment.instances
    .filter(({ partition }) => partition === 0)
    .flatMap((instance) =>
      [...(deployment.roles.get(instance.role)?.timers ?? [])]
        .filter(([, { component, trigger }]) => component === instance.component && trigger.kind === "every")
        .map(([handler]) => new SimulatedTimer(instance, handler)),
    );
}
