import { printPlace, type Span } from "../model/span.ts";

/** A program that cannot be written out as components, although its plan is sound. The message says where and why. */
export class EmissionError extends Error {
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(`${printPlace(span)}: ${message}`);
    this.name = "EmissionError";
    this.span = span;
  }
}
