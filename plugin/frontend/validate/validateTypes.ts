import { ts } from "ts-morph";
import { spanBetween } from "../syntax/spanOf.ts";
import type { Validator } from "./check.ts";

/** More than these few are usually consequences of the first. */
const SHOWN = 5;

/** RVN100: TypeScript's own errors in the sources of the protocol. */
export const validateTypes: Validator = ({ open, report }) => {
  const program = open.project.getProgram().compilerObject;
  const errors = open.sources.flatMap((source) =>
    [...program.getSyntacticDiagnostics(source.compilerNode), ...program.getSemanticDiagnostics(source.compilerNode)]
      .filter(({ category }) => category === ts.DiagnosticCategory.Error)
      .map((error) => ({ source, error })),
  );
  for (const { source, error } of errors.slice(0, SHOWN)) {
    const start = error.start ?? 0;
    const text = ts.flattenDiagnosticMessageText(error.messageText, " ").replace(/\s+/g, " ");
    const more = errors.length > SHOWN ? ` (one of ${String(errors.length)} errors)` : "";
    report("RVN100", `TypeScript: ${text}${more}`, spanBetween(source, start, start + (error.length ?? 0), open.root));
  }
};
