/** Types that are written out where they are used, such as `{ id: string; n?: number }`, as text. */
import { bracketDepths } from "./brackets.ts";
import { tokenize } from "./tokens.ts";

/** The properties of a type literal, as they are written, by name; undefined when the text is anything else. */
export function propertiesOf(type: string): ReadonlyMap<string, string> | undefined {
  const tokens = tokenize(type).filter(({ kind }) => kind !== "comment");
  const depths = bracketDepths(tokens);
  const [first, ...rest] = tokens;
  if (first?.text !== "{" || tokens.at(-1)?.text !== "}") return undefined;
  // One pair of braces around everything: in between, nothing is outside of it.
  if (depths.slice(1, -1).some((depth) => depth === 0)) return undefined;
  const properties = new Map<string, string>();
  let start = first.end;
  for (const [i, { text, start: end }] of rest.entries()) {
    const isEnd = i === rest.length - 1;
    if (!isEnd && (depths[i + 1] !== 1 || (text !== ";" && text !== ","))) continue;
    const property = type.slice(start, end).trim();
    start = end + 1;
    if (property === "") continue;
    const name = /^(?:readonly\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\??\s*:/u.exec(property)?.[1];
    if (name === undefined) return undefined;
    properties.set(name, property);
  }
  return properties;
}
