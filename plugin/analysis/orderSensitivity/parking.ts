/**
 * Handlers that do nothing at all unless an entry is there. A message that comes before the entry may wait for it: then it
 * is a message that was slow.
 */
import type { Role } from "../../model/protocol.ts";
import { viewComponent } from "./component.ts";
import { isInside, locationOf } from "./locations.ts";
import { readsState } from "./normaliseTerms.ts";
import type { Parking } from "./orderObstacle.ts";
import { isWrite, nameOfPresence } from "./views.ts";

/** For each direct handler that may wait, what it may wait for. */
export function findParkings(role: Role, forwarded: readonly string[]): { readonly [handler: string]: Parking } {
  const component = viewComponent(role, forwarded, {});
  const deletions = component.writes.filter(({ growth }) => growth.kind === "delete");
  const found = component.handlers.flatMap((view): readonly (readonly [string, Parking])[] => {
    const { handler, effects } = view;
    const [first] = effects;
    if (view.forwarded || handler.trigger.kind !== "message" || first === undefined) return [];
    const candidates = first.guards.flatMap(({ formula, name }): readonly Parking[] => {
      if (formula.kind !== "test" || formula.test.kind !== "present" || formula.test.negated) return [];
      const { field, keys } = formula.test.cell;
      const [key] = keys;
      if (key === undefined || keys.length > 1 || readsState(key)) return [];
      return nameOfPresence({ field, key }) === name ? [{ field, key }] : [];
    });
    const parking = candidates.find(({ field, key }) => {
      const name = nameOfPresence({ field, key });
      const entry = locationOf(role, { field, keys: [key] });
      const isMade = (own: boolean): boolean =>
        component.writes.some(({ handler: other, effect, growth }) => {
          const at = locationOf(role, effect.cell);
          return (
            growth.kind !== "delete" && (other === view) === own && at.length === entry.length && isInside(at, entry)
          );
        });
      const isDeleted = deletions.some(({ effect }) => isInside(entry, locationOf(role, effect.cell)));
      return (
        effects.every((effect) => effect.guards.some((guard) => guard.name === name) || isNothing(effect)) &&
        isMade(false) &&
        !isMade(true) &&
        !isDeleted
      );
    });
    return parking === undefined ? [] : [[handler.name, parking]];
    function isNothing(effect: (typeof effects)[number]): boolean {
      if (!isWrite(effect)) return false;
      return component.writes.find((write) => write.effect === effect.effect)?.growth.kind === "nothing";
    }
  });
  return Object.fromEntries(found);
}
