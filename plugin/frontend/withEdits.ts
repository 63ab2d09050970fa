/** A protocol as it would be with some text edits: what a fix is judged on, without writing anything. */
import type { SourceFile } from "ts-morph";
import { applyEdits } from "../diagnostics/applyEdits.ts";
import type { Edit } from "../diagnostics/finding.ts";
import type { OpenProject } from "./protocolFolder.ts";
import { relativePath } from "./syntax/relativePath.ts";

/** The texts of a protocol's files and of its plan, by the path that spans name them with. */
export function textsOf(open: OpenProject): ReadonlyMap<string, string> {
  return new Map(filesOf(open).map((file) => [pathOf(open, file), file.getFullText()]));
}

/**
 * Runs something on the project with the edits applied, and puts the texts back. The syntax trees that were taken from
 * the edited files before cannot be used after.
 */
export function withEdits<T>(open: OpenProject, edits: readonly Edit[], run: () => T): T {
  const changed = filesOf(open).flatMap((file) => {
    const mine = edits.filter(({ span }) => span.file === pathOf(open, file));
    return mine.length === 0 ? [] : [{ file, before: file.getFullText(), edits: mine }];
  });
  try {
    for (const { file, before, edits: mine } of changed) file.replaceWithText(applyEdits(before, mine));
    return run();
  } finally {
    for (const { file, before } of changed) file.replaceWithText(before);
  }
}

/** Puts the edits into the opened files for good; what is on disk stays as it is. */
export function editInPlace(open: OpenProject, edits: readonly Edit[]): void {
  for (const file of filesOf(open)) {
    const mine = edits.filter(({ span }) => span.file === pathOf(open, file));
    if (mine.length > 0) file.replaceWithText(applyEdits(file.getFullText(), mine));
  }
}

/** What TypeScript has to say against the files of a protocol and its plan, one line each. */
export function typeErrorsOf(open: OpenProject): readonly string[] {
  const program = open.project.getProgram().compilerObject;
  return filesOf(open).flatMap((file) =>
    [...program.getSyntacticDiagnostics(file.compilerNode), ...program.getSemanticDiagnostics(file.compilerNode)].map(
      ({ code, messageText }) => `${pathOf(open, file)} TS${String(code)} ${JSON.stringify(messageText)}`,
    ),
  );
}

function filesOf({ sources, plan }: OpenProject): readonly SourceFile[] {
  return plan === undefined ? sources : [...sources, plan];
}

function pathOf({ root }: OpenProject, file: SourceFile): string {
  return relativePath(root, file.getFilePath());
}
