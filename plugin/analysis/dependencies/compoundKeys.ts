/**
 * Keys that are put together from parts: which parts can be told from the whole. Messages may be routed by such a part,
 * since the entries of one key then have one part.
 *
 * - A template (`${slot}/${ballot}`) with at most one text among its parts. The text of a number consists of digits, signs,
 *   points and the letters of `e`, `Infinity` and `NaN`; that of a bigint of digits and a sign; that of a boolean of the letters
 *   of `true` and `false`; none is empty. So such a part ends where the separator behind it begins, provided that the separator
 *   begins with another character; and it begins where the separator in front of it ends, provided that this ends with another
 *   character. Taking off parts from the left up to the free text, and from the right down to it, leaves the free text. Two
 *   texts cannot be told apart (`a/b` and `c`, `a` and `b/c`). The texts of 0 and -0 are the same, and so are their routes.
 * - `JSON.stringify([a, b])`, whose result can be read again. It writes Infinity and -Infinity as `null`, so numbers are
 *   not among the parts that can be told, though they may be beside them.
 * - A call of a function that is promised to be `injective`: distinct arguments have distinct results.
 *
 * A part is told as a value of its type, so wherever the collection is used the parts have to have the same types.
 */
import type { Handler } from "../../model/protocol.ts";
import { escapeTemplate, pureForm, unescapeTemplate } from "../../model/pureForm.ts";
import type { Term } from "../../model/term.ts";
import { primitiveOfTerm, type Primitive } from "./primitives.ts";

/** A key as what it was put together from. */
export interface Compound {
  /** Keys with one of these are put together in the same way, from parts of the same types. */
  readonly id: string;
  readonly parts: readonly Part[];
  readonly texts: readonly string[];
}

export interface Part {
  readonly term: Term;
  readonly type: Primitive;
  /** Why it cannot be told from the whole; undefined: it can. */
  readonly flaw: PartFlaw | undefined;
}

export type PartFlaw =
  /** Two parts may be any text. */
  | "two-texts"
  /** What stands between it and its neighbour could belong to either. */
  | "no-separator"
  /** The text of it does not say what it is the text of. */
  | "type"
  /** JSON has no infinite numbers. */
  | "number-in-json";

/** What a term of this handler is put together from; undefined: it is one piece. */
export function compoundOf(handler: Handler | undefined, term: Term): Compound | undefined {
  if (term.kind !== "pure") return undefined;
  if (term.injective) {
    const parts = term.args.map((arg): Part => ({ term: arg, type: primitiveOfTerm(handler, arg), flaw: undefined }));
    return { id: term.name, parts, texts: [] };
  }
  const [tuple] = term.args;
  if (term.name === "JSON.stringify" && term.args.length === 1 && tuple?.kind === "pure" && tuple.name === "array") {
    return compoundOfJson(handler, tuple.args);
  }
  const pieces = piecesOf(handler, term);
  return pieces === undefined ? undefined : compoundOfTemplate(handler, pieces);
}

function compoundOfJson(handler: Handler | undefined, args: readonly Term[]): Compound {
  const parts = args.map((term): Part => {
    const type = primitiveOfTerm(handler, term);
    const flaw = type === "number" ? "number-in-json" : type === "string" || type === "boolean" ? undefined : "type";
    return { term, type, flaw };
  });
  // A part that is no string, number or boolean may be written as anything, or not at all.
  const isKnown = parts.every(({ type }) => type === "string" || type === "number" || type === "boolean");
  const told = isKnown ? parts : parts.map((part): Part => ({ ...part, flaw: "type" }));
  return { id: `JSON of ${String(args.length)}`, parts: told, texts: [] };
}

/** Texts and values in turn, beginning and ending with a text. */
interface Pieces {
  readonly texts: readonly string[];
  readonly values: readonly Term[];
}

const NOTHING: Pieces = { texts: [""], values: [] };

/**
 * A template, or texts that are added up or joined, as its pieces; what is written out in a hole belongs to the text around
 * it. `String(a)` is what a template writes of `a`; so is what `join` writes, apart from null and undefined.
 */
function piecesOf(handler: Handler | undefined, term: Term): Pieces | undefined {
  if (term.kind !== "pure") return undefined;
  const form = pureForm(term.name, term.args.length);
  const [first, separator] = term.args;
  if (form?.kind === "language" && form.name === "String" && first !== undefined) return followed(NOTHING, first, "");
  if (form?.kind === "method" && form.name === "join" && first?.kind === "pure" && first.name === "array") {
    return separator?.kind === "literal" && typeof separator.value === "string"
      ? joined(handler, first.args, separator.value)
      : undefined;
  }
  if (form?.kind === "template") {
    const texts = form.texts.map(unescapeTemplate);
    return term.args.reduce<Pieces>((before, arg, i) => followed(before, arg, texts[i + 1] ?? ""), {
      texts: [texts[0] ?? ""],
      values: [],
    });
  }
  const [left, right] = term.args;
  if (form?.kind !== "binary" || form.operator !== "+" || left === undefined || right === undefined) return undefined;
  if (![left, right].some((side) => primitiveOfTerm(handler, side) === "string")) return undefined;
  const begun = piecesOf(handler, left) ?? followed(NOTHING, left, "");
  return followed(begun, right, "");
}

function joined(handler: Handler | undefined, values: readonly Term[], separator: string): Pieces | undefined {
  if (values.length === 0 || values.some((value) => primitiveOfTerm(handler, value) === "unknown")) return undefined;
  return values.reduce(
    (before, value, i) => followed(before, value, i === values.length - 1 ? "" : separator),
    NOTHING,
  );
}

function followed({ texts, values }: Pieces, value: Term, text: string): Pieces {
  if (value.kind !== "literal") return { texts: [...texts, text], values: [...values, value] };
  const written = typeof value.value === "object" && value.value !== null ? value.value.bigint : String(value.value);
  return { texts: [...texts.slice(0, -1), `${texts.at(-1) ?? ""}${written}${text}`], values };
}

function compoundOfTemplate(handler: Handler | undefined, { texts, values }: Pieces): Compound {
  const types = values.map((value) => primitiveOfTerm(handler, value));
  const id = `\`${texts.map(escapeTemplate).join("${}")}\` of ${types.join(", ")}`;
  const parts = values.map((term, i): Part => ({
    term,
    type: types[i] ?? "unknown",
    flaw: flawInTemplate(texts, types, i),
  }));
  return { id, parts, texts };
}

/** The characters of which the texts of a type consist; undefined: any. */
function alphabetOf(type: Primitive): RegExp | undefined {
  switch (type) {
    case "number":
      return /[-+.\deInfityNa]/;
    case "bigint":
      return /[-\d]/;
    case "boolean":
      return /[truefals]/;
    case "string":
    case "unknown":
      return undefined;
  }
}

function flawInTemplate(texts: readonly string[], types: readonly Primitive[], index: number): PartFlaw | undefined {
  const free = types.flatMap((type, i) => (alphabetOf(type) === undefined ? [i] : []));
  if (types[index] === "unknown") return "type";
  if (free.length > 1) return "two-texts";
  return pivotOf(texts, types) === undefined ? "no-separator" : undefined;
}

/** The part up to which others can be taken off from the left, and down to which they can from the right. Undefined: there is none. */
function pivotOf(texts: readonly string[], types: readonly Primitive[]): number | undefined {
  return pivotsOf(texts, types)[0];
}

/** All of them: the free text, if there is one; each, if none is free and all are kept apart. */
function pivotsOf(texts: readonly string[], types: readonly Primitive[]): readonly number[] {
  const endsBefore = (i: number): boolean => isApart(types[i], texts[i + 1]?.at(0));
  const beginsAfter = (i: number): boolean => isApart(types[i], texts[i]?.at(-1));
  return types.flatMap((_, i) =>
    types.every((_type, other) => other === i || (other < i ? endsBefore(other) : beginsAfter(other))) ? [i] : [],
  );
}

/** Whether the text of a part ends where the separator behind it first begins. */
export function endsBeforeSeparator({ parts, texts }: Compound, index: number): boolean {
  return isApart(parts[index]?.type, texts[index + 1]?.at(0));
}

function isApart(type: Primitive | undefined, neighbour: string | undefined): boolean {
  const alphabet = type === undefined ? undefined : alphabetOf(type);
  return alphabet !== undefined && neighbour !== undefined && !alphabet.test(neighbour);
}

/** The part of a template, as senders and tools can compute it from the whole; undefined: they cannot. */
export function readPart(compound: Compound, index: number, whole: Term): Term | undefined {
  const [text] = readingsOfPart(compound, index, whole);
  return text === undefined ? undefined : typed(text, compound.parts[index]?.type);
}

/** The text of a part of a template, in all ways in which it can be computed from the whole. */
export function readingsOfPart({ parts, texts }: Compound, index: number, whole: Term): readonly Term[] {
  if (texts.length === 0) return [];
  const types = parts.map(({ type }) => type);
  return pivotsOf(texts, types).map((pivot) => readUpTo(texts, pivot, index, whole));
}

/** Takes off parts from the left up to `pivot`, and from the right down to it, until the one at `index` is reached. */
function readUpTo(texts: readonly string[], pivot: number, index: number, whole: Term): Term {
  let rest = dropped(whole, texts[0] ?? "");
  for (let i = 0; i < Math.min(index, pivot); i += 1) {
    const text = texts[i + 1] ?? "";
    rest = pure(".slice", rest, pure("+", pure(".indexOf", rest, literal(text)), literal(text.length)));
  }
  if (index < pivot) return pure(".slice", rest, literal(0), pure(".indexOf", rest, literal(texts[index + 1] ?? "")));
  const last = texts.at(-1) ?? "";
  if (last !== "") rest = pure(".slice", rest, literal(0), literal(-last.length));
  for (let i = texts.length - 2; i > index; i -= 1) {
    rest = pure(".slice", rest, literal(0), pure(".lastIndexOf", rest, literal(texts[i] ?? "")));
  }
  if (index === pivot) return rest;
  const text = texts[index] ?? "";
  return pure(".slice", rest, pure("+", pure(".lastIndexOf", rest, literal(text)), literal(text.length)));
}

function dropped(whole: Term, text: string): Term {
  return text === "" ? whole : pure(".slice", whole, literal(text.length));
}

/** The value that a text is the text of. */
function typed(text: Term, type: Primitive | undefined): Term {
  switch (type) {
    case "number":
      return pure("Number", text);
    case "bigint":
      return pure("BigInt", text);
    case "boolean":
      return pure("===", text, literal("true"));
    case "string":
    case "unknown":
    case undefined:
      return text;
  }
}

function pure(name: string, ...args: readonly Term[]): Term {
  return { kind: "pure", name, args, injective: false };
}

function literal(value: string | number): Term {
  return { kind: "literal", value };
}
