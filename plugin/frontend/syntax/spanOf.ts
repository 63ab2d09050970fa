import type { Node, SourceFile } from "ts-morph";
import type { Span } from "../../model/span.ts";
import { relativePath } from "./relativePath.ts";

/**
 * The place of a node, without leading comments.
 *
 * @param root Absolute path of the project's root: `Span.file` is relative to it.
 */
export function spanOf(node: Node, root: string): Span {
  return spanBetween(node.getSourceFile(), node.getStart(), node.getEnd(), root);
}

/** The place of a piece of text: offsets of its first character, and of the one behind its last. */
export function spanBetween(file: SourceFile, start: number, end: number, root: string): Span {
  const first = file.getLineAndColumnAtPos(start);
  const last = file.getLineAndColumnAtPos(end);
  return {
    file: relativePath(root, file.getFilePath()),
    start,
    end,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
  };
}
