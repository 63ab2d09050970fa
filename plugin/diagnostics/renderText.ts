/** Text for terminals. */
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours that are there, or that change nothing. */
export function coloursFor(enabled: boolean): Colours {
  return pc.createColors(enabled);
}

const WIDTH = 100;

/** Breaks prose into lines of at most {@link WIDTH} characters. Lines that the text breaks itself stay broken. */
export function wrap(text: string, indent = ""): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, indent))
    .join("\n");
}

function wrapLine(line: string, indent: string): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && indent.length + longer.length > WIDTH) {
      lines.push(indent + current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, indent + current].join("\n").trimEnd();
}

/** Every line but empty ones, moved to the right. */
export function indented(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}

/** `1 finding`, `2 findings` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}
