/**
 * `riven/compiler`: the compiler as a library. `compile(folder)` gives everything that the command line shows: the
 * protocol as the analysis sees it, findings, the rewrite with its proofs, and the files that `riven build` writes.
 */
export {
  compile,
  OUTPUT_FOLDER,
  PASSES,
  type CompileOptions,
  type CompileResult,
  type Pass,
  type Trace,
} from "./pipeline.ts";
export { diagnostics, type Code } from "./diagnostics/codes.ts";
export type { DiagnosticEntry } from "./diagnostics/entry.ts";
export type { Finding, Fix, Related, Severity } from "./diagnostics/finding.ts";
export type { EmittedFile } from "./emit/emittedFile.ts";
export type { Component, Forward, Partitioning, Proof, Rewrite, RewrittenRole } from "./model/component.ts";
export type { Handler, Protocol, Role } from "./model/protocol.ts";
export type { Span } from "./model/span.ts";
