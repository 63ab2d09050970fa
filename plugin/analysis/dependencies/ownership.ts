/**
 * What decides the partition of an entry, as a function of the key under which the entry is kept: the key itself, a part of
 * a key that is put together, a function of either. One entry has one key, so it has one partition, whatever the function is;
 * what the rules have to show is that every handler that touches the entry is routed by the value of that function.
 */
import type { KeyPart } from "../../model/component.ts";
import type { Handler } from "../../model/protocol.ts";
import { printTerm, sameTerm, type Term } from "../../model/term.ts";
import { compoundOf, readPart } from "./compoundKeys.ts";
import { formsOf, leavesOf, replaceTerm, type Equation } from "./equations.ts";
import { KEY } from "./key.ts";
import { primitiveOfTerm } from "./primitives.ts";
import { ignoresSignOfZero } from "./signOfZero.ts";
import { takenApart } from "./takeApart.ts";

export interface Ownership {
  /** Which part is taken of what is put together; parts of parts follow. */
  readonly parts: readonly PartOf[];
  /** The function of what is left, with the key at `KEY`. */
  readonly image: Term;
}

export interface PartOf {
  /** How the key is put together: see `Compound`. */
  readonly id: string;
  readonly index: number;
}

export const ITSELF: Ownership = { parts: [], image: KEY };

export function isItself({ parts, image }: Ownership): boolean {
  return parts.length === 0 && sameTerm(image, KEY);
}

export function printOwnership({ parts, image }: Ownership): string {
  const taken = parts.map(({ id, index }) => `part ${String(index)} of ${id}`).join(", ");
  return [...(taken === "" ? [] : [taken]), ...(sameTerm(image, KEY) ? [] : [printTerm(image)])].join(", then ");
}

const MOST_PARTS = 2;

/** Every way in which the partition of the entry under `key` can be `route`. */
export function ownershipsFor(
  handler: Handler | undefined,
  key: Term,
  route: Term,
  equations: readonly Equation[],
): readonly Ownership[] {
  const routes = formsOf(route, equations);
  const found = partsOf(handler, key, equations).flatMap(({ parts, term }) =>
    routes.flatMap((form): readonly Ownership[] => {
      const image = replaceTerm(form, term, KEY);
      const isOfKeyAlone = leavesOf(image).every((leaf) => sameTerm(leaf, KEY));
      if (!isOfKeyAlone || leavesOf(image).length === 0) return [];
      return isOneForZero(handler, term, image) ? [{ parts, image }] : [];
    }),
  );
  return found.filter((one, i) => found.findIndex((other) => isSameOwnership(one, other)) === i);
}

/** Whether the function has one value for each entry: 0 and -0 are one key. */
function isOneForZero(handler: Handler | undefined, term: Term, image: Term): boolean {
  return primitiveOfTerm(handler, term) === "string" || ignoresSignOfZero(image, KEY);
}

export function isSameOwnership(a: Ownership, b: Ownership): boolean {
  return printOwnership(a) === printOwnership(b) && sameTerm(a.image, b.image);
}

interface Taken {
  readonly parts: readonly PartOf[];
  readonly term: Term;
}

/** A key, and what can be told from it. */
export function partsOf(handler: Handler | undefined, key: Term, equations: readonly Equation[]): readonly Taken[] {
  let level: readonly Taken[] = formsOf(key, equations).map((term) => ({ parts: [], term }));
  const all: Taken[] = [...level];
  for (let depth = 0; depth < MOST_PARTS; depth += 1) {
    level = level.flatMap(({ parts, term }) => {
      const compound = compoundOf(handler, term);
      return (compound?.parts ?? []).flatMap((part, index) =>
        compound === undefined || part.flaw !== undefined
          ? []
          : formsOf(part.term, equations).map((form) => ({
              parts: [...parts, { id: compound.id, index }],
              term: form,
            })),
      );
    });
    all.push(...level);
  }
  return all.filter(({ term }) => term.kind !== "literal");
}

/** What decides the partition of the entry under `key`, in all of its forms; none: it cannot be said. */
export function applyOwnership(
  ownership: Ownership,
  handler: Handler | undefined,
  key: Term,
  equations: readonly Equation[],
): readonly Term[] {
  const { parts, image } = ownership;
  const taken = partsOf(handler, key, equations).filter(
    (one) =>
      one.parts.length === parts.length &&
      one.parts.every(({ id, index }, i) => id === parts[i]?.id && index === parts[i].index) &&
      isOneForZero(handler, one.term, image),
  );
  // Whoever armed a timer knew the parts of the key; the timer has the whole, and runs where that is kept.
  if (taken.length === 0 && key.kind === "timerKey") {
    return [{ kind: "pure", name: `${printOwnership(ownership)} of`, args: [key], injective: false }];
  }
  const owners = taken.flatMap(({ term }) => formsOf(replaceTerm(image, KEY, term), equations));
  return distinct([...owners, ...owners.map((owner) => takenApart(handler, owner))]);
}

function distinct(terms: readonly Term[]): readonly Term[] {
  return terms.filter((term, i) => terms.findIndex((other) => sameTerm(term, other)) === i);
}

/**
 * The function as tools can evaluate it, from the key at a position; undefined: they cannot, since nobody can undo an
 * injective function, or knows a function that is only promised to exist.
 *
 * @param handler A handler that keeps entries under `key`.
 */
export function toOwner(
  { parts, image }: Ownership,
  position: number,
  handler: Handler | undefined,
  key: Term,
  equations: readonly Equation[],
  toKeyPart: (term: Term) => KeyPart | undefined,
): KeyPart | undefined {
  const column: Term = { kind: "payload", path: [String(position)] };
  let whole: Term = column;
  let terms: readonly Term[] = formsOf(key, equations);
  for (const { id, index } of parts) {
    const compound = terms.map((term) => compoundOf(handler, term)).find((one) => one?.id === id);
    const part: Term | undefined = compound === undefined ? undefined : readPart(compound, index, whole);
    if (compound === undefined || part === undefined) return undefined;
    whole = part;
    terms = formsOf(compound.parts[index]?.term ?? key, equations);
  }
  return toKeyPart(replaceTerm(image, KEY, whole));
}
