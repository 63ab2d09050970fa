/** The page of one diagnostic, for `riven explain RVN302`. */
import { diagnostics, type Code } from "./codes.ts";
import type { DiagnosticEntry } from "./entry.ts";
import { coloursFor, indented, wrap } from "./renderText.ts";

/** Whether there is a diagnostic of that code. */
export function isCode(text: string): text is Code {
  return Object.hasOwn(diagnostics, text);
}

export function renderEntry(code: Code, colour: boolean): string {
  const c = coloursFor(colour);
  const entry: DiagnosticEntry = diagnostics[code];
  const prose = (markdown: string): string =>
    wrap(markdown).replace(/`([^`\n]+)`/g, (_, inner: string) => (colour ? c.cyan(inner) : `\`${inner}\``));
  return [
    `${c.bold(`${code} ${entry.name}`)}  ${c.dim(`${entry.severity}, ${entry.group}`)}\n${prose(entry.title)}`,
    `${c.bold("Why")}\n${prose(entry.explanation)}`,
    `${c.bold("What to do")}\n${prose(entry.remedy)}`,
    `${c.bold("Instead of")}\n${indented(entry.example.wrong, "  ")}`,
    `${c.bold("write")}\n${indented(entry.example.right, "  ")}`,
  ].join("\n\n");
}
