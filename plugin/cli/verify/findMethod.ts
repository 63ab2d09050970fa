/**
 * Where a method stands in a source file, going by how code is laid out: a class and its methods end with a brace that is
 * indented like their first line. Enough to show somebody the place; nothing else may rely on it.
 */
export interface MethodPlace {
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
}

/** Undefined when the file has no such class, or the class no such method of its own. */
export function findMethod(text: string, className: string, method: string): MethodPlace | undefined {
  const lines = text.split(/\r?\n/);
  const opening = new RegExp(`^\\s*(?:export\\s+|default\\s+|abstract\\s+)*class\\s+${quoted(className)}\\b`);
  const begin = lines.findIndex((line) => opening.test(line));
  if (begin < 0) return undefined;
  const end = endOf(lines, begin);
  const heading = new RegExp(
    `^\\s+(?:@[\\w.]+(?:\\(.*?\\))?\\s+)*(?:(?:public|protected|private|override|async)\\s+)*${quoted(method)}\\s*(?:<.*>)?\\(`,
  );
  const at = lines.findIndex((line, index) => index > begin && index <= end && heading.test(line));
  return at < 0 ? undefined : { line: at + 1, endLine: endOf(lines, at) + 1 };
}

/** The line of the brace that closes what begins in a line. */
function endOf(lines: readonly string[], begin: number): number {
  const first = lines[begin] ?? "";
  if (/\{.*\}\s*$/.test(first)) return begin;
  const indent = /^\s*/.exec(first)?.[0] ?? "";
  const end = lines.findIndex((line, index) => index > begin && line.startsWith(`${indent}}`));
  return end < 0 ? begin : end;
}

function quoted(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
