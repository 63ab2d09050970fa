/** Findings as people read them, in a terminal. */
import { codeFrameColumns } from "@babel/code-frame";
import { printPlace, type Span } from "../model/span.ts";
import { diagnostics } from "./codes.ts";
import type { DiagnosticEntry } from "./entry.ts";
import type { Finding, Severity } from "./finding.ts";
import { coloursFor, count, indented, wrap, type Colours } from "./renderText.ts";
import type { Sources } from "./sources.ts";

/** A frame around more lines than this shows where the span begins, not all of it. */
const LONGEST_FRAME = 8;

/** One finding: what, where, what else matters, what would go wrong, and what to do. */
export function renderFinding(finding: Finding, sources: Sources, colour: boolean): string {
  const c = coloursFor(colour);
  const { name, remedy }: DiagnosticEntry = diagnostics[finding.code];
  const heading = `${severityColour(finding.severity, c)(finding.severity)} ${c.bold(`${finding.code} ${name}`)}`;
  const related = finding.related.map(({ message, span }) =>
    [wrap(message, "  "), indented(renderPlace(span, 0, sources, colour), "  ")].join("\n"),
  );
  const story = finding.scenario.map((line, i) => wrap(`${String(i + 1)}. ${line}`, "  ", "     "));
  return [
    [heading, wrap(finding.message)].join("\n"),
    indented(renderPlace(finding.span, 2, sources, colour), "  "),
    ...related,
    ...(story.length === 0 ? [] : [["What would go wrong:", ...story].join("\n")]),
    wrap(`What to do: ${finding.advice ?? remedy}`),
    ...(finding.fixes.length === 0
      ? []
      : [finding.fixes.map(({ title }) => wrap(`fix: ${title}`, "", "     ")).join("\n")]),
    c.dim(`riven explain ${finding.code} tells more.`),
  ].join("\n\n");
}

/** All findings, the most serious first, and a line that counts them. Empty when there are none. */
export function renderFindings(findings: readonly Finding[], sources: Sources, colour: boolean): string {
  if (findings.length === 0) return "";
  const ordered = severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  return [...ordered.map((finding) => renderFinding(finding, sources, colour)), countFindings(findings)].join("\n\n\n");
}

/** `2 errors, 1 hint` */
export function countFindings(findings: readonly Finding[]): string {
  return severities
    .map((severity) => ({ severity, n: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => count(n, severity))
    .join(", ");
}

const severities: readonly Severity[] = ["error", "warning", "hint"];

function renderPlace(span: Span, context: number, sources: Sources, colour: boolean): string {
  const { cyan } = coloursFor(colour);
  const file = sources.name(span.file);
  const text = sources.text(span.file);
  if (text === undefined) return cyan(file);
  return `${cyan(printPlace({ ...span, file }))}\n${frame(span, context, text, colour)}`;
}

function frame(span: Span, context: number, text: string, colour: boolean): string {
  const whole = span.endLine - span.line < LONGEST_FRAME;
  const end = whole ? { line: span.endLine, column: span.endColumn } : undefined;
  return codeFrameColumns(
    text,
    { start: { line: span.line, column: span.column }, ...(end === undefined ? {} : { end }) },
    { linesAbove: context, linesBelow: context, highlightCode: colour, forceColor: colour },
  );
}

function severityColour(severity: Severity, c: Colours): (text: string) => string {
  switch (severity) {
    case "error":
      return c.red;
    case "warning":
      return c.yellow;
    case "hint":
      return c.blue;
  }
}
