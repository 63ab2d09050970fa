import type { Node } from "ts-morph";

/** A piece of source that fits into a sentence: on one line, and cut off behind the first 40 characters. */
export function excerpt(node: Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`;
}
