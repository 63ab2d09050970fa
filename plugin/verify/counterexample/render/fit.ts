/** Text in a given number of characters. */

/** The text, or as much of it as fits, with a sign that there is more. */
export function fit(text: string, width: number): string {
  const characters = Array.from(oneLine(text));
  return characters.length <= width ? characters.join("") : `${characters.slice(0, Math.max(width - 1, 0)).join("")}…`;
}

/** Breaks between words where it can. No line is longer than `width`, which is 1 or more. */
export function fold(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of oneLine(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    let rest = word;
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    line = rest;
  }
  return [...lines, line];
}

/** What a protocol puts into its messages may contain anything; control characters are none of a diagram's. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, "·");
}
