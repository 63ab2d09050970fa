/** What the activations of a component send, wherever it leaves from. */
import type { Causes } from "../analysis/inferStaleReads.ts";
import type { PlacedCut } from "../analysis/projectComponent.ts";
import { findHandler } from "../model/protocol.ts";
import type { Decoupling, Part } from "./rule.ts";

/**
 * Everything that handlers of the component send but what leaves with these cuts; and what handlers of others send that
 * run in part in this component.
 */
export function causesOf({ role }: Decoupling, component: Part, cuts: readonly PlacedCut[]): readonly Causes[] {
  const entering = component.handlers.map((handler): Causes => {
    const gone = new Set(cuts.filter((cut) => cut.handler === handler).flatMap(({ cut }) => cut.effects));
    const effects = findHandler(role, handler)?.body?.effects ?? [];
    return { handler, effects: effects.map(({ id }) => id).filter((id) => !gone.has(id)) };
  });
  return [...entering, ...component.forwarded.map(({ handler }): Causes => ({ handler, effects: undefined }))];
}
