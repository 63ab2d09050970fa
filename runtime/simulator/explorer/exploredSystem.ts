import type { Deployment } from "../../deployment.ts";
import { printEvent } from "./histories.ts";
import { createWorld, type StateSpaceOptions } from "./options.ts";
import { StateStore } from "./states.ts";
import type { StateNumber, Transition, TransitionSystem } from "./transitionSystem.ts";
import { eventsOf, type Step, type World } from "./world.ts";

/**
 * A deployment as a graph, of which as much is built as somebody looks at.
 *
 * An event says what external nodes saw and did in one transition, in order: usually one thing, several when a client answers
 * an answer. Handlers that throw change nothing, and send nothing.
 *
 * States have no history unless one is asked for, because whoever follows transitions sees the events. Classes run here and
 * later: whoever looks does so inside of `withoutHostCalls`, which is too slow to be entered for each state.
 */
export function exploredSystem(deployment: Deployment, options: StateSpaceOptions = {}): ExploredSystem {
  return new ExploredSystem(deployment, options);
}

/** What {@link exploredSystem} gives: a transition system that says how large it has become. */
export class ExploredSystem implements TransitionSystem {
  readonly initial: StateNumber;
  readonly #world: World;
  readonly #store = new StateStore();

  constructor(deployment: Deployment, options: StateSpaceOptions) {
    this.#world = createWorld(deployment, { history: "forgotten", ...options }, false);
    let initial = 0;
    this.#world.visitInitial((words, length) => (initial = this.#store.numberOf(words, length)));
    this.initial = initial;
  }

  /** How many states have been seen so far. */
  get size(): number {
    return this.#store.size;
  }

  /** How much memory it takes, about. */
  get bytes(): number {
    return this.#store.bytes + this.#world.bytes;
  }

  successors(state: StateNumber): readonly Transition[] {
    const transitions: Transition[] = [];
    this.#world.visitSuccessors(this.#store.read(state), (words, length, step) => {
      const to = this.#store.numberOf(words, length);
      transitions.push({ to, event: eventOf(step), describe: step.describe });
    });
    return transitions;
  }

  isAtRest(state: StateNumber): boolean {
    const words = this.#store.read(state);
    if (this.#world.isCutOff(words)) return false;
    let isAtRest = true;
    this.#world.visitSuccessors(words, (_words, _length, { isIncidental }) => {
      isAtRest &&= isIncidental;
    });
    return isAtRest;
  }
}

function eventOf(step: Step): string | undefined {
  const events = eventsOf(step);
  return events.length === 0 ? undefined : events.map(printEvent).join("; ");
}
