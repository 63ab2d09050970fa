/**
 * Decides for small configurations, without sampling, whether a rewritten system refines the original: all schedules of
 * the rewritten system, against all of the original.
 */
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import {
  exploredSystem,
  randomChooser,
  simulate,
  withoutHostCalls,
  type StateSpaceOptions,
  type TransitionSystem,
} from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { isIdle } from "../coverage.ts";
import { saltRouting } from "../saltRouting.ts";
import type { ContainmentBounds } from "./bounds.ts";
import { checkContainment } from "./checkContainment.ts";
import type { Containment, ContainmentCoverage, ContainmentVerdict } from "./containmentVerdict.ts";
import { Specification } from "./specification.ts";

export interface ExactOptions {
  readonly system: SystemDefinition;
  /** Absent: the system is verified as its own rewrite. */
  readonly rewritten?: RewrittenSystem | undefined;
  /** At most; 2 unless said. */
  readonly clients?: number | undefined;
  /** Of each client, at most; 2 unless said. */
  readonly operations?: number | undefined;
  /** Of these, how many may be in flight at a time; all unless said. */
  readonly window?: number | undefined;
  /** Of every partitioned component; what the routing table says unless said. */
  readonly partitions?: number | undefined;
  /** In how many ways keys are spread over the partitions; 3 unless said. */
  readonly spreads?: number | undefined;
  /** How often each timer may fire; once unless said. */
  readonly firings?: number | undefined;
  /** How often a node may crash, and come back with what is stable; never unless said. If so, only histories are compared. */
  readonly crashes?: number | undefined;
  /** Of each check, but for the time: that is for all of them. A minute unless said. */
  readonly bounds?: ContainmentBounds | undefined;
  readonly onProgress?: ((progress: ExactProgress) => void) | undefined;
}

/** What is checked at a time. */
export interface ExactConfiguration {
  readonly clients: number;
  readonly operations: number;
  /** Which way of spreading keys over the partitions. */
  readonly spread: number;
}

export interface ExactProgress {
  readonly configuration: ExactConfiguration;
  readonly coverage: ContainmentCoverage;
  readonly waiting: number;
}

export interface ExactCheck {
  readonly configuration: ExactConfiguration;
  readonly containment: Containment;
}

export interface ExactVerification {
  /** `refines` when every check that was asked for was complete. */
  readonly verdict: ContainmentVerdict;
  /** From the smallest configuration on; after a counterexample there are no more. */
  readonly checks: readonly ExactCheck[];
}

const DEFAULT_MILLISECONDS = 60_000;
/** So many runs of the simulator show whether a configuration exercises anything. */
const SAMPLE_RUNS = 20;

const now = performance.now.bind(performance);

/**
 * Checks one configuration after the other, the smallest first: what is wrong shows in small ones already, as a rule, and
 * fast.
 *
 * @throws HostCallError when code of the system asks the host for time or chance.
 * @throws Error when the rewritten system does not fit the original.
 */
export function verifyExactly(options: ExactOptions): ExactVerification {
  const { bounds, onProgress } = options;
  const configurations = ladder(options);
  const deadline = now() + (bounds?.milliseconds ?? DEFAULT_MILLISECONDS);
  const checks: ExactCheck[] = [];
  let systems: Systems | undefined;
  for (const [done, configuration] of configurations.entries()) {
    systems = deploySystems(options, configuration, systems);
    const containment = checkContainment({
      rewritten: explore(systems.rewritten, systems.stateSpace),
      original: systems.specification,
      // A crash may take messages along that were on their way into a node or out of it. A history cannot tell what never
      // arrives from what is late; ends can.
      comparesEnds: (options.crashes ?? 0) === 0,
      bounds: { ...bounds, milliseconds: Math.max(0, deadline - now()) / (configurations.length - done) },
      within: withoutHostCalls,
      onProgress: onProgress && ((progress) => onProgress({ configuration, ...progress })),
    });
    checks.push({ configuration, containment });
    if (containment.verdict === "counterexample") break;
  }
  return { verdict: verdictOf(checks, () => systems !== undefined && isExercised(systems)), checks };
}

function verdictOf(checks: readonly ExactCheck[], isExercised: () => boolean): ContainmentVerdict {
  const verdicts = checks.map(({ containment }) => containment.verdict);
  if (verdicts.includes("counterexample")) return "counterexample";
  if (verdicts.includes("bound reached")) return "bound reached";
  return verdicts.includes("refines") && isExercised() ? "refines" : "nothing exercised";
}

/** One client with more and more operations, then more and more clients; each with all ways of spreading keys. */
function ladder({ clients = 2, operations = 2, spreads = 3, rewritten }: ExactOptions): readonly ExactConfiguration[] {
  const sizes = upTo(clients).flatMap((n) => upTo(operations).map((m) => ({ clients: n, operations: m })));
  sizes.sort((a, b) => a.clients * a.operations - b.clients * b.operations);
  return sizes.flatMap((size) => upTo(rewritten === undefined ? 1 : spreads).map((n) => ({ ...size, spread: n - 1 })));
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

interface Systems {
  readonly configuration: ExactConfiguration;
  readonly rewritten: Deployment;
  readonly stateSpace: StateSpaceOptions;
  readonly specification: Specification;
}

/** @param before What was deployed before: the same original need not be explored again. */
function deploySystems(
  { system, rewritten, partitions, window, firings = 1, crashes = 0 }: ExactOptions,
  configuration: ExactConfiguration,
  before: Systems | undefined,
): Systems {
  const { clients, operations, spread } = configuration;
  const deployed = deploy(system, { clients, partitions, rewritten: rewritten && saltRouting(rewritten, spread) });
  const stateSpace = { operations, window: window ?? operations, firings, faults: { crashes } };
  const isKnown = before?.configuration.clients === clients && before.configuration.operations === operations;
  const explored = (): Specification => {
    // Its timers may fire any number of times. As often as all of those that one of them has become is enough.
    const timers = { firings: firings * timersForOne(deployed) };
    return new Specification(explore(deploy(system, { clients }), { ...stateSpace, ...timers }));
  };
  return { configuration, rewritten: deployed, stateSpace, specification: isKnown ? before.specification : explored() };
}

function explore(deployment: Deployment, stateSpace: StateSpaceOptions): TransitionSystem {
  return withoutHostCalls(() => exploredSystem(deployment, stateSpace));
}

/** How many instances of one node, at most, have one and the same timer. */
function timersForOne({ roles }: Deployment): number {
  const counts = [...roles.values()].flatMap(({ timers, components }) =>
    [...timers.values()].map(({ component }) => components.find(({ name }) => name === component)?.partitions ?? 1),
  );
  return Math.max(1, ...counts);
}

/** Whether some of the runs that were checked complete operations, on paths that were rewritten. */
function isExercised({ rewritten, stateSpace: { operations = 1 } }: Systems): boolean {
  const seeds = Array.from({ length: SAMPLE_RUNS }, (_, seed) => seed);
  return seeds.some((seed) => !isIdle(simulate({ deployment: rewritten, operations, chooser: randomChooser(seed) })));
}
