/** Which observations of state belong to a statement: those made in it, and in the functions that it calls. */
import type { Access, HandlerBody, Operand, Region } from "../model/effect.ts";
import { contains, type Span } from "../model/span.ts";

export interface RegionReads {
  /** Everything that the statement may observe itself. */
  readonly all: ReadonlySet<Access>;
  /** What certainly nothing else observes. */
  readonly only: ReadonlySet<Access>;
}

/**
 * A helper's body is at one place, whoever calls it. Each call has observations of its own, which are told apart by the
 * expressions that they are part of; one that is part of none counts for all callers in the handler.
 */
export function findReads(
  body: HandlerBody,
  { region, hoisted }: { readonly region: Region; readonly hoisted: readonly { readonly operand: Operand }[] },
): RegionReads {
  const places = placesOf(region);
  const within = new Set(regionReads(region));
  const known = new Set(regionReads(body.root));
  const ahead = new Set(hoisted.flatMap(({ operand }) => operand.reads));
  const isAhead = (read: Access): boolean =>
    ahead.has(read) || hoisted.some(({ operand }) => contains(operand.span, read.span));
  const elsewhere = placesBeside(body.root, region);
  const isIn = (spans: readonly Span[], { span }: Access): boolean => spans.some((place) => contains(place, span));
  const all = new Set<Access>();
  const only = new Set<Access>();
  for (const read of body.reads) {
    if (isAhead(read)) continue;
    const isPossible = !known.has(read) && isIn(places, read);
    const isSure = within.has(read) || contains(region.span, read.span) || (isPossible && !isIn(elsewhere, read));
    if (isSure) only.add(read);
    if (isSure || isPossible) all.add(read);
  }
  return { all, only };
}

/** Where the code is that runs beside a region, and not in it. */
function placesBeside(root: Region, region: Region): readonly Span[] {
  return root.children.flatMap((child) => {
    if (child === region || contains(region.span, child.span)) return [];
    return contains(child.span, region.span) ? placesBeside(child, region) : placesOf(child);
  });
}

/** The observations in the expressions at and below a region. */
export function regionReads(region: Region): readonly Access[] {
  return [...region.operands.flatMap(({ reads }) => reads), ...region.children.flatMap(regionReads)];
}

/** Where the code of a region is: at the region, and in the bodies of the functions that it calls. */
export function placesOf(region: Region): readonly Span[] {
  return [region.span, ...region.children.flatMap(placesOf)];
}
