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
  type ExploredSystem,
  type StateSpaceOptions,
} from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { isIdle } from "../coverage.ts";
import { saltRouting } from "../saltRouting.ts";
import type { ContainmentBounds } from "./bounds.ts";
import { checkContainment } from "./checkContainment.ts";
import type { Containment, ContainmentCoverage, ContainmentVerdict } from "./containmentVerdict.ts";

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
  /** How often a node may crash, and come back with what is stable; never unless said. */
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
  const configurations = ladder(options);
  const deadline = now() + (options.bounds?.milliseconds ?? DEFAULT_MILLISECONDS);
  const checks: ExactCheck[] = [];
  let largest: Systems | undefined;
  for (const [done, configuration] of configurations.entries()) {
    largest = deploySystems(options, configuration);
    const milliseconds = Math.max(0, deadline - now()) / (configurations.length - done);
    const containment = check(options, configuration, largest, milliseconds);
    checks.push({ configuration, containment });
    if (containment.verdict === "counterexample") break;
  }
  return { verdict: verdictOf(checks, () => largest !== undefined && isExercised(largest)), checks };
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
  readonly original: Deployment;
  readonly rewritten: Deployment;
  readonly stateSpace: StateSpaceOptions;
}

function deploySystems(options: ExactOptions, { clients, operations, spread }: ExactConfiguration): Systems {
  const { system, rewritten, partitions, window = operations, firings = 1, crashes = 0 } = options;
  return {
    original: deploy(system, { clients }),
    rewritten: deploy(system, { clients, partitions, rewritten: rewritten && saltRouting(rewritten, spread) }),
    stateSpace: { operations, window, firings, faults: { crashes } },
  };
}

function check(
  { bounds, onProgress }: ExactOptions,
  configuration: ExactConfiguration,
  { original, rewritten, stateSpace }: Systems,
  milliseconds: number,
): Containment {
  const { firings = 1 } = stateSpace;
  const explored = (deployment: Deployment, extra: StateSpaceOptions): ExploredSystem =>
    withoutHostCalls(() => exploredSystem(deployment, { ...stateSpace, ...extra }));
  return checkContainment({
    rewritten: explored(rewritten, {}),
    // Its timers may fire any number of times. As often as all of those that one of them has become is enough.
    original: explored(original, { firings: firings * timersForOne(rewritten) }),
    bounds: { ...bounds, milliseconds },
    within: withoutHostCalls,
    onProgress: onProgress && ((progress) => onProgress({ configuration, ...progress })),
  });
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
