/**
 * Swarm testing: A. Groce, C. Zhang, E. Eide, Y. Chen, J. Regehr, "Swarm testing", ISSTA 2012. Each run has a
 * configuration of its own, drawn from its seed: which handlers, nodes and links are slow or fast, how often timers fire
 * and clients issue, whether old or new events go first. What takes a rare mix is common in some of the runs; an even
 * mix in all of them would never show it. (Kinds of faults are drawn for each run whoever chooses: see faults.ts.)
 */
import type { Alternative, Chooser, EventKind } from "../chooser.ts";
import { pick, streamsOf, type Draw } from "./streams.ts";

/** How much more, or less, likely an event is for one of its traits. */
const ORDINARY = 32;
const UNEVEN = [1, 1, ORDINARY, ORDINARY, 32 * ORDINARY] as const;
const RATES = [1, 8, ORDINARY, 4 * ORDINARY] as const;

/** Which end of the events that may happen is tried first, and in how many of so many steps. */
const ORDERS = ["any", "any", "oldest", "newest"] as const;
const DISCIPLINE = 4;

type Trait = (event: Alternative) => string | number | undefined;
const TRAITS: readonly Trait[] = [
  ({ handler }) => handler,
  ({ place }) => place,
  ({ origin }) => origin,
  ({ origin, place }) => (origin === undefined ? undefined : `${String(origin)}>${String(place)}`),
];

export function swarmChooser(seed: number): Chooser {
  const streams = streamsOf(seed);
  const events = new SwarmedEvents(streams.strategy, streams.schedule);
  return {
    choose(n, concern, among) {
      return among === undefined ? streams[concern](n) : events.choose(among);
    },
  };
}

class SwarmedEvents {
  /** Of the configuration. */
  readonly #configure: Draw;
  readonly #draw: Draw;
  readonly #traits: readonly { readonly trait: Trait; readonly weights: Map<string | number, number> }[];
  readonly #rates: { readonly [K in EventKind]: number };
  readonly #order: (typeof ORDERS)[number];

  constructor(configure: Draw, draw: Draw) {
    this.#configure = configure;
    this.#draw = draw;
    this.#traits = TRAITS.filter(() => configure(2) === 0).map((trait) => ({ trait, weights: new Map() }));
    const timer = pick(configure, RATES);
    this.#rates = {
      arrival: ORDINARY,
      resend: pick(configure, RATES),
      operation: pick(configure, RATES),
      start: pick(configure, RATES),
      sync: pick(configure, RATES),
      heal: ORDINARY,
      timer,
      oneShot: timer,
    };
    this.#order = pick(configure, ORDERS);
  }

  choose(among: readonly Alternative[]): number {
    const weights = among.map((event) => this.#weightOf(event));
    if (this.#order !== "any" && this.#draw(DISCIPLINE) > 0) return this.#first(among, weights);
    let left = this.#draw(weights.reduce((sum, weight) => sum + weight, 0));
    return weights.findIndex((weight) => (left -= weight) < 0);
  }

  /** The oldest or newest of the events that are most likely. */
  #first(among: readonly Alternative[], weights: readonly number[]): number {
    const most = Math.max(...weights);
    const sign = this.#order === "oldest" ? 1 : -1;
    let first = weights.indexOf(most);
    for (const [index, { id }] of among.entries()) {
      if (weights[index] === most && sign * (id - (among[first]?.id ?? id)) < 0) first = index;
    }
    return first;
  }

  #weightOf(event: Alternative): number {
    let weight = this.#rates[event.kind];
    for (const { trait, weights } of this.#traits) {
      const value = trait(event);
      if (value === undefined) continue;
      let factor = weights.get(value);
      if (factor === undefined) {
        factor = pick(this.#configure, UNEVEN);
        weights.set(value, factor);
      }
      weight = (weight * factor) / ORDINARY;
    }
    return Math.max(1, Math.min(MOST, Math.round(weight)));
  }
}

/** What one event may weigh, so that sums are whole numbers that chance can be drawn from. */
const MOST = 2 ** 20;
