/** Whether a change mends a finding: the changed protocol is compiled, and what that says is all that counts. */
import { applyEdits, overlap, placeAfter } from "../diagnostics/applyEdits.ts";
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import type { OpenProject } from "../frontend/protocolFolder.ts";
import { textsOf, typeErrorsOf, withEdits } from "../frontend/withEdits.ts";

/** What there is to say about an opened protocol, without fixes. */
export type Compile = (open: OpenProject) => readonly Finding[];

/** A protocol as it is. */
export interface Before {
  readonly findings: readonly Finding[];
  /** See {@link typeErrorsOf}: they take as long as compiling, so they are asked for once. */
  readonly typeErrors: ReadonlySet<string>;
}

/**
 * A fix mends a finding when the finding is gone from its place, no error is there that was not there before, and
 * TypeScript has nothing against the new text that it had not against the old one.
 */
export function checkFix(
  open: OpenProject,
  finding: Finding,
  { edits }: Fix,
  before: Before,
  compile: Compile,
): boolean {
  if (overlap(edits) || !changesSomething(open, edits)) return false;
  return withEdits(open, edits, () => {
    if (typeErrorsOf(open).some((error) => !before.typeErrors.has(error))) return false;
    const after = compile(open);
    if (after.some((one) => isSame(finding, one, edits))) return false;
    const errors = before.findings.filter(isError);
    return after.filter(isError).every((one) => errors.some((error) => isSame(error, one, edits)));
  });
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** Whether a finding of the changed protocol is one that was there before, at the place where that now stands. */
function isSame(before: Finding, after: Finding, edits: readonly Edit[]): boolean {
  if (before.code !== after.code || before.span.file !== after.span.file) return false;
  const { from, to } = placeAfter(before.span, edits);
  return from <= after.span.start && after.span.start <= to;
}

function changesSomething(open: OpenProject, edits: readonly Edit[]): boolean {
  const texts = textsOf(open);
  return edits.some(({ span }) => {
    const text = texts.get(span.file);
    const mine = edits.filter((edit) => edit.span.file === span.file);
    return text !== undefined && applyEdits(text, mine) !== text;
  });
}
