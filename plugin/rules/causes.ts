/** What is known of an activation before all of it has happened: what it sends, and what others send that come after it. */
import type { Causes } from "../analysis/inferStaleReads.ts";
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { projectComponent, type PlacedCut } from "../analysis/projectComponent.ts";
import { findHandler, type Role } from "../model/protocol.ts";
import type { Decoupling, Part } from "./rule.ts";

/**
 * All that handlers of the component send but what leaves with these cuts, wherever it is sent from. Only of handlers that
 * are cut, or that come after one that is: because they touch a cell that it touches, or one that such a handler touches. (Those
 * that come after it because of a message are at the end of a path.) And all that components send that forward to this one:
 * what is told late here may come before what they have done since.
 */
export function causesOf(step: Decoupling, component: Part, cuts: readonly PlacedCut[]): readonly Causes[] {
  const { role } = step;
  const seen = projectComponent(role, { ...component, left: [...component.left, ...cuts] });
  const followers = new Set(followersOf(seen, new Set(cuts.map(({ handler }) => handler))));
  const entering = component.handlers
    .filter((name) => followers.has(name))
    .map((handler): Causes => {
      const gone = new Set(cuts.filter((cut) => cut.handler === handler).flatMap(({ cut }) => cut.effects));
      const effects = findHandler(role, handler)?.body?.effects ?? [];
      return { handler, effects: effects.map(({ id }) => id).filter((id) => !gone.has(id)) };
    });
  const upstream = upstreamOf(step, component).flatMap(({ handlers }) => handlers);
  return [...entering, ...upstream.map((handler): Causes => ({ handler, effects: undefined }))];
}

/** The components that forward state to this one, directly or through others. */
function upstreamOf({ others }: Decoupling, component: Part): readonly Part[] {
  const found: Part[] = [];
  const pending = [component];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const names = part.forwarded.flatMap(({ from, channel }) => (channel === "once" ? [] : [from]));
    const more = others.filter((other) => names.includes(other.name) && !found.includes(other));
    found.push(...more);
    pending.push(...more);
  }
  return found;
}

/** The handlers of a component that are connected with some by fields that they use. */
function followersOf(seen: Role, found: ReadonlySet<string>): readonly string[] {
  const uses = (name: string): ReadonlySet<string> => {
    const handler = findHandler(seen, name);
    const footprint = handler === undefined ? undefined : inferFootprint(seen, handler);
    if (footprint === undefined) return new Set();
    return new Set(footprint.everything.length > 0 ? seen.fields.map((field) => field.name) : stateOf(footprint));
  };
  const known = new Set([...found].flatMap((name) => [...uses(name)]));
  const more = seen.handlers
    .map(({ name }) => name)
    .filter((name) => found.has(name) || [...uses(name)].some((field) => known.has(field)));
  return more.length === found.size ? more : followersOf(seen, new Set(more));
}

function stateOf(footprint: ReturnType<typeof inferFootprint>): readonly string[] {
  return footprint.accesses.map(({ cell }) => cell.field);
}
