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

/**
 * Whether a statement gives the object that a local name stands for another name, or passes it to a function: whoever
 * has it then may change it. Passing it to one of these messages sends a copy.
 */
export function escapesIn(text: string, name: string, messages: readonly string[]): boolean {
  const occurrence = new RegExp(`${nameAlone(name)}(?![\\p{ID_Continue}$])(?!\\s*[.?[(:])`, "gu");
  return [...text.matchAll(occurrence)].some(({ index }) => escapesAt(text, index, messages));
}

/** Where the value at this position goes: out of the literals that it is part of, up to whoever takes them. */
function escapesAt(text: string, index: number, messages: readonly string[]): boolean {
  const before = text.slice(0, index).trimEnd();
  if (/(?:(?<![=!<>])=|=>|\breturn|[?|&])$/.test(before)) return true;
  const bracket = openBracketBefore(text, index);
  if (bracket === undefined) return false;
  const head = text.slice(0, bracket).trimEnd();
  switch (text[bracket]) {
    case "(": {
      const [, self, called] = /(?:(\bthis)\s*\.\s*)?([\p{ID_Continue}$]+)$/u.exec(head) ?? [];
      if (called === undefined) return escapesAt(text, bracket, messages); // only parenthesised
      if (/^(?:if|for|while|switch)$/.test(called)) return false;
      return self !== undefined || !messages.includes(called);
    }
    case "[":
      return /[\p{ID_Continue}$)\]]$/u.test(head) ? false : escapesAt(text, bracket, messages);
    default:
      return /(?:^|[);{}]|=>|\b(?:else|do))$/.test(head) ? false : escapesAt(text, bracket, messages);
  }
}

/** The position of the innermost bracket that is open at `index`. */
function openBracketBefore(text: string, index: number): number | undefined {
  let depth = 0;
  for (let i = index - 1; i >= 0; i -= 1) {
    const character = text[i] ?? "";
    if (")]}".includes(character)) depth += 1;
    else if ("([{".includes(character)) {
      if (depth === 0) return i;
      depth -= 1;
    }
  }
  return undefined;
}

/** Whether a statement asks whether two values are the same one, which copies of one object are not. */
export function comparesIn(text: string): boolean {
  return /[=!]==?(?!=)|\b(?:includes|indexOf|lastIndexOf|has|get|is)\s*\(|\bswitch\b/.test(text);
}

/** After one dot a name is a property; after three it is spread. */
function nameAlone(name: string): string {
  return String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.)` + name.replace(/\$/g, String.raw`\$`);
}
