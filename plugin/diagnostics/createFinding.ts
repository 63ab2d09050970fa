import type { Span } from "../model/span.ts";
import { diagnostics, type Code } from "./codes.ts";
import type { Finding, Fix, Related } from "./finding.ts";

/** A finding of that code; the severity comes from the table, the advice too unless a more exact one is given. */
export function createFinding(
  code: Code,
  message: string,
  span: Span,
  more: {
    readonly related?: readonly Related[];
    readonly scenario?: readonly string[];
    readonly advice?: string;
    readonly fixes?: readonly Fix[];
  } = {},
): Finding {
  const entry: { readonly severity: Finding["severity"] } = diagnostics[code];
  return {
    code,
    severity: entry.severity,
    message,
    span,
    related: more.related ?? [],
    scenario: more.scenario ?? [],
    advice: more.advice,
    fixes: more.fixes ?? [],
  };
}
