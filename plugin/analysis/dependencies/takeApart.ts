/**
 * Functions that take apart what was put together: of every `${shard}:${n}` with a number `n`,
 * `id.slice(0, id.lastIndexOf(":"))` is the shard. So an id that contains what an entry belongs to says where the entry is.
 *
 * A function of a key is replaced by the part only where it is exactly the function that reads this part from every key
 * which is put together so (see `readPart`), written as is, with `substring`, or by splitting at the separator. The separator
 * must not occur in the parts that are split off: these are no free texts, and it begins with what their texts do not have.
 */
import { pureForm } from "../../model/pureForm.ts";
import type { Handler } from "../../model/protocol.ts";
import { sameTerm, type Term } from "../../model/term.ts";
import { compoundOf, endsBeforeSeparator, readingsOfPart, type Compound } from "./compoundKeys.ts";
import { replaceTerm } from "./equations.ts";
import { isFunction } from "./inferDependencies.ts";
import { KEY } from "./key.ts";
import { primitiveOfTerm } from "./primitives.ts";

/** The term with everything in it taken apart that can be. */
export function takenApart(handler: Handler | undefined, term: Term): Term {
  if (term.kind !== "pure") return term;
  const args = term.args.map((arg) => takenApart(handler, arg));
  const whole = args.every((arg, i) => arg === term.args[i]) ? term : { ...term, args };
  const [first] = args;
  if (
    whole.name === "??" &&
    whole.certain === true &&
    first !== undefined &&
    primitiveOfTerm(handler, first) !== "unknown"
  )
    return first;
  const known = sameText(handler, whole) ?? computed(handler, whole);
  if (known !== undefined) return known;
  for (const compound of compoundsIn(handler, whole)) {
    const asFunction = ofTheWhole(whole, compound.term);
    const part = compound.of.parts.find((_, i) => isReadingOf(compound.of, i, asFunction));
    if (part !== undefined) return part.type === "string" ? part.term : pure("String", part.term);
  }
  return whole;
}

/** What a function of a module computes, if that takes something apart. */
function computed(handler: Handler | undefined, { args, means }: Applied): Term | undefined {
  const [argument] = args;
  if (means === undefined || argument === undefined || args.length > 1) return undefined;
  const written = replaceTerm(means, KEY, argument);
  const known = takenApart(handler, written);
  return known === written || !isFunction(known) ? undefined : known;
}

/** The term as a function of what is put together in it: that one value, for it may hold what is read only once. */
function ofTheWhole(term: Term, whole: Term): Term {
  if (term === whole) return KEY;
  return term.kind === "pure" ? { ...term, args: term.args.map((arg) => ofTheWhole(arg, whole)) } : term;
}

type Applied = Extract<Term, { readonly kind: "pure" }>;

interface Whole {
  readonly term: Term;
  readonly of: Compound;
}

function compoundsIn(handler: Handler | undefined, { args }: Applied): readonly Whole[] {
  return args.flatMap((term) => {
    if (term.kind !== "pure") return [];
    const of = compoundOf(handler, term);
    return [...(of === undefined || of.texts.length === 0 ? [] : [{ term, of }]), ...compoundsIn(handler, term)];
  });
}

/** Whether a function of the key is the text of a part of it. */
function isReadingOf(compound: Compound, index: number, term: Term): boolean {
  if (compound.parts[index]?.flaw !== undefined) return false;
  const written = withSlices(term);
  const readings = readingsOfPart(compound, index, KEY);
  return readings.some((reading) => sameTerm(reading, written)) || isSplitOff(term, compound, index);
}

/** Between places that are there, and in order, `substring` is `slice`: the separators are there. */
function withSlices(term: Term): Term {
  if (term.kind !== "pure") return term;
  const args = term.args.map(withSlices);
  return { ...term, name: term.name === ".substring" ? ".slice" : term.name, args };
}

/** `id.split(":")[0]`: no separator is in the parts up to this one. */
function isSplitOff(term: Term, of: Compound, index: number): boolean {
  if (term.kind !== "pure" || of.texts[0] !== "") return false;
  const form = pureForm(term.name, term.args.length);
  const [list, written] = term.args;
  const at =
    form?.kind === "property"
      ? Number(form.name)
      : form?.kind === "element" && written?.kind === "literal"
        ? written.value
        : undefined;
  if (at !== index || list?.kind !== "pure" || list.name !== ".split" || list.args.length !== 2) return false;
  const [text, separator] = list.args;
  if (text === undefined || !sameTerm(text, KEY) || separator?.kind !== "literal") return false;
  return Array.from({ length: index + 1 }, (_, i) => i).every(
    (i) => of.texts[i + 1] === separator.value && endsBeforeSeparator(of, i),
  );
}

/** `Number(String(n))` is the number again. */
function sameText(handler: Handler | undefined, { name, args }: Applied): Term | undefined {
  const [text] = args;
  const isNumber = args.length === 1 && (name === "Number" || name === "+");
  if (!isNumber || text?.kind !== "pure" || text.name !== "String") return undefined;
  const [value] = text.args;
  return value !== undefined && primitiveOfTerm(handler, value) === "number" ? value : undefined;
}

function pure(name: string, ...args: readonly Term[]): Term {
  return { kind: "pure", name, args, injective: false };
}
