/** A source file as emission sees it: its text, and what its tokens are. */
import { tokenize, type Token } from "./tokens.ts";

/** From one offset up to, and without, another. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a name in the source stands for. */
export type NameUse =
  /** A name that is looked up in the scopes around it; `asValue` unless it is certainly part of a type. */
  | { readonly kind: "free"; readonly asValue: boolean }
  /** What is behind `this.` */
  | { readonly kind: "member" }
  /** A property of something else, a key in a literal, a parameter of a function type. */
  | { readonly kind: "property" };

export interface NameToken extends Token {
  readonly use: NameUse;
}

export interface SourceText {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The names among the tokens. */
  readonly names: readonly NameToken[];
}

export function readSourceText(text: string): SourceText {
  const tokens = tokenize(text);
  const code = tokens.filter((token) => token.kind !== "comment");
  const openers = innermostOpeners(code);
  const names = code.flatMap((token, i) => (token.kind === "name" ? [{ ...token, use: useOf(code, openers, i) }] : []));
  return { text, tokens, names };
}

/** The bracket that each token stands in, or undefined outside of all. */
function innermostOpeners(code: readonly Token[]): readonly (string | undefined)[] {
  const open: string[] = [];
  return code.map((token) => {
    if (token.kind === "punctuation" && /[)\]}]/.test(token.text)) open.pop();
    const around = open.at(-1);
    if (token.kind === "punctuation" && /[([{]/.test(token.text)) open.push(token.text);
    return around;
  });
}

const BEFORE_KEY = new Set(["{", ",", ";", "("]);
const MODIFIERS = new Set(["readonly", "public", "private", "protected", "override", "declare", "static"]);

function useOf(code: readonly Token[], openers: readonly (string | undefined)[], i: number): NameUse {
  const before = textAt(code, i - 1);
  if (before === "." || before === "?.") return { kind: textAt(code, i - 2) === "this" ? "member" : "property" };
  if (textAt(code, i).startsWith("#")) return { kind: "member" };
  const colon = textAt(code, i + 1) === "?" ? textAt(code, i + 2) : textAt(code, i + 1);
  if (colon === ":" && (BEFORE_KEY.has(before) || MODIFIERS.has(before))) return { kind: "property" };
  return { kind: "free", asValue: !isInType(code, openers, i) };
}

const BEFORE_TYPE = new Set(["<", "as", "satisfies", "keyof", "implements", "is"]);

/** Whether a name is certainly part of a type. In doubt it is not: importing a class as a value is never wrong. */
function isInType(code: readonly Token[], openers: readonly (string | undefined)[], i: number): boolean {
  const before = textAt(code, i - 1);
  if (BEFORE_TYPE.has(before)) return true;
  if (before === "|" || before === "&") return !isDoubled(code, i - 1);
  if (before === ",") return isTypeArgument(code, i - 1);
  if (before === ":") return isAnnotation(code, openers, i - 1);
  return false;
}

/** `||` and `&&` are two tokens here. */
function isDoubled(code: readonly Token[], i: number): boolean {
  const [first, second] = [code[i - 1], code[i]];
  return first !== undefined && second !== undefined && first.text === second.text && first.end === second.start;
}

/** Whether the comma at `i` separates type arguments: back to a `<` there is nothing but types. */
function isTypeArgument(code: readonly Token[], i: number): boolean {
  let depth = 0;
  for (let at = i - 1; at >= 0; at -= 1) {
    const token = code[at] as Token;
    if (token.text === ">") depth += 1;
    else if (token.text === "<" && depth > 0) depth -= 1;
    else if (token.text === "<") return true;
    else if (token.kind === "punctuation" && !/^[,|&.[\]]$/.test(token.text)) return false;
  }
  return false;
}

/** Whether the colon at `i` stands before the type of a parameter, variable, field or result. */
function isAnnotation(code: readonly Token[], openers: readonly (string | undefined)[], i: number): boolean {
  const subject = textAt(code, i - 1) === "?" ? i - 2 : i - 1;
  if (textAt(code, subject) === ")") return textAt(code, i + 2) === "{" || textAt(code, i + 2) === "=>";
  if (code[subject]?.kind !== "name") return false;
  const before = textAt(code, subject - 1);
  if (before === "const" || before === "let" || MODIFIERS.has(before)) return true;
  return (before === "(" || before === ",") && openers[subject] === "(";
}

function textAt(code: readonly Token[], i: number): string {
  return code[i]?.text ?? "";
}

/** The names that free occurrences in these ranges refer to, and whether any is used as a value. */
export function freeNames(
  source: SourceText,
  ranges: readonly Range[],
): ReadonlyMap<string, { readonly asValue: boolean }> {
  const found = new Map<string, { asValue: boolean }>();
  for (const { text, use } of namesIn(source, ranges)) {
    if (use.kind !== "free") continue;
    found.set(text, { asValue: use.asValue || found.get(text)?.asValue === true });
  }
  return found;
}

/** The members that are named behind `this.` in these ranges; every name there, where `this` itself is passed around. */
export function memberNames(source: SourceText, ranges: readonly Range[]): ReadonlySet<string> {
  const names = namesIn(source, ranges);
  const bare = names.some(
    ({ text, end }) => text === "this" && !/^\s*(?:\?\.|\.)/.test(source.text.slice(end, end + 100)),
  );
  return new Set(names.filter(({ use }) => bare || use.kind === "member").map(({ text }) => text));
}

function namesIn(source: SourceText, ranges: readonly Range[]): readonly NameToken[] {
  return source.names.filter((name) => ranges.some(({ start, end }) => start <= name.start && name.end <= end));
}

/** What is left of a range without some others; these may overlap. */
export function subtract(range: Range, holes: readonly Range[]): readonly Range[] {
  let left: readonly Range[] = [range];
  for (const hole of holes) {
    left = left.flatMap(({ start, end }) =>
      hole.end <= start || end <= hole.start
        ? [{ start, end }]
        : [
            { start, end: hole.start },
            { start: hole.end, end },
          ].filter((piece) => piece.start < piece.end),
    );
  }
  return left;
}

/** Whether `inner` lies within `outer`. */
export function within(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
