/** All states that a system can be in, rewritten or not: invariants are asked about each, once. */
import { deploy, type Deployment } from "../../deployment.ts";
import { historyInvariants, snapshotInvariants, type SnapshotInvariant } from "../../snapshot.ts";
import type { ExternalEvent, Invariant, RewrittenSystem, SystemDefinition } from "../../system.ts";
import { withoutHostCalls } from "../host/hostCalls.ts";
import { HistoryError } from "./histories.ts";
import { BreadthFirst, type Bound, type Path, type Search } from "./breadthFirst.ts";
import { createWorld, type StateSpaceOptions } from "./options.ts";
import { eventsOf, type Step, type World } from "./world.ts";
import { WorldSnapshot } from "./worldSnapshot.ts";

export interface ExploreOptions extends StateSpaceOptions {
  /** Absent: the system is explored as written. */
  readonly rewritten?: RewrittenSystem | undefined;
  /** The number of partitions of every partitioned component, instead of what the routing table says. */
  readonly partitions?: number | undefined;
  /** How many clients; what the system says about its simulation unless said, or 2. */
  readonly clients?: number | undefined;
  /**
   * What is asked of each state; all invariants of the system that can be asked unless said. Those over histories have to
   * hold of unfinished ones as well, and need `history: "recorded"`. Those over nodes cannot be asked of a rewritten system:
   * its nodes are several instances, and between the fragments of an activation no node is in a state that the system as
   * written knows.
   */
  readonly invariants?: readonly (Invariant | SnapshotInvariant)[] | undefined;
  /** Whether it is a violation that a handler throws, or that nobody takes a message. `violations` unless said. */
  readonly failures?: "violations" | "tolerated" | undefined;
  readonly bound?: Bound | undefined;
  /** Whether states are kept whole, rather than 64 bits of each. */
  readonly exact?: boolean | undefined;
  /** Hears of the search about once a second, and at its end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress extends Search {
  readonly seconds: number;
  /** Since it was heard of before. */
  readonly statesPerSecond: number;
}

/** A step of a trace. */
export interface TraceStep {
  readonly description: string;
  /** What external nodes saw of it. */
  readonly events: readonly ExternalEvent[];
}

export interface Violation {
  /** The name of the invariant that does not hold, or what failed. */
  readonly invariant: string;
  /** A shortest way there, from the beginning. */
  readonly trace: readonly TraceStep[];
}

export interface Exploration {
  /** `bound reached`: there are states that were not visited, and none of the others violates anything. */
  readonly verdict: "exhausted" | "violated" | "bound reached";
  /** Which bound it was. */
  readonly bound: keyof Bound | undefined;
  /** States, of which no two are the same. */
  readonly distinct: number;
  /** Initial states, and transitions out of each distinct state that was visited. */
  readonly generated: number;
  /** Transitions on the longest of the shortest ways from the initial state. */
  readonly depth: number;
  readonly violation: Violation | undefined;
  /** States that nothing follows although operations are not complete, and a shortest way to one. */
  readonly deadlocks: { readonly count: number; readonly trace: readonly TraceStep[] | undefined };
  /** That two states were taken for one, of all that there are; 0 when they were kept whole. About. */
  readonly collisionProbability: number;
  /** What the automaton of instances consists of; see runtime/simulator/explorer/automaton.ts. */
  readonly parts: {
    readonly localStates: number;
    readonly reactions: number;
    readonly messages: number;
    readonly histories: number;
  };
  readonly bytes: number;
  readonly seconds: number;
}

const SLICE_MILLISECONDS = 1_000;
const TWO_TO_64 = 2 ** 64;

/**
 * Explores a system breadth first: everything that can happen, in every order, with the real classes in the real runtime,
 * within what the options allow. States are told apart by all that any instance holds, the history, and what is under way,
 * which is a multiset, but for the order that `@Fifo` handlers rely on.
 *
 * Start handlers run before everything else. Repeated timers and one-shot timers may fire at any time.
 *
 * @throws HostCallError when code of the system asks the host for time or chance.
 * @throws Error when the rewritten system does not fit, a class cannot be constructed, or is no function of its inputs, and
 *   when an invariant cannot be asked.
 */
export function explore(system: SystemDefinition, options: ExploreOptions = {}): Exploration {
  const { rewritten, partitions, clients = system.simulation?.clients ?? 2, onProgress, exact = false } = options;
  const deployment = deploy(system, { rewritten, partitions, clients });
  const invariants = invariantsFor(system, options);
  const world = createWorld(deployment, options, invariants.some(isOverNodes));
  const judges = new Judges(deployment, world, invariants, options.failures !== "tolerated");
  const search = new BreadthFirst(world, options.bound ?? {}, exact, judges.judge, judges.judgeStep);
  const begun = performance.now();
  let [before, at] = [0, 0];
  const report = (): number => {
    const { progress } = search;
    const seconds = (performance.now() - begun) / 1_000;
    onProgress?.({ ...progress, seconds, statesPerSecond: (progress.distinct - before) / (seconds - at) });
    [before, at] = [progress.distinct, seconds];
    return seconds;
  };
  withoutHostCalls(() => search.begin());
  while (!withoutHostCalls(() => search.run(SLICE_MILLISECONDS))) report();
  const seconds = report();
  return { ...withoutHostCalls(() => summarise(world, search, exact)), seconds };
}

function summarise(world: World, search: BreadthFirst, exact: boolean): Omit<Exploration, "seconds"> {
  const { finding, reached, deadlocks } = search;
  const { distinct, generated, depth, bytes } = search.progress;
  return {
    verdict: finding !== undefined ? "violated" : reached !== undefined ? "bound reached" : "exhausted",
    bound: finding === undefined ? reached : undefined,
    distinct,
    generated,
    depth,
    violation: finding && { invariant: finding.problem, trace: retrace(world, finding.path) },
    deadlocks: { count: deadlocks.count, trace: deadlocks.path && retrace(world, deadlocks.path) },
    collisionProbability: exact ? 0 : (distinct * (generated - distinct)) / TWO_TO_64,
    parts: {
      localStates: world.automaton.size,
      reactions: world.automaton.reactions,
      messages: world.wire.size,
      histories: world.histories.size,
    },
    bytes,
  };
}

/** Goes a path again, and says what happens on it. */
function retrace(world: World, path: Path): readonly TraceStep[] {
  const trace: TraceStep[] = [];
  let words = new Uint32Array();
  const take = (next: Uint32Array, length: number, step: Step): void => {
    words = next.slice(0, length);
    trace.push({ description: step.describe(), events: eventsOf(step) });
  };
  world.visitInitial(take);
  for (const ordinal of path) {
    let count = 0;
    const from = words;
    world.visitSuccessors(from, (next, length, step) => {
      if (count++ === ordinal) take(next, length, step);
    });
  }
  return trace;
}

/** @throws Error when an invariant cannot be asked. */
function invariantsFor(system: SystemDefinition, options: ExploreOptions): readonly (Invariant | SnapshotInvariant)[] {
  const { rewritten, invariants, history = "recorded" } = options;
  if (invariants === undefined) {
    return [
      ...(history === "recorded" ? historyInvariants(system) : []),
      ...(rewritten === undefined ? snapshotInvariants(system) : []),
    ];
  }
  for (const invariant of invariants) {
    if (isOverNodes(invariant)) {
      if (rewritten !== undefined)
        throw new Error(`${invariant.name} is about the nodes of the system as written, and this one is rewritten.`);
    } else if (history !== "recorded")
      throw new Error(
        `${invariant.name} is about histories, and these are not part of the states: history: "recorded".`,
      );
  }
  return invariants;
}

function isOverNodes(invariant: Invariant | SnapshotInvariant): invariant is SnapshotInvariant {
  return "always" in invariant;
}

/** Asks the invariants. */
class Judges {
  readonly #deployment: Deployment;
  readonly #world: World;
  readonly #overNodes: readonly SnapshotInvariant[];
  readonly #overHistories: readonly Invariant[];
  readonly #failuresCount: boolean;
  /** Histories that every invariant holds of. */
  readonly #good = new Set<number>();

  constructor(
    deployment: Deployment,
    world: World,
    invariants: readonly (Invariant | SnapshotInvariant)[],
    failuresCount: boolean,
  ) {
    this.#deployment = deployment;
    this.#world = world;
    this.#overNodes = invariants.filter(isOverNodes);
    this.#overHistories = invariants.flatMap((one) => (isOverNodes(one) ? [] : [one]));
    this.#failuresCount = failuresCount;
  }

  readonly judge = (words: Uint32Array): string | undefined =>
    this.#judgeHistory(this.#world.historyOf(words)) ?? this.#judgeNodes(words);

  readonly judgeStep = ({ reactions }: Step): string | undefined => {
    if (!this.#failuresCount) return undefined;
    for (const { failures } of reactions) if (failures.length > 0) return failures.join("; ");
    return undefined;
  };

  #judgeHistory(history: number): string | undefined {
    if (this.#overHistories.length === 0 || this.#good.has(history)) return undefined;
    const events = this.#world.histories.eventsOf(history);
    const broken = this.#overHistories.find(({ holds }) => !holds(events));
    if (broken === undefined) this.#good.add(history);
    return broken?.name;
  }

  #judgeNodes(words: Uint32Array): string | undefined {
    if (this.#overNodes.length === 0) return undefined;
    const snapshot = new WorldSnapshot(this.#deployment, this.#world, words);
    for (const { name, always } of this.#overNodes) {
      try {
        if (!always(snapshot)) return name;
      } catch (error) {
        if (error instanceof HistoryError) throw error;
        return `${name}: ${String(error)}`;
      }
    }
    return undefined;
  }
}
