/** A system that is nothing but events, for choosers to choose from. */
import type { Alternative, Chooser } from "../../../../runtime/simulator/index.ts";

export interface ToyEvent {
  readonly name: string;
  /** Where it happens; nowhere in particular unless said. */
  readonly place?: number;
  /** What can happen once it has. */
  readonly causes?: readonly ToyEvent[];
}

/** The names of the events in the order that the chooser chooses, until nothing is left to happen. */
export function play(chooser: Chooser, initial: readonly ToyEvent[], onStep?: () => void): readonly string[] {
  const happened: string[] = [];
  let ids = 0;
  const number = (events: readonly ToyEvent[]): { readonly event: ToyEvent; readonly alternative: Alternative }[] =>
    events.map((event) => ({
      event,
      alternative: { id: ids++, kind: "arrival", place: event.place, origin: undefined, handler: event.name },
    }));
  const enabled = number(initial);
  while (enabled.length > 0) {
    const alternatives = enabled.map(({ alternative }) => alternative);
    const [chosen] = enabled.splice(chooser.choose(enabled.length, "schedule", alternatives), 1);
    if (chosen === undefined) throw new Error("The choice is out of range.");
    happened.push(chosen.event.name);
    enabled.push(...number(chosen.event.causes ?? []));
    onStep?.();
  }
  return happened;
}

/** Events that cause one another, one after the other. */
export function chain(name: string, length: number): ToyEvent {
  let event: ToyEvent = { name: `${name}${length}` };
  for (let i = length - 1; i >= 1; i--) event = { name: `${name}${i}`, causes: [event] };
  return event;
}
