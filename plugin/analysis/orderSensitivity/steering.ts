/** How state steers an effect: what has to have grown, what makes it happen once, what has been skipped since. */
import type { Span } from "../../model/span.ts";
import { sameTerm, type Cell } from "../../model/term.ts";
import { cellsTouched, writtenGuards, type ComponentView } from "./component.ts";
import { termsIn, type Formula } from "./formula.ts";
import { elementsOf, isPresenceOf, isSamePlace, type ClassifiedWrite } from "./joins.ts";
import { isInside, locationOf, sameLocation } from "./locations.ts";
import { isOfKey } from "./ofKey.ts";
import type { OrderObstacle } from "./orderObstacle.ts";
import { exactSize, isUpClosed } from "./upClosed.ts";
import { impliedBy, isWrite, type EffectView, type Guard } from "./views.ts";

/** What makes an effect happen once for each key. */
export interface Once {
  readonly keys: Cell["keys"];
  /** What says that it has happened. */
  readonly mark: ClassifiedWrite;
}

export interface Steering {
  /** Tests that stay true. */
  readonly up: readonly Guard[];
  /** Tests that hold for one activation of each key, or as long as nothing else comes. */
  readonly exact: readonly Guard[];
  readonly once: Once | undefined;
  /** What else the activation has to be like. */
  readonly filters: readonly Guard[];
  readonly obstacle: OrderObstacle | undefined;
}

export function steeringOf(component: ComponentView, item: EffectView): Steering {
  const { growing } = component;
  const up: Guard[] = [];
  const exact: Guard[] = [];
  const skipped: { readonly guard: Guard; readonly cell: Cell; readonly mark: ClassifiedWrite }[] = [];
  const filters: Guard[] = [];
  let once: Once | undefined;
  const own = component.writes.find(({ effect }) => effect === item.effect);
  if (own !== undefined && isMarking(own)) once = { keys: own.effect.cell.keys, mark: own };
  const done = (obstacle?: OrderObstacle): Steering => ({ up, exact, once, filters, obstacle });
  const guards = item.guards.filter((guard) => !isEnsured(component, item, guard));
  for (const guard of guards) {
    const { formula } = guard;
    const absent = absentCell(formula);
    if (!guard.readsState) filters.push(guard);
    else if (isUpClosed(formula, growing)) up.push(guard);
    else if (exactSize(formula, growing) !== undefined) exact.push(guard);
    else if (absent === undefined) return done(notUpClosed(item, guard));
    else {
      const mark = findMark(component, item, absent);
      if (mark === undefined) {
        if (!isWrite(item) || !isDead(component, item, absent)) return done(notUpClosed(item, guard));
        filters.push(guard);
      } else if (once === undefined && isMarkFor(mark, item, guards, absent)) {
        once = { keys: absent.keys, mark };
      } else skipped.push({ guard, cell: absent, mark });
    }
  }
  for (const { guard, cell, mark } of skipped) {
    // The activations that are skipped would ask again for what was asked when the element came.
    const isNew = mark.effect.operation === "add";
    if (!isNew) return done(notUpClosed(item, guard));
    once ??= exact.length > 0 ? { keys: cell.keys.slice(0, -1), mark } : undefined;
    const keys = once?.keys;
    if (keys === undefined || !keys.every((key) => isOfKey(item.handler.handler, key, cell.keys)))
      return done(notUpClosed(item, guard));
    filters.push(guard);
  }
  const [first, ...others] = exact;
  if (first !== undefined) {
    const counted = first.formula.kind === "test" ? countOf(component, first.formula) : undefined;
    if (once === undefined && counted !== undefined) once = counted;
    if (once === undefined || others.length > 0 || up.length > 0 || !growsByOne(component, first))
      return done(notUpClosed(item, first));
  }
  return done();
}

/** The cell of a test that something is not there; undefined for any other test. */
export function absentCell(formula: Formula): Cell | undefined {
  return formula.kind === "test" && formula.test.kind === "present" && formula.test.negated
    ? formula.test.cell
    : undefined;
}

function notUpClosed(item: EffectView, { formula, span }: Guard): OrderObstacle {
  const [term] = termsIn(formula);
  const negated = absentCell(formula) !== undefined;
  return {
    kind: "not-up-closed",
    handler: item.handler.handler.name,
    span,
    condition: term ?? { kind: "literal", value: true },
    negated,
    other: item.effect.span,
  };
}

/** Whether an entry is certainly there, because this activation has made it if it was not. */
function isEnsured(component: ComponentView, item: EffectView, { formula }: Guard): boolean {
  return component.writes.some(({ handler, effect, growth, guards }) => {
    if (handler !== item.handler || growth.kind !== "create" || !isPresenceOf(formula, effect.cell)) return false;
    if (!impliedBy(guards, item.guards)) return false;
    if (formula.kind === "test" && formula.test.kind === "present" && handler.after(formula.test.cell) > effect.id)
      return true;
    // The other branch makes the entry, with this element in it.
    if (!isWrite(item) || item.effect.operation !== "add") return false;
    const { field, keys } = item.effect.cell;
    const element = keys.at(-1);
    const made = effect.value === undefined ? [] : (elementsOf(effect.value) ?? []);
    return (
      isSamePlace({ field, keys: keys.slice(0, -1) }, effect.cell) &&
      made.some((one) => element !== undefined && sameTerm(one, element))
    );
  });
}

/** Whether a write is the first of its kind, and says so: it is under the condition that it has not been done. */
function isMarking(write: ClassifiedWrite): boolean {
  const { cell } = write.effect;
  return writtenGuards(write).some(({ formula }) => {
    const absent = absentCell(formula);
    return absent !== undefined && isSamePlace(absent, cell) && ["element", "value"].includes(write.growth.kind);
  });
}

/** What this activation writes there. */
function findMark(component: ComponentView, item: EffectView, cell: Cell): ClassifiedWrite | undefined {
  return component.writes.find(
    ({ handler, effect, growth, guards }) =>
      handler === item.handler &&
      effect !== item.effect &&
      ["element", "value", "create"].includes(growth.kind) &&
      isSamePlace(effect.cell, cell) &&
      impliedBy(guards, item.guards),
  );
}

/** Whether the mark is made in the same activations in which the effect happens, as far as state decides. */
function isMarkFor(mark: ClassifiedWrite, item: EffectView, guards: readonly Guard[], absent: Cell): boolean {
  return guards
    .filter(({ name, formula }) => {
      const cell = absentCell(formula);
      return !(cell !== undefined && isSamePlace(cell, absent)) && !mark.guards.some((guard) => guard.name === name);
    })
    .every(
      ({ formula, readsState }) =>
        !readsState && termsIn(formula).every((term) => isOfKey(item.handler.handler, term, absent.keys)),
    );
}

/**
 * Whether nothing looks at what this effect writes once the cell is there: everything that touches it does so only while the
 * cell is not. Then it does not matter that it is no longer written, nor that it is deleted.
 */
export function isDead(component: ComponentView, item: EffectView, cell: Cell): boolean {
  if (!isWrite(item)) return false;
  const { role } = component;
  const written = item.effect.cell;
  const here = locationOf(role, written);
  const isDeletion = item.effect.operation === "delete";
  const positions = cell.keys.map((key) =>
    written.keys.findIndex((other) => isOfKey(item.handler.handler, key, [other])),
  );
  if (positions.includes(-1)) return false;
  const touches = (one: Pick<Cell, "field" | "keys">, size: boolean): boolean => {
    const at = size ? [...locationOf(role, one), "*"] : locationOf(role, one);
    return isDeletion ? isInside(at, here) || isInside(here, at) : sameLocation(at, here);
  };
  return component.handlers.every(({ effects }) =>
    effects.every((view) => {
      const own = isWrite(view) ? [view.effect.cell] : [];
      const asked = cellsTouched(component, view);
      const found = [
        ...own.filter((one) => touches(one, false)),
        ...asked.filter((one) => touches(one, one.aspect === "size")),
        ...asked.filter(
          (one) => (one.aspect === "order" || one.aspect === "entries") && isInside(here, locationOf(role, one)),
        ),
      ];
      return found.every((one) =>
        view.guards.some(({ formula }) => {
          const absent = absentCell(formula);
          return (
            absent !== undefined &&
            sameLocation(locationOf(role, absent), locationOf(role, cell)) &&
            absent.keys.every((key, i) => {
              const other = one.keys[positions[i] ?? -1];
              return other !== undefined && isOfKey(view.handler.handler, key, [other]);
            })
          );
        }),
      );
    }),
  );
}

/** Whether a set gets at most one element in one activation, so that its size takes every value on the way. */
function growsByOne(component: ComponentView, { formula }: Guard): boolean {
  const sides = exactSize(formula, component.growing);
  if (sides?.size.kind !== "read") return false;
  const { cell } = sides.size;
  const here = [...locationOf(component.role, cell), ...(cell.aspect === "size" ? ["*"] : [])];
  const writes = component.writes.filter(({ effect }) => sameLocation(locationOf(component.role, effect.cell), here));
  return writes.every(
    (write) =>
      (cell.aspect === "size" ? !["max", "delete"].includes(write.growth.kind) : isCountOfOne(write)) &&
      !write.effect.cell.keys.some((key, i) => key.kind === "element" && cell.keys[i]?.kind !== "element") &&
      writes.every(
        (other) =>
          other === write || other.handler !== write.handler || isSamePlace(other.effect.cell, write.effect.cell),
      ),
  );
}

function isCountOfOne({ growth }: ClassifiedWrite): boolean {
  return growth.kind === "count" && growth.by === 1;
}

/** `++count === n`, where every activation counts one: there is one activation for each count. */
function countOf(component: ComponentView, formula: Formula): Once | undefined {
  const sides = exactSize(formula, component.growing);
  if (sides?.size.kind !== "read" || sides.size.cell.aspect !== "value") return undefined;
  const { cell } = sides.size;
  const mark = component.writes.find((write) => isSamePlace(write.effect.cell, cell) && isCountOfOne(write));
  return mark === undefined ? undefined : { keys: cell.keys, mark };
}

/** The place of a test on the state, for messages. */
export function placeOf(guards: readonly Guard[], otherwise: Span): Span {
  return guards.find(({ readsState }) => readsState)?.span ?? otherwise;
}
