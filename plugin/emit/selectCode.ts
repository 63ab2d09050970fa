/**
 * Which of a role's code runs in one component: the members that stay, the statements that arrive from elsewhere, what
 * of both is cut out, and which members and names all that needs in turn.
 */
import type { Component, Forward, RewrittenRole } from "../model/component.ts";
import type { Role } from "../model/protocol.ts";
import type { ClassMember, ClassParts } from "./classParts.ts";
import { EmissionError } from "./emissionError.ts";
import type { ForwardShape } from "./forwardShape.ts";
import { endWithComment, startWithComments, trimRange } from "./layout.ts";
import { freeNames, memberNames, subtract, within, type Range, type SourceText } from "./sourceText.ts";
import { shapesOf } from "./shapesOf.ts";

/** A statement that leaves: in its place stands the call that forwards to `target`. */
export interface Departure extends Range {
  readonly shape: ForwardShape;
  readonly target: string;
}

/** A statement that arrives, as the body of a method of its own. */
export interface Arrival extends Range {
  readonly shape: ForwardShape;
  /** The original sender, when what stays of the statement uses it. */
  readonly sender: ForwardShape["sender"];
  /** What of it leaves again, for a third component. */
  readonly departures: readonly Departure[];
}

/** A member that stays. */
export interface Staying {
  readonly part: ClassMember;
  readonly departures: readonly Departure[];
}

export interface SelectedCode {
  /** In the order of the source. */
  readonly members: readonly Staying[];
  readonly arrivals: readonly Arrival[];
  /** The names of the members and constructor parameters that all this needs. */
  readonly needed: ReadonlySet<string>;
}

export function selectCode(
  role: Role,
  rewritten: RewrittenRole,
  component: Component,
  parts: ClassParts,
  source: SourceText,
): SelectedCode {
  const shapes = rewritten.components.flatMap((target) =>
    shapesOf(role, target).map(({ shape }) => ({ shape, target: target.name })),
  );
  const leaving = shapes
    .filter(({ shape }) => shape.forward.from === component.name)
    .map(({ shape, target }) => ({ ...movedText(shape.forward, source), shape, target }));
  const departuresIn = (range: Range): readonly Departure[] => {
    const inside = leaving.filter((departure) => within(range, departure));
    return inside.filter((departure) => !inside.some((other) => other !== departure && within(other, departure)));
  };
  const arrivals = shapes
    .filter(({ target }) => target === component.name)
    .map(({ shape }) => {
      const arrival = { ...movedText(shape.forward, source), shape, sender: undefined };
      const departures = departuresIn(arrival);
      const names = freeNames(source, arrivingRanges({ ...arrival, departures }));
      return { ...arrival, departures, sender: names.has(shape.sender?.name ?? "") ? shape.sender : undefined };
    });
  const needed = neededMembers(role, component, arrivals, parts, source, departuresIn);
  const members = parts.members
    .filter((part) => needed.parts.has(part))
    .map((part) => ({ part, departures: departuresIn(part) }));
  assertPlaced(leaving, [...members, ...arrivals]);
  return { members, arrivals, needed: needed.names };
}

/** A statement can only leave from where it runs. */
function assertPlaced(leaving: readonly Departure[], places: readonly Pick<Staying, "departures">[]): void {
  const placed = places.flatMap(({ departures }) => departures.map(({ shape }) => shape));
  for (const { shape } of leaving) {
    if (placed.includes(shape)) continue;
    const { name, from, region } = shape.forward;
    throw new EmissionError(`${name} is cut out of ${from}, which does not run that code.`, region);
  }
}

/**
 * The text that moves with a statement: the comments above it and behind it too. Of a block, its inside.
 */
function movedText({ region }: Forward, source: SourceText): Range {
  const { text } = source;
  if (isBlock(region, source)) {
    return trimRange(text, { start: region.start + 1, end: region.end - 1 });
  }
  return { start: startWithComments(source, region.start), end: endWithComment(source, region.end) };
}

/** Whether a piece of source is one block, and not several statements of which the first and the last are blocks. */
function isBlock(range: Range, { tokens }: SourceText): boolean {
  const inside = tokens.filter((token) => token.kind !== "comment" && within(range, token));
  let depth = 0;
  const close = inside.findIndex(({ kind, text }) => {
    if (kind === "punctuation" && text === "{") depth += 1;
    if (kind === "punctuation" && text === "}") depth -= 1;
    return depth === 0;
  });
  return inside[0]?.text === "{" && close === inside.length - 1;
}

/** What of a piece of source is still evaluated where it stands. */
export function remainingRanges(range: Range, departures: readonly Departure[]): readonly Range[] {
  const hoisted = departures.flatMap(({ shape }) => shape.forward.hoisted.map(({ operand }) => operand.span));
  return [...subtract(range, departures), ...hoisted];
}

/** What of an arriving statement is evaluated here. */
export function arrivingRanges(arrival: Arrival): readonly Range[] {
  const hoisted = arrival.shape.forward.hoisted.map(({ operand }) => operand.span);
  return remainingRanges(arrival, arrival.departures).flatMap((range) => subtract(range, hoisted));
}

function neededMembers(
  role: Role,
  component: Component,
  arrivals: readonly Arrival[],
  parts: ClassParts,
  source: SourceText,
  departuresIn: (range: Range) => readonly Departure[],
): { readonly parts: ReadonlySet<ClassMember>; readonly names: ReadonlySet<string> } {
  const needed = new Set<ClassMember>();
  const visited = new Set<string>();
  const visit = (names: Iterable<string>): void => {
    for (const name of names) {
      visited.add(name);
      for (const part of providersOf(name, role, parts)) {
        if (needed.has(part)) continue;
        needed.add(part);
        const mentioned = memberNames(source, remainingRanges(part, departuresIn(part)));
        // A constructor is kept as it is, so everything that it initialises is kept too.
        const uses =
          part.member.kind === "constructor" ? part.member.uses : part.member.uses.filter((use) => mentioned.has(use));
        visit(uses);
      }
    }
  };
  visit(component.handlers);
  for (const arrival of arrivals) {
    const owner = parts.members.find((part) => within(part, arrival));
    if (owner === undefined) {
      throw new EmissionError(
        `${arrival.shape.forward.name} is cut out of no member of ${role.name}.`,
        arrival.shape.forward.region,
      );
    }
    const mentioned = memberNames(source, arrivingRanges(arrival));
    visit([...owner.member.uses.filter((use) => mentioned.has(use)), ...arrival.shape.nodes.map(({ field }) => field)]);
  }
  return { parts: needed, names: visited };
}

/** The members that a name needs: those of that name, and the constructor, if it is what gives the field its value. */
function providersOf(name: string, role: Role, parts: ClassParts): readonly ClassMember[] {
  const fields = role.fields.filter((field) => field.name === name).map(({ span }) => span);
  return parts.members.filter((part) => {
    const { member } = part;
    if (member.kind !== "constructor") return member.name === name;
    return member.uses.includes(name) || fields.some((span) => within(part, span));
  });
}
