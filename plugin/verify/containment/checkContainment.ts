/**
 * Whether everything that external nodes can see of one system they could have seen of another: exact, for systems with
 * finitely many states, with a shortest counterexample.
 *
 * **Histories.** A pair is a state of the rewritten system and the set of *all* states in which the original can be after the
 * same history (`possibleStates.ts`). Breadth first, step by step of the rewritten system: a silent step keeps the set, an
 * event leads to the set that follows it. If there is none, the original cannot show this history. If no pair has such an
 * event, each history of the rewritten system is one of the original, by induction on its length.
 *
 * **Rest.** Histories alone would pass a system that never answers. So what a run amounts to in the end is compared as well:
 * a run that *ends* in a state in which nothing is under way must have a run of the original that ends with the same
 * history. An end is
 *
 * - a state at rest. Repeated timers may still be able to fire there; that they do not is possible, since they may be
 *   arbitrarily slow, in both systems. If one fires, that is a step like any other, to be compared like any other;
 * - a state from which only silent steps can follow, for ever, none of them to rest. External nodes cannot tell it from
 *   rest.
 *
 * A state that is not at rest and that nothing leads out of is there because something has been limited: how often timers
 * fire, say. It is no end, and where the run would have ended is not judged. (So the original must not be limited more than
 * the rewritten system.)
 *
 * Every run in which what can happen again and again does happen at some time, which is what "messages arrive eventually"
 * amounts to here, either shows events for ever, or is cut off, or gets to an end; so nothing else needs to be asked. Rest itself is not an
 * event: nobody outside can tell rest from slowness, so a set is not narrowed to its resting states when the rewritten system
 * rests, and goes on by a timer. (Tretmans, "Test generation with inputs, outputs and repetitive quiescence" (1996),
 * narrows it, since his testers see quiescence. Ours is the quiescent-trace inclusion of Vaandrager, "On the relationship
 * between process algebra and input/output automata" (1991).) An end need not be reached by the *same* steps: the original may have used
 * its timers otherwise, or not at all, as long as the histories agree.
 *
 * **Antichains.** A pair is left out when one with the same state and a subset of its set has been met: De Wulf, Doyen,
 * Henzinger, Raskin, "Antichains: a new algorithm for checking universality of finite automata" (2006). Sound for all three
 * checks, because each is monotone: what follows the smaller set is contained in what follows the larger; an event that the
 * larger set cannot show, the smaller cannot; and when no state of the larger set is an end, none of the smaller is. So
 * whatever is wrong beyond the pair left out is wrong, by the same steps, beyond the one that was met. Of a shortest
 * counterexample no pair is lost either: the one that was met is at most as deep, since the search is breadth first.
 */
import type { StateNumber, TransitionSystem } from "../../../runtime/simulator/explorer/transitionSystem.ts";
import { BoundReached, Limits, type ContainmentBounds } from "./bounds.ts";
import type {
  Containment,
  ContainmentCounterexample,
  ContainmentCoverage,
  ContainmentProblem,
  ContainmentStep,
} from "./containmentVerdict.ts";
import { SILENT } from "./eventNames.ts";
import { KnownGraph } from "./knownGraph.ts";
import { PairsMet, type Pair } from "./pairsMet.ts";
import type { PossibleStates } from "./possibleStates.ts";
import type { Specification } from "./specification.ts";
import { trappedStates } from "./trappedStates.ts";

export interface ContainmentOptions {
  readonly rewritten: TransitionSystem;
  readonly original: Specification;
  readonly bounds?: ContainmentBounds | undefined;
  /** Whether ends of runs are compared as well as histories. They are unless said. */
  readonly comparesEnds?: boolean | undefined;
  /** Runs everything that asks the two systems, 1,000 pairs at a time; for systems that have to be shielded. */
  readonly within?: (<T>(work: () => T) => T) | undefined;
  /** Called after every 1,000 pairs. */
  readonly onProgress?: ((progress: ContainmentProgress) => void) | undefined;
}

export interface ContainmentProgress {
  readonly coverage: ContainmentCoverage;
  /** Pairs that have been met, and whose steps have not been looked at. */
  readonly waiting: number;
}

/** Checks that each history of the rewritten system is one of the original. */
export function checkContainment(options: ContainmentOptions): Containment {
  return new Search(options).run();
}

const PROGRESS_STEP = 1000;

class Search {
  readonly #options: ContainmentOptions;
  readonly #rewritten: KnownGraph;
  readonly #original: Specification;
  readonly #limits: Limits;
  readonly #comparesEnds: boolean;
  readonly #met = new PairsMet();
  #possible: PossibleStates | undefined;
  /** How many pairs have been looked at. */
  #done = 0;

  constructor(options: ContainmentOptions) {
    this.#options = options;
    this.#original = options.original;
    this.#comparesEnds = options.comparesEnds ?? true;
    this.#rewritten = new KnownGraph(options.rewritten, this.#original.events);
    this.#limits = new Limits(options.bounds ?? {}, () => ({
      rewrittenStates: this.#rewritten.known,
      originalStates: this.#original.graph.known,
    }));
  }

  run(): Containment {
    const within = this.#options.within ?? ((work) => work());
    for (;;) {
      const result = within(() => this.#advance());
      if (result !== undefined) return result;
      this.#report();
    }
  }

  /** Undefined when there is more to do. */
  #advance(): Containment | undefined {
    try {
      return this.#lookAtSome();
    } catch (error) {
      if (!(error instanceof BoundReached)) throw error;
      return this.#conclude(undefined, error.bound);
    }
  }

  #lookAtSome(): Containment | undefined {
    const possible = this.#original.within(this.#limits);
    this.#possible = possible;
    if (this.#met.count === 0) {
      const first = this.#met.addFirst(this.#options.rewritten.initial, possible.initial);
      if (this.#isLeftWaiting(first, possible))
        return this.#conclude(this.#explain("lost wake-up", first, possible), undefined);
    }
    for (let some = 0; some < PROGRESS_STEP; some++, this.#done++) {
      if (this.#done === this.#met.count) return this.#conclude(this.#findTrap(possible), undefined);
      const problem = this.#expand(this.#met.at(this.#done), possible);
      if (problem !== undefined) return this.#conclude(problem, undefined);
    }
    return undefined;
  }

  #expand(pair: Pair, possible: PossibleStates): ContainmentCounterexample | undefined {
    const graph = this.#rewritten;
    const degree = graph.degree(pair.state);
    this.#limits.check();
    for (let index = 0; index < degree; index++) {
      const event = graph.event(pair.state, index);
      const set = event === SILENT ? pair.set : possible.after(pair.set, event);
      if (set === undefined) return this.#explain("impossible event", pair, possible, index);
      const next = this.#met.add(graph.target(pair.state, index), set, pair, index, possible.sets);
      if (next === undefined) continue;
      this.#limits.checkPairs(this.#met.count);
      if (this.#isLeftWaiting(next, possible)) return this.#explain("lost wake-up", next, possible);
    }
    return undefined;
  }

  /** Whether the rewritten system may have stopped where the original cannot. */
  #isLeftWaiting({ state, set }: Pair, possible: PossibleStates): boolean {
    return this.#comparesEnds && this.#rewritten.isAtRest(state) && !possible.mayEnd(set);
  }

  /** All pairs have been looked at: is one of them in a trap that the original has not? */
  #findTrap(possible: PossibleStates): ContainmentCounterexample | undefined {
    if (!this.#comparesEnds) return undefined;
    const trapped = trappedStates(this.#rewritten, this.#met.states());
    if (trapped.size === 0) return undefined;
    for (let number = 0; number < this.#met.count; number++) {
      const pair = this.#met.at(number);
      if (trapped.has(pair.state) && !possible.mayEnd(pair.set)) return this.#explain("never answers", pair, possible);
    }
    return undefined;
  }

  /** @param failing The transition out of the pair's state that shows the impossible event. */
  #explain(
    kind: ContainmentProblem,
    pair: Pair,
    possible: PossibleStates,
    failing?: number,
  ): ContainmentCounterexample {
    const steps = this.#met
      .pathTo(pair)
      .map(({ state, index }) => this.#stepOf(state, index))
      .concat(failing === undefined ? [] : [this.#stepOf(pair.state, failing)]);
    const history = steps.flatMap(({ event }) => (event === undefined ? [] : [event]));
    const instead = possible
      .eventsAfter(pair.set)
      .map((event) => this.#original.events.nameOf(event))
      .sort();
    return { kind, summary: SUMMARIES[kind], steps, history, instead };
  }

  #stepOf(state: StateNumber, index: number): ContainmentStep {
    const { event, describe } = this.#rewritten.transition(state, index);
    return { description: describe(), event };
  }

  #conclude(counterexample: ContainmentCounterexample | undefined, bound: string | undefined): Containment {
    const coverage = this.#coverage(counterexample === undefined && bound === undefined);
    if (counterexample !== undefined) return { verdict: "counterexample", counterexample, bound, coverage };
    if (bound !== undefined) return { verdict: "bound reached", counterexample, bound, coverage };
    const verdict = this.#rewritten.visible > 0 ? "refines" : "nothing exercised";
    return { verdict, counterexample, bound, coverage };
  }

  #coverage(isComplete: boolean): ContainmentCoverage {
    const sets = this.#possible?.sets.count ?? 0;
    return {
      pairs: this.#met.count,
      subsumed: this.#met.subsumed,
      rewrittenStates: this.#rewritten.known,
      originalStates: this.#original.graph.known,
      sets,
      largestSet: this.#possible?.largest ?? 0,
      events: this.#original.events.count,
      depth: this.#met.count === 0 ? 0 : this.#met.at(Math.min(this.#done, this.#met.count - 1)).depth,
      isComplete,
    };
  }

  #report(): void {
    this.#options.onProgress?.({ coverage: this.#coverage(false), waiting: this.#met.count - this.#done });
  }
}

const SUMMARIES: Readonly<Record<ContainmentProblem, string>> = {
  "impossible event": "The original, after the same history, cannot show the last event.",
  "lost wake-up": "The rewritten system has stopped, and the original, after the same history, has more to show.",
  "never answers":
    "The rewritten system goes on without ever showing anything, and the original, after the same history, has more to show.",
};
