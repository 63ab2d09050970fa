/** What Riven has to say about a program. No editor types: every door (command line, editor, bundler) renders these. */
import type { Span } from "../model/span.ts";
import type { Code } from "./codes.ts";

export type Severity = "error" | "warning" | "hint";

export interface Related {
  readonly message: string;
  readonly span: Span;
}

/** A piece of text and what to put in its place; an empty piece is a place to insert at. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** A change to the source that mends the finding. */
export interface Fix {
  readonly title: string;
  /** In one file they do not overlap. */
  readonly edits: readonly Edit[];
  /** It promises something of the senders that nobody can check in the source: for people to decide. Left out: it does not. */
  readonly promises?: true;
}

export interface Finding {
  readonly code: Code;
  readonly severity: Severity;
  /** One or two sentences, in the names of the protocol at hand. */
  readonly message: string;
  readonly span: Span;
  /** The other places that matter: what the offending expression conflicts with. */
  readonly related: readonly Related[];
  /** What would go wrong, as a short story in the protocol's own names; empty when there is none to tell. */
  readonly scenario: readonly string[];
  /** What to do about it, in words; undefined when there is nothing general to advise. */
  readonly advice: string | undefined;
  readonly fixes: readonly Fix[];
}
