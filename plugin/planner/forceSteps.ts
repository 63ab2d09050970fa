/**
 * What the naive compiler would do: code runs where it is asked to run, with a copy of every field that it uses. Only for
 * tests of the verifier, which has to catch what the rules refuse.
 */
import { inferCuts, smallestStatements, type Cut } from "../analysis/inferCuts.ts";
import { columnFlaw, toKeyPart, toKeyTerm } from "../analysis/keyTerms.ts";
import { travelOf } from "../analysis/travel.ts";
import type { Partitioning, RoutingKey } from "../model/component.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import { statefulParts, type Decoupling, type HandlerCut, type MovedPart, type Spreading } from "../rules/rule.ts";

/** What has state is told in any order, and waits for nothing. */
export function forceStep(step: Decoupling): readonly HandlerCut[] {
  const { protocol, role } = step;
  const stateful = statefulParts(step);
  const [main] = step.others;
  const cut = (part: MovedPart): readonly HandlerCut[] => forceCuts(protocol, role, part);
  return [
    ...step.parts.flatMap((part) =>
      cut(part).map((one): HandlerCut => (stateful.includes(part) ? { ...one, channel: "repeatable" } : one)),
    ),
    ...step.returned.flatMap((part) =>
      cut(part).map((one): HandlerCut => ({ ...one, to: main?.name ?? "main", channel: "repeatable" })),
    ),
  ];
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
    const handler = findHandler(step.original, handlerName);
    if (handler === undefined || step.by === undefined) return [];
    const wanted =
      step.by.kind === "everywhere" ? step.by.key : (step.by.keys[name] ?? step.by.keys[handlerName] ?? []);
    const terms = wanted.map(toKeyTerm);
    return terms.every((term) => columnFlaw(handler, term)?.kind !== "missing") ? terms.map(toKeyPart) : [];
  };
  const messages = step.handlers.filter((name) => findHandler(step.original, name)?.trigger.kind === "message");
  return {
    partitions: step.partitions,
    keys: Object.fromEntries([
      ...messages.map((name) => [name, keyOf(name, name)] as const),
      ...[...step.forwards, ...step.fragments].map(({ name, handler }) => [name, keyOf(name, handler)] as const),
    ]),
    positions: {},
  };
}
