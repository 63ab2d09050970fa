/** The code of a component, looked at as a whole. */
import type { Role } from "../../model/protocol.ts";
import { cellsRead, type Cell, type Term } from "../../model/term.ts";
import { isFixed } from "./normaliseTerms.ts";
import { classifyWrite, type ClassifiedWrite } from "./joins.ts";
import { locationOf, meaningOf, sameLocation, shapeAt } from "./locations.ts";
import type { Parking } from "./orderObstacle.ts";
import { sameTerm, writtenKey } from "../../model/term.ts";
import { cellsAsked, type Growing } from "./upClosed.ts";
import { isWrite, viewHandler, type EffectView, type Guard, type HandlerView } from "./views.ts";
import { termsOf } from "../inferFootprints.ts";

export interface ComponentView {
  readonly role: Role;
  readonly handlers: readonly HandlerView[];
  readonly writes: readonly ClassifiedWrite[];
  readonly growing: Growing;
}

export function viewComponent(
  role: Role,
  forwarded: readonly string[],
  parks: { readonly [handler: string]: Parking },
): ComponentView {
  const meaning = meaningOf(role);
  const handlers = role.handlers.map((handler) =>
    viewHandler(handler, { meaning, forwarded: forwarded.includes(handler.name), parking: parks[handler.name] }),
  );
  const writes = handlers.flatMap(({ effects }) => effects.filter(isWrite).map((view) => classifyWrite(role, view)));
  const value = (cell: Cell): "max" | "count" | undefined => {
    const around = shapeAt(role, {
      field: cell.field,
      keys: cell.keys.slice(0, cell.aspect === "value" ? -1 : undefined),
    });
    // What a source has contributed is a maximum, and never below nothing.
    if (around?.kind === "map" && around.lattice === "Counter") return "count";
    const here = locationOf(role, cell);
    const kinds = new Set(
      writes.filter((one) => sameLocation(locationOf(role, one.effect.cell), here)).map(({ growth }) => growth.kind),
    );
    const [only] = kinds;
    return kinds.size === 1 && (only === "max" || only === "count") ? only : undefined;
  };
  return { role, handlers, writes, growing: { value, meaning } };
}

/** The cells that an effect depends on in any way: by its guards, and by its operands. */
export function cellsTouched(component: ComponentView, { effect, guards, handler }: EffectView): readonly Cell[] {
  const { parking } = handler;
  return [
    ...(parking === undefined ? [] : [{ field: parking.field, keys: [parking.key], aspect: "has" } as const]),
    ...guards.flatMap(({ formula }) => cellsAsked(formula, component.growing.meaning)),
    ...termsOf({ ...effect, guard: [] }).flatMap(cellsRead),
  ];
}

/** Whether a write may change what is observed by reading a cell, its deletion aside. */
export function mayChange(component: ComponentView, write: ClassifiedWrite, asked: Cell): boolean {
  const { growth } = write;
  if (growth.kind === "nothing" || growth.kind === "delete") return false;
  const at = locationOf(component.role, write.effect.cell);
  const here = locationOf(component.role, asked);
  if (!mayBeSame(write.effect.cell.keys, asked.keys)) return false;
  switch (asked.aspect) {
    case "has":
      // An entry of a tally is there as soon as it has an element.
      return sameLocation(at, here) || (isTally(component.role, asked) && sameLocation(at, [...here, "*"]));
    case "size":
      return sameLocation(at, [...here, "*"]);
    case "value":
      // The initial value of a part is a value too.
      return at.length <= here.length && at.every((part, i) => part === here[i]);
    case "entries":
    case "order":
      return here.every((part, i) => at[i] === undefined || part === at[i]);
  }
}

function isTally(role: Role, { field, keys }: Cell): boolean {
  const around = shapeAt(role, { field, keys: keys.slice(0, -1) });
  return around?.kind === "map" && around.lattice === "Tally";
}

/** Whether keys may name the same piece: only keys that are written out are known to differ. */
function mayBeSame(a: readonly Term[], b: readonly Term[]): boolean {
  return a.every((key, i) => {
    const other = b[i];
    const [left, right] = [writtenKey(key), other === undefined ? undefined : writtenKey(other)];
    return left === undefined || right === undefined || left === right;
  });
}

/** Whether a cell that is asked about is, in this activation, the one that is written, as far as both have keys. */
export function isAskedAt(asked: readonly Term[], written: readonly Term[]): boolean {
  return asked.every((key, i) => {
    const other = written[i];
    return other === undefined || sameTerm(key, other) || (key.kind === "element" && isFixed(key));
  });
}

/** The guards of an effect before anything was taken away from them. */
export function writtenGuards({ handler, effect }: EffectView): readonly Guard[] {
  return handler.effects.find((one) => one.effect === effect)?.guards ?? [];
}
