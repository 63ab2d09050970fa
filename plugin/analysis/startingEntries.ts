/** Entries that a class starts with, which every partition would have. */
import type { Field, Protocol } from "../model/protocol.ts";

const EMPTY = /=\s*(new\s+\w+\s*(<[^()]*>)?\s*\(\s*\)|\{\s*\}|\[\s*\])\s*(as\s[^;]*)?;?\s*$/;

/** Whether a field is declared with an empty collection. */
export function startsEmpty({ modules }: Protocol, { span }: Field): boolean {
  const text = modules.find(({ file }) => file === span.file)?.text.slice(span.start, span.end);
  return text !== undefined && EMPTY.test(text);
}
