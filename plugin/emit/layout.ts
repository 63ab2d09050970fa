/** Where things stand on the page: lines, indentation, and the comments that belong to a piece of code. */
import type { Range, SourceText } from "./sourceText.ts";
import type { Token } from "./tokens.ts";

/** The offset at which the line of this offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The white space that the line of this offset begins with. */
export function indentationAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? "";
}

/** Whether nothing but white space stands before this offset in its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === "";
}

/** A range without white space at its ends. */
export function trimRange(text: string, { start, end }: Range): Range {
  const inside = text.slice(start, end);
  const trimmed = inside.trim();
  const from = trimmed === "" ? start : start + inside.indexOf(trimmed);
  return { start: from, end: from + trimmed.length };
}

/** Whether a piece of white space contains an empty line. */
export function hasBlankLine(gap: string): boolean {
  return /\n[ \t\r]*\n/.test(gap);
}

/** Where the comments directly above the code at `start` begin: no empty line between, each on a line of its own. */
export function startWithComments(source: SourceText, start: number): number {
  let begin = start;
  if (!beginsLine(source.text, start)) return begin;
  for (const comment of commentsBefore(source, start)) {
    if (hasBlankLine(source.text.slice(comment.end, begin)) || !beginsLine(source.text, comment.start)) break;
    begin = comment.start;
  }
  return begin;
}

/** The comments between an offset and the code before it, the nearest first. */
function* commentsBefore(source: SourceText, offset: number): Iterable<Token> {
  const index = source.tokens.findLastIndex((token) => token.end <= offset);
  for (let i = index; i >= 0; i -= 1) {
    const token = source.tokens[i] as Token;
    if (token.kind !== "comment") return;
    yield token;
  }
}

/** Where a comment that follows on the same line, as the last thing there, ends; otherwise `end` itself. */
export function endWithComment(source: SourceText, end: number): number {
  const newline = source.text.indexOf("\n", end);
  const rest = trimRange(source.text, { start: end, end: newline < 0 ? source.text.length : newline });
  const comment = source.tokens.find((token) => token.kind === "comment" && token.start === rest.start);
  return comment !== undefined && comment.end === rest.end ? comment.end : end;
}

/** Wraps words at `width` columns; every line begins with `prefix`, or the first with `first`. */
export function wrap(text: string, width: number, prefix: string, first = prefix): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      [line, empty] = [prefix, true];
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines.join("\n");
}
