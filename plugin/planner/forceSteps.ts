/**
 * What the naive compiler would do: code runs where it is asked to run, with a copy of every field that it uses. Only for
 * tests of the verifier, which has to catch what the rules refuse.
 */
import { inferCuts, smallestStatements, type Cut, type Cuts } from "../analysis/inferCuts.ts";
import { inferEffectFootprint, inferFootprint, stateFields } from "../analysis/inferFootprints.ts";
import { columnFlaw, toKeyPart, toKeyTerm } from "../analysis/keys/keyTerms.ts";
import { travelOf } from "../analysis/travel.ts";
import type { Partitioning, RoutingKey } from "../model/component.ts";
import type { Region } from "../model/effect.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import { forceReplication } from "../rules/partialPartitioning.ts";
import { statefulParts, type Decoupling, type HandlerCut, type MovedPart, type Spreading } from "../rules/rule.ts";

/** What has state is told in any order, and waits for nothing. */
export function forceStep(step: Decoupling): readonly HandlerCut[] {
  const { protocol, role } = step;
  const stateful = statefulParts(step);
  const [main] = step.others;
  return [
    ...step.parts.flatMap((part) =>
      forceCuts(protocol, role, part, step.owned).map((one): HandlerCut =>
        stateful.includes(part) ? { ...one, channel: "repeatable" } : one,
      ),
    ),
    ...step.returned.flatMap((part) =>
      forceCuts(protocol, role, part).map((one): HandlerCut => ({
        ...one,
        to: main?.name ?? "main",
        channel: "repeatable",
      })),
    ),
  ];
}

/**
 * The statements as they are asked for. What the rules would have computed before is read from a copy of the field
 * instead; where even that leaves no statement to take, all of the handler goes; and the last resort is the smallest
 * statement around each effect, whatever becomes of it.
 */
export function forceCuts(
  protocol: Protocol,
  role: Role,
  part: MovedPart,
  owned: readonly string[] = [],
): readonly HandlerCut[] {
  const handler = findHandler(role, part.handler);
  if (handler?.body === undefined) return [];
  const { effects } = handler.body;
  const infer = (ids: readonly number[], fields: readonly string[]): Cuts =>
    inferCuts(protocol, role, handler, ids, fields);
  const changed = effects.flatMap((effect) =>
    part.effects.includes(effect.id) ? (inferEffectFootprint(effect).writes?.field ?? []) : [],
  );
  const proper = infer(part.effects, [...owned, ...changed]);
  if (proper.refused.length === 0) return proper.cuts.map((cut) => ({ handler: handler.name, cut }));

  const everything = stateFields(inferFootprint(role, handler));
  const naive = infer(part.effects, everything);
  const whole = infer(
    effects.map(({ id }) => id),
    everything,
  );
  // What is declared in one half and used in the other is the one thing that no copy makes up for.
  const isTorn = naive.refused.some(({ obstacle }) => obstacle.kind === "assigns" && declares(obstacle));
  const found = [naive, ...(isTorn ? [whole] : [])].find(({ refused }) => refused.length === 0);
  const cuts = found?.cuts ?? [
    ...proper.cuts,
    ...smallestStatements(
      handler,
      proper.refused.map(({ effect }) => effect.id),
    ).map((region) => asItStands(role, region)),
  ];
  return cuts.map((cut) => ({ handler: handler.name, cut }));
}

function declares({ name, region }: { readonly name: string; readonly region: Region }): boolean {
  return [region, ...region.children].some((one) => one.declares.includes(name));
}

/** A statement with all local values, and nothing computed ahead. */
function asItStands(role: Role, region: Region): Cut {
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
}

/**
 * With copies, where that is what is refused; otherwise the keys as they are asked for, and messages that lack them go to the
 * first partition.
 */
export function forcePartitioning(step: Spreading): Partitioning {
  return forceReplication(step) ?? asAsked(step);
}

function asAsked(step: Spreading): Partitioning {
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
