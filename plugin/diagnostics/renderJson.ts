/** Findings for programs. The keys are public and documented in docs/reference/cli.md: add to them, never rename. */
import type { Span } from "../model/span.ts";
import { diagnostics } from "./codes.ts";
import type { Finding } from "./finding.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A finding as plain JSON; what is undefined becomes null. `name` says how a file is called, as in the text form. */
export function findingToJson(finding: Finding, name: (file: string) => string): Json {
  const place = (span: Span): Json => ({
    file: name(span.file),
    start: span.start,
    end: span.end,
    line: span.line,
    column: span.column,
    endLine: span.endLine,
    endColumn: span.endColumn,
  });
  return {
    code: finding.code,
    name: diagnostics[finding.code].name,
    severity: finding.severity,
    message: finding.message,
    span: place(finding.span),
    related: finding.related.map(({ message, span }) => ({ message, span: place(span) })),
    scenario: finding.scenario,
    advice: finding.advice ?? null,
    fixes: finding.fixes.map(({ title, edits, promises }) => ({
      title,
      promises: promises === true,
      edits: edits.map(({ span, newText }) => ({ span: place(span), newText })),
    })),
  };
}
