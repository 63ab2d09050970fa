/**
 * Whether the code of a component gives the same result in whatever order, and however often, it handles its inputs.
 *
 * The state is a join of what came in: every write adds something that does not depend on the state, and that a second
 * time adds nothing. Then after the same inputs the state is the same. What is done *because of* the state has to be a
 * function of the inputs too: it happens when a condition comes true that stays true, once for a key, in the activation
 * that makes it true (every handler that can asks), and its content is a function of the key, not of that activation.
 */
import type { Handler, Role } from "../../model/protocol.ts";
import { inferFootprint } from "../inferFootprints.ts";
import { viewComponent } from "./component.ts";
import { describeSensitivity } from "./describeSensitivity.ts";
import { findConflicts } from "./joins.ts";
import { judgeThrows } from "./judgeThrows.ts";
import { judgeEffect } from "./judgeEffect.ts";
import type { OrderObstacle, OrderSensitivity, Parking } from "./orderObstacle.ts";
import { findParkings } from "./parking.ts";
import { findRival, type Rule } from "./rules.ts";
import { steeringOf } from "./steering.ts";

/**
 * @param role Projected: its handlers are exactly the code of one component, and all state that they touch belongs to it.
 * @param input `forwarded` names the handlers that arrive as repeatable forwards; the others are direct inputs.
 */
export function inferOrderSensitivity(role: Role, input: { readonly forwarded: readonly string[] }): OrderSensitivity {
  const plain = analyse(role, input.forwarded, {});
  if (plain.obstacles.length === 0) return plain;
  const blocked = new Set(plain.obstacles.map(({ handler }) => handler));
  const parkings = Object.entries(findParkings(role, input.forwarded));
  const parks = Object.fromEntries(parkings.filter(([handler]) => blocked.has(handler)));
  return Object.keys(parks).length === 0 ? plain : analyse(role, input.forwarded, parks);
}

function analyse(
  role: Role,
  forwarded: readonly string[],
  parks: { readonly [handler: string]: Parking },
): OrderSensitivity {
  const apart = role.handlers.flatMap((handler) => notFollowed(role, handler));
  if (apart.length > 0) return { obstacles: apart, parks: {}, facts: [] };
  const component = viewComponent(role, forwarded, parks);
  const rules = component.handlers.flatMap(({ effects }) =>
    effects.map((view): Rule => {
      const write = component.writes.find(({ effect }) => effect === view.effect);
      const item = write ?? view;
      return { ...item, steering: steeringOf(component, item) };
    }),
  );
  const thrown = component.handlers.flatMap((handler) => judgeThrows(component, handler));
  const obstacles = [...rules.flatMap((rule) => judgeEffect(component, rule, rules) ?? []), ...thrown];
  const conflicts = findConflicts(role, component.writes);
  const rivals = findRival(component, rules).map(({ mark, other, isBare }): OrderObstacle => {
    const { span, cell } = mark.effect;
    const handler = mark.handler.handler.name;
    const marks = isBare ? "nothing" : "something else";
    return { kind: "not-a-join", handler, span, cell, why: "first-wins", other: other.effect.span, marks };
  });
  const all = [
    ...obstacles,
    ...[...conflicts, ...rivals].filter(({ span }) => !obstacles.some((one) => one.span === span)),
  ];
  return { obstacles: all, parks, facts: all.length > 0 ? [] : describeSensitivity(component, rules) };
}

/** What cannot be looked at by effects. */
function notFollowed(role: Role, handler: Handler): readonly OrderObstacle[] {
  const { everything } = inferFootprint(role, handler);
  const place = { handler: handler.name, other: undefined } as const;
  return [
    ...everything.map(({ why, span }): OrderObstacle => ({ kind: "not-understood", ...place, why, span })),
    ...(handler.trigger.kind === "after" ? [{ kind: "timer", ...place, span: handler.nameSpan } as const] : []),
  ];
}
