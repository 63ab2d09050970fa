import type { Term } from "../protocolTree.ts";

/** A payload. */
export function record(first: readonly string[], columns: readonly (readonly [string, Term])[]): Term {
  const parts = columns.map(([name, term], i) => (term.code === name ? name : `${name}: #${String(i)}`));
  return { type: "string", code: `{ ${[...first, ...parts].join(", ")} }`, args: columns.map(([, term]) => term) };
}
