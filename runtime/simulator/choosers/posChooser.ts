/**
 * Partial order sampling: X. Yuan, J. Yang, R. Gu, "Partial order aware concurrency sampling", CAV 2018.
 *
 * Each event gets a random priority when it comes up, and the highest is next. Events that race with it, here those at
 * the same place, get new ones then: so that of events that do not commute each order is about as likely as any other,
 * however many steps that have nothing to do with them lie between.
 */
import type { Alternative, Chooser } from "../chooser.ts";
import { streamsOf, type Draw } from "./streams.ts";

const PRIORITIES = 2 ** 30;

export function posChooser(seed: number): Chooser {
  const streams = streamsOf(seed);
  const priorities = new Map<number, number>();
  return {
    choose(n, concern, among) {
      return among === undefined ? streams[concern](n) : chooseByPriority(among, priorities, streams.strategy);
    },
  };
}

function chooseByPriority(among: readonly Alternative[], priorities: Map<number, number>, draw: Draw): number {
  let chosen = 0;
  let highest = -1;
  for (const [index, { id }] of among.entries()) {
    const priority = priorities.get(id) ?? draw(PRIORITIES);
    priorities.set(id, priority);
    if (priority <= highest) continue;
    highest = priority;
    chosen = index;
  }
  const place = among[chosen]?.place;
  for (const event of among) if (place !== undefined && event.place === place) priorities.delete(event.id);
  return chosen;
}
