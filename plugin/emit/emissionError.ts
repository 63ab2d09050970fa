import type { Span } from "../model/span.ts";

/** A program that cannot be written out as components, although its plan is sound. The message says why; `span` says where. */
export class EmissionError extends Error {
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.name = "EmissionError";
    this.span = span;
  }
}
