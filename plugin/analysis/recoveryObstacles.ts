/**
 * Whether what a node does when it comes back can be done in pieces, one for each key, by the partitions that have the keys.
 *
 * It can, when the handler consists of loops over whole collections in which no turn has to do with another one: every
 * effect is in exactly one such loop; what a turn touches is kept under the key of its own entry; nothing is carried from
 * turn to turn, by a local variable, by leaving the loop, or by an exception, which would undo all of them.
 */
import type { Effect, Region } from "../model/effect.ts";
import { findStateField, type Handler, type Role } from "../model/protocol.ts";
import { subterms, type Cell, type Term } from "../model/term.ts";
import { contains, type Span } from "../model/span.ts";
import { inferFootprint, termsOf, type StateAccess } from "./inferFootprints.ts";

export interface RecoveryObstacle {
  readonly kind: "recovery";
  readonly handler: string;
  readonly span: Span;
  readonly flaw: RecoveryFlaw;
}

export type RecoveryFlaw =
  /** It may throw, and then undoes what it did for all keys, of which each partition knows its own only. */
  | { readonly kind: "throws"; readonly why: string }
  /** It touches state that is not spread by this key. */
  | { readonly kind: "not-spread"; readonly access: StateAccess }
  /** It touches an entry other than that of its own turn, or all of them at once. */
  | { readonly kind: "other-entry"; readonly access: StateAccess }
  /** An effect that does not belong to any entry: each partition would have it. */
  | { readonly kind: "outside-loop"; readonly effect: Effect }
  /** An effect for each pair of entries, which may be on two partitions. */
  | { readonly kind: "pairs"; readonly effect: Effect }
  /** A change of what survives: a crash may come when some partitions have made it, and others have not. */
  | { readonly kind: "writes"; readonly effect: Effect }
  /** Entries that are there from the start: every partition has them. */
  | { readonly kind: "starts-with"; readonly field: string }
  /** An effect that depends on other turns of the loop. */
  | { readonly kind: "other-turns"; readonly why: string };

/** The positions of the routing key among the keys of each field: one for each column of the key. */
export type KeyPositions = { readonly [field: string]: readonly number[] };

/**
 * Why a recovery handler cannot run on each partition for what is there; undefined: it can.
 *
 * @param positions Of the fields that the component has.
 */
export function findRecoveryObstacle(
  role: Role,
  handler: Handler,
  positions: KeyPositions,
): RecoveryObstacle | undefined {
  const found = (span: Span, flaw: RecoveryFlaw): RecoveryObstacle => ({
    kind: "recovery",
    handler: handler.name,
    span,
    flaw,
  });
  const { body } = handler;
  if (body === undefined) return undefined;
  const [thrown] = body.throws;
  if (thrown !== undefined) return found(thrown.span, { kind: "throws", why: thrown.why });
  for (const access of inferFootprint(role, handler).accesses) {
    const places = positions[access.cell.field];
    if (places === undefined) return found(access.span, { kind: "not-spread", access });
    const fits =
      access.write === undefined && isWhole(access.cell)
        ? isLoopable(role, access.cell, positions)
        : places.every((at) => isOwnKey(access.cell.keys[at]));
    if (!fits) return found(access.span, { kind: "other-entry", access });
  }
  for (const effect of body.effects) {
    const flaw = flawOfEffect(effect) ?? (lasts(role, effect) ? { kind: "writes" as const, effect } : undefined);
    if (flaw !== undefined) return found(effect.span, flaw);
  }
  const wholes = body.reads.filter(({ cell }) => isWhole(cell)).map(({ span }) => span);
  const carried = carriedBetweenTurns(body.root, wholes);
  return carried === undefined
    ? undefined
    : found(carried.span, { kind: "other-turns", why: `\`${carried.name}\` is declared outside of the loop` });
}

/** Whether the next crash leaves what this effect does. Timers are lost with it, and messages may be. */
function lasts(role: Role, effect: Effect): boolean {
  return (
    effect.kind === "append" || (effect.kind === "write" && findStateField(role, effect.cell.field)?.durable === true)
  );
}

/** All entries of a field, as a loop observes them. */
function isWhole({ keys, aspect }: Cell): boolean {
  return keys.length === 0 && (aspect === "order" || aspect === "entries");
}

/** Whether looping over a field gives the routing keys of its entries: the keys of a map, the elements of a set. */
function isLoopable(role: Role, { field }: Cell, positions: KeyPositions): boolean {
  const declared = findStateField(role, field);
  const shape = declared?.is.kind === "state" ? declared.is.shape.kind : undefined;
  return (shape === "map" || shape === "set") && positions[field]?.every((at) => at === 0) === true;
}

/** The key of the entry that a turn of a loop over a whole field is about. */
function isOwnKey(term: Term | undefined): term is OwnKey {
  return term?.kind === "element" && term.of.kind === "read" && isWhole(term.of.cell);
}

type OwnKey = Extract<Term, { readonly kind: "element" }> & { readonly of: Extract<Term, { readonly kind: "read" }> };

function flawOfEffect(effect: Effect): RecoveryFlaw | undefined {
  const loops = new Set(
    effect.guard.flatMap(({ term, negated }) =>
      !negated && term.kind === "read" && isWhole(term.cell) ? [term.cell] : [],
    ),
  );
  const [own, other] = loops;
  if (own === undefined) return { kind: "outside-loop", effect };
  if (other !== undefined) return { kind: "pairs", effect };
  const guards = effect.guard.flatMap(({ term }) => (term.kind === "read" && term.cell === own ? [] : [term]));
  const operands = termsOf(effect).filter((term) => !effect.guard.some((condition) => condition.term === term));
  const wrong = [...guards, ...operands].flatMap((term) => foreignParts(term, own))[0];
  return wrong === undefined ? undefined : { kind: "other-turns", why: wrong };
}

/** What in a term is not about the turn's own entry. */
function foreignParts(term: Term, own: Cell): readonly string[] {
  if (term.kind === "mixed") return [term.why];
  if (term.kind === "unknown") return [term.why];
  if (isOwnKey(term)) return term.of.cell === own ? [] : ["the entry of another loop"];
  if (term.kind === "read" && isWhole(term.cell)) return [`all of \`${term.cell.field}\``];
  return subterms(term).flatMap((part) => foreignParts(part, own));
}

const SCALAR = /^(string|number|bigint|boolean|"[^"]*"|-?\d+n?|true|false)$/;

/**
 * A local name that the turns of a loop over state have in common and could leave something in for the next one.
 *
 * @param wholes Where collections are observed as a whole: the heads of these loops.
 */
function carriedBetweenTurns(
  region: Region,
  wholes: readonly Span[],
): { readonly name: string; readonly span: Span } | undefined {
  if (region.effects.length === 0) return undefined;
  const isCallback = region.kind === "loop" && region.declares.length === 0;
  const isInHead = (span: Span): boolean =>
    contains(region.span, span) && !region.children.some((child) => contains(child.span, span));
  const isOverState = region.kind === "loop" && wholes.some(isInHead);
  if (isCallback || isOverState) {
    const shared = region.uses.find(
      ({ name, type }) => region.assigns.includes(name) || !(SCALAR.test(type) || type.startsWith("Ref<")),
    );
    return shared === undefined ? undefined : { name: shared.name, span: region.span };
  }
  for (const child of region.children) {
    const found = carriedBetweenTurns(child, wholes);
    if (found !== undefined) return found;
  }
  return undefined;
}
