import type { Alternative, Chooser } from "../chooser.ts";
import { pick, streamsOf, type Draw, type Streams } from "./streams.ts";

/** Arrivals are more frequent than the rest, so that a run is more than its beginning. */
const ARRIVAL_WEIGHT = 3;
/** Timers are considered in one step of so many, or when nothing else can happen. */
const TIMER_RARITY = 4;
/** How often a message is slow, one in so many; 0 for never. Drawn for each run, since uniform delays hide deep bugs. */
const SLOWNESS = [0, 8, 2] as const;
/** A slow message is considered once in so many arrivals, and when nothing else has to arrive. */
const RELUCTANCE = 8;

/**
 * Chooses uniformly; which event is next, by what keeps a run going: it is rather a message that arrives than anything
 * else, messages may be slow, and timers fire now and then.
 */
export function randomChooser(seed: number): Chooser {
  const streams = streamsOf(seed);
  const events = new RandomEvents(streams);
  return {
    choose(n, concern, among) {
      return among === undefined ? streams[concern](n) : events.choose(among);
    },
  };
}

class RandomEvents {
  readonly #schedule: Draw;
  readonly #network: Draw;
  readonly #slowness: number;
  /** By the ids of arrivals. */
  readonly #slow: boolean[] = [];

  constructor({ schedule, network }: Streams) {
    this.#schedule = schedule;
    this.#network = network;
    this.#slowness = pick(network, SLOWNESS);
  }

  choose(events: readonly Alternative[]): number {
    const arrivals: number[] = [];
    const timers: number[] = [];
    const others: number[] = [];
    let index = 0;
    for (const { id, kind } of events) {
      if (kind === "arrival") {
        if (this.#slowness > 0) this.#slow[id] ??= this.#network(this.#slowness) === 0;
        arrivals.push(index);
      } else (kind === "timer" || kind === "oneShot" ? timers : others).push(index);
      index++;
    }
    const onlyTimers = timers.length === events.length;
    if (onlyTimers || (timers.length > 0 && this.#schedule(TIMER_RARITY) === 0)) others.push(...timers);
    const weight = arrivals.length > 0 ? ARRIVAL_WEIGHT : 0;
    const drawn = this.#schedule(weight + others.length);
    return drawn < weight ? this.#arrival(events, arrivals) : (others[drawn - weight] ?? 0);
  }

  #arrival(events: readonly Alternative[], arrivals: readonly number[]): number {
    const prompt = this.#slowness === 0 ? arrivals : arrivals.filter((index) => !this.#isSlow(events[index]));
    const all = prompt.length === 0 || (prompt.length < arrivals.length && this.#network(RELUCTANCE) === 0);
    return pick(this.#network, all ? arrivals : prompt);
  }

  #isSlow(event: Alternative | undefined): boolean {
    return event !== undefined && this.#slow[event.id] === true;
  }
}
