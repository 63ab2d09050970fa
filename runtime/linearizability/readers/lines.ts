/** The lines of a text, one at a time: there may be millions. */
export function* linesOf(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let number = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    number += 1;
    yield { line: text.slice(start, text[stop - 1] === "\r" && stop > start ? stop - 1 : stop), number };
    start = stop + 1;
  }
}
