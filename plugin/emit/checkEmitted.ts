/**
 * Type-checks what was emitted within the author's project, without writing it, and leads every error back to the line
 * that the author wrote. A component that lacks something shows here: TypeScript is one more judge of the split.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { posix } from "node:path";
import { ts, type Diagnostic, type Project, type SourceFile } from "ts-morph";
import type { Span } from "../model/span.ts";
import type { EmittedFile } from "./emittedFile.ts";

export interface EmittedError {
  /** TypeScript's number: 2339 for TS2339. */
  readonly code: number;
  readonly message: string;
  /** Where the error is in what was emitted. */
  readonly emitted: Span;
  /** Where the text there comes from; undefined for text that the author did not write. */
  readonly original: Span | undefined;
}

/**
 * @param project The author's, with the protocol's sources; it is the same afterwards as before.
 * @param root Absolute path of the folder that the files' paths are relative to.
 */
export function checkEmitted(project: Project, root: string, files: readonly EmittedFile[]): readonly EmittedError[] {
  const maps = new Map(
    files.filter(({ path }) => path.endsWith(".map")).map(({ path, text }) => [path, new TraceMap(text)]),
  );
  const overlay = files
    .filter(({ path }) => path.endsWith(".ts"))
    .map(({ path, text }) => {
      const absolute = posix.join(root, path);
      const before = project.getSourceFile(absolute)?.getFullText();
      return { path, before, file: project.createSourceFile(absolute, text, { overwrite: true }) };
    });
  try {
    return overlay.flatMap(({ path, file }) =>
      file.getPreEmitDiagnostics().map((diagnostic) => describe(diagnostic, file, path, maps.get(`${path}.map`))),
    );
  } finally {
    for (const { file, before } of overlay) {
      if (before === undefined) project.removeSourceFile(file);
      else file.replaceWithText(before);
    }
  }
}

function describe(diagnostic: Diagnostic, file: SourceFile, path: string, map: TraceMap | undefined): EmittedError {
  const start = diagnostic.getStart() ?? 0;
  const emitted = spanIn(file, path, start, start + (diagnostic.getLength() ?? 0));
  return {
    code: diagnostic.getCode(),
    message: ts.flattenDiagnosticMessageText(diagnostic.compilerObject.messageText, "\n"),
    emitted,
    original: map === undefined ? undefined : originalSpan(emitted, file, map),
  };
}

/** The author's text behind a place in a component, as far as it begins with some. */
function originalSpan(emitted: Span, file: SourceFile, map: TraceMap): Span | undefined {
  const found = originalPositionFor(map, { line: emitted.line, column: emitted.column - 1 });
  if (found.source === null) return undefined;
  const origin = file.getProject().getSourceFile(posix.join(posix.dirname(file.getFilePath()), found.source));
  if (origin === undefined) return undefined;
  const start = origin.compilerNode.getPositionOfLineAndCharacter(found.line - 1, found.column);
  const isSameText = origin.getFullText().startsWith(file.getFullText().slice(emitted.start, emitted.end), start);
  const end = isSameText ? start + emitted.end - emitted.start : start;
  const path = posix.join(posix.dirname(emitted.file), found.source);
  return spanIn(origin, path, start, end);
}

function spanIn(file: SourceFile, path: string, start: number, end: number): Span {
  const first = file.getLineAndColumnAtPos(start);
  const last = file.getLineAndColumnAtPos(end);
  return {
    file: path,
    start,
    end,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
  };
}
