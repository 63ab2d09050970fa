/** What makes one effect sensitive to order or repetition. */
import type { Effect } from "../../model/effect.ts";
import type { Cell, Term } from "../../model/term.ts";
import { printCell } from "../../model/term.ts";
import { cellsTouched, type ComponentView } from "./component.ts";
import { termsIn } from "./formula.ts";
import { isSamePlace } from "./joins.ts";
import { isInside, locationOf, sameLocation } from "./locations.ts";
import { readsState, simplify } from "./normaliseTerms.ts";
import { findNotOfKey } from "./ofKey.ts";
import type { OrderObstacle } from "./orderObstacle.ts";
import { cellsOfRule, findUnasked, findUndecided, type Rule } from "./rules.ts";
import { absentCell, isDead, placeOf } from "./steering.ts";
import { isWrite, type Guard } from "./views.ts";

/** The first obstacle, or undefined. */
export function judgeEffect(component: ComponentView, rule: Rule, rules: readonly Rule[]): OrderObstacle | undefined {
  const { effect } = rule;
  const growth = component.writes.find((write) => write.effect === effect)?.growth;
  if (growth?.kind === "nothing") return undefined;
  return (
    observesOrder(component, rule) ??
    (effect.kind === "timer"
      ? { kind: "timer", handler: nameOf(rule), span: effect.span, other: undefined }
      : undefined) ??
    (growth?.kind === "obstacle" ? growth.obstacle : undefined) ??
    showsState(component, rule) ??
    (growth?.kind === "delete" ? deletes(component, rule) : undefined) ??
    rule.steering.obstacle ??
    repeats(rule) ??
    // Of two reasons, the handler that does not ask is the better one where nothing happens once.
    (rule.steering.once === undefined ? missesChange(component, rule, rules) : undefined) ??
    (growth?.kind === "delete" ? undefined : differs(component, rule)) ??
    mixesKeys(component, rule) ??
    missesChange(component, rule, rules)
  );
}

function nameOf({ handler }: Rule): string {
  return handler.handler.name;
}

function observesOrder(component: ComponentView, rule: Rule): OrderObstacle | undefined {
  const { effect } = rule;
  const cell = cellsTouched(component, rule).find(({ aspect }) => aspect === "order");
  if (cell === undefined) return undefined;
  const access = effect.reads.find((one) => one.cell.aspect === "order");
  return { kind: "order-observed", handler: nameOf(rule), span: effect.span, cell, other: access?.span ?? effect.span };
}

interface Operand {
  readonly in: "payload" | "destination" | "key" | "value";
  readonly term: Term;
}

/** What goes into an effect, its conditions aside. A write that is a join of what is there has no value of its own. */
function operandsOf(component: ComponentView, effect: Effect): readonly Operand[] {
  switch (effect.kind) {
    case "write": {
      const growth = component.writes.find((write) => write.effect === effect)?.growth;
      const value = growth?.kind === "create" || growth?.kind === "value" ? [growth.value] : [];
      const came =
        growth?.kind === "max" && effect.value !== undefined && !readsState(effect.value) ? [effect.value] : [];
      return [
        ...effect.cell.keys.map((term): Operand => ({ in: "key", term })),
        ...[...value, ...came].map((term): Operand => ({ in: "value", term: simplify(term) })),
      ];
    }
    case "send": {
      const { destination, payload } = effect;
      const to: Term | undefined =
        destination.kind === "one" ? destination.id : destination.kind === "reply" ? { kind: "sender" } : undefined;
      return [
        ...(to === undefined ? [] : [{ in: "destination", term: to } as const]),
        ...(payload === undefined ? [] : [{ in: "payload", term: simplify(payload) } as const]),
      ];
    }
    case "append":
      return effect.value === undefined ? [] : [{ in: "payload", term: simplify(effect.value) }];
    case "timer":
      return [];
  }
}

function showsState(component: ComponentView, rule: Rule): OrderObstacle | undefined {
  for (const operand of operandsOf(component, rule.effect)) {
    const cell = readCells(operand.term).find((one) => !isSettled(component, rule, one));
    if (cell === undefined) continue;
    const access =
      rule.effect.reads.find((one) => one.cell === cell) ??
      rule.effect.reads.find(({ cell: one }) => isSamePlace(one, cell));
    const other = access?.span ?? rule.effect.span;
    return { kind: "state-in-output", handler: nameOf(rule), span: rule.effect.span, cell, in: operand.in, other };
  }
  return undefined;
}

function readCells(term: Term): readonly Cell[] {
  if (term.kind === "read") return [term.cell];
  switch (term.kind) {
    case "pure":
      return term.args.flatMap(readCells);
    case "record":
      return [...term.spreads, ...Object.values(term.fields)].flatMap(readCells);
    case "element":
      return readCells(term.of);
    case "choice":
      return term.of.flatMap(readCells);
    case "mixed":
      return term.inputs.flatMap(readCells);
    default:
      return [];
  }
}

/** Whether what is read is there, and is the same function of its key whenever it is. */
function isSettled(component: ComponentView, { guards, handler }: Rule, cell: Cell): boolean {
  if (cell.aspect !== "value" || cell.keys.some(readsState)) return false;
  const { role } = component;
  const here = locationOf(role, cell);
  const around = component.writes.filter(({ effect }) => {
    const at = locationOf(role, effect.cell);
    return isInside(here, at) || isInside(at, here);
  });
  const [first] = around;
  if (first === undefined) return false;
  const entry = locationOf(role, first.effect.cell);
  const isWritten = around.every(
    ({ growth, effect }) =>
      ["create", "value", "nothing"].includes(growth.kind) && sameLocation(locationOf(role, effect.cell), entry),
  );
  const depth = entry.length - 1;
  const isThere = (keys: readonly Term[], field: string): boolean =>
    isSamePlace({ field, keys }, { field: cell.field, keys: cell.keys.slice(0, depth) });
  const { parking } = handler;
  return (
    isWritten &&
    ((parking !== undefined && isThere([parking.key], parking.field)) ||
      guards.some(
        ({ formula }) =>
          formula.kind === "test" &&
          formula.test.kind === "present" &&
          !formula.test.negated &&
          isThere(formula.test.cell.keys, formula.test.cell.field),
      ))
  );
}

/** A deletion is right when a tombstone stands for what is deleted, wherever it is looked at. */
function deletes(component: ComponentView, rule: Rule): OrderObstacle | undefined {
  if (rule.effect.kind !== "write") return undefined;
  const { effect, steering } = rule;
  const { once } = steering;
  if (once !== undefined && effect.operation === "delete" && isDead(component, rule, once.mark.effect.cell))
    return undefined;
  const here = locationOf(component.role, effect.cell);
  const others = component.handlers
    .flatMap(({ effects }) => effects)
    .filter(
      (view) =>
        view.effect !== effect &&
        (isWrite(view) ? [view.effect.cell] : [])
          .concat(cellsTouched(component, view))
          .some((cell) => isInside(locationOf(component.role, cell), here)),
    );
  return {
    kind: "deletes",
    handler: nameOf(rule),
    span: effect.span,
    cell: effect.cell,
    other: others[0]?.effect.span,
  };
}

/** A message that leaves, or a record that is written, once for each time that the activation is repeated. */
function repeats({ effect, steering, guards, handler }: Rule): OrderObstacle | undefined {
  if (effect.kind === "write" || steering.once !== undefined) return undefined;
  const isSteered = steering.up.length > 0 || steering.exact.length > 0;
  if (!isSteered && !handler.forwarded) return undefined;
  const other = placeOf(guards, handler.handler.nameSpan);
  return { kind: "not-once", handler: handler.handler.name, span: effect.span, other };
}

/** What happens once for a key, or when something holds for a key, has to be the same for all activations with the key. */
function differs(component: ComponentView, rule: Rule): OrderObstacle | undefined {
  const { once, up } = rule.steering;
  const place = { handler: nameOf(rule), span: rule.effect.span } as const;
  const cells = cellsOfRule(component, rule);
  const decided = once !== undefined ? [once.keys] : up.length > 0 ? cells.map(({ keys }) => keys) : [];
  for (const key of decided) {
    for (const operand of operandsOf(component, rule.effect)) {
      const term = findNotOfKey(rule.handler.handler, withoutState(operand.term), key);
      if (term === undefined) continue;
      const other = once?.mark.effect.span ?? placeOf(rule.guards, rule.effect.span);
      return { kind: "not-of-key", ...place, key, term, in: operand.in, other };
    }
  }
  return undefined;
}

/** What is read of settled entries is a function of their keys. */
function withoutState(term: Term): Term {
  switch (term.kind) {
    case "read":
      return { kind: "pure", name: "entry", args: term.cell.keys, injective: false };
    case "pure":
      return { ...term, args: term.args.map(withoutState) };
    case "record":
      return {
        ...term,
        spreads: term.spreads.map(withoutState),
        fields: Object.fromEntries(Object.entries(term.fields).map(([name, value]) => [name, withoutState(value)])),
      };
    default:
      return term;
  }
}

function missesChange(component: ComponentView, rule: Rule, rules: readonly Rule[]): OrderObstacle | undefined {
  const { effect, guards } = rule;
  const place = { handler: nameOf(rule), span: effect.span } as const;
  const unasked = findUnasked(component, rule, rules);
  if (unasked !== undefined) {
    const { cell, write } = unasked;
    const guard = guardOf(rule, cell) ?? guards.find((one) => one.readsState);
    const filter = rule.steering.filters.find(({ readsState: isState }) => !isState);
    const [term] = filter === undefined ? [] : termsIn(filter.formula);
    if (write.handler === rule.handler && term !== undefined && write.handler.after(cell) > write.effect.id) {
      return { kind: "not-of-key", ...place, key: cell.keys, term, in: "condition", other: write.effect.span };
    }
    return {
      kind: "edge-triggered",
      handler: place.handler,
      span: guard?.span ?? effect.span,
      other: write.effect.span,
      by: write.handler.handler.name,
      cell,
    };
  }
  return undefined;
}

/** A condition, or the key by which something happens once, is about other activations than those that ask. */
function mixesKeys(component: ComponentView, rule: Rule): OrderObstacle | undefined {
  const undecided = findUndecided(component, rule);
  if (undecided === undefined) return undefined;
  const { effect } = rule;
  const place = { handler: nameOf(rule), span: effect.span } as const;
  const { cell, term } = undecided;
  const other = guardOf(rule, cell)?.span ?? effect.span;
  return { kind: "not-of-key", ...place, key: cell.keys, term, in: "condition", other };
}

function guardOf({ guards }: Rule, cell: Cell): Guard | undefined {
  return guards.find(
    ({ formula, name }) =>
      absentCell(formula) === undefined && name.includes(printCell({ ...cell, keys: [], aspect: "value" })),
  );
}
