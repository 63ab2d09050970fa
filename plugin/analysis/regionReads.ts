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
 * expressions that they are part of; one that is part of none counts for all callers.
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
  const all = new Set<Access>();
  const only = new Set<Access>();
  for (const read of body.reads) {
    if (isAhead(read)) continue;
    const isSurely = within.has(read) || contains(region.span, read.span);
    if (isSurely) only.add(read);
    if (isSurely || (!known.has(read) && places.some((place) => contains(place, read.span)))) all.add(read);
  }
  return { all, only };
}

/** The observations in the expressions at and below a region. */
export function regionReads(region: Region): readonly Access[] {
  return [...region.operands.flatMap(({ reads }) => reads), ...region.children.flatMap(regionReads)];
}

/** Where the code of a region is: at the region, and in the bodies of the functions that it calls. */
export function placesOf(region: Region): readonly Span[] {
  return [region.span, ...region.children.flatMap(placesOf)];
}
