/** The blocks in a region: the model has the statements of all of them in one list. */
import type { Region } from "../model/effect.ts";
import type { Span } from "../model/span.ts";
import { isWrittenLoop } from "./cutOperands.ts";

/** Statements that follow each other in one block. */
export interface Sequence {
  readonly regions: readonly Region[];
  /** The function around it ends where this does. */
  readonly isTail: boolean;
}

/**
 * @param statements The statements directly inside `region`.
 * @param isTail The function around `region` ends with it.
 */
export function sequencesOf(
  region: Region,
  statements: readonly Region[],
  isTail: boolean,
  text: (span: Span) => string | undefined,
): readonly Sequence[] {
  const blocks: Region[][] = [];
  for (const statement of statements.toSorted((a, b) => a.span.start - b.span.start)) {
    const block = blocks.at(-1);
    const before = block?.at(-1);
    const gap = before === undefined ? undefined : text(between(before.span.end, statement.span));
    if (block !== undefined && gap !== undefined && withoutTrivia(gap) === "") block.push(statement);
    else blocks.push([statement]);
  }
  const mayBeTail = isFunction(region, text) || (isTail && isTransparent(region, text));
  return blocks.map((regions) => {
    const last = regions.at(-1)?.span.end ?? region.span.end;
    const rest = text({ ...region.span, start: last });
    return { regions, isTail: mayBeTail && rest !== undefined && /^(?:\}|else\b|$)/.test(withoutTrivia(rest)) };
  });
}

/** Whether the end of a block inside a statement is the end of the statement. */
function isTransparent({ kind, span }: Region, text: (span: Span) => string | undefined): boolean {
  switch (kind) {
    case "block":
      return true;
    case "branch":
      return !(text(span) ?? "switch").startsWith("switch"); // one clause may go on with the next
    case "loop":
    case "statement":
    case "call":
      return false;
  }
}

/** Whether a region is the body of a function: of a helper, or of a callback. */
function isFunction(region: Region, text: (span: Span) => string | undefined): boolean {
  return region.kind === "call" || (region.kind === "loop" && !isWrittenLoop(region, text));
}

function between(start: number, { file, start: end, line, column }: Span): Span {
  return { file, start, end, line, column, endLine: line, endColumn: column };
}

/** Code without the white space, the comments and the empty statements that it begins with. */
function withoutTrivia(code: string): string {
  return code.replace(/^(?:[\s;]|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/, "");
}
