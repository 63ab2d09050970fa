/**
 * Whether all partitions can run a handler, each for what it has: what the handler does to copies is the same everywhere,
 * what it does to entries it does to each by itself, and of what it sends it is known who sends it.
 */
import type { ReplicatedSend } from "../../model/component.ts";
import type { Effect, HandlerBody, Region, SendEffect, ThrowSite } from "../../model/effect.ts";
import type { Handler } from "../../model/protocol.ts";
import { contains, type Span } from "../../model/span.ts";
import { subterms, writtenKey, type Cell, type Term } from "../../model/term.ts";
import { inferEffectFootprint, inferFootprint, termsOf, type StateAccess } from "../inferFootprints.ts";
import { foreignPart, keyOf, loopOver, type EntryList } from "./entryLists.ts";
import { findSeals, type Seal } from "./seals.ts";
import { dependsOnSpread, isWhole, type SpreadState } from "./spreadState.ts";

export interface ReplicationObstacle {
  readonly handler: string;
  readonly span: Span;
  readonly flaw: ReplicationFlaw;
}

export type ReplicationFlaw =
  /** It touches one entry, by a key; `write` is what makes it run everywhere. */
  | { readonly kind: "keyed"; readonly access: StateAccess; readonly write: StateAccess | undefined }
  /** A copy is changed depending on what each partition has a part of. */
  | { readonly kind: "copy-from-entries"; readonly effect: Effect }
  /** A change of entries that is not one of each entry by itself. */
  | { readonly kind: "other-entry"; readonly effect: Effect }
  /** What is sent depends on all entries together. */
  | { readonly kind: "not-a-union"; readonly effect: SendEffect; readonly column: readonly string[] | undefined }
  /** Whether, or to whom, it is sent depends on entries. */
  | { readonly kind: "sent-by-entries"; readonly effect: SendEffect }
  /** A local variable that turns of a loop over entries leave something in. */
  | { readonly kind: "carried"; readonly name: string }
  | { readonly kind: "throws"; readonly site: ThrowSite }
  | { readonly kind: "journal" | "timer"; readonly effect: Effect }
  /** One message that some statement sends once, and another one for each entry, or with other columns put together. */
  | { readonly kind: "two-ways"; readonly effect: SendEffect; readonly other: SendEffect }
  /** It may touch anything. */
  | { readonly kind: "dark"; readonly why: string }
  | { readonly kind: "fifo" };

export interface SealedSend {
  readonly handler: string;
  readonly effect: SendEffect;
  readonly seals: readonly Seal[];
}

export interface ReplicatedJudgement {
  readonly sends: { readonly [message: string]: ReplicatedSend };
  readonly sealed: readonly SealedSend[];
  readonly obstacles: readonly ReplicationObstacle[];
}

/** @param state What is spread; everything else that the handler touches has copies. */
export function judgeReplicated(handler: Handler, state: SpreadState): ReplicatedJudgement {
  const { body } = handler;
  const found = (span: Span, flaw: ReplicationFlaw): ReplicationObstacle => ({ handler: handler.name, span, flaw });
  const obstacles: ReplicationObstacle[] = [];
  if (handler.trigger.kind === "message" && handler.trigger.fifo)
    obstacles.push(found(handler.nameSpan, { kind: "fifo" }));
  const dark = inferFootprint(state.role, handler).everything;
  if (dark.length > 0) {
    return {
      sends: {},
      sealed: [],
      obstacles: [...obstacles, ...dark.map(({ why, span }) => found(span, { kind: "dark", why }))],
    };
  }
  const keyed = keyedAccess(handler, state);
  if (keyed !== undefined) return { sends: {}, sealed: [], obstacles: [...obstacles, found(keyed.access.span, keyed)] };
  if (body === undefined) return { sends: {}, sealed: [], obstacles };
  const sent: { readonly effect: SendEffect; readonly as: ReplicatedSend }[] = [];
  const sealed: SealedSend[] = [];
  for (const effect of body.effects) {
    if (effect.kind === "send") {
      const judged = judgeSend(effect, state);
      if ("flaw" in judged) obstacles.push(found(effect.span, judged.flaw));
      else {
        sent.push({ effect, as: judged.as });
        if (judged.seals.length > 0) sealed.push({ handler: handler.name, effect, seals: judged.seals });
      }
    } else {
      const flaw = flawOfChange(effect, state);
      if (flaw !== undefined) obstacles.push(found(effect.span, flaw));
    }
  }
  obstacles.push(
    ...sentTwoWays(sent).map((flaw) => found(flaw.effect.span, flaw)),
    ...body.throws
      .filter((site) => throwsByEntries(body, site, state))
      .map((site) => found(site.span, { kind: "throws", site })),
    ...frozenChanges(body, state).map((site) => found(site.span, { kind: "throws", site })),
    ...carriedNames(body.root, body, state).map(({ name, span }) => found(span, { kind: "carried", name })),
  );
  const sends = sent
    .filter(({ as }) => as.kind !== "once")
    .flatMap(({ effect, as }) => messagesOf(effect).map((message) => [message, as] as const));
  return { sends: Object.fromEntries(sends), sealed, obstacles };
}

/** `Role.message`, for each role that may be at the destination. */
function messagesOf({ roles, message }: SendEffect): readonly string[] {
  return roles.map((role) => `${role}.${message}`);
}

function keyedAccess(
  handler: Handler,
  state: SpreadState,
): Extract<ReplicationFlaw, { readonly kind: "keyed" }> | undefined {
  const { accesses } = inferFootprint(state.role, handler);
  const access = accesses.find(({ cell }) => isKeyed(cell, state));
  const write = accesses.find(({ cell, write: by }) => by !== undefined && !state.fields.has(cell.field));
  return access === undefined ? undefined : { kind: "keyed", access, write };
}

/** An entry under a key that has nothing to do with what is spread: it is on one partition. */
export function isKeyed({ field, keys }: Cell, state: SpreadState): boolean {
  const [key] = keys;
  return state.fields.has(field) && key !== undefined && !dependsOnSpread(key, state);
}

function flawOfChange(effect: Exclude<Effect, SendEffect>, state: SpreadState): ReplicationFlaw | undefined {
  switch (effect.kind) {
    case "append":
      return { kind: "journal", effect };
    case "timer": {
      const { loop } = loopsAround(effect, state);
      const isOwn = loop !== undefined && effect.key !== undefined && keyOf(effect.key, loop, state) !== undefined;
      return isOwn && foreignIn(effect, loop, state) === undefined ? undefined : { kind: "timer", effect };
    }
    case "write": {
      const { field, keys } = effect.cell;
      if (!state.fields.has(field)) {
        return touches(effect, state) ? { kind: "copy-from-entries", effect } : undefined;
      }
      if (isWhole(effect.cell)) {
        const empties = effect.operation === "clear" || (effect.operation === "set" && isEmpty(effect.value));
        return empties && !touches(effect, state) ? undefined : { kind: "other-entry", effect };
      }
      const { loop } = loopsAround(effect, state);
      const [key] = keys;
      const isOwn = loop !== undefined && key !== undefined && keyOf(key, loop, state) !== undefined;
      return isOwn && foreignIn(effect, loop, state) === undefined ? undefined : { kind: "other-entry", effect };
    }
  }
}

function isEmpty(value: Term | undefined): boolean {
  if (value?.kind === "pure") return (value.name === "map" || value.name === "set") && value.args.length === 0;
  return value?.kind === "record" && value.spreads.length === 0 && Object.keys(value.fields).length === 0;
}

function judgeSend(
  effect: SendEffect,
  state: SpreadState,
): { readonly flaw: ReplicationFlaw } | { readonly as: ReplicatedSend; readonly seals: readonly Seal[] } {
  if (!touches(effect, state)) return { as: { kind: "once" }, seals: [] };
  const { loop, isOnly } = loopsAround(effect, state);
  if (loop !== undefined) {
    const isByEntry = isOnly && foreignIn(effect, loop, state) === undefined && isAboutElement(effect, loop);
    return isByEntry ? { as: { kind: "each" }, seals: [] } : { flaw: { kind: "sent-by-entries", effect } };
  }
  const around = [
    ...effect.guard.map(({ term }) => term),
    ...(effect.destination.kind === "one" ? [effect.destination.id] : []),
  ];
  if (around.some((term) => dependsOnSpread(term, state))) return { flaw: { kind: "sent-by-entries", effect } };
  if (effect.payload === undefined) return { flaw: { kind: "not-a-union", effect, column: undefined } };
  const { seals, others } = findSeals(effect.payload, state);
  const [bad] = others;
  if (bad !== undefined || seals.length === 0) {
    return { flaw: { kind: "not-a-union", effect, column: bad?.path } };
  }
  return { as: { kind: "sealed", columns: seals.map(({ column }) => column) }, seals };
}

/** Whether an effect depends, in any way, on what is spread. */
function touches(effect: Effect, state: SpreadState): boolean {
  const { reads } = inferEffectFootprint(effect);
  return (
    reads.some(({ cell }) => state.fields.has(cell.field)) ||
    termsOf(effect).some((term) => dependsOnSpread(term, state))
  );
}

function loopsAround(
  effect: Effect,
  state: SpreadState,
): { readonly loop: EntryList | undefined; readonly isOnly: boolean } {
  const loops = effect.guard.flatMap(({ term, negated }) => (negated ? [] : (loopOver(term, state) ?? [])));
  const [loop, ...others] = loops;
  return { loop: others.length > 0 ? undefined : loop, isOnly: others.length === 0 };
}

/** What in an effect is not about the entry of its turn. */
function foreignIn(effect: Effect, loop: EntryList, state: SpreadState): Term | undefined {
  const terms = termsOf(effect).filter((term) => term !== loop.over);
  return terms.flatMap((term) => foreignPart(term, loop, state) ?? [])[0];
}

/** A loop over a list that was made before: that it is not the list's presence that is asked for shows in what is used of it. */
function isAboutElement(effect: Effect, loop: EntryList): boolean {
  return loop.over.kind === "read" || termsOf(effect).some((term) => term !== loop.over && mentions(term, loop.over));
}

function mentions(term: Term, over: Term): boolean {
  return JSON.stringify(term).includes(JSON.stringify(over));
}

function sentTwoWays(
  sent: readonly { readonly effect: SendEffect; readonly as: ReplicatedSend }[],
): readonly Extract<ReplicationFlaw, { readonly kind: "two-ways" }>[] {
  const first = new Map<string, (typeof sent)[number]>();
  return sent.flatMap((one) =>
    messagesOf(one.effect).flatMap((message) => {
      const other = first.get(message);
      if (other === undefined) first.set(message, one);
      const isSame = other === undefined || JSON.stringify(other.as) === JSON.stringify(one.as);
      return isSame ? [] : [{ kind: "two-ways", effect: one.effect, other: other.effect } as const];
    }),
  );
}

function throwsByEntries(body: HandlerBody, { span, guard, unless }: ThrowSite, state: SpreadState): boolean {
  if (guard === undefined || guard.some(({ term }) => dependsOnSpread(term, state))) return true;
  if (unless !== undefined && dependsOnSpread(unless, state)) return true;
  if (body.reads.some((read) => state.fields.has(read.cell.field) && contains(span, read.span))) return true;
  return usesAround(body.root, span).some((term) => dependsOnSpread(term, state));
}

/** An entry that came in a message is frozen: changing a part of it throws, on the partition that has such an entry. */
function frozenChanges({ effects }: HandlerBody, { role, fields }: SpreadState): readonly ThrowSite[] {
  const writes = role.handlers.flatMap(({ body }) => body?.effects ?? []).filter((effect) => effect.kind === "write");
  return effects.flatMap((effect): readonly ThrowSite[] => {
    if (effect.kind !== "write" || !fields.has(effect.cell.field)) return [];
    const { field, keys } = effect.cell;
    const isFrozen = writes.some(({ cell, value }) => {
      const onTheWay = keys.slice(cell.keys.length, -1);
      const isAbove = cell.field === field && cell.keys.length > 0 && cell.keys.length < keys.length;
      return isAbove && value !== undefined && isOfMessage(value, onTheWay);
    });
    return isFrozen ? [{ why: "what arrived in a message is frozen, and may be kept there", span: effect.span }] : [];
  });
}

const MADE_HERE: ReadonlySet<string> = new Set(["map", "set", "array", "Array.from", ".map", ".filter", ".flatMap"]);

/** Whether an object that is reached by these keys from a value may be one that arrived in a message. */
function isOfMessage(value: Term, [key, ...deeper]: readonly Term[]): boolean {
  if (value.kind === "payload") return true;
  if (value.kind === "pure" && key === undefined && MADE_HERE.has(value.name)) return false;
  if (value.kind !== "record") return subterms(value).some((part) => isOfMessage(part, []));
  if (key === undefined) return false;
  const name = writtenKey(key);
  const named = name === undefined ? undefined : value.fields[name];
  return named === undefined ? subterms(value).some((part) => isOfMessage(part, deeper)) : isOfMessage(named, deeper);
}

/** The local values that the smallest statement around an expression uses. */
function usesAround(region: Region, span: Span): readonly Term[] {
  const inner = region.children.find((child) => contains(child.span, span));
  if (inner !== undefined) return usesAround(inner, span);
  return region.uses.flatMap(({ term }) => term ?? []);
}

/**
 * Local variables that are assigned in a loop over entries, or in a branch that depends on them: lowering says what they
 * may hold, not always why.
 */
function carriedNames(
  region: Region,
  body: HandlerBody,
  state: SpreadState,
): readonly { readonly name: string; readonly span: Span }[] {
  const inside = region.children.flatMap((child) => carriedNames(child, body, state));
  const [name] = region.assigns;
  if (name === undefined || inside.length > 0) return inside;
  const reads = body.reads.some((read) => state.fields.has(read.cell.field) && contains(region.span, read.span));
  const uses = region.uses.some(({ term }) => term !== undefined && dependsOnSpread(term, state));
  return reads || uses ? [{ name, span: region.span }] : [];
}
