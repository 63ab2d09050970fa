/** Text for terminals. */
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours that are there, or that change nothing. */
export function coloursFor(enabled: boolean): Colours {
  return pc.createColors(enabled);
}

const WIDTH = 100;

/**
 * Breaks prose into lines of at most {@link WIDTH} characters. Lines that the text breaks itself stay broken.
 *
 * @param following The indentation of the lines that a line is continued on.
 */
export function wrap(text: string, indent = "", following = indent): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, indent, following))
    .join("\n");
}

function wrapLine(line: string, indent: string, following: string): string {
  const [first = "", ...words] = line.split(" ");
  const lines: string[] = [];
  let current = indent + first;
  for (const word of words) {
    const longer = `${current} ${word}`;
    if (longer.length > WIDTH) {
      lines.push(current);
      current = following + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current].join("\n").trimEnd();
}

/** Every line but empty ones, moved to the right. */
export function indented(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}

/** `1 finding`, `2 findings` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}
