import type { Span } from "../model/span.ts";

/**
 * Whether a name occurs in a statement, but only inside these expressions of it. The model says which names a statement
 * uses, not where; an occurrence in a comment or string counts as one, which keeps the program safe.
 */
export function occursOnlyIn(text: string, statement: Span, expressions: readonly Span[], name: string): boolean {
  if (expressions.length === 0) return false;
  let rest = text;
  for (const { start, end } of expressions) {
    const from = start - statement.start;
    rest = rest.slice(0, from) + " ".repeat(end - start) + rest.slice(from + end - start);
  }
  return occursIn(text, name) && !occursIn(rest, name);
}

/** Whether a name occurs in a piece of code, or in a comment or string there. */
export function occursIn(text: string, name: string): boolean {
  return new RegExp(`${nameAlone(name)}(?![\\p{ID_Continue}$])`, "u").test(text);
}

/** After one dot a name is a property; after three it is spread. */
function nameAlone(name: string): string {
  return String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.)` + name.replace(/\$/g, String.raw`\$`);
}
