/**
 * A lexer for TypeScript. Emission edits text and holds no syntax trees, but it has to tell code from what only looks
 * like code: names in comments and strings, braces in templates, the inside of a regular expression.
 */

export type TokenKind = "name" | "punctuation" | "string" | "template" | "number" | "regex" | "comment";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const NAME = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:\d|\.\d)(?:[eE][+-]\d|[\w.])*/y;
const STRING = /(["'])(?:\\[^]|(?!\1)[^\\\n])*\1?/y;
const COMMENT = /\/\/[^\n\r]*|\/\*[^]*?(?:\*\/|$)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;
/** The tokens of several characters whose parts would mislead a reader of single ones. */
const PUNCTUATION = /=>|\.\.\.|\?\.(?!\d)|\?\?|[^\s]/y;
const SPACE = /\s+/y;
/** From a backtick, or the brace that ends a substitution, to the next substitution or the closing backtick. */
const TEMPLATE_CHUNK = /[`}](?:\\[^]|\$(?!\{)|[^\\`$])*(?:`|\$\{)?/y;

/** After these words a slash begins a regular expression; after any other name it divides. */
const BEFORE_EXPRESSION = new Set(
  "return typeof case do else in of instanceof new void delete throw await yield extends default".split(" "),
);

/** The tokens of a text, comments included. Chunks of a template are tokens; what is substituted is lexed as code. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  /** For each open brace, whether it belongs to a template's substitution. */
  const braces: boolean[] = [];
  let at = 0;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, found: string): void => {
    tokens.push({ kind, text: found, start: at, end: at + found.length });
    at += found.length;
  };

  while (at < text.length) {
    const space = take(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const character = text[at];
    if (character === "`" || (character === "}" && braces.at(-1) === true)) {
      if (character === "}") braces.pop();
      const chunk = take(TEMPLATE_CHUNK) ?? character;
      if (chunk.endsWith("${")) braces.push(true);
      push("template", chunk);
      continue;
    }
    const [kind, found] = nextToken(take, expressionMayFollow(tokens));
    if (found === "{") braces.push(false);
    if (found === "}") braces.pop();
    push(kind, found);
  }
  return tokens;
}

function nextToken(take: (pattern: RegExp) => string | undefined, mayBeRegex: boolean): [TokenKind, string] {
  const attempts: readonly (readonly [TokenKind, RegExp])[] = [
    ["comment", COMMENT],
    ...(mayBeRegex ? ([["regex", REGEX]] as const) : []),
    ["name", NAME],
    ["number", NUMBER],
    ["string", STRING],
    ["punctuation", PUNCTUATION],
  ];
  for (const [kind, pattern] of attempts) {
    const found = take(pattern);
    if (found !== undefined) return [kind, found];
  }
  throw new Error("Every character that is not white space begins a token.");
}

/** Whether the next token may begin an expression, so that a slash there begins a regular expression. */
function expressionMayFollow(tokens: readonly Token[]): boolean {
  const last = tokens.findLast((token) => token.kind !== "comment");
  if (last === undefined) return true;
  switch (last.kind) {
    case "name":
      return BEFORE_EXPRESSION.has(last.text);
    case "punctuation":
      return last.text !== ")" && last.text !== "]" && last.text !== "}";
    case "template":
      return last.text.endsWith("${");
    case "string":
    case "number":
    case "regex":
    case "comment":
      return false;
  }
}
