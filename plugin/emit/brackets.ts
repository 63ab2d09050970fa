import type { Token } from "./tokens.ts";

/** How many brackets each token stands in, type arguments included; a bracket itself counts as outside. */
export function bracketDepths(code: readonly Token[]): readonly number[] {
  let depth = 0;
  return code.map(({ text }) => {
    if (/^[)\]}>]$/.test(text)) depth -= 1;
    const here = depth;
    if (/^[([{<]$/.test(text)) depth += 1;
    return here;
  });
}

/** The items of a list: what stands between the commas that are in no bracket. */
export function splitAtCommas(inside: readonly Token[]): readonly (readonly Token[])[] {
  const depths = bracketDepths(inside);
  const parts: Token[][] = [[]];
  for (const [i, token] of inside.entries()) {
    if (token.text === "," && depths[i] === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
