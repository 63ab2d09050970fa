/**
 * Whether a handler could tell in which order a column was put together. Parts of a sealed list come one after another, in the
 * order of the partitions, not in that in which the entries were made.
 *
 * A handler cannot tell when every use of the column is a loop in which each turn is about its own element: what it changes
 * is kept under a column that tells elements apart, or is a join (a maximum, an element of a set); it reads nothing of what
 * other turns change. Sizes, memberships, `some`, `every` and maxima of the whole do not depend on the order either. What is put
 * into a map or a set in such a loop stands there in an order that depends on it: so the same is asked of every
 * handler of the role that looks at all of that field.
 */
import type { Effect, HandlerBody, WriteEffect } from "../../model/effect.ts";
import { findRole, type Handler, type Protocol, type Role } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import { subterms, type Term } from "../../model/term.ts";
import { inferEffectFootprint, termsOf } from "../inferFootprints.ts";
import { contains } from "../../model/span.ts";
import type { Seal } from "./seals.ts";

export interface OrderSeen {
  readonly handler: string;
  readonly span: Span;
  /** A field that has taken over the order of the column; undefined: the column itself. */
  readonly field: string | undefined;
}

/** Where something has an order that it should not have: a column, or all of a field. */
type Source =
  | {
      readonly kind: "column";
      readonly path: readonly string[];
      readonly is: Seal["is"];
      readonly keys: readonly (readonly string[])[];
    }
  | { readonly kind: "field"; readonly field: string };

/** @param seal The column that was put together. */
export function findOrderSeen(
  protocol: Protocol,
  role: Role,
  handler: Handler,
  { column: { path }, is, keys }: Seal,
): OrderSeen | undefined {
  const fields = new Set<string>();
  const first = consumption(protocol, role, handler, { kind: "column", path, is, keys }, fields);
  if (first !== undefined) return { handler: handler.name, span: first, field: undefined };
  for (const field of fields) {
    for (const other of role.handlers) {
      const span = consumption(protocol, role, other, { kind: "field", field }, fields);
      if (span !== undefined) return { handler: other.name, span, field };
    }
  }
  return undefined;
}

/** Where a handler sees the order of a source; adds the fields that take it over. */
function consumption(
  protocol: Protocol,
  role: Role,
  handler: Handler,
  source: Source,
  taken: Set<string>,
): Span | undefined {
  const { body } = handler;
  if (body === undefined) return undefined;
  const concerned = body.effects.filter((effect) => allTerms(effect).some((term) => mentions(term, source)));
  const isRead = body.reads.some(({ cell }) => isSourceRead(cell.field, cell.keys.length, source));
  const isUsed = concerned.length > 0 || isRead || source.kind === "column";
  const [dark] = [...role.notUnderstood, ...body.notUnderstood];
  if (dark !== undefined && isUsed) return dark.span;
  const loops = new Map<Effect, Term>();
  for (const effect of concerned) {
    const span = judgeEffect(effect, source, loops);
    if (span !== undefined) return span;
  }
  for (const thrown of body.throws) {
    if (thrown.guard === undefined ? isUsed : thrown.guard.some(({ term }) => mentions(term, source)))
      return thrown.span;
  }
  const carried = carriedIn(body, source);
  if (carried !== undefined) return carried;
  const mixed = mixesJoins([...loops.keys()]);
  if (mixed !== undefined) return mixed.span;
  const changed = new Set([...loops.keys()].flatMap((effect) => inferEffectFootprint(effect).writes?.field ?? []));
  for (const [effect, loop] of loops) {
    const span = isOrdered(protocol, effect) ? effect.span : judgeTurn(effect, loop, source, changed);
    if (span !== undefined) return span;
    const writes = inferEffectFootprint(effect).writes;
    if (writes !== undefined && writes.keys.length > 0) taken.add(writes.field);
  }
  return undefined;
}

/** Whether what is sent first arrives first. */
function isOrdered(protocol: Protocol, effect: Effect): boolean {
  if (effect.kind !== "send") return false;
  const handlers = effect.roles.flatMap((name) => findRole(protocol, name)?.handlers ?? []);
  return handlers.some(({ name, trigger }) => name === effect.message && trigger.kind === "message" && trigger.fifo);
}

function allTerms(effect: Effect): readonly Term[] {
  return [...termsOf(effect), ...inferEffectFootprint(effect).reads.map(({ cell }): Term => ({ kind: "read", cell }))];
}

function isSourceRead(field: string, depth: number, source: Source): boolean {
  return source.kind === "field" && field === source.field && depth === 0;
}

/** Outside of loops over the source, it may only be used in ways that do not depend on its order. */
function judgeEffect(effect: Effect, source: Source, loops: Map<Effect, Term>): Span | undefined {
  const around = effect.guard.filter(({ term, negated }) => !negated && isList(term, source));
  const [own, other] = around;
  if (other !== undefined) return effect.span;
  if (own !== undefined) {
    loops.set(effect, own.term);
    return undefined;
  }
  return termsOf(effect).every((term) => isOrderFree(term, source)) ? undefined : effect.span;
}

/** One turn of a loop over the source. */
function judgeTurn(effect: Effect, loop: Term, source: Source, changed: ReadonlySet<string>): Span | undefined {
  const { reads, writes } = inferEffectFootprint(effect);
  const rest = termsOf(effect).filter((term) => term !== loop);
  if (!rest.every((term) => isOfOwnTurn(term, loop, source))) return effect.span;
  const isOwn = ([key]: readonly Term[]): boolean => key !== undefined && isIdentifying(key, loop, source);
  const foreign = reads.find(
    ({ cell }) => changed.has(cell.field) && !isOwn(cell.keys) && !isJoinOf(effect, cell.field),
  );
  if (foreign !== undefined) return foreign.span;
  if (effect.kind === "append") return effect.span;
  if (writes === undefined || isOwn(writes.keys)) return undefined;
  // Nested deeper, the order would be that of a piece of the field, which is not followed.
  return isMaximum(effect) || (isJoin(effect) && writes.keys.length <= 1) ? undefined : effect.span;
}

function isJoin(effect: Effect): effect is WriteEffect {
  return effect.kind === "write" && ["add", "max", "delete"].includes(effect.operation);
}

/** Elements that are added and taken away in the same loop depend on which comes first. */
function mixesJoins(effects: readonly Effect[]): Effect | undefined {
  const joins = effects.filter(isJoin);
  return joins.find(({ cell, operation }) =>
    effects.some((other) => other.kind === "write" && other.cell.field === cell.field && other.operation !== operation),
  );
}

/** `field = Math.max(field, value)`: what it reads of the field is what it joins. */
function isMaximum(effect: Effect): boolean {
  if (effect.kind !== "write" || effect.value?.kind !== "pure") return false;
  const { name, args } = effect.value;
  const isOfItself = (term: Term): boolean =>
    term.kind === "read" && term.cell.field === effect.cell.field && term.cell.keys.length === 0;
  return (
    (name === "Math.max" || name === "Math.min") &&
    effect.cell.keys.length === 0 &&
    args.some(isOfItself) &&
    args.every((arg) => isOfItself(arg) || !readsField(arg, effect.cell.field)) &&
    effect.guard.every(({ term }) => !readsField(term, effect.cell.field))
  );
}

function isJoinOf(effect: Effect, field: string): boolean {
  return isMaximum(effect) && inferEffectFootprint(effect).writes?.field === field;
}

function readsField(term: Term, field: string): boolean {
  return (term.kind === "read" && term.cell.field === field) || subterms(term).some((part) => readsField(part, field));
}

/** The source itself, or what has its elements one by one. */
function isList(term: Term, source: Source): boolean {
  if (term.kind === "payload") return source.kind === "column" && isPath(term.path, source.path);
  if (term.kind === "read") return isSourceRead(term.cell.field, term.cell.keys.length, source) && isAll(term);
  if (term.kind !== "pure") return false;
  const [first, ...others] = term.args;
  // What goes by the position in a list, not by a key, is where the order is.
  const isOfPositions = [".keys", ".entries", "Object.keys", "Object.entries"].includes(term.name);
  if (isOfPositions && source.kind === "column" && source.is === "list") return false;
  if (isOfPositions || [".values", "Object.values", "array", "Array.from"].includes(term.name))
    return first !== undefined && others.length === 0 && isList(first, source);
  const isPerElement = term.name === ".map" || term.name === ".filter" || term.name === ".flatMap";
  return (
    isPerElement &&
    first !== undefined &&
    isList(first, source) &&
    others.every((one) => isOfOwnTurn(one, first, source))
  );
}

function isAll(term: Extract<Term, { readonly kind: "read" }>): boolean {
  return term.cell.aspect === "order" || term.cell.aspect === "entries";
}

const FOLDS = /^(Math\.(max|min)|\.(some|every|has|get|includes|size|length))$/;

/** A value that is the same in whatever order the source is. */
function isOrderFree(term: Term, source: Source): boolean {
  if (!mentions(term, source)) return true;
  if (term.kind === "read") {
    const { keys, aspect } = term.cell;
    const isWhole = isSourceRead(term.cell.field, keys.length, source);
    return (!isWhole || aspect === "size" || aspect === "has") && keys.every((key) => isOrderFree(key, source));
  }
  if (term.kind === "pure") {
    const [first, ...others] = term.args;
    const list = first !== undefined && isList(first, source) ? first : undefined;
    if (FOLDS.test(term.name) && list !== undefined) {
      // `includes(value, 1)` leaves out whatever comes first.
      return (
        others.length <= 1 &&
        others.every((one) => isOrderFree(one, source) || isOfOwnTurn(one, list, source) || isSpreadList(one, source))
      );
    }
    if (term.name === "Math.max" || term.name === "Math.min") {
      return term.args.every((one) => isOrderFree(one, source) || isSpreadList(one, source));
    }
    return term.args.every((one) => isOrderFree(one, source));
  }
  if (term.kind === "record") return subterms(term).every((part) => isOrderFree(part, source));
  return false;
}

/** `...list`, as arguments. */
function isSpreadList(term: Term, source: Source): boolean {
  return term.kind === "pure" && term.name === "..." && term.args.every((one) => isList(one, source));
}

/** Whether a value in a turn depends on the turn's own element, and otherwise not on the source's order. */
function isOfOwnTurn(term: Term, loop: Term, source: Source): boolean {
  if (term.kind === "element" && (term.of === loop || isSameRead(term.of, loop))) return true;
  if (term.kind === "mixed" || term.kind === "unknown") return false;
  if (isList(term, source)) return false;
  if (isOrderFree(term, source)) return true;
  return subterms(term).length > 0 && subterms(term).every((part) => isOfOwnTurn(part, loop, source));
}

function isSameRead(one: Term, other: Term): boolean {
  return one.kind === "read" && other.kind === "read" && one.cell === other.cell;
}

/** Whether a value is different for each element of the source. */
function isIdentifying(term: Term, loop: Term, source: Source): boolean {
  const path = columnsOf(term, loop);
  if (path === undefined || !isUnchanged(loop)) return false;
  if (source.kind === "column") return source.keys.some((key) => isPath(path, key));
  return path.length === 0 || isPath(path, ["0"]);
}

/** A loop over the source itself, or some of its elements as they are. Those of a list of values tell nothing apart. */
function isUnchanged(loop: Term): boolean {
  if (loop.kind !== "pure") return true;
  const [first] = loop.args;
  return ["array", ".filter", ".keys", "Object.keys"].includes(loop.name) && first !== undefined && isUnchanged(first);
}

function columnsOf(term: Term, loop: Term): readonly string[] | undefined {
  if (term.kind === "element") return term.of === loop || isSameRead(term.of, loop) ? [] : undefined;
  if (term.kind !== "pure" || !/^\.\w+$/.test(term.name) || term.args.length !== 1) return undefined;
  const [of] = term.args;
  const before = of === undefined ? undefined : columnsOf(of, loop);
  return before === undefined ? undefined : [...before, term.name.slice(1)];
}

/** Whether a term has to do with the source, or with the whole that it is a part of. */
function mentions(term: Term, source: Source): boolean {
  if (term.kind === "payload" && source.kind === "column") {
    const length = Math.min(term.path.length, source.path.length);
    return isPath(term.path.slice(0, length), source.path.slice(0, length));
  }
  if (term.kind === "read" && isSourceRead(term.cell.field, term.cell.keys.length, source)) return true;
  return subterms(term).some((part) => mentions(part, source));
}

function isPath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, i) => name === other[i]);
}

/** A local variable that is assigned in a loop over the source: what is left in it may be that of the last turn. */
function carriedIn(body: HandlerBody, source: Source): Span | undefined {
  const search = (region: HandlerBody["root"]): Span | undefined => {
    for (const child of region.children) {
      const found = search(child);
      if (found !== undefined) return found;
    }
    if (region.assigns.length === 0) return undefined;
    const uses = region.uses.some(({ term, columns, binding }) => {
      if (binding === "payload" && source.kind === "column") {
        return columns === undefined || columns.some((column) => column === source.path[0]);
      }
      return term !== undefined && mentions(term, source);
    });
    const reads = body.reads.some(
      ({ cell, span }) =>
        isSourceRead(cell.field, cell.keys.length, source) && cell.aspect !== "size" && contains(region.span, span),
    );
    return uses || reads ? region.span : undefined;
  };
  return search(body.root);
}
