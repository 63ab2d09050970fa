/** A place in a source file: offsets for edits, lines and columns (from 1) for people. */
export interface Span {
  /** Path relative to the project folder, with forward slashes. */
  readonly file: string;
  /** Offset of the first character, and of the one behind the last. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Whether `inner` lies within `outer`. */
export function contains(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
}

/** `samples/voting/protocol.ts:12:5` */
export function printPlace(span: Span): string {
  return `${span.file}:${String(span.line)}:${String(span.column)}`;
}
