/** Why state cannot be divided like this, whatever single handlers do. */
import type { Partitioning } from "../../model/component.ts";
import { findTimer, type Handler, type Protocol } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import { inferEffectFootprint, inferFootprint, type StateAccess } from "../inferFootprints.ts";
import { startsEmpty } from "../startingEntries.ts";
import type { Effect } from "../../model/effect.ts";
import type { Division } from "./divideState.ts";
import { loopOver } from "./entryLists.ts";

export type DivisionObstacle =
  /** Some of the state survives a crash, and some does not. */
  | { readonly kind: "mixed-durability"; readonly durable: string; readonly volatile: string; readonly span: Span }
  /** All of a field is used on every partition, but its entries are not told apart by their first key alone. */
  | { readonly kind: "deeper-key"; readonly access: StateAccess; readonly span: Span }
  /** Two fields are used under one key in one handler, and are spread in different ways. */
  | { readonly kind: "two-ways"; readonly access: StateAccess; readonly other: string; readonly span: Span }
  | { readonly kind: "starts-with"; readonly field: string; readonly span: Span }
  /** A handler that runs when the node comes back changes a copy, or does something that belongs to no entry. */
  | { readonly kind: "recovery"; readonly handler: Handler; readonly effect: Effect; readonly span: Span }
  | {
      readonly kind: "forwards" | "one-shot" | "start" | "ordered-send";
      readonly handler: Handler;
      readonly span: Span;
    };

/** @param outcome How the fields that are no copies are spread. */
export function findUnspreadable(division: Division, outcome: Partitioning): readonly DivisionObstacle[] {
  return [...mixedDurability(division), ...deeperKeys(division, outcome), ...recovering(division)].slice(0, 1);
}

function mixedDurability({ copies, state: { role, fields } }: Division): readonly DivisionObstacle[] {
  const mine = role.fields.filter(
    ({ name }) => (copies.has(name) || fields.has(name)) && findTimer(role, name) === undefined,
  );
  const durable = mine.find((field) => field.durable);
  const volatile = mine.find((field) => !field.durable);
  if (durable === undefined || volatile === undefined) return [];
  return [{ kind: "mixed-durability", durable: durable.name, volatile: volatile.name, span: volatile.nameSpan }];
}

function deeperKeys(division: Division, { positions, owners }: Partitioning): readonly DivisionObstacle[] {
  const { state, replicated, others } = division;
  const concerned = [...replicated, ...others.filter(({ trigger }) => trigger.kind === "recover")];
  return concerned.flatMap((handler): readonly DivisionObstacle[] => {
    const accesses = inferFootprint(state.role, handler).accesses.filter(({ cell }) => state.fields.has(cell.field));
    const deep = accesses.find(({ cell }) => positions[cell.field]?.every((position) => position === 0) !== true);
    if (deep !== undefined) return [{ kind: "deeper-key", access: deep, span: deep.span }];
    const [first] = accesses;
    const ownerOf = (field: string): string => JSON.stringify(owners?.[field] ?? positions[field]);
    const other = accesses.find(({ cell }) => first !== undefined && ownerOf(cell.field) !== ownerOf(first.cell.field));
    return first === undefined || other === undefined
      ? []
      : [{ kind: "two-ways", access: other, other: first.cell.field, span: other.span }];
  });
}

function recovering({ copies, state, others }: Division): readonly DivisionObstacle[] {
  return others
    .filter(({ trigger }) => trigger.kind === "recover")
    .flatMap((handler) =>
      (handler.body?.effects ?? [])
        .filter((effect) => {
          const field = inferEffectFootprint(effect).writes?.field;
          if (field !== undefined && copies.has(field)) return true;
          return !effect.guard.some(({ term, negated }) => !negated && loopOver(term, state) !== undefined);
        })
        .map((effect): DivisionObstacle => ({ kind: "recovery", handler, effect, span: effect.span })),
    );
}

/** Entries that a class starts with would be on every partition. */
export function findStartingEntries(
  protocol: Protocol,
  { state, replicated, others }: Division,
): readonly DivisionObstacle[] {
  const concerned = [...replicated, ...others.filter(({ trigger }) => trigger.kind === "recover")];
  const used = new Set(
    concerned.flatMap((handler) =>
      inferFootprint(state.role, handler)
        .accesses.map(({ cell }) => cell.field)
        .filter((field) => state.fields.has(field)),
    ),
  );
  return state.role.fields
    .filter(({ name, is }) => used.has(name) && is.kind === "state")
    .filter((field) => !startsEmpty(protocol, field))
    .map(({ name, nameSpan }) => ({ kind: "starts-with", field: name, span: nameSpan }));
}
