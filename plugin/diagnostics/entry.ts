import type { Severity } from "./finding.ts";

export type Group = "language" | "decoupling" | "partitioning" | "plan" | "run time";

/** Everything about one kind of finding. Declared once; documentation pages and every door read it from here. */
export interface DiagnosticEntry {
  /** Kebab case, stable, for people: `state-without-key`. */
  readonly name: string;
  readonly severity: Severity;
  readonly group: Group;
  /** One line: what the finding says. */
  readonly title: string;
  /** Why it is so: what would go wrong. Markdown, a paragraph or two. */
  readonly explanation: string;
  /** What to do. Markdown. */
  readonly remedy: string;
  /** A few lines of TypeScript that get the finding, and what to write instead. */
  readonly example: { readonly wrong: string; readonly right: string };
}
