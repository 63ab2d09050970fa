/**
 * Probabilistic concurrency testing for message passing: B. K. Ozkan, R. Majumdar, F. Niksic, M. T. Befrouei, G. Weissenbacher,
 * "Randomized testing of distributed systems with probabilistic guarantees", OOPSLA 2018 (PCTCP), after S. Burckhardt,
 * P. Kothari, M. Musuvathi, S. Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding bugs",
 * ASPLOS 2010 (PCT).
 *
 * Events are put on chains as they come up, each after one that caused it. Chains have random priorities, and what is
 * next is the event of the highest one; at `depth - 1` random moments the highest chain is made the lowest. A mistake
 * that shows when `depth` events come in a certain order is found with a probability of at least
 * 1 / (chains × events ^ (depth - 1)), however improbable that order is for who chooses each event by itself.
 */
import type { Alternative, Chooser } from "../chooser.ts";
import { streamsOf, type Draw } from "./streams.ts";

export interface PctOptions {
  /** How many events have to come in a certain order; at least 1. */
  readonly depth: number;
  /** About how many events a run has. */
  readonly events: number;
}

interface Chain {
  priority: number;
  /** The id of its last event. */
  last: number;
}

/** Priorities that chains start with are drawn from so many, above those of the chains that have been made low. */
const PRIORITIES = 2 ** 30;
/**
 * All messages arrive some day, so what has a low priority is not left behind for ever: a run that is so many times as
 * long as was said goes on by chance.
 */
const PATIENCE = 4;

export function pctChooser(seed: number, options: PctOptions): Chooser {
  const streams = streamsOf(seed);
  const events = new ChainedEvents(streams.strategy, options);
  return {
    choose(n, concern, among) {
      return among === undefined ? streams[concern](n) : events.choose(among);
    },
  };
}

class ChainedEvents {
  readonly #draw: Draw;
  readonly #depth: number;
  readonly #end: number;
  /** The moments at which priorities change, and what the highest one becomes then. */
  readonly #changes = new Map<number, number>();
  readonly #chains = new Map<number, Chain>();
  #latest: number | undefined;
  #step = 0;

  constructor(draw: Draw, { depth, events }: PctOptions) {
    this.#draw = draw;
    this.#depth = depth;
    this.#end = PATIENCE * events;
    while (this.#changes.size < Math.min(depth - 1, events)) this.#changes.set(draw(events), this.#changes.size);
  }

  choose(among: readonly Alternative[]): number {
    const chains = among.map(({ id }) => this.#chainOf(id));
    const change = this.#changes.get(this.#step);
    const highest = change === undefined ? undefined : chains[indexOfHighest(chains)];
    if (highest !== undefined && change !== undefined) highest.priority = change;
    const isLate = this.#step++ >= this.#end;
    const chosen = isLate ? this.#draw(among.length) : indexOfHighest(chains);
    this.#latest = among[chosen]?.id;
    return chosen;
  }

  /**
   * What has not been there before was caused by what happened last. It follows that on its chain, unless something else
   * does; then it begins a chain.
   */
  #chainOf(id: number): Chain {
    const known = this.#chains.get(id);
    if (known !== undefined) return known;
    const cause = this.#latest === undefined ? undefined : this.#chains.get(this.#latest);
    const chain =
      cause !== undefined && cause.last === this.#latest
        ? cause
        : { priority: this.#depth + this.#draw(PRIORITIES), last: id };
    chain.last = id;
    this.#chains.set(id, chain);
    return chain;
  }
}

function indexOfHighest(chains: readonly Chain[]): number {
  let highest = 0;
  for (const [index, { priority }] of chains.entries()) {
    if (priority > (chains[highest]?.priority ?? 0)) highest = index;
  }
  return highest;
}
