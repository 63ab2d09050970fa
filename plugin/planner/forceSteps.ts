/**
 * What the naive compiler would do: code runs where it is asked to run, with a copy of every field that it uses. Only for
 * tests of the verifier, which has to catch what the rules refuse.
 */
import { inferCuts, smallestStatements, type Cut } from "../analysis/inferCuts.ts";
import { columnFlaw, toKeyPart, toKeyTerm } from "../analysis/keyTerms.ts";
import { travelOf } from "../analysis/travel.ts";
import type { Partitioning, RoutingKey } from "../model/component.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import type { HandlerCut, MovedPart, Spreading } from "../rules/rule.ts";
import type { ResolvedComponent } from "./resolveMoves.ts";

/** A field takes whole handlers along. */
export function forceHandlers(component: ResolvedComponent): ResolvedComponent {
  const whole = component.parts.filter(({ field }) => field !== undefined);
  return {
    ...component,
    handlers: [...component.handlers, ...whole],
    parts: component.parts.filter((part) => !whole.includes(part)),
  };
}

/** The smallest statements around the sends, with nothing computed ahead. */
export function forceCuts(protocol: Protocol, role: Role, part: MovedPart): readonly HandlerCut[] {
  const handler = findHandler(role, part.handler);
  if (handler === undefined) return [];
  const { cuts, refused } = inferCuts(protocol, role, handler, part.effects);
  const forced = smallestStatements(
    handler,
    refused.map(({ effect }) => effect.id),
  ).map((region): Cut => {
    const uses = region.uses
      .filter(({ binding }) => binding !== "sender")
      .map((use) => ({ use, travel: travelOf(role, use) }));
    return {
      region,
      whole: false,
      effects: region.effects,
      live: uses.filter(({ travel }) => travel.kind === "value").map(({ use }) => use),
      references: uses.flatMap(({ use, travel }) =>
        travel.kind === "reference" ? [{ name: use.name, field: travel.field }] : [],
      ),
      hoisted: [],
    };
  });
  return [...cuts, ...forced].map((cut) => ({ handler: handler.name, cut }));
}

/** The keys as they are asked for; messages that lack them go to the first partition. */
export function forcePartitioning(step: Spreading): Partitioning {
  const keyOf = (name: string, handlerName: string): RoutingKey => {
    const handler = findHandler(step.role, handlerName);
    if (handler === undefined || step.by === undefined) return [];
    const wanted =
      step.by.kind === "everywhere" ? step.by.key : (step.by.keys[name] ?? step.by.keys[handlerName] ?? []);
    const terms = wanted.map(toKeyTerm);
    return terms.every((term) => columnFlaw(handler, term)?.kind !== "missing") ? terms.map(toKeyPart) : [];
  };
  const messages = step.handlers.filter((name) => findHandler(step.role, name)?.trigger.kind === "message");
  return {
    partitions: step.partitions,
    keys: Object.fromEntries([
      ...messages.map((name) => [name, keyOf(name, name)] as const),
      ...step.forwards.map(({ name, handler }) => [name, keyOf(name, handler)] as const),
    ]),
    positions: {},
  };
}
