/**
 * A role as one of its components sees it: its handlers are exactly the code that runs there. Handlers that enter there are
 * without the statements that left; a forward is a handler of its own name, with the message of the handler that it was
 * cut out of, and only what the cut does. The result is a plain role, so that footprints, keys and the order analysis
 * judge a component as they judge a class.
 *
 * What a forward is given was computed where its message entered: in its terms that is a function of the message.
 */
import { isAskedBy, withForgetting } from "./forgetting.ts";
import type { Access, Condition, Destination, Effect, HandlerBody, Operand, Region } from "../model/effect.ts";
import { findHandler, type Handler, type Role } from "../model/protocol.ts";
import { contains, type Span } from "../model/span.ts";
import { subterms, type Cell, type Term } from "../model/term.ts";
import type { Cut } from "./inferCuts.ts";
import { findReads, placesOf } from "./regionReads.ts";

/** Statements that run in another component than the one where the message of their handler enters. */
export interface PlacedCut {
  readonly handler: string;
  readonly cut: Pick<Cut, "region" | "effects" | "live" | "references" | "hoisted">;
}

export interface ForwardedCut extends PlacedCut {
  readonly name: string;
}

/** The code of a component. */
export interface ComponentCode {
  /** Handlers whose messages enter there. */
  readonly handlers: readonly string[];
  /** What left these handlers, for wherever. */
  readonly left: readonly PlacedCut[];
  /** What runs there of handlers that enter elsewhere. */
  readonly forwarded: readonly ForwardedCut[];
}

export function projectComponent(role: Role, code: ComponentCode): Role {
  const entering = role.handlers
    .filter(({ name }) => code.handlers.includes(name))
    .map((handler) =>
      withoutCuts(
        handler,
        code.left.filter((left) => left.handler === handler.name).map(({ cut }) => cut),
      ),
    );
  const forwarded = code.forwarded.flatMap(({ name, handler, cut }) => {
    const original = findHandler(role, handler);
    return original === undefined ? [] : [asHandler(original, name, cut)];
  });
  return { ...role, handlers: [...entering, ...forwarded] };
}

function withoutCuts(handler: Handler, cuts: readonly PlacedCut["cut"][]): Handler {
  const { body } = handler;
  if (body === undefined || cuts.length === 0) return handler;
  const gone = withForgetting(
    body,
    cuts.flatMap(({ effects }) => effects),
  );
  const leaves = cuts.map((cut) => findReads(body, cut));
  return {
    ...handler,
    body: {
      ...body,
      effects: body.effects.filter(({ id }) => !gone.has(id)),
      reads: body.reads.filter((read) => !leaves.some(({ only }) => only.has(read)) && !isAskedBy(body, gone, read)),
      throws: body.throws.filter(
        (one) => !cuts.some(({ region, hoisted }) => contains(region.span, one.span) && !isAhead(one.span, hoisted)),
      ),
      root: withoutRegions(body.root, cuts, gone),
    },
  };
}

/** The tree without what left; the values that are computed ahead are computed where it stood. */
function withoutRegions(region: Region, cuts: readonly PlacedCut["cut"][], gone: ReadonlySet<number>): Region {
  const placed = new Set<PlacedCut["cut"]>();
  const children = region.children.flatMap((child): readonly Region[] => {
    const cut = cuts.find((one) => one.region === child || contains(one.region.span, child.span));
    if (cut === undefined) return [withoutRegions(child, cuts, gone)];
    if (placed.has(cut)) return [];
    placed.add(cut);
    return [ahead(cut)];
  });
  return { ...region, effects: region.effects.filter((id) => !gone.has(id)), children };
}

function ahead({ region, hoisted }: PlacedCut["cut"]): Region {
  return {
    ...region,
    kind: "statement",
    helper: undefined,
    effects: [],
    children: [],
    declares: [],
    operands: hoisted.map(({ operand }) => operand),
    exits: false,
    assigns: [],
    changes: [],
    comparisons: [],
  };
}

function asHandler(handler: Handler, name: string, cut: PlacedCut["cut"]): Handler {
  const { body } = handler;
  const trigger = { kind: "message", fifo: false } as const; // a fragment of a timer does not fire, and channels have their own order
  if (body === undefined) return { ...handler, name, trigger };
  const { region, hoisted } = cut;
  const reads = findReads(body, cut);
  const done = withForgetting(body, cut.effects);
  const here = body.reads.filter((read) => reads.all.has(read) || isAskedBy(body, done, read));
  const view = forwardedView(body, cut, here);
  const places = placesOf(region);
  const isInside = (span: Span): boolean => places.some((place) => contains(place, span));
  const effects = body.effects
    .filter(({ id }) => done.has(id))
    .map((effect) => effectSeenThere(effect, view, (span) => isInside(span) || isAskedBy(body, done, { span })));
  return {
    ...handler,
    name,
    trigger,
    body: {
      effects,
      reads: here.map(view.access),
      notUnderstood: body.notUnderstood,
      throws: body.throws.filter(({ span }) => isInside(span) && !isAhead(span, hoisted)),
      root: region,
      members: body.members,
    },
  };
}

function isAhead(span: Span, hoisted: readonly { readonly operand: Operand }[]): boolean {
  return hoisted.some(({ operand }) => contains(operand.span, span));
}

/** What terms stand for where a forward runs. */
interface View {
  readonly term: (term: Term) => Term;
  readonly cell: (cell: Cell) => Cell;
  readonly access: (access: Access) => Access;
  readonly isHere: (access: Access) => boolean;
  /** The nodes that travel, by their `peers` field: a send to all of them, in the loop around the cut, is to that one there. */
  readonly nodes: ReadonlyMap<string, Term>;
}

function forwardedView(body: HandlerBody, cut: PlacedCut["cut"], here: readonly Access[]): View {
  const kept = new Set(here);
  const elsewhere = new Map<Cell, number>();
  body.reads.forEach((read, i) => {
    if (!kept.has(read)) elsewhere.set(read.cell, i);
  });
  const outer = new Set(cut.region.uses.flatMap(({ term }) => (term === undefined ? [] : loopsIn(term))));
  // What is read is known by the identity of its cell, so each has one counterpart.
  const cells = new Map<Cell, Cell>();
  const accesses = new Map<Access, Access>();
  const cell = (one: Cell): Cell => memo(cells, one, () => mapCell(one, term));
  const term = (one: Term): Term => {
    if (one.kind === "read") {
      const position = elsewhere.get(one.cell);
      if (position !== undefined) return given(one.cell.field, position);
      const there = cell(one.cell);
      return there === one.cell ? one : { ...one, cell: there };
    }
    if (one.kind === "element" && outer.has(one.loop)) return element(one.loop);
    return mapTerm(one, term);
  };
  return {
    term,
    cell,
    access: (one) =>
      memo(accesses, one, () => {
        const there = cell(one.cell);
        return there === one.cell ? one : { ...one, cell: there };
      }),
    isHere: (access) => kept.has(access),
    nodes: new Map(cut.references.map(({ name, field }) => [field, nodeOf(cut, name)])),
  };
}

function element(loop: number): Term {
  return given("element", loop);
}

function nodeOf({ region }: PlacedCut["cut"], name: string): Term {
  const term = region.uses.find((use) => use.name === name)?.term;
  return term?.kind === "element" ? element(term.loop) : given(name, 0);
}

function memo<T>(known: Map<T, T>, key: T, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

const FORWARDED = " that was forwarded";

/** Whether a term is, or is computed from, what travels in a forward besides columns of the message and the sender. */
export function isForwarded(term: Term): boolean {
  return term.kind === "pure" && (term.name.endsWith(FORWARDED) || term.args.some(isForwarded));
}

/**
 * A value that travels; the same one has the same number. The state that it was read from is not known here: another
 * activation with the same message and the same sender may have another value.
 */
function given(name: string, number: number): Term {
  const args: readonly Term[] = [{ kind: "payload", path: [] }, { kind: "sender" }, { kind: "literal", value: number }];
  return { kind: "pure", name: `the ${name}${FORWARDED}`, args, injective: false };
}

/** Whether a term stands for a value that was computed where the message entered. */
export function isForwardedValue(term: Term): boolean {
  return term.kind === "pure" && term.name.endsWith(FORWARDED);
}

function loopsIn(term: Term): readonly number[] {
  const inside = subterms(term).flatMap(loopsIn);
  return term.kind === "element" ? [term.loop, ...inside] : inside;
}

function effectSeenThere(effect: Effect, view: View, isInside: (span: Span) => boolean): Effect {
  const guard = effect.guard
    .filter(({ span }) => isInside(span))
    .map((condition): Condition => ({ ...condition, term: view.term(condition.term) }));
  const base = { guard, reads: effect.reads.filter(view.isHere).map(view.access) };
  const seen = (term: Term | undefined): Term | undefined => (term === undefined ? undefined : view.term(term));
  switch (effect.kind) {
    case "write":
      return { ...effect, ...base, cell: view.cell(effect.cell), value: seen(effect.value) };
    case "send":
      return {
        ...effect,
        ...base,
        destination: destinationSeenThere(effect.destination, view),
        payload: seen(effect.payload),
      };
    case "append":
      return { ...effect, ...base, value: seen(effect.value) };
    case "timer":
      return { ...effect, ...base, key: seen(effect.key), milliseconds: seen(effect.milliseconds) };
  }
}

function destinationSeenThere(destination: Destination, view: View): Destination {
  switch (destination.kind) {
    case "one":
      return { ...destination, id: view.term(destination.id) };
    case "all": {
      const node = view.nodes.get(destination.field);
      return node === undefined ? destination : { kind: "one", field: destination.field, id: node };
    }
    case "only":
    case "reply":
      return destination;
  }
}

/** Replaces the terms directly inside a term that reads nothing itself. */
function mapTerm(term: Term, map: (term: Term) => Term): Term {
  switch (term.kind) {
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "configuration":
    case "unknown":
    case "read":
      return term;
    case "element":
      return sameOr(term, [term.of], map, ([of]) => ({ ...term, of: of as Term }));
    case "pure":
      return sameOr(term, term.args, map, (args) => ({ ...term, args }));
    case "record": {
      const names = Object.keys(term.fields);
      const parts = [...term.spreads, ...Object.values(term.fields)];
      return sameOr(term, parts, map, (mapped) => ({
        ...term,
        spreads: mapped.slice(0, term.spreads.length),
        fields: Object.fromEntries(names.map((name, i) => [name, mapped[term.spreads.length + i] as Term])),
      }));
    }
    case "choice":
      return sameOr(term, term.of, map, (of) => ({ ...term, of }));
    case "mixed":
      return sameOr(term, term.inputs, map, (inputs) => ({ ...term, inputs }));
  }
}

function sameOr(
  term: Term,
  parts: readonly Term[],
  map: (term: Term) => Term,
  make: (parts: readonly Term[]) => Term,
): Term {
  const mapped = parts.map(map);
  return mapped.every((part, i) => part === parts[i]) ? term : make(mapped);
}

function mapCell(cell: Cell, map: (term: Term) => Term): Cell {
  const keys = cell.keys.map(map);
  return keys.every((key, i) => key === cell.keys[i]) ? cell : { ...cell, keys };
}
