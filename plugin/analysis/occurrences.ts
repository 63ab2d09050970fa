/**
 * Where a local name occurs in the text of a statement. The model says which names a statement uses, not where; both
 * questions here may be answered "perhaps" for comments and strings, and then the answer is the one that keeps the program safe.
 */
import type { Span } from "../model/span.ts";

/** Whether a name occurs in a statement, but only inside these expressions of it. */
export function occursOnlyIn(text: string, statement: Span, expressions: readonly Span[], name: string): boolean {
  if (expressions.length === 0) return false;
  let rest = text;
  for (const { start, end } of expressions) {
    const from = start - statement.start;
    rest = rest.slice(0, from) + " ".repeat(end - start) + rest.slice(from + end - start);
  }
  const occurrence = new RegExp(`${nameAlone(name)}(?![\\p{ID_Continue}$])`, "u");
  return occurrence.test(text) && !occurrence.test(rest);
}

const STEP = String.raw`\s*(?:\??\.\s*[\p{ID_Continue}$]+|(?:\?\.)?\[[^\]]*\])`;
const CHANGING = "set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin";
const ASSIGNED = String.raw`\s*(?:=(?![=>])|\+\+|--|(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)=(?!=))`;

/** Whether a statement changes the object that a local name stands for: in another component it would change a copy. */
export function isChangedIn(text: string, name: string): boolean {
  const local = nameAlone(name);
  const patterns = [
    String.raw`${local}(?:${STEP})*\s*\??\.\s*(?:${CHANGING})\s*\(`,
    `${local}(?:${STEP})+${ASSIGNED}`,
    String.raw`(?:\+\+|--|\bdelete\b)\s*${local}${STEP}`,
    String.raw`\bObject\s*\.\s*assign\s*\(\s*${local}(?![\p{ID_Continue}$])`,
  ];
  return patterns.some((pattern) => new RegExp(pattern, "u").test(text));
}

/** After one dot a name is a property; after three it is spread. */
function nameAlone(name: string): string {
  return String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.)` + name.replace(/\$/g, String.raw`\$`);
}
