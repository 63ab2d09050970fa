/** What becomes of the parameters of a method when a statement that used them has left. */
import { bracketDepths, splitAtCommas } from "./brackets.ts";
import type { ClassMember } from "./classParts.ts";
import type { Edit } from "./pieceWriter.ts";
import type { Range, SourceText } from "./sourceText.ts";
import type { Token } from "./tokens.ts";

interface Parameter extends Range {
  /** What it binds: a name; the names of a pattern without renamings, defaults and rests; the names in another pattern. */
  readonly form: "name" | "flat pattern" | "pattern";
  readonly names: readonly Token[];
  /** The first of the words that make a constructor's parameter a field. */
  readonly modifier: Token | undefined;
}

/** What stands between the parentheses behind the name of a method. */
export interface ParameterList extends Range {
  readonly parameters: readonly Parameter[];
}

export function readParameterList(
  { member, start, end }: ClassMember,
  { tokens }: SourceText,
): ParameterList | undefined {
  const code = tokens.filter((token) => token.kind !== "comment" && start <= token.start && token.end <= end);
  const at = code.findIndex(({ text }, i) => text === member.name && /^[(<]$/.test(code[i + 1]?.text ?? ""));
  if (at < 0) return undefined;
  const depths = bracketDepths(code);
  const open = code.findIndex(({ text }, i) => i > at && text === "(" && depths[i] === depths[at]);
  const close = code.findIndex(({ text }, i) => i > open && text === ")" && depths[i] === depths[open]);
  const [first, last] = [code[open], code[close]];
  if (first === undefined || last === undefined) return undefined;
  const parameters = splitAtCommas(code.slice(open + 1, close)).flatMap(readParameter);
  return { start: first.end, end: last.start, parameters };
}

/**
 * Drops or renames what nothing refers to any more, so that a strict compiler has nothing to say.
 *
 * @param used The names that the rest of the method still refers to.
 * @param fields Of a constructor, the fields that are needed: a parameter that makes another field no longer does.
 * @param fixed Whether the number of parameters has to stay, because the class itself calls the method.
 */
export function parameterEdits(
  { start, end, parameters }: ParameterList,
  used: ReadonlySet<string>,
  fields: ReadonlySet<string>,
  fixed: boolean,
): readonly Edit[] {
  const kept = fixed
    ? parameters.length
    : parameters.findLastIndex(({ names }) => names.some(({ text }) => used.has(text))) + 1;
  const renamed = parameters.slice(0, kept).flatMap((parameter) => dropUnused(parameter, used, fields));
  if (kept === parameters.length) return renamed;
  return [...renamed, { start: parameters[kept - 1]?.end ?? start, end, text: "" }];
}

const MODIFIERS = new Set(["public", "private", "protected", "readonly", "override"]);

function readParameter(tokens: readonly Token[]): readonly Parameter[] {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return [];
  const range = { start: first.start, end: last.end, modifier: MODIFIERS.has(first.text) ? first : undefined };
  if (first.text !== "{" && first.text !== "[") {
    const name = tokens.find(({ kind, text }) => kind === "name" && !MODIFIERS.has(text)) ?? first;
    return [{ ...range, form: "name", names: [name] }];
  }
  const depths = bracketDepths(tokens);
  const close = tokens.findIndex(({ kind }, i) => i > 0 && kind === "punctuation" && depths[i] === 0);
  const inside = tokens.slice(1, close);
  const isFlat = first.text === "{" && inside.every(({ kind, text }) => kind === "name" || text === ",");
  return [{ ...range, form: isFlat ? "flat pattern" : "pattern", names: inside.filter(({ kind }) => kind === "name") }];
}

/** An unused name gets an underscore, which says that it is; of a flat pattern the unused elements go. */
function dropUnused(
  { form, names, modifier }: Parameter,
  used: ReadonlySet<string>,
  fields: ReadonlySet<string>,
): readonly Edit[] {
  const [first] = names;
  const last = names.at(-1);
  if (first === undefined || last === undefined) return [];
  switch (form) {
    case "name": {
      const isField = modifier !== undefined && fields.has(first.text);
      const underscore = isField || used.has(first.text) || first.text.startsWith("_") ? "" : "_";
      const start = isField ? first.start : (modifier?.start ?? first.start);
      return start === first.start && underscore === "" ? [] : [{ start, end: first.start, text: underscore }];
    }
    case "flat pattern": {
      const kept = names.filter(({ text }) => used.has(text)).map(({ text }) => text);
      if (kept.length === names.length) return [];
      return [{ start: first.start, end: last.end, text: kept.join(", ") }];
    }
    case "pattern":
      return [];
  }
}
