/** An activation that throws is undone. Whether it does may depend on what has been handled before, so order shows. */
import type { Access, ThrowSite } from "../../model/effect.ts";
import type { Span } from "../../model/span.ts";
import { cellsRead, type Cell } from "../../model/term.ts";
import type { ComponentView } from "./component.ts";
import { conjuncts, nameFormula } from "./formula.ts";
import { isPresenceOf, isSamePlace } from "./joins.ts";
import { readsState } from "./normaliseTerms.ts";
import type { OrderObstacle } from "./orderObstacle.ts";
import type { HandlerView } from "./views.ts";

export function judgeThrows(component: ComponentView, view: HandlerView): readonly OrderObstacle[] {
  const { body, name } = view.handler;
  return (body?.throws ?? []).flatMap((site): readonly OrderObstacle[] => {
    if (!dependsOnState(component, view, site, body?.reads ?? [])) return [];
    const why = `${site.why}; and whether it does depends on what has been handled before`;
    return [{ kind: "not-understood", handler: name, span: site.span, why, other: undefined }];
  });
}

function dependsOnState(
  component: ComponentView,
  view: HandlerView,
  site: ThrowSite,
  reads: readonly Access[],
): boolean {
  const guard = site.guard ?? [];
  if (site.unless === undefined) {
    const isOnState = reads.some(({ span }) => isWithin(span, site.span));
    return isOnState || guard.some(({ term }) => readsState(term));
  }
  const present = guard.flatMap((condition) => conjuncts(condition, component.growing.meaning));
  const observedAfter = (cell: Cell): number => {
    const here = reads.filter((access) => isWithin(access.span, site.span) && isSamePlace(access.cell, cell));
    return here.length === 0 ? view.after(cell) : Math.min(...here.map(({ after }) => after ?? 0));
  };
  const isThere = (cell: Cell): boolean =>
    present.some((formula) => isPresenceOf(formula, cell)) ||
    (view.parking !== undefined && isSamePlace({ field: view.parking.field, keys: [view.parking.key] }, cell)) ||
    component.writes.some(
      ({ handler, effect, guards }) =>
        handler === view &&
        (effect.operation === "set" || effect.operation === "putIfAbsent") &&
        isSamePlace(effect.cell, cell) &&
        effect.id < observedAfter(cell) &&
        guards.every(({ name }) => present.some((formula) => nameFormula(formula, []) === name)),
    );
  return !cellsRead(site.unless).every(isThere);
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}
